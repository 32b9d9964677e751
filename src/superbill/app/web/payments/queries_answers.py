"""Answers that wait for a person, beside the claims that they may be meant for."""

from datetime import date

from django.db.models import Count, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance, VisitBalance
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.remits.lookup import ANSWERABLE
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow, RemittanceState
from superbill.app.rows import found
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.payments.queries_files import OurClaim
from superbill.claims.model import Claim, ServiceLine
from superbill.findings import Finding
from superbill.ledger.entry import Balance
from superbill.money import Cents
from superbill.remits.match import charge_lines, match_lines
from superbill.x12.model import Remittance, RemittanceClaim, RemittanceLine

GROUPS = {
    "need": ("held", "unmatched"), "to_return": ("to_return",), "set_aside": ("set_aside",), "returned": ("returned",),
}  # fmt: skip
FOUND = 12


class AnswerLine(Struct, frozen=True, kw_only=True):
    """An answer in the queue."""

    id: int
    number: str
    trace: str
    payer_key: str
    paid_on: date
    paid: Cents
    charge: Cents
    state: str
    why: str
    finding: Finding | None


class Answer(Struct, frozen=True, kw_only=True):
    """One answer with what the payer said, and the payment that it came in."""

    row: RemittanceClaimRow
    payment: RemittanceRow
    told: RemittanceClaim
    findings: tuple[Finding, ...]


class Facing(Struct, frozen=True, kw_only=True):
    """A line of the payer, and the number of our line that it seems to answer (0: none)."""

    place: int
    told: RemittanceLine
    ours: int = 0

    @property
    def adjusted(self) -> Cents:
        """Its adjustments together."""
        return sum(one.amount for one in self.told.adjustments)


class OurLine(Struct, frozen=True, kw_only=True):
    """A line of our claim, and where it stands."""

    line: ServiceLine
    balance: Balance


class Beside(Struct, frozen=True, kw_only=True):
    """A claim beside an answer, line facing line."""

    ours: OurClaim
    state: str
    payer_key: str
    lines: tuple[OurLine, ...]
    facing: tuple[Facing, ...]


class FoundClaim(Struct, frozen=True, kw_only=True):
    """A claim as a search finds it. `open` is what insurance still owes on its visit's lines."""

    id: int
    number: str
    family: str
    given: str
    payer_key: str
    service: date
    state: str
    charge: Cents
    open: Cents = 0


def queue(scope: Scope, group: str, page: str = "") -> Page[AnswerLine]:
    """Answers of one group, the most money first; three statements."""
    rows = scope.rows(RemittanceClaimRow).filter(state__in=GROUPS[group], remittance__state=RemittanceState.POSTED)
    total = rows.count()
    number, offset = asked(page, total)
    columns = (
        "id", "control_number", "remittance__trace_number", "remittance__payer_key", "remittance__payment_date",
        "paid", "charge", "state", "why", "findings",
    )  # fmt: skip
    some = rows.order_by("-paid", "id").values_list(*columns)[offset : offset + ROWS]
    return Page(rows=tuple(_in_queue(row) for row in some), number=number, total=total)


def _in_queue(row: tuple) -> AnswerLine:  # type: ignore[type-arg]  # a row of the columns above
    findings = decoded(row[9], tuple[Finding, ...], f"answer {row[0]}")
    return AnswerLine(
        id=row[0], number=row[1], trace=row[2], payer_key=row[3], paid_on=row[4], paid=row[5], charge=row[6],
        state=row[7], why=row[8], finding=findings[0] if findings else None,
    )  # fmt: skip


def queue_counts(scope: Scope) -> dict[str, tuple[int, Cents]]:
    """(answers, money) of each group."""
    every = [state for states in GROUPS.values() for state in states]
    rows = scope.rows(RemittanceClaimRow).filter(state__in=every, remittance__state=RemittanceState.POSTED).order_by()
    sums = rows.aggregate(
        **{f"{name}_n": Count("id", filter=Q(state__in=states)) for name, states in GROUPS.items()},
        **{f"{name}_sum": Sum("paid", filter=Q(state__in=states), default=0) for name, states in GROUPS.items()},
    )
    return {name: (sums[f"{name}_n"], sums[f"{name}_sum"]) for name in GROUPS}


def answer_of(scope: Scope, row_id: int) -> Answer | None:
    """One answer; None when the practice has none of this id."""
    row = scope.rows(RemittanceClaimRow).select_related("remittance", "claim").filter(pk=row_id).first()
    if row is None:
        return None
    document = decoded(row.remittance.doc, Remittance, f"remittance {row.remittance_id}")
    findings = decoded(row.findings, tuple[Finding, ...], f"answer {row_id}")
    return Answer(row=row, payment=row.remittance, told=document.claims[row.position], findings=findings)


def beside(scope: Scope, number: str, told: RemittanceClaim) -> Beside | None:
    """Our claim of this number with each line's balance, and which line each of the payer's seems to answer."""
    rows = scope.rows(ClaimRow).filter(control_number=number)
    columns = ("id", "state", "payer_key", "doc", "encounter__patient__family", "encounter__patient__given")
    row = rows.values_list(*columns).first()
    if row is None:
        return None
    claim = decoded(row[3], Claim, f"claim {number}")
    balances = balances_of(scope, [line.control_number for line in claim.lines])
    by_key = {line.control_number: line.number for line in claim.lines}
    matched = match_lines(told.lines, charge_lines(claim))
    return Beside(
        ours=OurClaim(id=row[0], family=row[4], given=row[5], claim=claim),
        state=row[1],
        payer_key=row[2],
        lines=tuple(OurLine(line=one, balance=balances.get(one.control_number, Balance())) for one in claim.lines),
        facing=tuple(
            Facing(place=place, told=line, ours=by_key.get(own.key, 0) if own else 0)
            for place, (line, own) in enumerate(zip(told.lines, matched, strict=True))
        ),
    )


def balances_of(scope: Scope, keys: list[str]) -> dict[str, Balance]:
    """Where lines stand, by key."""
    names = Balance.__struct_fields__
    rows = found(scope, LineBalance, "line__key", keys, "line__key", *names)
    return {row[0]: Balance(**dict(zip(names, row[1:], strict=True))) for row in rows}


def claims_found(scope: Scope, text: str, payer: str = "") -> list[FoundClaim]:
    """Claims that were sent, by the beginning of their number or of the patient's family name; what is open first."""
    text = text.strip()
    if len(text) < 2:
        return []
    family, _comma, given = (part.strip() for part in text.partition(","))
    named = Q(encounter__patient__family__istartswith=family)
    if given:
        named &= Q(encounter__patient__given__istartswith=given)
    rows = scope.rows(ClaimRow).filter(state__in=ANSWERABLE)
    rows = rows.filter(named | Q(control_number__istartswith=text) | Q(payer_control_number=text))
    if payer:
        rows = rows.filter(payer_key=payer)
    return _found(scope, rows.order_by("-service_start", "-id"))


def claims_waiting(scope: Scope, payer: str, *, but: list[str]) -> list[FoundClaim]:
    """Claims that wait for this payer's answer, the oldest service first: what a paper of theirs is likely about."""
    rows = scope.rows(ClaimRow).filter(payer_key=payer, state__in=("sent", "accepted")).exclude(control_number__in=but)
    return _found(scope, rows.order_by("service_start", "id"))


def _found(scope: Scope, rows) -> list[FoundClaim]:  # type: ignore[no-untyped-def]  # a query of claims
    columns = (
        "id", "control_number", "encounter__patient__family", "encounter__patient__given", "payer_key",
        "service_start", "state", "charge", "encounter_id",
    )  # fmt: skip
    some = list(rows.values_list(*columns)[:FOUND])
    visits = {row[8] for row in some}
    open_now = dict(found(scope, VisitBalance, "encounter_id", visits, "encounter_id", "insurance"))
    return [
        FoundClaim(
            id=row[0], number=row[1], family=row[2], given=row[3], payer_key=row[4], service=row[5], state=row[6],
            charge=row[7], open=open_now.get(row[8], 0),
        )
        for row in some
    ]  # fmt: skip
