"""Tasks to be done, the most worthwhile first."""

from django.db.models import Count, QuerySet, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.worklists.models import WorkItem, WorkState


def tasks(scope: Scope, *, kind: str = "", role: str = "", assignee: str = "") -> QuerySet[WorkItem]:
    """Open tasks by rank, the greatest first; "" leaves a filter out."""
    rows = scope.rows(WorkItem).filter(state=WorkState.OPEN.value)
    for field, value in (("kind", kind), ("role", role), ("assignee", assignee)):
        rows = rows.filter(**{field: value}) if value else rows
    return rows.order_by("-rank", "id")


def counts(scope: Scope) -> dict[str, tuple[int, int]]:
    """How many tasks of each kind are open, and the cents at stake."""
    rows = scope.rows(WorkItem).filter(state=WorkState.OPEN.value).values_list("kind")
    return {kind: (count, total) for kind, count, total in rows.annotate(n=Count("id"), c=Sum("amount")).order_by()}
