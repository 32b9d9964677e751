"""What posting a payment would do, claim by claim, held against what was billed and what the contract says."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from superbill.app.contracts import site_contracts
from superbill.app.remits.queries import ClaimPreview, Preview
from superbill.app.session import BadInput, Session
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.payments.queries import off
from superbill.app.web.payments.queries_files import OurClaim, our_claims
from superbill.findings import Finding
from superbill.money import Cents
from superbill.pricing.bill import bill_of
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.contract_model import ContractError
from superbill.pricing.variance import Answer, Variance, compare
from superbill.remits.expected import answers_of
from superbill.x12.model import Remittance, RemittanceClaim

NEED_A_PERSON = ("held", "unmatched")


class Head(Struct, frozen=True, kw_only=True):
    """One payment of a file, before it is posted. `off`: by how much it does not balance."""

    place: int
    remittance: Remittance
    off: Cents


class Row(Struct, frozen=True, kw_only=True):
    """One claim of the payment: what the payer says, beside what we billed and expected."""

    preview: ClaimPreview
    told: RemittanceClaim
    group: str  # need, ready or already
    ours: OurClaim | None = None
    variances: tuple[Variance, ...] = ()
    allowed: Cents | None = None

    @property
    def billed(self) -> Cents | None:
        """The charge of our claim; None where there is no claim."""
        return self.ours.claim.charge if self.ours else None

    @property
    def expected(self) -> Cents | None:
        """What the contract allows for it; None without a price for all of it."""
        if not self.variances or any(one.expected is None for one in self.variances):
            return None
        return sum(one.expected or 0 for one in self.variances)

    @property
    def difference(self) -> Cents:
        """Allowed less expected beyond the tolerance; below zero is short."""
        return sum(one.difference for one in self.variances if one.verdict in ("underpaid", "overpaid"))

    @property
    def adjusted(self) -> Cents:
        """What posting would take off the charge."""
        return sum(line.after.adjusted - line.before.adjusted for line in self.preview.lines)

    @property
    def patient(self) -> Cents:
        """What posting would leave to the patient."""
        return sum(line.after.patient - line.before.patient for line in self.preview.lines)


class Shown(Struct, frozen=True, kw_only=True):
    """A payment's preview, one page of its claims. `counts` by group; `findings` are about no claim by itself."""

    preview: Preview
    counts: dict[str, int]
    page: Page[Row]
    findings: tuple[Finding, ...] = ()


def heads(remittances: Sequence[Remittance]) -> list[Head]:
    """The payments of a file, in its order."""
    return [Head(place=place, remittance=one, off=off(one)) for place, one in enumerate(remittances)]


def shown(session: Session, remittance: Remittance, preview: Preview, payer: str, group: str, page: str) -> Shown:
    """Claims that need a person first, then in the payer's order; `group` alone where one is chosen."""
    grouped = [(_group(one), one) for one in preview.claims]
    counts = {name: sum(1 for found, _ in grouped if found == name) for name in ("ready", "need", "already")}
    if preview.already:
        counts = {"ready": 0, "need": 0, "already": len(remittance.claims)}
    chosen = [one for one in grouped if group in ("", one[0])]
    chosen.sort(key=lambda one: (one[0] != "need", one[1].position))
    number, offset = asked(page, len(chosen))
    some = chosen[offset : offset + ROWS]
    ours = our_claims(session.scope, [one.control_number for _, one in some])
    book = contracts(session)
    rows = []
    for name, one in some:
        told, own = remittance.claims[one.position], ours.get(one.control_number)
        answers = answers_of(told, own.claim) if own and told.status != "22" else []
        rows.append(
            Row(
                preview=one,
                told=told,
                group=name,
                ours=own,
                variances=_compared(session, book, payer, own, answers),
                allowed=sum(answer.told_allowed for answer in answers) if answers else None,
            )
        )
    of_claims = {finding for one in preview.claims for finding in one.findings}
    return Shown(
        preview=preview,
        counts=counts,
        page=Page(rows=tuple(rows), number=number, total=len(chosen)),
        findings=tuple(finding for finding in preview.findings if finding not in of_claims),
    )


def _group(one: ClaimPreview) -> str:
    return "need" if one.outcome in NEED_A_PERSON else "already" if one.outcome == "repeated" else "ready"


def _compared(
    session: Session, book: ContractBook | None, payer: str, ours: OurClaim | None, answers: list[Answer]
) -> tuple[Variance, ...]:
    day = ours.claim.service.start if ours else None
    if book is None or ours is None or day is None or not answers:
        return ()
    contract = book.find(payer, day, session.site.practice.key)
    return tuple(compare(contract.price(bill_of(ours.claim)), answers)) if contract else ()


def contracts(session: Session) -> ContractBook | None:
    """The site's contracts; None where it has none, or one that can't be read."""
    if not session.site.contracts:
        return None
    folder = session.site_path.parent
    changed = tuple(_changed(folder / name) for name in session.site.contracts)
    return _book(session, folder, session.site.contracts, changed)


_books: dict[tuple[Path, tuple[str, ...], tuple[int, ...]], ContractBook | None] = {}


def _book(session: Session, folder: Path, names: tuple[str, ...], changed: tuple[int, ...]) -> ContractBook | None:
    key = (folder, names, changed)
    if key not in _books:
        try:
            _books[key] = site_contracts(session.site, folder)
        except (ContractError, BadInput):
            _books[key] = None
    return _books[key]


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0
