"""Filters that a person, or a manager for the whole practice, keeps under a name."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.work import Work, action
from superbill.app.worklists.models import SavedFilter
from superbill.app.worklists.taking import NotThisTask

NAME_LIMIT, QUERY_LIMIT, MOST = 60, 500, 50


def save_filter(
    actor: Actor, name: str, query: str, *, room: str = "today", shared: bool = False, at: datetime
) -> None:
    """Keep a filter of a room's list under a name; another one of this name is replaced. `shared` is for everybody in
    the practice, and a manager's to decide (APPROVE). Raises NotThisTask for no name, or too many filters."""
    with action(actor, Permission.WORK_TASKS, "keep task filter", at) as work:
        if shared:
            actor.must(Permission.APPROVE)
        kept = name.strip()[:NAME_LIMIT]
        if not kept or not query.strip():
            raise NotThisTask("Give the filter a name, and filter by something first.")
        rows = work.scope.rows(SavedFilter).filter(owner="" if shared else actor.name, room=room)
        if not rows.filter(name=kept).update(query=query[:QUERY_LIMIT]):
            if rows.count() >= MOST:
                raise NotThisTask(f"There are {MOST} filters already. Forget one first.")
            owner = "" if shared else actor.name
            row = SavedFilter(
                practice_id=work.practice_id, owner=owner, room=room, name=kept, query=query[:QUERY_LIMIT]
            )
            rows.bulk_create([row])
        work.note("task filter")


def forget_filter(actor: Actor, number: int, *, at: datetime) -> None:
    """A filter (row id) is kept no longer: one's own, or as a manager the practice's. Raises NotThisTask."""
    with action(actor, Permission.WORK_TASKS, "keep task filter", at) as work:
        row = _own(work, number)
        if row is None:
            raise NotThisTask("This filter is not kept any more.")
        if not row.owner:
            actor.must(Permission.APPROVE)
        row.delete()
        work.note("task filter")


def _own(work: Work, number: int) -> SavedFilter | None:
    rows = work.scope.rows(SavedFilter).filter(pk=number, owner__in=("", work.actor.name))
    return rows.first()
