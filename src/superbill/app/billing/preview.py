"""What an action would do to the books, before it is done: the action itself, undone before anybody sees it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import hold_journal, stored_entries
from superbill.app.billing.models import JournalEntry, LineBalance
from superbill.app.billing.parties import patient_of
from superbill.app.billing.standing import unapplied_money
from superbill.app.rows import found
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry
from superbill.ledger.proof import added, line_changes
from superbill.money import Cents

_NAMES = Balance.__struct_fields__


class LineChange(Struct, frozen=True, kw_only=True):
    """One line before and after."""

    line: str
    before: Balance
    after: Balance


class MoneyChange(Struct, frozen=True, kw_only=True):
    """A patient's unapplied money before and after."""

    patient: int
    before: Cents
    after: Cents


class Preview(Struct, frozen=True, kw_only=True):
    """What entries would change: lines in order of their keys, then unapplied money."""

    entries: tuple[Entry, ...]
    lines: tuple[LineChange, ...]
    unapplied: tuple[MoneyChange, ...] = ()


class _Rehearsed(Exception):
    """Ends a rehearsal, so that the transaction leaves nothing behind."""


def preview(scope: Scope, entries: Sequence[Entry]) -> Preview:
    """The balances of every line that `entries` touch, as they are and as they would be. Raises LineUnbalanced."""
    changes: dict[str, Balance] = {}
    loose: dict[int, Cents] = {}
    for entry in entries:
        for line, change in line_changes(entry).items():
            changes[line] = added(changes.get(line, Balance()), change)
        for move in entry.postings:
            patient = patient_of(move.payer) if move.account is Account.UNAPPLIED else None
            if patient is not None:
                loose[patient] = loose.get(patient, 0) - move.amount
    rows = found(scope, LineBalance, "line__key", changes, "line__key", *_NAMES)
    there = {key: Balance(**dict(zip(_NAMES, amounts, strict=True))) for key, *amounts in rows}
    lines = (
        LineChange(line=line, before=there.get(line, Balance()), after=added(there.get(line, Balance()), change))
        for line, change in sorted(changes.items())
    )
    money = (
        MoneyChange(patient=patient, before=(now := unapplied_money(scope, patient)), after=now + change)
        for patient, change in sorted(loose.items())
        if change
    )
    return Preview(entries=tuple(entries), lines=tuple(lines), unapplied=tuple(money))


def rehearse(scope: Scope, do: Callable[[], Any]) -> Preview:
    """What `do` (an action, or several) would post, and what that would change. Nothing of it stays.

    Whatever the action refuses it refuses here too. Not for an action that sends something out of the house.
    """
    posted: list[Entry] = []
    try:
        with transaction.atomic():
            hold_journal(scope)
            last = scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
            do()
            ids = scope.rows(JournalEntry).filter(number__gt=last).values_list("id", flat=True)
            posted = stored_entries(scope, ids)
            raise _Rehearsed
    except _Rehearsed:
        return preview(scope, posted)
