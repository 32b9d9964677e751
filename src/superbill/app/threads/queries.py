"""Threads with their messages, and what somebody needs at hand to answer them."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.rows import found
from superbill.app.statements.models import Hold
from superbill.app.threads.models import Message, Thread, ThreadLine, ThreadState


class Said(Struct, frozen=True, kw_only=True):
    """One message: whose, by whom it was entered, and the state that the thread came to with it."""

    side: str
    text: str
    state: str
    actor: str
    on: date
    at: datetime


class ThreadCard(Struct, frozen=True, kw_only=True):
    """A thread without its messages. `lines` are the keys of what it is about, none: the whole account."""

    number: int
    topic: str
    state: str
    guarantor: int
    opened: date
    since: date
    statement: int | None = None
    visit: str = ""
    lines: tuple[str, ...] = ()
    outcome: str = ""


class WholeThread(Struct, frozen=True, kw_only=True):
    """A thread, everything that was said, and whether it holds anything now."""

    card: ThreadCard
    messages: tuple[Said, ...]
    holds: int


def threads(
    scope: Scope, *, states: Sequence[ThreadState] = (), guarantor: int | None = None, limit: int = 200
) -> list[ThreadCard]:
    """Threads in these states (all without any), of one guarantor or of all, the longest in its state first."""
    rows = scope.rows(Thread).select_related("statement", "encounter").order_by("state_since", "number")
    if states:
        rows = rows.filter(state__in=[state.value for state in states])
    if guarantor is not None:
        rows = rows.filter(guarantor_id=guarantor)
    some = list(rows[:limit])
    lines = _lines(scope, [row.pk for row in some])
    return [_card(row, lines.get(row.pk, [])) for row in some]


def thread(scope: Scope, number: int) -> WholeThread | None:
    """The thread of this number with all that was said."""
    row = scope.rows(Thread).select_related("statement", "encounter").filter(number=number).first()
    if row is None:
        return None
    said = scope.rows(Message).filter(thread_id=row.pk).order_by("id")
    holds = scope.rows(Hold).filter(source=f"thread:{number}", released__isnull=True).count()
    return WholeThread(
        card=_card(row, _lines(scope, [row.pk]).get(row.pk, [])),
        messages=tuple(
            Said(side=one.side, text=one.text, state=one.state, actor=one.actor, on=one.on, at=one.at) for one in said
        ),
        holds=holds,
    )


def _lines(scope: Scope, ids: Sequence[int]) -> dict[int, list[str]]:
    keys: dict[int, list[str]] = {}
    for row_id, key in sorted(found(scope, ThreadLine, "thread_id", ids, "thread_id", "line__key")):
        keys.setdefault(row_id, []).append(key)
    return keys


def _card(row: Thread, lines: Sequence[str]) -> ThreadCard:
    return ThreadCard(
        number=row.number,
        topic=row.topic,
        state=row.state,
        guarantor=row.guarantor_id,
        opened=row.opened,
        since=row.state_since.date(),
        statement=row.statement.number if row.statement else None,
        visit=row.encounter.account_number if row.encounter else "",
        lines=tuple(lines),
        outcome=row.outcome,
    )
