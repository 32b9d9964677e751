"""Tasks to be done, the most worthwhile first."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.rows import found
from superbill.app.worklists.models import WorkEvent, WorkItem, WorkState
from superbill.money import Cents


class TaskCount(Struct, frozen=True, kw_only=True):
    """Open tasks of one kind: how many, the cents at stake, how many are past their last day, and without a person."""

    kind: str
    tasks: int
    amount: Cents
    overdue: int
    unassigned: int


def tasks(
    scope: Scope,
    *,
    kind: str = "",
    role: str = "",
    assignee: str = "",
    states: tuple[WorkState, ...] = (WorkState.OPEN,),
    due_by: date | None = None,
) -> QuerySet[WorkItem]:
    """Tasks by rank, the greatest first; "" leaves a filter out. An assignee of "-" means nobody's."""
    rows = scope.rows(WorkItem).filter(state__in=[state.value for state in states])
    for field, value in (("kind", kind), ("role", role), ("assignee", "" if assignee == "-" else assignee)):
        rows = rows.filter(**{field: value}) if value else rows
    rows = rows.filter(assignee="") if assignee == "-" else rows
    rows = rows.filter(due__lte=due_by) if due_by else rows
    return rows.order_by("-rank", "id")


def task(scope: Scope, item: int) -> WorkItem | None:
    """One task by its row id."""
    return scope.rows(WorkItem).filter(pk=item).first()


def tasks_about(scope: Scope, subject_kind: str, subject: int) -> QuerySet[WorkItem]:
    """Every task about one row, whatever became of it."""
    rows = scope.rows(WorkItem).filter(subject_kind=subject_kind, subject=subject)
    return rows.order_by("-rank", "id")


def history(scope: Scope, item: int) -> list[WorkEvent]:
    """What happened to a task, in order."""
    return list(scope.rows(WorkEvent).filter(item_id=item).order_by("id"))


def counts(scope: Scope) -> dict[str, tuple[int, int]]:
    """How many tasks of each kind are open, and the cents at stake."""
    rows = scope.rows(WorkItem).filter(state=WorkState.OPEN.value).values_list("kind")
    return {kind: (count, total) for kind, count, total in rows.annotate(n=Count("id"), c=Sum("amount")).order_by()}


def summary(scope: Scope, on: date, *, role: str = "", assignee: str = "") -> list[TaskCount]:
    """Open tasks by kind, the most money first."""
    rows = tasks(scope, role=role, assignee=assignee).order_by().values_list("kind")
    counted = rows.annotate(
        n=Count("id"),
        c=Sum("amount"),
        late=Count("id", filter=Q(due__lt=on)),
        loose=Count("id", filter=Q(assignee="")),
    )
    made = [
        TaskCount(kind=kind, tasks=n, amount=cents, overdue=late, unassigned=loose)
        for kind, n, cents, late, loose in counted
    ]
    return sorted(made, key=lambda one: (-one.amount, one.kind))


def live_tasks_about(scope: Scope, subject_kind: str, subjects: Collection[int]) -> list[int]:
    """The tasks (row ids) about these rows that are open or put off."""
    live = (WorkState.OPEN.value, WorkState.SNOOZED.value)
    rows = found(scope, WorkItem, "subject", subjects, "id", subject_kind=subject_kind, state__in=live)
    return sorted(row_id for (row_id,) in rows)
