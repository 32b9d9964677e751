"""Tasks follow the facts; people take them, put them off, and finish them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.practices.actions import lock
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.app.worklists.abouts import About, abouts
from superbill.app.worklists.events import tell
from superbill.app.worklists.filters import forget_filter, save_filter
from superbill.app.worklists.freshness import remember
from superbill.app.worklists.items import Wanted, sources
from superbill.app.worklists.models import WorkItem, WorkState
from superbill.app.worklists.taking import NotThisTask, assign, finish, give_back, note, reopen, snooze

__all__ = [
    "NotThisTask", "Refreshed", "assign", "finish", "forget_filter", "give_back", "note", "refresh", "reopen",
    "save_filter", "snooze",
]  # fmt: skip

_WANTED = ("kind", "subject_kind", "subject", "why", "amount", "due", "role", "rank", "reason", "chance", "how")
_ABOUT = ("label", "payer", "patient", "visit", "since")
_COLUMNS = ("key", "id", "state", "snoozed_until", "facts", *_WANTED, *_ABOUT)
_LIVE = (WorkState.OPEN.value, WorkState.SNOOZED.value, WorkState.DONE.value)
_AT_ONCE = 5000


class Refreshed(Struct, frozen=True, kw_only=True):
    """What a refresh changed: tasks opened for the first time, opened again, and closed because their cause is gone."""

    opened: int = 0
    reopened: int = 0
    closed: int = 0


def refresh(actor: Actor, on: date, *, at: datetime) -> Refreshed:
    """Make the tasks those that the facts of `on` ask for. Asking twice changes nothing the second time.

    A task whose cause is gone is closed, a finished one too, so that the cause coming back, as when a posting is
    undone, opens it again. So does a change of its facts since a person finished it or put it off. The person who had
    it keeps it. It reads what is wanted and what is not closed, never the closed tasks of years.
    """
    with action(actor, Permission.WORK_TASKS, "refresh tasks", at) as work:
        lock(work.practice_id, "tasks")
        wanted = {item.key: item for source in sources() for item in source.wanted(work.scope, on)}
        there = _there(work, wanted)
        about = abouts(work.scope, wanted.values())
        new = [item for key, item in wanted.items() if key not in there]
        changed: list[tuple[object, ...]] = []
        back: list[int] = []
        gone: list[int] = []
        for key, (row_id, state, until, facts, *told) in there.items():
            item = wanted.get(key)
            if item is None:
                gone.append(row_id)
                continue
            now = _told(item, about, told[-1])
            if now != told or item.facts != facts:
                changed.append((item.facts, *now, row_id))
            if _comes_back(state, until, on, differs=item.facts != facts):
                back.append(row_id)
        update(WorkItem, ("facts", *_WANTED, *_ABOUT), changed)
        _open(work, new, about, on)
        _move(work, back, WorkState.OPEN, "reopened")
        _move(work, gone, WorkState.CLOSED, "closed")
        remember(work, on)
        if new or back or gone:
            work.note("tasks", opened=len(new), reopened=len(back), closed=len(gone))
        return Refreshed(opened=len(new), reopened=len(back), closed=len(gone))


def _there(work: Work, wanted: dict[str, Wanted]) -> dict[str, tuple[Any, ...]]:
    """By key, the tasks that are not closed, and the closed ones that are wanted."""
    live = work.scope.rows(WorkItem).filter(state__in=_LIVE).values_list(*_COLUMNS)
    there = {row[0]: row[1:] for row in live.iterator(chunk_size=_AT_ONCE)}
    closed = found(work.scope, WorkItem, "key", wanted.keys() - there.keys(), *_COLUMNS)
    return there | {row[0]: row[1:] for row in closed}


def _comes_back(state: str, until: date | None, on: date, *, differs: bool) -> bool:
    if state == WorkState.SNOOZED:
        return differs or (until is not None and until <= on)
    return state == WorkState.CLOSED or (state == WorkState.DONE and differs)


def _told(item: Wanted, about: Mapping[tuple[str, int], About], since: date | None) -> list[Any]:
    """What a task says and what it is about, column by column. Since when: as its room says, else as it was told."""
    known = about.get((item.subject_kind, item.subject), About())
    began = item.since or known.since or since
    return [*(getattr(item, name) for name in _WANTED), known.label, known.payer, known.patient, known.visit, began]


def _open(work: Work, items: Sequence[Wanted], about: Mapping[tuple[str, int], About], on: date) -> None:
    rows = [(work.practice_id, item.key, work.at, item.facts, *_told(item, about, on)) for item in items]
    insert(WorkItem, ("practice_id", "key", "state_since", "facts", *_WANTED, *_ABOUT), rows)
    opened = [row_id for (row_id,) in found(work.scope, WorkItem, "key", [item.key for item in items], "id")]
    tell(work, opened, "opened")


def _move(work: Work, ids: Sequence[int], state: WorkState, what: str) -> None:
    update(
        WorkItem, ("state", "state_since", "snoozed_until"), [(state.value, work.at, None, row_id) for row_id in ids]
    )
    tell(work, ids, what)
