"""What stops statements: holds that people place, and those that follow from facts (a plan, an agency, a death)."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.agencies import PlacementFacts
from superbill.app.billing.cases import kind_of
from superbill.app.billing.models import Case, MoneyEvent, PaymentPlan, Placement, PlacementState, PlanState
from superbill.app.billing.standing import PlanFacts
from superbill.app.documents import decoded
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.queries import charts
from superbill.app.rows import found
from superbill.app.statements.dunning import Held
from superbill.app.statements.models import Hold, HoldKind
from superbill.app.statements.owing import line_ids


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
    for one in (*stored_holds(scope), *_deceased(scope, guarantors), *_in_plans(scope), *_with_agencies(scope)):
        if one.guarantor is not None:
            of_guarantors.setdefault(one.guarantor, []).append(one)
        if one.line is not None:
            of_lines.setdefault(one.line, []).append(one)
    return Holds(of_guarantors, of_lines)


def stored_holds(scope: Scope, *, standing_on: date | None = None) -> list[Stopped]:
    """Holds that somebody placed, all or those that stand on a day, in the order in which they were placed."""
    rows = scope.rows(Hold).order_by("id")
    if standing_on is not None:
        open_end = Q(released__isnull=True) & (Q(until__isnull=True) | Q(until__gt=standing_on))
        rows = rows.filter(open_end, since__lte=standing_on)
    return [stopped(row) for row in rows]


def stopped(row: Hold) -> Stopped:
    """A stored hold; it ends with its release, or on the day that was set for it."""
    ends = [day for day in (row.until, row.released) if day is not None]
    return Stopped(
        kind=row.kind,
        since=row.since,
        until=min(ends, default=None),
        guarantor=row.guarantor_id,
        line=row.line_id,
        reason=row.reason,
        id=row.pk,
        actor=row.actor,
    )


def _deceased(scope: Scope, guarantors: Iterable[int]) -> Iterator[Stopped]:
    """Guarantors whose own chart tells of their death."""
    own = {
        patient: guarantor
        for guarantor, patient in found(scope, Guarantor, "id", guarantors, "id", "patient_id")
        if patient is not None
    }
    for patient, chart in charts(scope, own).items():
        if chart.patient.deceased:
            since = chart.patient.deceased
            yield Stopped(kind=HoldKind.DECEASED.value, since=since, guarantor=own[patient], reason="the chart says so")


def _in_plans(scope: Scope) -> Iterator[Stopped]:
    """Lines in a payment plan, from its start until it is kept no more, was paid off or replaced."""
    told = [
        (case, number, decoded(doc, PlanFacts, f"payment plan {number}").lines, on)
        for case, number, doc, on in _cases(scope, PaymentPlan)
    ]
    yield from _of_cases(scope, PaymentPlan, HoldKind.PAYMENT_PLAN, PlanState.ACTIVE.value, told)


def _with_agencies(scope: Scope) -> Iterator[Stopped]:
    """Lines that a collection agency has, or had until they were recalled or closed."""
    told = [
        (case, number, tuple(key for key, _ in decoded(doc, PlacementFacts, f"placement {number}").lines), on)
        for case, number, doc, on in _cases(scope, Placement)
    ]
    yield from _of_cases(scope, Placement, HoldKind.AGENCY, PlacementState.PLACED.value, told)


def _cases(scope: Scope, model: type[Case]) -> list[tuple[int, int, str, date]]:
    return list(scope.rows(model).order_by("pk").values_list("pk", "number", "doc", "on"))


def _of_cases(
    scope: Scope,
    model: type[Case],
    kind: HoldKind,
    standing: str,
    told: list[tuple[int, int, tuple[str, ...], date]],
) -> Iterator[Stopped]:
    """The lines of cases, each held for the days on which its case was `standing`."""
    moved: dict[int, list[tuple[str, date]]] = {}
    steps = scope.rows(MoneyEvent).filter(kind=kind_of(model)).order_by("id").values_list("subject", "state", "on")
    for case, state, on in steps if told else ():
        moved.setdefault(case, []).append((state, on))
    ids = line_ids(scope, {key for _, _, keys, _ in told for key in keys})
    for case, number, keys, opened in told:
        for since, until in _spells(moved.get(case, [(standing, opened)]), standing):
            for key in keys:
                if key in ids:
                    why = f"{kind.value} {number}"
                    yield Stopped(kind=kind.value, since=since, until=until, line=ids[key], reason=why)


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
