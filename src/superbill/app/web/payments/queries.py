"""Payments as a list that is filtered and sorted, and one payment with its claims."""

from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.documents import decoded
from superbill.app.remits.models import IN_SUSPENSE, RemittanceClaimRow, RemittanceRow, RemittanceState
from superbill.app.rows import found, values_of
from superbill.app.web.paging import ROWS, Page, asked
from superbill.findings import Finding
from superbill.ledger.accounts import Account
from superbill.money import Cents
from superbill.x12.model import Remittance, RemittanceClaim

SORTS = {  # each the columns of an index
    "day": ("payment_date",),
    "payer": ("payer_key", "payment_date"),
    "trace": ("trace_number",),
    "amount": ("payment_amount",),
    "state": ("state", "payment_date"),
}
ADDED_UP = 5_000  # more payments than these are counted, and not added up while somebody waits
_COLUMNS = ("id", "payer_key", "trace_number", "payment_date", "payment_amount", "state", "method", "origin")


class Wanted(Struct, frozen=True, kw_only=True):
    """Which payments, in which order: `sort` is a key of SORTS, with "-" before it the other way round."""

    payer: str = ""
    state: str = ""
    method: str = ""
    since: date | None = None
    until: date | None = None
    least: Cents | None = None
    most: Cents | None = None
    trace: str = ""
    sort: str = "-day"


class PaymentLine(Struct, frozen=True, kw_only=True):
    """A payment in a list, with how many claims it answers and how many of them wait for a person."""

    id: int
    payer_key: str
    trace: str
    on: date
    amount: Cents
    state: str
    method: str
    origin: str
    claims: int
    attention: int


class Payments(Struct, frozen=True, kw_only=True):
    """A page of payments, and what all that were asked for add up to; None where they are too many for that."""

    page: Page[PaymentLine]
    amount: Cents | None


class ClaimAnswer(Struct, frozen=True, kw_only=True):
    """One claim of a payment: its row, and what the payer said."""

    row: RemittanceClaimRow
    told: RemittanceClaim

    @property
    def adjusted(self) -> Cents:
        """Everything between charge and payment that is not the patient's."""
        return self.told.charge - self.told.paid - self.shared

    @property
    def shared(self) -> Cents:
        """What the payer leaves to the patient (PR)."""
        lines = (one for line in self.told.lines for one in line.adjustments)
        return sum(one.amount for one in (*self.told.adjustments, *lines) if one.group == "PR")


class Payment(Struct, frozen=True, kw_only=True):
    """One payment and a page of its claims. `waiting` of them need a person; `entries` stand in the journal."""

    row: RemittanceRow
    document: Remittance
    findings: tuple[Finding, ...]
    claims: Page[ClaimAnswer]
    waiting: int
    entries: int

    @property
    def off(self) -> Cents:
        """By how much the payment differs from what its claims and adjustments add up to."""
        return off(self.document)


def off(document: Remittance) -> Cents:
    """Payment less what explains it (BPR02 against CLP04 and PLB): zero when it balances."""
    explained = sum(claim.paid for claim in document.claims)
    return document.payment_amount - explained + sum(one.amount for one in document.provider_adjustments)


def payment_list(scope: Scope, wanted: Wanted, page: str = "") -> Payments:
    """Payments as wanted; four statements. A part of a payment is counted with the whole."""
    rows = _filtered(scope, wanted)
    total = rows.order_by().count()
    number, offset = asked(page, total)
    down = "-" if wanted.sort.startswith("-") else ""
    columns = SORTS.get(wanted.sort.removeprefix("-"), SORTS["day"])
    ordered = rows.order_by(*(f"{down}{column}" for column in (*columns, "id")))
    some = list(ordered.values_list(*_COLUMNS)[offset : offset + ROWS])
    claims = scope.rows(RemittanceClaimRow).filter(remittance__in=[row[0] for row in some]).order_by()
    counts = {
        row[0]: row[1:]
        for row in claims.values_list("remittance_id").annotate(
            all=Count("id"), attention=Count("id", filter=Q(state__in=IN_SUSPENSE))
        )
    }
    lines = tuple(
        PaymentLine(
            id=row[0], payer_key=row[1], trace=row[2], on=row[3], amount=row[4], state=row[5], method=row[6],
            origin=row[7], claims=counts.get(row[0], (0, 0))[0], attention=counts.get(row[0], (0, 0))[1],
        )
        for row in some
    )  # fmt: skip
    whole = rows.exclude(state=RemittanceState.PART).order_by()
    amount = whole.aggregate(sum=Sum("payment_amount", default=0))["sum"] if total <= ADDED_UP else None
    return Payments(page=Page(rows=lines, number=number, total=total), amount=amount)


def _filtered(scope: Scope, wanted: Wanted) -> QuerySet[RemittanceRow]:
    rows = scope.rows(RemittanceRow)
    conditions = (
        ("state", wanted.state), ("payer_key", wanted.payer), ("method", wanted.method),
        ("payment_date__gte", wanted.since), ("payment_date__lte", wanted.until), ("payment_amount__gte", wanted.least),
        ("payment_amount__lte", wanted.most),
    )  # fmt: skip
    for condition, value in conditions:
        if value not in (None, ""):
            rows = rows.filter(**{condition: value})
    if wanted.trace:  # by its own index, not row by row in the order of the list
        named = scope.rows(RemittanceRow).filter(trace_number__startswith=wanted.trace).values("pk")
        rows = rows.filter(pk__in=named)
    return rows


def payers_paying(scope: Scope) -> list[str]:
    """Keys of the payers that have paid."""
    return [key for key, _first, _last in values_of(scope, RemittanceRow, "payer_key")]


def payment(scope: Scope, row_id: int, page: str = "") -> Payment | None:
    """One payment with a page of its claims, those that wait first; None when the practice has no such payment."""
    row = scope.rows(RemittanceRow).filter(pk=row_id).first()
    if row is None:
        return None
    claims = scope.rows(RemittanceClaimRow).filter(remittance=row_id)
    total = claims.count()
    waiting = claims.filter(state__in=IN_SUSPENSE).values_list("id", flat=True)
    number, offset = asked(page, total)
    some = claims.select_related("claim__encounter__patient").defer(
        "claim__doc", "claim__findings", "claim__encounter__doc", "claim__encounter__coded",
        "claim__encounter__findings", "claim__encounter__patient__doc",
    )  # fmt: skip
    document = decoded(row.doc, Remittance, f"remittance {row_id}")
    posted = row.state == RemittanceState.POSTED
    rows = some.order_by("position")[offset : offset + ROWS]
    return Payment(
        row=row,
        document=document,
        findings=decoded(row.findings, tuple[Finding, ...], f"remittance {row_id}"),
        claims=Page(
            rows=tuple(ClaimAnswer(row=one, told=document.claims[one.position]) for one in rows),
            number=number,
            total=total,
        ),
        waiting=len(waiting),
        entries=scope.rows(JournalEntry).filter(source=row.source).count() if posted else 0,
    )


class Booked(Struct, frozen=True, kw_only=True):
    """One entry of a payment with its postings: (account, line, payer, amount)."""

    number: int
    kind: str
    on: date
    memo: str
    postings: tuple[tuple[str, str, str, Cents], ...]


def booked(scope: Scope, source: str, page: str = "") -> Page[Booked]:
    """A page of the journal's entries under one source."""
    entries = scope.rows(JournalEntry).filter(source=source)
    total = entries.count()
    number, offset = asked(page, total)
    rows = list(entries.order_by("id").values_list("id", "number", "kind", "on", "memo")[offset : offset + ROWS])
    moves: dict[int, list[tuple[str, str, str, Cents]]] = {}
    postings = scope.rows(Posting).filter(entry__in=[row[0] for row in rows]).order_by("id")
    columns = ("entry_id", "account", "line__key", "payer", "amount")
    for entry, account, line, payer, amount in postings.values_list(*columns):
        moves.setdefault(entry, []).append((account, line or "", payer, amount))
    lines = tuple(
        Booked(number=row[1], kind=row[2], on=row[3], memo=row[4], postings=tuple(moves.get(row[0], ())))
        for row in rows
    )
    return Page(rows=lines, number=number, total=total)


def sums_of(scope: Scope, source: str) -> list[tuple[str, Cents]]:
    """What a payment has moved onto each account, debits positive; accounts that come to nothing are left out."""
    rows = scope.rows(Posting).filter(entry__source=source).order_by().values_list("account")
    return [(name, amount) for name, amount in sorted(rows.annotate(sum=Sum("amount"))) if amount]


class ProviderEntry(Struct, frozen=True, kw_only=True):
    """One movement on a balance with a payer: negative was left to be taken, positive was taken. `left` after it."""

    on: date
    kind: str
    code: str
    memo: str
    source: str
    payment: int | None
    amount: Cents
    left: Cents


def provider_entries(scope: Scope, payer: str, reference: str) -> list[ProviderEntry]:
    """Every movement under one reference of a payer, in order, with what was left; two statements."""
    rows = scope.rows(Posting).filter(account=Account.PROVIDER_LEVEL.value, payer=payer)
    columns = ("entry__on", "entry__kind", "reason_code", "entry__memo", "entry__source", "amount", "remarks")
    moves = [row for row in rows.order_by("entry_id", "id").values_list(*columns) if _plain(row[6]) == reference]
    payments = dict(found(scope, RemittanceRow, "source", {row[4] for row in moves}, "source", "id"))
    left, entries = 0, []
    for on, kind, code, memo, source, amount, _remarks in moves:
        left -= amount
        entries.append(
            ProviderEntry(
                on=on, kind=kind, code=code, memo=memo, source=source, payment=payments.get(source),
                amount=amount, left=left,
            )
        )  # fmt: skip
    return entries


def _plain(remarks: str) -> str:
    return remarks.replace("\n", " ")
