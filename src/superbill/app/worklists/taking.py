"""What a person does with tasks: take or give them, write on them, put them off, finish them, open them again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import Membership
from superbill.app.accounts.permissions import Permission
from superbill.app.rows import found, update
from superbill.app.work import Work, action
from superbill.app.worklists.events import tell
from superbill.app.worklists.models import WorkItem, WorkState

Row = tuple[int, str, str]  # id, state, assignee


class NotThisTask(Exception):
    """What was asked does not fit the task; the message says what does. Nothing was changed."""


def assign(actor: Actor, ids: Sequence[int], to: str, *, at: datetime) -> int:
    """Give tasks (row ids) to a member of the practice, or to nobody (""); how many changed hands.

    Raises NotThisTask for who is no member, and for a task that is closed.
    """
    with action(actor, Permission.WORK_TASKS, "assign tasks", at) as work:
        rows = _rows(work, ids, but=(WorkState.CLOSED,))
        if to and to != actor.name and not _is_member(work, to):
            raise NotThisTask(f"{to}: is no member of this practice. An administrator gives roles.")
        moved = [row_id for row_id, _, had in rows if had != to]
        update(WorkItem, ("assignee",), [(to, row_id) for row_id in moved])
        tell(work, moved, "assigned", to)
        work.note("tasks", ids=moved)
        return len(moved)


def give_back(actor: Actor, had: Mapping[int, str], *, at: datetime) -> int:
    """Tasks (row ids) go back to whom each had belonged to, "" for nobody: an assignment is undone. Raises NotThisTask
    as `assign` does."""
    with action(actor, Permission.WORK_TASKS, "assign tasks", at):
        names = sorted(set(had.values()))
        return sum(assign(actor, [row for row, who in had.items() if who == name], name, at=at) for name in names)


def note(actor: Actor, item: int | Sequence[int], text: str, *, at: datetime) -> None:
    """Write on a task, or on many, what the next one should know. Raises NotThisTask for an empty note."""
    with action(actor, Permission.WORK_TASKS, "note on task", at) as work:
        if not text.strip():
            raise NotThisTask("a note says something")
        ids = [item] if isinstance(item, int) else list(item)
        _rows(work, ids)
        tell(work, ids, "noted", text.strip())
        work.note("tasks", ids=ids)


def snooze(actor: Actor, ids: Sequence[int], until: date, today: date, *, why: str = "", at: datetime) -> int:
    """Put open tasks off: they come back on `until`, or sooner when their facts change; how many were open.

    Raises NotThisTask for a day that is not to come, and for a task that is closed or done.
    """
    with action(actor, Permission.WORK_TASKS, "snooze tasks", at) as work:
        if until <= today:
            raise NotThisTask(f"{until}: put a task off to a day after {today}")
        rows = _rows(work, ids, but=(WorkState.CLOSED, WorkState.DONE))
        columns = ("state", "state_since", "snoozed_until")
        update(WorkItem, columns, [(WorkState.SNOOZED.value, work.at, until, row_id) for row_id, _, _ in rows])
        said = f"until {until}: {why}" if why else f"until {until}"
        tell(work, [row_id for row_id, _, _ in rows], "snoozed", said)
        work.note("tasks", ids=[row_id for row_id, _, _ in rows])
        return len(rows)


def finish(actor: Actor, ids: Sequence[int], *, text: str = "", at: datetime) -> int:
    """Tasks are done; how many were not yet. One comes back when its facts change, or go and come again.

    Raises NotThisTask for a task that is closed.
    """
    return _settle(actor, ids, WorkState.DONE, "done", text, at)


def reopen(actor: Actor, ids: Sequence[int], *, text: str = "", at: datetime) -> int:
    """Tasks that were done or put off are open again; how many were not. Raises NotThisTask for a closed one: its
    cause is gone, and the next refresh would close it again."""
    return _settle(actor, ids, WorkState.OPEN, "reopened", text, at)


def _settle(actor: Actor, ids: Sequence[int], state: WorkState, what: str, text: str, at: datetime) -> int:
    with action(actor, Permission.WORK_TASKS, f"tasks {what}", at) as work:
        moved = [row_id for row_id, had, _ in _rows(work, ids, but=(WorkState.CLOSED,)) if had != state]
        columns = ("state", "state_since", "snoozed_until")
        update(WorkItem, columns, [(state.value, work.at, None, row_id) for row_id in moved])
        tell(work, moved, what, text.strip())
        work.note("tasks", ids=moved)
        return len(moved)


def _rows(work: Work, ids: Sequence[int], *, but: Sequence[WorkState] = ()) -> list[Row]:
    """These tasks, held until the end. Raises NotThisTask for one that is not there, or in a state of `but`."""
    rows = sorted(found(work.scope, WorkItem, "id", ids, "id", "state", "assignee", lock=True))
    if missing := sorted(set(ids) - {row_id for row_id, _, _ in rows}):
        raise NotThisTask(f"no task {missing[0]} in this practice. See superbill work list.")
    for row_id, state, _ in rows:
        if state in but:
            gone = "its cause is gone" if state == WorkState.CLOSED else "open it again first"
            raise NotThisTask(f"task {row_id} is {state}: {gone}")
    return rows


def _is_member(work: Work, name: str) -> bool:
    return work.scope.rows(Membership).filter(user__username=name, user__is_active=True).exists()
