"""What stops statements: holds that people place, and those that follow from facts (a plan, an agency, a death)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from operator import itemgetter

from django.db.models import Q
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.billing.agencies import PlacementFacts
from superbill.app.billing.cases import kind_of
from superbill.app.billing.models import Case, MoneyEvent, PaymentPlan, Placement, PlacementState, PlanState
from superbill.app.billing.standing import PlanFacts
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import own_charts
from superbill.app.rows import found
from superbill.app.statements.dunning import Held
from superbill.app.statements.models import Hold, HoldKind
from superbill.app.statements.owing import line_ids
from superbill.chart.model import Chart


class Stopped(Struct, frozen=True, kw_only=True):
    """One hold of a guarantor or of a line (row ids), stored (`id`) or following from facts (0)."""

    kind: str
    since: date
    until: date | None = None
    guarantor: int | None = None
    line: int | None = None
    reason: str = ""
    id: int = 0
    actor: str = ""

    def stands_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


class Holds(Struct, frozen=True):
    """All holds of a practice, ended ones included, by guarantor and by line."""

    of_guarantors: dict[int, list[Stopped]]
    of_lines: dict[int, list[Stopped]]

    def guarantor(self, guarantor: int, on: date) -> Stopped | None:
        """The hold that keeps a guarantor from being asked for anything, the earliest first."""
        standing = [one for one in self.of_guarantors.get(guarantor, ()) if one.stands_on(on)]
        return min(standing, key=lambda one: (one.since, one.id), default=None)

    def line(self, line: int, on: date) -> Stopped | None:
        """The hold that keeps a line from being asked for."""
        standing = [one for one in self.of_lines.get(line, ()) if one.stands_on(on)]
        return min(standing, key=lambda one: (one.since, one.id), default=None)

    def pauses(self, guarantor: int, line: int) -> list[Held]:
        """The days on which a line was not asked for, whoever said so."""
        both = [*self.of_guarantors.get(guarantor, ()), *self.of_lines.get(line, ())]
        return [Held(one.since, one.until) for one in both]


def all_holds(scope: Scope, guarantors: Iterable[int]) -> Holds:
    """Every hold that concerns these guarantors or any line."""
    of_guarantors: dict[int, list[Stopped]] = {}
    of_lines: dict[int, list[Stopped]] = {}
    told = [one for model in _STANDING for one in _stopped_by(scope, scope.rows(model).order_by("pk"))]
    ids = line_ids(scope, {key for key, _ in told})
    in_cases = [replace(one, line=ids[key]) for key, one in told if key in ids]
    for one in (*stored_holds(scope), *_deceased(own_charts(scope, guarantors)), *in_cases):
        if one.guarantor is not None:
            of_guarantors.setdefault(one.guarantor, []).append(one)
        if one.line is not None:
            of_lines.setdefault(one.line, []).append(one)
    return Holds(of_guarantors, of_lines)


def holds_on_account(
    scope: Scope,
    *,
    patients: Iterable[int],
    lines: Collection[str],
    guarantors: Collection[int],
    charts: Mapping[int, Chart],
    cases: Iterable[Case],
) -> list[tuple[str, Stopped]]:
    """Every hold on an account, ended ones included: (key of the line, hold), "" for the whole account; these first.

    The account is what was read of it: the `lines` (keys) of its `patients`, its `guarantors` with their own `charts`,
    its `cases`. Three statements whatever their number; nothing else of the practice is read.
    """
    whole = [("", one) for _, one in _stored(scope, "guarantor_id", guarantors)]
    whole += [("", one) for one in _deceased({key: chart for key, chart in charts.items() if key in guarantors})]
    in_cases = [(key, one) for key, one in _stopped_by(scope, cases) if key in lines]
    return whole + sorted([*_stored(scope, "line__patient_id", patients), *in_cases], key=itemgetter(0))


_COLUMNS = ("id", "kind", "since", "until", "released", "reason", "guarantor_id", "line_id", "actor")


def stored_holds(scope: Scope, *, standing_on: date | None = None) -> list[Stopped]:
    """Holds that somebody placed, all or those that stand on a day, in the order in which they were placed."""
    rows = scope.rows(Hold).order_by("id")
    if standing_on is not None:
        open_end = Q(released__isnull=True) & (Q(until__isnull=True) | Q(until__gt=standing_on))
        rows = rows.filter(open_end, since__lte=standing_on)
    return [_stopped(*told) for told in rows.values_list(*_COLUMNS)]


def _stored(scope: Scope, field: str, wanted: Iterable[int]) -> Iterator[tuple[str, Stopped]]:
    """The same of those whose `field` is among `wanted`, with the keys of their lines."""
    for *told, key in sorted(found(scope, Hold, field, wanted, *_COLUMNS, "line__key")):
        yield key, _stopped(*told)


def _stopped(
    row_id: int,
    kind: str,
    since: date,
    until: date | None,
    released: date | None,
    reason: str,
    guarantor: int | None,
    line: int | None,
    actor: str,
) -> Stopped:
    """A stored hold; it ends with its release, or on the day that was set for it."""
    ends = [day for day in (until, released) if day is not None]
    return Stopped(
        kind=kind,
        since=since,
        until=min(ends, default=None),
        guarantor=guarantor,
        line=line,
        reason=reason,
        id=row_id,
        actor=actor,
    )


def _deceased(charts: Mapping[int, Chart]) -> Iterator[Stopped]:
    """Guarantors whose own chart tells of their death."""
    for guarantor, chart in charts.items():
        if since := chart.patient.deceased:
            yield Stopped(kind=HoldKind.DECEASED.value, since=since, guarantor=guarantor, reason="the chart says so")


def _lines_of_plan(row: Case) -> tuple[str, ...]:
    return decoded(row.doc, PlanFacts, f"payment plan {row.number}").lines


def _lines_of_placement(row: Case) -> tuple[str, ...]:
    return tuple(key for key, _ in decoded(row.doc, PlacementFacts, f"placement {row.number}").lines)


# Cases that stop statements for their lines: what for, in which state, and for which lines.
_STANDING: dict[type[Case], tuple[HoldKind, str, Callable[[Case], tuple[str, ...]]]] = {
    PaymentPlan: (HoldKind.PAYMENT_PLAN, PlanState.ACTIVE.value, _lines_of_plan),
    Placement: (HoldKind.AGENCY, PlacementState.PLACED.value, _lines_of_placement),
}


def _stopped_by(scope: Scope, cases: Iterable[Case]) -> Iterator[tuple[str, Stopped]]:
    """The lines (keys) of plans and placements, each held for the days on which its case stood: kept to, not paid off
    or replaced; with the agency, not recalled or closed."""
    told = [row for row in cases if type(row) in _STANDING]
    moved: dict[tuple[str, int], list[tuple[str, date]]] = {}
    columns = ("id", "kind", "subject", "state", "on")
    kinds = tuple(kind_of(model) for model in _STANDING)
    for _, kind, case, state, on in sorted(
        found(scope, MoneyEvent, "subject", (row.pk for row in told), *columns, kind__in=kinds)
    ):
        moved.setdefault((kind, case), []).append((state, on))
    for row in told:
        hold, standing, lines = _STANDING[type(row)]
        steps = moved.get((kind_of(type(row)), row.pk), [(standing, row.on)])
        for since, until in _spells(steps, standing):
            for key in lines(row):
                yield key, Stopped(kind=hold.value, since=since, until=until, reason=f"{hold.value} {row.number}")


def _spells(moved: list[tuple[str, date]], standing: str) -> Iterator[tuple[date, date | None]]:
    """From when to when a case was `standing`, as its steps tell; None: it is."""
    since: date | None = None
    for state, on in moved:
        if state == standing:
            since = since or on
        elif since is not None:
            yield since, on
            since = None
    if since is not None:
        yield since, None
