"""Payments of our books that the bank should know, or know of: 835s, payers' checks, deposits, refunds."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry, Posting, Receipt, ReceiptState
from superbill.app.billing.standing import PaymentFacts
from superbill.app.deposits.models import Deposit, DepositItem, DepositState, MatchPart
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceRow, RemittanceState
from superbill.app.rows import found
from superbill.banking import Payment
from superbill.banking.evidence import Kind
from superbill.ledger.accounts import Account
from superbill.x12.model import Remittance

DEPOSIT = "deposit:"
ENTRY = "entry:"
_TAKEN_BACK = (ReceiptState.RETURNED.value, ReceiptState.CHARGED_BACK.value)  # the first words of such entries' keys
_ISSUED = "check "  # before the number in the memo of a refund
HERE = (RemittanceState.POSTED.value, RemittanceState.HELD.value, RemittanceState.WAITING.value)
_KIND: dict[str, Kind] = {"CHK": "check"}  # every other method of an 835 is electronic


def expected(scope: Scope, *, since: date | None = None, matched: bool = False) -> list[Payment]:
    """Payments dated `since` or later that no live match has, or with `matched` all of them.

    A payer's check that is in a deposit counts with that deposit. Amounts are what the bank should book: of a card
    batch what its processor left.
    """
    found_all = [*_remittances(scope, since, matched), *_deposits(scope, since, matched), *_out(scope, since, matched)]
    return sorted(found_all, key=lambda payment: (payment.on, payment.key))


def _unmatched(scope: Scope) -> QuerySet[MatchPart, Any]:
    return scope.rows(MatchPart).filter(live=True).exclude(payment="").values("payment")


def _remittances(scope: Scope, since: date | None, matched: bool) -> Iterator[Payment]:
    deposited = scope.rows(DepositItem).filter(live=True).values("payment")
    rows = scope.rows(RemittanceRow).filter(state__in=HERE).exclude(payment_amount=0).exclude(source__in=deposited)
    if since is not None:
        rows = rows.filter(payment_date__gte=since)
    if not matched:
        rows = rows.exclude(source__in=_unmatched(scope))
    columns = ("id", "source", "payer_key", "trace_number", "originator_id", "payment_amount", "payment_date", "state")
    told = list(rows.order_by("id").values_list(*columns))
    methods = methods_of(scope, [(row[0], row[1], row[7]) for row in told])
    names = _payer_names(scope, {row[2]: row[0] for row in told})
    seen: set[str] = set()
    for _, source, payer, trace, originator, amount, on, state in sorted(told, key=_posted_first):
        if source in seen:  # the same payment in other words, held
            continue
        seen.add(source)
        yield Payment(
            key=source,
            kind=_KIND.get(methods.get(source, ""), "eft"),
            amount=amount,
            on=on,
            trace=trace,
            originator=originator,
            names=names.get(payer, (payer,)),
            posted=state == RemittanceState.POSTED,
        )


def _posted_first(row: tuple[Any, ...]) -> tuple[bool, int]:
    return row[7] != RemittanceState.POSTED, row[0]


def methods_of(scope: Scope, rows: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """BPR04 by source, for remittances given as (row id, source, state): of those posted the journal knows it."""
    given = list(rows)
    sources = [source for _, source, state in given if state == RemittanceState.POSTED]
    columns = ("entry__source", "reason_code")
    methods = dict(found(scope, Posting, "entry__source", sources, *columns, account=Account.CASH.value))
    rest = [row_id for row_id, source, _ in given if source not in methods]
    for row_id, source, doc in found(scope, RemittanceRow, "id", rest, "id", "source", "doc"):
        methods[source] = decoded(doc, Remittance, f"remittance {row_id}").payment_method
    return methods


def _payer_names(scope: Scope, examples: dict[str, int]) -> dict[str, tuple[str, ...]]:
    """Names of each payer, as one of its remittances tells them."""
    by_row = {row_id: payer for payer, row_id in examples.items()}
    names: dict[str, tuple[str, ...]] = {}
    for row_id, doc in found(scope, RemittanceRow, "id", by_row, "id", "doc"):
        payer = by_row[row_id]
        names[payer] = (decoded(doc, Remittance, f"remittance {row_id}").payer_name, payer)
    return names


def _deposits(scope: Scope, since: date | None, matched: bool) -> Iterator[Payment]:
    rows = scope.rows(Deposit).filter(state=DepositState.MADE)
    if since is not None:
        rows = rows.filter(on__gte=since)
    taken = set() if matched else {row["payment"] for row in _unmatched(scope).filter(payment__startswith=DEPOSIT)}
    for row in rows.order_by("number"):
        if (key := f"{DEPOSIT}{row.number}") not in taken:
            yield Payment(
                key=key,
                kind="card" if row.kind == "card" else "deposit",
                amount=row.amount - row.fee,
                on=row.on,
                trace=row.reference,
            )


def _out(scope: Scope, since: date | None, matched: bool) -> Iterator[Payment]:
    """Refunds paid, and payments that the bank took back, with the number of the check. A payment that was voided never
    was at the bank."""
    taken_back = Q(kind="returned payment", key__startswith=f"{_TAKEN_BACK[0]}:") | Q(
        kind="returned payment", key__startswith=f"{_TAKEN_BACK[1]}:"
    )
    backs = scope.rows(JournalEntry).filter(reverses__isnull=False).values("reverses_id")
    rows = scope.rows(JournalEntry).filter(Q(kind="refund") | taken_back).exclude(id__in=backs)
    if since is not None:
        rows = rows.filter(on__gte=since)
    taken = set() if matched else {row["payment"] for row in _unmatched(scope).filter(payment__startswith=ENTRY)}
    entries = {row_id: (key, on, memo) for row_id, key, on, memo in rows.values_list("id", "key", "on", "memo")}
    checks = _checks_back(scope, [key for key, _, _ in entries.values()])
    moved = scope.rows(Posting).filter(entry_id__in=list(entries), account=Account.CASH.value)
    for row_id, total in moved.values_list("entry_id").annotate(total=Sum("amount")).order_by("entry_id"):
        key, on, memo = entries[row_id]
        if total < 0 and f"{ENTRY}{key}" not in taken:
            trace = checks.get(key, "") if _receipt_of(key) else memo.removeprefix(_ISSUED)
            yield Payment(key=f"{ENTRY}{key}", kind="out", amount=total, on=on, trace=trace)


def _receipt_of(key: str) -> int:
    """The number of the receipt that an entry ("returned:R000012:1") took back, 0 for a refund."""
    what, _, rest = key.partition(":")
    return int(rest.partition(":")[0].removeprefix("R")) if what in _TAKEN_BACK else 0


def _checks_back(scope: Scope, keys: Iterable[str]) -> dict[str, str]:
    """The patient's check number by the entry that took the receipt back."""
    numbers = {key: number for key in keys if (number := _receipt_of(key))}
    docs = dict(found(scope, Receipt, "number", set(numbers.values()), "number", "doc"))
    return {key: decoded(docs[number], PaymentFacts, f"receipt {number}").reference for key, number in numbers.items()}
