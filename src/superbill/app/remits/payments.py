"""Which rows are of one payment: the same once more, a part of it, or something that contradicts it."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceRow, RemittanceState
from superbill.app.rows import found
from superbill.findings import Finding, Place, Severity
from superbill.money import dollars
from superbill.remits.balancing import imbalances
from superbill.remits.identity import contains, joined, payment_facts
from superbill.remits.model import PostingPlan
from superbill.x12.model import Remittance


class Arrived(Struct, frozen=True, kw_only=True):
    """A remittance as it came, with its content key: from which payer (its key at the site), how, in which file."""

    remittance: Remittance
    key: str
    payer_key: str
    origin: str
    file: int | None = None


class Known(Struct, frozen=True):
    """A row with the trace number at hand."""

    id: int
    origin: str
    originator: str
    payer_key: str
    content_key: str
    state: str
    application: int
    part_of: int | None
    doc: str

    @property
    def remittance(self) -> Remittance:
        return decoded(self.doc, Remittance, f"remittance {self.id}")

    @property
    def posted(self) -> bool:
        return self.state == RemittanceState.POSTED


_COLUMNS = (
    "id", "origin", "originator_id", "payer_key", "content_key", "state", "application", "part_of_id", "doc",
)  # fmt: skip


class Payment:
    """Everything at hand with one trace number."""

    def __init__(self, scope: Scope, arrived: Arrived) -> None:
        self.arrived = arrived
        trace = arrived.remittance.trace_number
        rows = found(scope, RemittanceRow, "trace_number", [trace], *_COLUMNS)
        self._rows = sorted((Known(*row) for row in rows), key=lambda row: row.id)
        self._same = [row for row in self._rows if self._is_same(row)]

    def row(self, content_key: str) -> Known | None:
        """The row that says the same, if there is one."""
        return next((row for row in self._rows if row.content_key == content_key), None)

    def whole_of(self, row: Known) -> Known:
        """What tells `row`: itself, or the remittance that it is a part of."""
        return next((other for other in self._rows if other.id == row.part_of), row)

    @property
    def application(self) -> int:
        """How often the payment will have been posted when it is posted now."""
        return 1 + max((row.application for row in self._same), default=0)

    def told_by(self, remittance: Remittance) -> Known | None:
        """The posted row that tells all that `remittance` tells."""
        return next((row for row in self._same if row.posted and contains(row.remittance, remittance)), None)

    def contradiction(self, own: Known | None) -> PostingPlan | None:
        """The payment is posted with other content, or by another way."""
        others = [row for row in self._rows if row.posted and (own is None or row.id != own.id)]
        if any(row in self._same for row in others):
            return _held(_posted_with_other_content(self.arrived.remittance))
        # A check that came as an 835 and is keyed from paper too: who originates it is not told the same way on both.
        copies = [
            row for row in others if row.origin != self.arrived.origin and row.payer_key == self.arrived.payer_key
        ]
        return _held(_posted_another_way(self.arrived.remittance, copies[0].origin)) if copies else None

    def waiting(self, but: Known | None) -> list[Known]:
        """Parts at hand of the same payment."""
        rows = (row for row in self._same if row.state == RemittanceState.WAITING)
        return [row for row in rows if but is None or row.id != but.id]

    def _is_same(self, row: Known) -> bool:
        return (row.origin, row.originator) == (self.arrived.origin, self.arrived.remittance.originator_id)


def whole(parts: Sequence[Remittance]) -> Remittance | None:
    """The payment that these parts explain to the cent, each event told once; None while something is missing."""
    if len({payment_facts(part) for part in parts}) > 1 or len(parts) < 2:
        return None
    ways: Iterator[Remittance] = (joined(parts, overlapping=overlapping) for overlapping in (True, False))
    return next((way for way in ways if not imbalances(way)), None)


def source_of(remittance: Remittance, *, origin: str = "835", application: int = 1) -> str:
    """What names this payment in the journal: originator and trace number, as the bank and the payer know it, and
    which time it is posted, from the second on."""
    again = f"#{application}" if application > 1 else ""
    return f"{origin}:{remittance.originator_id}:{remittance.trace_number}{again}"


def waits(remittance: Remittance, others: Iterable[Known]) -> PostingPlan:
    """Nothing is posted until the rest of the payment is here; or it contradicts a part that waits."""
    parts = [row.remittance for row in others]
    if any(payment_facts(part) != payment_facts(remittance) for part in parts):
        return _held(_parts_contradict(remittance))
    so_far = joined([*parts, remittance])
    explained = sum(claim.paid for claim in so_far.claims) - sum(each.amount for each in so_far.provider_adjustments)
    finding = Finding(
        rule="remit.waiting",
        severity=Severity.ERROR,
        where=Place(element="BPR02", field="payment amount"),
        message=(
            f"Waiting for the rest of payment {remittance.trace_number}: {dollars(explained)} of "
            f"{dollars(remittance.payment_amount)} (BPR02) is explained so far. Nothing was posted."
        ),
        why="A payment is posted once its claims and provider adjustments add up to it.",
        fix="It posts by itself when the rest comes. If there is no more of it: Ask the payer for a corrected file.",
        source="ASC X12 005010X221A1, balancing",
    )
    return PostingPlan(held=True, findings=(finding,))


def _held(finding: Finding) -> PostingPlan:
    return PostingPlan(held=True, findings=(finding,))


def _again(message: str, fix: str) -> Finding:
    return Finding(
        rule="remit.trace-number-again",
        severity=Severity.ERROR,
        where=Place(element="TRN02"),
        message=message,
        why="A payer gives each payment its own trace number; the same number with other figures can't be both.",
        fix=fix,
        source="835 TR3, TRN02",
    )


def _posted_with_other_content(remittance: Remittance) -> Finding:
    return _again(
        f"Payment {remittance.trace_number} is posted already, with other content. Nothing was posted.",
        "Ask the payer which of the two is right. If this one is, have the posted one voided first; if it is another "
        "payment, accept it as one.",
    )


def _posted_another_way(remittance: Remittance, origin: str) -> Finding:
    how = "from paper" if origin == "paper" else "from an 835"
    return _again(
        f"Payment {remittance.trace_number} of this payer is posted already {how}. Nothing was posted.",
        f"If it is the same payment, put this one aside, or void the one {how}; if it is another, accept it as one.",
    )


def _parts_contradict(remittance: Remittance) -> Finding:
    return _again(
        f"Payment {remittance.trace_number} is waiting for its rest, but this part has another amount, day or method.",
        "Ask the payer which is right. If this one is, put the one that waits aside.",
    )


def contradicts_posted(remittance: Remittance) -> Finding:
    """What is said of a part that waited and is no part of the payment that was posted."""
    return _posted_with_other_content(remittance)
