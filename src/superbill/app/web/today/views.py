"""Today: what waits for this person, the most worthwhile first, and one task with all that is known of it."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries import payer_names
from superbill.app.web.today import words
from superbill.app.web.today.filters import AGES, STATES, read_filters, roles_of, written
from superbill.app.web.today.places import place_of
from superbill.app.web.today.queries import patients_named, visits_waiting, worklist
from superbill.app.worklists.freshness import freshness
from superbill.app.worklists.models import WorkItem, WorkState
from superbill.app.worklists.queries import history
from superbill.app.worklists.queries import task as task_of
from superbill.app.worklists.queue import Filters, colleagues, put_off_count, saved_filters

NEXT = "today_next"  # the row that has the focus once the list is shown again
SOON = 7
COLUMNS = (
    ("", "Rank", "n"), ("", "What", ""), ("", "About", ""), ("", "Payer", "wide"), ("amount", "At stake", "n"),
    ("chance", "Chance", "n wide"), ("due", "Left", "n"), ("since", "Age", "n wide"),
)  # fmt: skip


class Shown(Struct, frozen=True, kw_only=True):
    """A task as a row shows it. `left` are days to the last day, below zero when it has passed."""

    item: WorkItem
    what: str
    why: str
    place: str
    family: str = ""
    given: str = ""
    payer: str = ""
    left: int | None = None
    old: int | None = None

    @property
    def late(self) -> bool:
        """Whether the last day has passed, or is near."""
        return self.left is not None and self.left <= SOON


@desk(Permission.WORK_TASKS)
def today(request: HttpRequest, at: Desk) -> HttpResponse:
    """The list, with what it is filtered by in the address."""
    filters = read_filters(request.GET.dict())
    found = worklist(at.scope, filters, roles_of(at), at.today, request.GET.get("page", ""))
    names = payer_names(at.scope) if at.may(CLAIMS) else {}
    off, own = put_off_count(at.scope, at.actor.name)
    return show(
        request,
        at,
        "today/today",
        "today",
        found=found,
        rows=_shown(at, found.page.rows, names),
        filters=filters,
        query=f"&{told}" if (told := written(filters)) else "",
        told=told,
        kinds=[(facet, words.what(facet.value), written(filters, kind=facet.value)) for facet in found.kinds],
        every_kind=written(filters, kind=""),
        payers=[(facet, names.get(facet.value, facet.value)) for facet in found.payers],
        columns=_columns(filters),
        fresh=freshness(at.scope, at.today),
        own=own,
        off=off,
        ages=AGES,
        states=[(one.value, one.value == filters.state) for one in STATES],
        colleagues=[name for name in colleagues(at.scope) if name != at.actor.name],
        saved=saved_filters(at.scope),
        waiting=visits_waiting(at.scope) if at.may(CHARTS, Permission.CODE) else {},
        figures_open=at.may(CHARTS, CLAIMS, LEDGER),
        may_share=at.may(Permission.APPROVE),
        next_row=request.session.pop(NEXT, 0) if NEXT in request.session else 0,
        **snooze_days(at.today),
    )


@desk(Permission.WORK_TASKS)
def task(request: HttpRequest, at: Desk, item: int) -> HttpResponse:
    """One task: why it is here, why it ranks there, what was done about it."""
    row = task_of(at.scope, item)
    if row is None:
        raise Http404
    names = payer_names(at.scope) if at.may(CLAIMS) else {}
    events = [(one, str(words.HAPPENED.get(one.what, one.what))) for one in history(at.scope, item)]
    return show(
        request,
        at,
        "today/task",
        "today",
        shown=_shown(at, [row], names)[0],
        events=events,
        colleagues=[name for name in colleagues(at.scope) if name != at.actor.name],
        closed=row.state == WorkState.CLOSED,
        **snooze_days(at.today),
    )


def snooze_days(today: date) -> dict[str, Any]:
    """The days that buttons offer: tomorrow, the next Monday, a week from now."""
    return {
        "tomorrow": today + timedelta(days=1),
        "monday": today + timedelta(days=7 - today.weekday()),
        "in_a_week": today + timedelta(days=7),
    }


def _shown(at: Desk, items: Any, names: dict[str, str]) -> list[Shown]:
    patients = patients_named(at.scope, [item.patient for item in items]) if at.may(CHARTS) else {}
    read(at, "patient", sorted(patients))
    return [_row(at, item, patients.get(item.patient, ("", "")), names) for item in items]


def _row(at: Desk, item: WorkItem, name: tuple[str, str], names: dict[str, str]) -> Shown:
    return Shown(
        item=item,
        what=words.what(item.kind),
        why=words.why(item.why, item.payer, names.get(item.payer, "")),
        place=place_of(at, item),
        family=name[0],
        given=name[1],
        payer=names.get(item.payer, item.payer),
        left=(item.due - at.today).days if item.due else None,
        old=(at.today - item.since).days if item.since else None,
    )


def _columns(filters: Filters) -> list[tuple[str, str, str, str]]:
    """(label, class, sort address or "", aria-sort) of each column."""
    made = []
    for sort, label, look in COLUMNS:
        sortable = bool(sort) or label == "Rank"
        descending = sort in ("amount", "chance", "")
        state = ("descending" if descending else "ascending") if sort == filters.sort else "none"
        made.append((label, look, f"?{written(filters, sort=sort)}" if sortable else "", state if sortable else ""))
    return made
