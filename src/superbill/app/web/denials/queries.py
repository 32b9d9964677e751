"""The refusals at hand: all that stand, narrowed by what a person looks for, with their tasks and patients."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.denials.queries import Board, board
from superbill.app.encounters.models import EncounterRow
from superbill.app.rows import found
from superbill.app.worklists.models import WorkItem
from superbill.denials.model import Denial

TO_WORK = frozenset({"open", "exhausted"})
AGES = {"0-30": (0, 30), "31-60": (31, 60), "61-90": (61, 90), "over-90": (91, 99_999)}
DEADLINES = {"week": 7, "month": 30}


class Task(Struct, frozen=True, kw_only=True):
    """The task of a refusal: who has it, and until when it is put off."""

    id: int
    state: str
    assignee: str
    until: date | None


class Wanted(Struct, frozen=True, kw_only=True):
    """What a person looks for; "" leaves it open. `who` is "me", "nobody" or whose work it is; `show` "" for what can
    be worked now, "waiting", "snoozed" or "all"."""

    payer: str = ""
    cause: str = ""
    age: str = ""
    deadline: str = ""
    who: str = ""
    show: str = ""


class Person(Struct, frozen=True):
    """The patient of a refusal."""

    id: int
    family: str
    given: str


def cause_key(denial: Denial) -> str:
    """What groups refusals by cause, in an address: "coordination.CO-22"."""
    cause = denial.cause
    return f"{cause.category.key}.{cause.name}"


def standing(scope: Scope, today: date) -> Board:
    """Every refusal, as `denials.board`."""
    return board(scope, today)


def tasks_of(scope: Scope, denials: Iterable[Denial]) -> dict[str, Task]:
    """The tasks of these refusals, by their key."""
    keys = {f"denial:{one.refusal.key}": one.refusal.key for one in denials}
    columns = ("key", "id", "state", "assignee", "snoozed_until")
    return {
        keys[key]: Task(id=row, state=state, assignee=assignee, until=until)
        for key, row, state, assignee, until in found(scope, WorkItem, "key", keys, *columns)
    }


def narrowed(
    denials: Sequence[Denial], tasks: dict[str, Task], wanted: Wanted, *, me: str, today: date
) -> list[Denial]:
    """Those that a person looks for, in their order."""
    return [one for one in denials if _fits(one, tasks.get(one.refusal.key), wanted, me, today)]


def _fits(one: Denial, task: Task | None, wanted: Wanted, me: str, today: date) -> bool:
    refusal, who = one.refusal, wanted.who
    assignee = task.assignee if task else ""
    youngest, oldest = AGES.get(wanted.age, (0, 99_999))
    return (
        _shown(one, task, wanted.show)
        and wanted.payer in ("", refusal.payer)
        and (not wanted.cause or wanted.cause == cause_key(one))
        and (not wanted.age or youngest <= (today - refusal.since).days <= oldest)
        and (not wanted.deadline or _by(one.deadline.days_left if one.deadline else None, wanted.deadline))
        and (who in ("", one.cause.task) or (who == "me" and assignee == me) or (who == "nobody" and not assignee))
    )


def _shown(one: Denial, task: Task | None, show: str) -> bool:
    snoozed = task is not None and task.state == "snoozed"
    if show == "snoozed":
        return snoozed
    if show == "waiting":
        return one.state not in TO_WORK
    return show == "all" or (one.state in TO_WORK and not snoozed)


def _by(days: int | None, deadline: str) -> bool:
    if deadline == "unknown":
        return days is None
    if days is None:
        return False
    return days < 0 if deadline == "passed" else 0 <= days <= DEADLINES[deadline]


def people(scope: Scope, denials: Iterable[Denial]) -> dict[int, Person]:
    """The patients of refusals, by visit (row id)."""
    visits = {one.refusal.encounter for one in denials}
    columns = ("id", "patient_id", "patient__family", "patient__given")
    return {row: Person(*rest) for row, *rest in found(scope, EncounterRow, "id", visits, *columns)}


def members(scope: Scope) -> list[str]:
    """The user names of everybody to whom work can be given: names alone, so no permission to manage is asked."""
    rows = Scope(scope.practice_id).rows(Membership).filter(user__is_active=True)
    return sorted(set(rows.values_list("user__username", flat=True)))


def tomorrow(today: date, days: int) -> date:
    """The working day that many days on: nothing comes back on a weekend."""
    then = today + timedelta(days=days)
    return then + timedelta(days=max(0, 7 - then.weekday())) if then.weekday() > 4 else then
