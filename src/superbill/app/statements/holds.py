"""What stops statements: holds that people place, and those that follow from facts (a plan, an agency, a death)."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import PaymentPlan, Placement, PlacementState, PlanState
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


class _Lines(Struct, frozen=True):
    """As much of a plan's or a placement's document as is needed here: its lines."""

    lines: tuple[str, ...] = ()


def _in_plans(scope: Scope) -> Iterator[Stopped]:
    """Lines in a payment plan that is kept."""
    plans = scope.rows(PaymentPlan).filter(state=PlanState.ACTIVE.value).values_list("number", "doc", "on")
    yield from _of_documents(scope, HoldKind.PAYMENT_PLAN, "payment plan", list(plans))


def _with_agencies(scope: Scope) -> Iterator[Stopped]:
    """Lines that a collection agency has."""
    placed = scope.rows(Placement).filter(state=PlacementState.PLACED.value).values_list("number", "doc", "on")
    yield from _of_documents(scope, HoldKind.AGENCY, "placement", list(placed))


def _of_documents(scope: Scope, kind: HoldKind, what: str, rows: list[tuple[int, str, date]]) -> Iterator[Stopped]:
    told = [(number, decoded(doc, _Lines, f"{what} {number}").lines, on) for number, doc, on in rows]
    ids = line_ids(scope, {key for _, keys, _ in told for key in keys})
    for number, keys, on in told:
        for key in keys:
            if key in ids:
                yield Stopped(kind=kind.value, since=on, line=ids[key], reason=f"{what} {number}")
