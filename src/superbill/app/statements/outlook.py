"""What a run would do with everybody, in short: how many get a statement and how many not, and in which order.

Every process plans for everybody once and keeps of each plan one line; it stands until something is written that is
more than a note of what was read. The plans that somebody looks at are made anew, so what a page tells of a guarantor
is never older than the page.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.models import LineBalance
from superbill.app.boot import opened
from superbill.app.statements.owing import last_entry
from superbill.app.statements.planning import Planned, Verdict, plans
from superbill.money import Cents

_READ = "read"  # the only action that changes nothing
_KEPT = 16  # practices


class Short(NamedTuple):
    """A plan in short: whose it is, what becomes of it, what they owe, and what the statement asks for."""

    guarantor: int
    verdict: Verdict
    owed: Cents
    amount: Cents


class _State(Struct, frozen=True):
    """What the plans were made from: in which database, through which entry of the journal, for which day and least
    amount; `heard` is the last audit event that was looked at."""

    database: int
    entry: int
    on: date
    minimum: Cents
    heard: int


_outlooks: dict[int, tuple[_State, tuple[Short, ...]]] = {}


def outlook(scope: Scope, on: date, minimum: Cents) -> tuple[Short, ...]:
    """Everybody's plan in short, by name. Inside a transaction it is made anew: what was written may yet be taken back.

    Raises NotPermitted for a reader without the ledger.
    """
    scope.must_read(LineBalance)
    if connection.in_atomic_block:
        return _made(scope, on, minimum)
    now = _State(opened(), last_entry(scope), on, minimum, _heard(scope))
    before, kept = _outlooks.get(scope.practice_id, (None, ()))
    if before is None or not _stands(scope, before, now):
        kept = _made(scope, on, minimum)
    while len(_outlooks) >= _KEPT and scope.practice_id not in _outlooks:
        _outlooks.pop(next(iter(_outlooks)), None)
    _outlooks[scope.practice_id] = (now, kept)
    return kept


def planned(scope: Scope, on: date, minimum: Cents, some: Sequence[Short]) -> list[Planned]:
    """The whole plans of these, as they are now, in the same order; who owes nothing any more is left out."""
    found = {one.card.id: one for one in plans(scope, on, minimum, only=[one.guarantor for one in some])}
    return [found[one.guarantor] for one in some if one.guarantor in found]


def _made(scope: Scope, on: date, minimum: Cents) -> tuple[Short, ...]:
    every = plans(scope, on, minimum)
    return tuple(Short(one.card.id, one.verdict, one.due.owed, one.amount) for one in every)


def _heard(scope: Scope) -> int:
    """The number of the practice's last audit event; the trail has no gap, whichever database keeps it."""
    events = Scope(scope.practice_id).rows(AuditEvent).order_by("-number")
    return events.values_list("number", flat=True).first() or 0


def _stands(scope: Scope, before: _State, now: _State) -> bool:
    """Whether nothing was written since but what was read."""
    if (before.database, before.entry, before.on, before.minimum) != (now.database, now.entry, now.on, now.minimum):
        return False
    if now.heard < before.heard:
        return False
    later = Scope(scope.practice_id).rows(AuditEvent).filter(number__gt=before.heard, number__lte=now.heard)
    return not later.exclude(action=_READ).exists()
