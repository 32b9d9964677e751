"""The list that a person works through: filtered, sorted, counted."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.accounts.permissions import ROLES, Permission, Role
from superbill.app.worklists.models import SavedFilter, WorkItem, WorkState
from superbill.money import Cents

WHOSE = ("", "mine", "nobody", "all")
SORTS = {
    "": ("-rank", "id"),
    "amount": ("-amount", "-rank", "id"),
    "due": (F("due").asc(nulls_last=True), "-rank", "id"),
    "since": (F("since").asc(nulls_last=True), "-rank", "id"),
    "chance": (F("chance").desc(nulls_last=True), "-rank", "id"),
}


class Filters(Struct, frozen=True, kw_only=True):
    """What of the list is shown; "" leaves a filter out. `whose` is "" for one's own and nobody's of one's roles.

    `older` counts days since the matter began; `overdue` keeps what is past its last day.
    """

    kind: str = ""
    payer: str = ""
    reason: str = ""
    whose: str = ""
    older: int = 0
    overdue: bool = False
    state: WorkState = WorkState.OPEN
    sort: str = ""


class Group(Struct, frozen=True, kw_only=True):
    """Tasks of one kind, payer and reason, counted."""

    kind: str
    payer: str
    reason: str
    tasks: int
    amount: Cents
    overdue: int


def queue(scope: Scope, filters: Filters, roles: Iterable[str], on: date) -> QuerySet[WorkItem]:
    """The tasks that pass, in their order."""
    rows = _within(scope, filters, roles, on)
    for field in ("kind", "payer", "reason"):
        value = getattr(filters, field)
        rows = rows.filter(**{field: value}) if value else rows
    return rows.order_by(*SORTS[filters.sort])


def groups(scope: Scope, filters: Filters, roles: Iterable[str], on: date) -> list[Group]:
    """How many pass, by kind, payer and reason; these three filters are left to who asks. One statement."""
    rows = _within(scope, filters, roles, on).order_by().values_list("kind", "payer", "reason")
    counted = rows.annotate(n=Count("id"), c=Sum("amount"), late=Count("id", filter=Q(due__lt=on)))
    return [
        Group(kind=kind, payer=payer, reason=reason, tasks=n, amount=cents, overdue=late)
        for kind, payer, reason, n, cents, late in counted
    ]


def put_off_count(scope: Scope, name: str) -> tuple[int, int]:
    """How many tasks are put off, and how many open ones are this person's."""
    rows = scope.rows(WorkItem).order_by()
    mine = Q(state=WorkState.OPEN.value, assignee=name)
    found = rows.filter(mine | Q(state=WorkState.SNOOZED.value)).aggregate(
        off=Count("id", filter=Q(state=WorkState.SNOOZED.value)), own=Count("id", filter=mine)
    )
    return found["off"], found["own"]


def saved_filters(scope: Scope, room: str = "today") -> list[SavedFilter]:
    """The filters of a room's list that this person sees: the practice's and their own, by name."""
    rows = scope.rows(SavedFilter).filter(owner__in=("", scope.reader), room=room)
    return list(rows.order_by("owner", "name"))


def colleagues(scope: Scope) -> list[str]:
    """The names of everybody in the practice to whom a task can be given. That somebody works here is no secret among
    colleagues; roles are, and are not told."""
    can = [role.value for role in Role if Permission.WORK_TASKS in ROLES[role]]
    rows = Scope(scope.practice_id).rows(Membership).filter(role__in=can, user__is_active=True)
    return sorted(set(rows.values_list("user__username", flat=True)))


def _within(scope: Scope, filters: Filters, roles: Iterable[str], on: date) -> QuerySet[WorkItem]:
    rows = scope.rows(WorkItem).filter(state=filters.state.value)
    name = scope.reader
    match filters.whose:
        case "":
            rows = rows.filter(Q(assignee=name) | Q(assignee="", role__in=[*roles, ""]))
        case "mine":
            rows = rows.filter(assignee=name)
        case "nobody":
            rows = rows.filter(assignee="")
    if filters.older:
        rows = rows.filter(since__lt=on - timedelta(days=filters.older))
    return rows.filter(due__lt=on) if filters.overdue else rows
