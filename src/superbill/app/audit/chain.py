"""The trail as a chain: each event carries the hash of the one before it, so that nothing is changed, taken out or
put in without the chain breaking there.

A practice has one chain, numbered from 1 without a gap. Its counter is the lock: held only while events are written
at the end of an action, so chains never fork and nobody waits for the work that an action did before. The counter
also tells when events are missing at the end.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

import msgspec
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.practices.actions import take
from superbill.app.practices.models import Counter
from superbill.app.rows import insert

START = "0" * 64  # what the first event has before it
COUNTER = "audit"
_COLUMNS = (
    "practice_id", "number", "actor", "action", "subject_kind", "subject_id", "at", "detail", "previous", "hash",
)  # fmt: skip
_encode = msgspec.json.Encoder().encode


class Event(Struct, frozen=True):
    """What is to be written: who did what to which row, when, with counts and row ids."""

    practice_id: int
    actor: str
    action: str
    subject_kind: str
    subject_id: int | None
    at: datetime
    detail: str = ""


class Broken(Struct, frozen=True):
    """The first event at which the chain does not hold, and what is wrong there."""

    number: int
    why: str


class Chain(Struct, frozen=True):
    """What a proof found: how many events, the hash of the last, and where the chain breaks, if it does.

    A copy of `count` and `head` kept elsewhere shows later that nothing up to there was written anew.
    """

    count: int
    head: str
    broken: Broken | None = None


def digest(number: int, previous: str, event: Event) -> str:
    """SHA-256 of an event's canonical content, in which the hash of the event before it stands."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = (
        event.practice_id, number, previous, event.actor, event.action, event.subject_kind, event.subject_id, at,
        event.detail,
    )  # fmt: skip
    return hashlib.sha256(_encode(content)).hexdigest()


def append(events: Iterable[Event]) -> None:
    """Write the events at the ends of their practices' chains, inside the transaction of what they tell of."""
    for practice_id, some in groupby(sorted(events, key=_practice), key=_practice):  # one order for all: no deadlock
        _append(practice_id, list(some))


def _practice(event: Event) -> int:
    return event.practice_id


def _append(practice_id: int, events: Sequence[Event]) -> None:
    first = take(practice_id, COUNTER, len(events))
    previous = START
    if first > 1:
        before = Scope(practice_id).rows(AuditEvent).filter(number=first - 1)
        # Missing when somebody took the last events away: the gap stays in the chain and is told.
        previous = before.values_list("hash", flat=True).first() or START
    rows = []
    for number, event in enumerate(events, first):
        made = digest(number, previous, event)
        rows.append((
            practice_id, number, event.actor, event.action, event.subject_kind, event.subject_id, event.at,
            event.detail, previous, made,
        ))  # fmt: skip
        previous = made
    insert(AuditEvent, _COLUMNS, rows)


def verify(scope: Scope, *, after: int = 0) -> Chain:
    """Prove the chain from its beginning, or from the event `after` on, and that nothing is missing at its end.

    Raises NotPermitted without the permission to read the trail.
    """
    scope.must_read(AuditEvent)
    rows = scope.rows(AuditEvent).filter(number__gte=after).order_by("number", "id").values_list(*_COLUMNS)
    number, head = (after - 1, "") if after > 0 else (0, START)
    for practice_id, found, actor, action, kind, subject, at, detail, previous, kept in rows.iterator(chunk_size=2000):
        number += 1
        wrong = ""
        if found != number:
            wrong = "it is missing" if found > number else "its number is there twice"
            number = min(found, number)
        elif head and previous != head:
            wrong = "it does not follow the event before it"
        elif digest(number, previous, Event(practice_id, actor, action, kind, subject, at, detail)) != kept:
            wrong = "it was changed after it was written"
        if wrong:
            return Chain(number - 1, head, Broken(number, wrong))
        head = kept
    last = Counter.objects.filter(practice_id=scope.practice_id, name=COUNTER).values_list("value", flat=True).first()
    if (last or 0) != number:
        return Chain(number, head, Broken(number + 1, f"it is missing: {last or 0:,} events were written"))
    return Chain(number, head)


def stands(scope: Scope, number: int, kept: str) -> bool:
    """Whether the event of this number still has the hash that was noted of it. Raises NotPermitted."""
    return scope.rows(AuditEvent).filter(number=number, hash=kept).exists()
