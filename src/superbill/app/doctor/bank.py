"""The bank's side: deposits are what their payments are, matches add up, and closed days stayed closed."""

from datetime import date, timedelta

from django.db.models import F, Q, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry
from superbill.app.deposits.models import (
    BankLineRow,
    Closing,
    ClosingKind,
    Deposit,
    DepositItem,
    DepositState,
    LineState,
    Match,
    MatchPart,
)
from superbill.app.deposits.payments import expected
from superbill.app.doctor.report import Notes

_PAST = "It was changed past the app. Restore a backup, or undo it and make it anew."


def check_bank(scope: Scope, notes: Notes) -> None:
    """Deposits, matches with the bank, and the closed days."""
    _check_deposits(scope, notes)
    _check_matches(scope, notes)
    _check_closed_days(scope, notes)


def _check_deposits(scope: Scope, notes: Notes) -> None:
    items = scope.rows(DepositItem).values_list("deposit_id").annotate(total=Sum("amount")).order_by()
    totals = dict(items)
    standing = scope.rows(DepositItem).filter(live=True)
    for row_id, number, amount in scope.rows(Deposit).values_list("id", "number", "amount").order_by("number"):
        if totals.get(row_id, 0) != amount:
            message = f"Deposit {number} is {amount} cents, its payments are {totals.get(row_id, 0)}."
            notes.add("deposit-sum", f"deposit {number}", message, _PAST)
    made = Q(deposit__state=DepositState.MADE)
    wrong = standing.exclude(made) | scope.rows(DepositItem).filter(made, live=False)
    for number in sorted(set(wrong.values_list("deposit__number", flat=True))):
        message = f"Deposit {number} stands and its payments do not, or the other way round."
        notes.add("deposit-state", f"deposit {number}", message, _PAST)


def _check_matches(scope: Scope, notes: Notes) -> None:
    parts = scope.rows(MatchPart)
    lines = dict(parts.filter(line__isnull=False).values_list("match_id").annotate(total=Sum("amount")).order_by())
    paid = dict(parts.filter(line__isnull=True).values_list("match_id").annotate(total=Sum("amount")).order_by())
    for row_id, number, difference in scope.rows(Match).values_list("id", "number", "difference").order_by("number"):
        found = lines.get(row_id, 0) - paid.get(row_id, 0)
        if found != difference:
            message = f"Match {number} is {difference} cents apart, its parts are {found}."
            notes.add("match-sum", f"match {number}", message, _PAST)
    for number in parts.exclude(live=F("match__live")).values_list("match__number", flat=True).distinct():
        notes.add("match-state", f"match {number}", f"Match {number} and its parts do not stand alike.", _PAST)
    for number in (
        parts.filter(line__isnull=False).exclude(amount=F("line__amount")).values_list("match__number", flat=True)
    ):
        notes.add("match-line", f"match {number}", f"A line of match {number} has another amount at the bank.", _PAST)
    held = parts.filter(live=True, line__isnull=False).values("line_id")
    rows = scope.rows(BankLineRow)
    for row in rows.filter(state=LineState.MATCHED).exclude(id__in=held) | rows.filter(id__in=held).exclude(
        state=LineState.MATCHED
    ):
        notes.add("match-line", f"bank line {row.pk}", f"Bank line {row.pk} is {row.state}, its matches differ.", _PAST)
    live = dict(parts.filter(live=True, line__isnull=True).values_list("payment", "amount"))
    for payment in expected(scope, matched=True) if live else ():
        if live.get(payment.key, payment.amount) != payment.amount:
            message = f"{payment.key} is {payment.amount} cents now, and was matched as {live[payment.key]}."
            notes.add("match-payment", payment.key, message, "Undo the match, and match it anew.")


def _check_closed_days(scope: Scope, notes: Notes) -> None:
    """Nothing is dated into a closed day by an entry that came after it was closed."""
    before: date | None = None
    for through, entries in _standing(scope):
        late = scope.rows(JournalEntry).filter(on__lte=through, number__gt=entries)
        late = late if before is None else late.filter(on__gt=before)
        for number, on in late.order_by("number").values_list("number", "on")[:20]:
            message = f"Entry {number} is dated {on}, a day that was closed before it was posted."
            notes.add("closed-day", f"entry {number}", message, "Find out who wrote it past the app. Reverse it.")
        before = through


def _standing(scope: Scope) -> list[tuple[date, int]]:
    """(last closed day, how far the journal was) of what stands closed, ascending; reopened days are cut off."""
    standing: list[tuple[date, int]] = []
    for kind, on, through, entries in (
        scope.rows(Closing).order_by("id").values_list("kind", "on", "through", "entries")
    ):
        if kind == ClosingKind.REOPENED:
            kept = [(min(last, on - timedelta(days=1)), number) for last, number in standing]
            standing = [each for place, each in enumerate(kept) if not place or each[0] > kept[place - 1][0]]
        elif through is not None:
            standing.append((through, entries))
    return standing
