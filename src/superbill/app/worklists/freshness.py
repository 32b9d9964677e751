"""Since when the list of tasks is, and whether anything has happened that may have changed it."""

from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.work import Work
from superbill.app.worklists.models import Refreshing

# What changes no fact that a task follows from: looking, signing in and out, and work on the tasks themselves.
CALM = (
    "read", "sign in", "sign out", "refresh tasks", "assign tasks", "note on task", "snooze tasks", "tasks done",
    "tasks reopened", "keep task filter",
)  # fmt: skip


class Freshness(Struct, frozen=True):
    """`at` is when the list was made, None for never; `stale` when the facts may say something else by now."""

    at: datetime | None
    stale: bool


def freshness(scope: Scope, on: date) -> Freshness:
    """Since when the list is. It is stale on another day, and once anybody did something that changes facts."""
    row = scope.rows(Refreshing).first()
    if row is None:
        return Freshness(None, stale=True)
    return Freshness(row.at, stale=row.on != on or _something_happened(scope.practice_id, row.through))


def remember(work: Work, on: date) -> None:
    """The tasks are those of this moment."""
    last = work.scope.rows(AuditEvent).order_by("-id").values_list("id", flat=True).first() or 0
    rows = work.scope.rows(Refreshing)
    if not rows.update(on=on, at=work.at, through=last):
        rows.bulk_create([Refreshing(practice_id=work.practice_id, on=on, at=work.at, through=last)])


def _something_happened(practice_id: int, through: int) -> bool:
    """Whether, and nothing else, is told of the audit trail here: so no permission to read it is asked for."""
    later = Scope(practice_id).rows(AuditEvent).filter(id__gt=through)
    return later.exclude(action__in=CALM).exists()
