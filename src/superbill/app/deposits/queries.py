"""What reconciles with the bank and what does not; deposits, matches, closed days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.cases import label
from superbill.app.billing.models import JournalEntry, Receipt, ReceiptState
from superbill.app.deposits.models import (
    BankLineRow,
    Closing,
    Deposit,
    DepositItem,
    DepositState,
    LineState,
    Match,
    MatchPart,
    Statement,
)
from superbill.app.deposits.payments import DEPOSIT, ENTRY, HERE, expected
from superbill.app.remits.models import RemittanceRow, RemittanceState
from superbill.app.rows import found
from superbill.banking import BankLine, Payment, Reconciliation, reconcile

_BEFORE = timedelta(days=10)  # payments of so many days before the first statement may be on it


class Books(Struct, frozen=True, kw_only=True):
    """The bank held against the books on a day. `rows` are the lines' row ids by their ids, `payments` by their keys.

    `stale`: numbers of matches of which a payment was voided since.
    """

    on: date
    through: date | None
    found: Reconciliation
    lines: dict[str, BankLine]
    rows: dict[str, int]
    payments: dict[str, Payment]
    stale: tuple[int, ...] = ()


def reconciliation(scope: Scope, on: date) -> Books:
    """Open bank lines against open payments, from the days of the first statement on; nothing is changed.

    Without any statement there is nothing to hold the books against, and nothing is missing.
    """
    spans = scope.rows(Statement).aggregate(first=Min("first_on"), last=Max("last_on"))
    if spans["first"] is None:
        return Books(on=on, through=None, found=Reconciliation(), lines={}, rows={}, payments={})
    rows = {row.line: row for row in scope.rows(BankLineRow).filter(state=LineState.OPEN).order_by("id")}
    lines = {key: as_line(row) for key, row in rows.items()}
    since = spans["first"] - _BEFORE
    payments = {each.key: each for each in expected(scope, since=since)}
    names = sorted({name for each in payments.values() for name in each.names})
    settled = _settled(scope, lines.values())
    reconciled = reconcile(
        lines.values(), payments.values(), on=on, through=spans["last"], settled=settled, payers=names
    )
    return Books(
        on=on,
        through=spans["last"],
        found=reconciled,
        lines=lines,
        rows={key: row.pk for key, row in rows.items()},
        payments=payments,
        stale=tuple(_stale(scope)),
    )


def as_line(row: BankLineRow) -> BankLine:
    """A stored line as its document."""
    return BankLine(
        account=row.account,
        booked_on=row.booked_on,
        amount=row.amount,
        text=row.text,
        reference=row.reference,
        code=row.code,
        trace=row.trace,
        originator=row.originator,
        id=row.line,
    )


def _settled(scope: Scope, lines: Iterable[BankLine]) -> dict[str, str]:
    """Trace numbers of open lines that came in a matched line already, with that line's id."""
    traces = {line.trace for line in lines if line.trace}
    return dict(found(scope, BankLineRow, "trace", traces, "trace", "line", state=LineState.MATCHED.value))


def _stale(scope: Scope) -> list[int]:
    """Numbers of matches of which a payment is gone: a voided remittance, a deposit undone, an entry taken back."""
    parts = scope.rows(MatchPart).filter(live=True).exclude(payment="")
    there = scope.rows(RemittanceRow).filter(source=OuterRef("payment"), state__in=HERE)
    others = Q(payment__startswith=DEPOSIT) | Q(payment__startswith=ENTRY)
    undone = scope.rows(Deposit).exclude(state=DepositState.MADE).values_list("number", flat=True)
    entries = [key.removeprefix(ENTRY) for key in _payments(parts.filter(payment__startswith=ENTRY))]
    ids = {row_id: key for key, row_id in found(scope, JournalEntry, "key", entries, "key", "id")}
    backs = found(scope, JournalEntry, "reverses_id", ids, "reverses_id")
    gone = [f"{DEPOSIT}{number}" for number in undone] + [f"{ENTRY}{ids[row_id]}" for (row_id,) in backs]
    stale = parts.exclude(others).exclude(Exists(there)) | parts.filter(payment__in=gone)
    return sorted(set(stale.values_list("match__number", flat=True)))


def _payments(parts: QuerySet[MatchPart]) -> list[str]:
    return list(parts.values_list("payment", flat=True))


def bank_lines(scope: Scope, *, state: str = "") -> Iterator[BankLineRow]:
    """Lines as stored, by day."""
    rows = scope.rows(BankLineRow).select_related("statement").order_by("booked_on", "id")
    yield from (rows.filter(state=state) if state else rows).iterator(chunk_size=500)


def matches(scope: Scope, *, live: bool = True) -> list[tuple[Match, list[MatchPart]]]:
    """Matches by number with their parts; those undone too when not only `live` ones are wanted."""
    rows = scope.rows(Match).order_by("number")
    parts: dict[int, list[MatchPart]] = {}
    for part in scope.rows(MatchPart).select_related("line").order_by("id"):
        parts.setdefault(part.match_id, []).append(part)
    return [(row, parts.get(row.pk, [])) for row in (rows.filter(live=True) if live else rows)]


def deposits(scope: Scope, *, number: int | None = None) -> list[tuple[Deposit, list[DepositItem]]]:
    """Deposits by number with their payments; one of them, or all."""
    rows = scope.rows(Deposit).order_by("number")
    rows = rows if number is None else rows.filter(number=number)
    items: dict[int, list[DepositItem]] = {}
    for item in scope.rows(DepositItem).filter(deposit__in=rows).order_by("id"):
        items.setdefault(item.deposit_id, []).append(item)
    return [(row, items.get(row.pk, [])) for row in rows]


def changed_deposits(scope: Scope) -> list[Deposit]:
    """Standing deposits of which a payment was voided by itself. One that the bank returned was deposited."""
    items = list(scope.rows(DepositItem).filter(live=True).values_list("deposit_id", "payment"))
    numbers = [int(payment[1:]) for _, payment in items if payment[1:].isdigit()]
    voided = found(scope, Receipt, "number", numbers, "number", state=ReceiptState.VOIDED.value)
    gone = {label(Receipt, number) for (number,) in voided}
    checks = [payment for _, payment in items if ":" in payment]
    posted = found(scope, RemittanceRow, "source", checks, "source", state=RemittanceState.POSTED.value)
    gone |= set(checks) - {source for (source,) in posted}
    ids = {deposit for deposit, payment in items if payment in gone}
    return list(scope.rows(Deposit).filter(id__in=ids).order_by("number"))


def closings(scope: Scope) -> list[Closing]:
    """Everything that was closed and reopened, in that order."""
    return list(scope.rows(Closing).order_by("id"))
