"""Closed days: nothing is posted into them. What a person dates is refused, what others date moves to an open day.

The journal asks here, so every writer is held to it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.deposits.models import Closing
from superbill.app.rows import asked
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Kind

# Dated by a visit, by a payer's file, or by what they take back; nobody could date them otherwise.
_MOVES: frozenset[Kind] = frozenset(
    {"charge", "insurance payment", "denial", "transfer", "deposit", "provider adjustment", "reversal"}
)


class PeriodClosed(Exception):
    """An entry is dated into a closed period. Nothing was posted; the message names the first open day."""


def closed_through(scope: Scope) -> date | None:
    """The last closed day; every day before it is closed too. None when every day is open."""
    for (through,) in asked(scope, Closing, _last):
        return through if through is None or isinstance(through, date) else date.fromisoformat(through)
    return None


def first_open_day(scope: Scope) -> date | None:
    """The first day into which entries may be dated; None when every day is open."""
    through = closed_through(scope)
    return None if through is None else through + timedelta(days=1)


def in_open_period(scope: Scope, entries: Iterable[Entry]) -> list[Entry]:
    """`entries` as they may be posted: those of a closed day that a document dates, on the first open day instead.

    Their memo then tells the day that the document says. Raises PeriodClosed for one that a person has dated.
    """
    given = list(entries)
    open_from = first_open_day(scope)
    if open_from is None:
        return given
    return [entry if entry.on >= open_from else _moved(entry, open_from) for entry in given]


def _moved(entry: Entry, open_from: date) -> Entry:
    taken = entry.kind not in _MOVES and (
        entry.kind != "patient payment" or any(move.account is Account.CASH for move in entry.postings)
    )
    if taken:  # money on account that the program puts to lines is no money taken that day
        raise PeriodClosed(
            f"{entry.on} is closed: nothing was posted. The first open day is {open_from}. Date it then, or have a "
            f"manager reopen the books: superbill close reopen --from {entry.on}"
        )
    note = f"dated {entry.on}, which is closed"
    return replace(entry, on=open_from, memo=f"{entry.memo}; {note}" if entry.memo else note)


def _last(scope: Scope) -> QuerySet[Closing, Any]:
    return scope.rows(Closing).order_by("-id").values_list("through")[:1]
