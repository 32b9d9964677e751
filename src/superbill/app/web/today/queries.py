"""Today's list as the page shows it, and the proof that the books balance."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import Posting
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.worklists.models import WorkItem
from superbill.app.worklists.queue import Filters, Group, groups, queue
from superbill.money import Cents

WAITING = ("imported", "held")


class Facet(Struct, frozen=True):
    """One value of a filter, and how many tasks it would show."""

    value: str
    tasks: int
    amount: Cents


class Worklist(Struct, frozen=True, kw_only=True):
    """A page of tasks, what all that pass the filters come to, and what each filter would show."""

    page: Page[WorkItem]
    amount: Cents
    overdue: int
    kinds: tuple[Facet, ...]
    payers: tuple[Facet, ...]
    reasons: tuple[Facet, ...]
    every: int


def worklist(scope: Scope, filters: Filters, roles: Iterable[str], on: date, page: str) -> Worklist:
    """Two statements, whatever the number of tasks."""
    named = list(roles)
    counted = groups(scope, filters, named, on)
    passing = [one for one in counted if _passes(one, filters)]
    total = sum(one.tasks for one in passing)
    number, offset = asked(page, total)
    rows = tuple(queue(scope, filters, named, on)[offset:][:ROWS]) if total else ()
    return Worklist(
        page=Page(rows=rows, number=number, total=total),
        amount=sum(one.amount for one in passing),
        overdue=sum(one.overdue for one in passing),
        kinds=_facets(counted, filters, "kind"),
        payers=_facets(counted, filters, "payer"),
        reasons=_facets(counted, filters, "reason"),
        every=sum(one.tasks for one in counted if _passes(one, filters, but="kind")),
    )


def worklist_total(scope: Scope, filters: Filters, roles: Iterable[str], on: date) -> tuple[int, Cents]:
    """How many tasks pass, and the cents at stake."""
    passing = [one for one in groups(scope, filters, list(roles), on) if _passes(one, filters)]
    return sum(one.tasks for one in passing), sum(one.amount for one in passing)


def holders(scope: Scope, items: Iterable[int]) -> dict[int, str]:
    """Whose each of these tasks is, "" for nobody's."""
    return dict(found(scope, WorkItem, "id", items, "id", "assignee"))


def patients_named(scope: Scope, patients: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(family, given) of patients by row id."""
    rows = found(scope, PatientRow, "id", {one for one in patients if one}, "id", "family", "given")
    return {row: (family, given) for row, family, given in rows}


def visits_waiting(scope: Scope) -> dict[str, int]:
    """Visits that wait for a coder, by state."""
    rows = scope.rows(EncounterRow).filter(state__in=WAITING).order_by().values_list("state")
    return dict(rows.annotate(n=Count("id")))


def unbalanced_entries(scope: Scope) -> int:
    """Journal entries whose postings do not add up to zero: always none, and counted rather than believed."""
    rows = scope.rows(Posting).order_by().values("entry_id").annotate(total=Sum("amount"))
    return rows.exclude(total=0).count()


def _passes(group: Group, filters: Filters, but: str = "") -> bool:
    return all(
        name == but or not getattr(filters, name) or getattr(group, name) == getattr(filters, name)
        for name in ("kind", "payer", "reason")
    )


def _facets(counted: Iterable[Group], filters: Filters, name: str) -> tuple[Facet, ...]:
    """The values of one filter that the others leave, the most money first; the chosen one stays, even at nothing."""
    sums: dict[str, list[int]] = {value: [0, 0] for value in [getattr(filters, name)] if value}
    for one in counted:
        if _passes(one, filters, but=name) and getattr(one, name):
            total = sums.setdefault(getattr(one, name), [0, 0])
            total[0] += one.tasks
            total[1] += one.amount
    made = (Facet(value, tasks, amount) for value, (tasks, amount) in sums.items())
    return tuple(sorted(made, key=lambda facet: (-facet.amount, facet.value)))
