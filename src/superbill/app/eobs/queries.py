"""Papers being keyed: how far they are, and what keeps them from being posted."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.eobs.models import EobRow, EobState
from superbill.app.rows import found
from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.remits.paper import PaperRemittance, findings

SENT = ("sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed")


class Keyed(Struct, frozen=True, kw_only=True):
    """One paper. `left` of the check, in cents, is still to be keyed; with no `findings` it can be posted."""

    id: int
    version: int
    state: str
    paper: PaperRemittance
    remittance: int | None
    by: str
    findings: tuple[Finding, ...] = ()

    @property
    def left(self) -> int:
        """What of the check is still to be keyed."""
        return self.paper.left


def eob(scope: Scope, eob_id: int) -> Keyed | None:
    """One paper with its running balance and everything that is still wrong with it; None when there is none."""
    row = scope.rows(EobRow).filter(pk=eob_id).first()
    if row is None:
        return None
    paper = decoded(row.doc, PaperRemittance, f"paper {eob_id}")
    wrong: tuple[Finding, ...] = ()
    if row.state == EobState.KEYING:
        wrong = tuple(findings(paper, claims_of(scope, (claim.control_number for claim in paper.claims))))
    return _keyed(row, paper, wrong)


def eobs(scope: Scope, state: EobState = EobState.KEYING, since: date | None = None) -> list[Keyed]:
    """Papers in a state, the oldest first; their findings are left out."""
    rows = scope.rows(EobRow).filter(state=state.value).order_by("id")
    rows = rows.filter(on__gte=since) if since else rows
    return [_keyed(row, decoded(row.doc, PaperRemittance, f"paper {row.pk}"), ()) for row in rows.iterator(200)]


def claims_of(scope: Scope, numbers: Iterable[str]) -> dict[str, Claim]:
    """Claims that were sent, by their control numbers."""
    rows = found(scope, ClaimRow, "control_number", set(numbers), "control_number", "doc", state__in=SENT)
    return {number: decoded(doc, Claim, f"claim {number}") for number, doc in rows}


def _keyed(row: EobRow, paper: PaperRemittance, wrong: tuple[Finding, ...]) -> Keyed:
    return Keyed(
        id=row.pk,
        version=row.version,
        state=row.state,
        paper=paper,
        remittance=row.remittance_id,
        by=row.by,
        findings=wrong,
    )
