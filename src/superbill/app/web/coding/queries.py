"""Visits as a list that a coder works through."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Case, Count, Q, QuerySet, When
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.coding.draft_queries import query_states
from superbill.app.coding.models import CodingRow, DraftStepRow, ProviderQueryRow, Purpose, QueryState
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.web.paging import ROWS, Page, asked
from superbill.chart.model import Chart, EncounterRecord
from superbill.coding.deciding import as_suggested
from superbill.coding.history import Record
from superbill.coding.model import CodedEncounter
from superbill.findings import Finding, Severity

SETTLED = (EncounterState.CODED.value, EncounterState.BILLED.value)
TO_CODE = (EncounterState.IMPORTED.value, EncounterState.HELD.value)
Services = tuple[tuple[str, tuple[str, ...], int], ...]


class VisitLine(Struct, frozen=True, kw_only=True):
    """A visit in a list. `attention` is the gravest thing found where coding has not come to its end, "" for none;
    `services` what is coded or suggested (code, modifiers, units); `touched` who took the last step of its draft."""

    id: int
    account: str
    on: date
    family: str
    given: str
    state: str
    reason: str
    provider: str
    attention: str
    suggested: int
    query: str
    services: Services
    chart: Chart
    record: EncounterRecord
    touched: str
    since: datetime | None


class Chosen(Struct, frozen=True, kw_only=True):
    """A list of visits as the address tells it. `newest`: the latest day first, else the oldest. `pressing`: those
    first of which the provider answered, those last that wait for an answer, the oldest day first among the others."""

    states: tuple[str, ...] = ()
    query: str = ""
    newest: bool = False
    pressing: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        """By what the list is ordered."""
        day = ("-date_of_service", "-id") if self.newest else ("date_of_service", "id")
        return ("place", *day) if self.pressing else day

    def rows(self, scope: Scope) -> QuerySet[EncounterRow]:
        """The visits of the list, in no order."""
        rows = scope.rows(EncounterRow)
        if self.states:
            rows = rows.filter(state__in=self.states)
        if self.query:
            open_ones = scope.rows(ProviderQueryRow).filter(state=self.query).values("encounter_id")
            rows = rows.filter(pk__in=open_ones)
        return rows.annotate(place=_place(scope)) if self.pressing else rows


def _place(scope: Scope) -> Case:
    """How pressing a visit is, the least first: something new to read, work, nothing to do but wait."""
    queries = scope.rows(ProviderQueryRow).values("encounter_id")
    answered, waiting = (queries.filter(state=state.value) for state in (QueryState.ANSWERED, QueryState.ASKED))
    return Case(When(pk__in=answered, then=0), When(pk__in=waiting, then=2), default=1)


class Beside(Struct, frozen=True, kw_only=True):
    """Where a visit stands in its list: its place, how many there are, and the visits before and after it."""

    place: int
    total: int
    before: str
    after: str


def visit_list(scope: Scope, chosen: Chosen, *, page: str = "") -> Page[VisitLine]:
    """One page of the list; five statements whatever the number of rows."""
    rows = chosen.rows(scope)
    total = rows.count()
    number, offset = asked(page, total)
    some = list(rows.select_related("patient").order_by(*chosen.order)[offset : offset + ROWS])
    ids = [row.pk for row in some]
    waiting = _suggested(scope, [row.pk for row in some if row.state in TO_CODE])
    states, steps = query_states(scope, ids), _steps(scope, ids)
    lines = tuple(_line(row, waiting.get(row.pk), states.get(row.pk, ""), steps.get(row.pk)) for row in some)
    return Page(rows=lines, number=number, total=total)


def beside(scope: Scope, chosen: Chosen, encounter: int, on: date) -> Beside:
    """The visit's neighbours in the list, whether it is in it (still) or not; four statements at most."""
    rows = chosen.rows(scope)
    earlier = Q(date_of_service__lt=on) | Q(date_of_service=on, id__lt=encounter)
    later = Q(date_of_service__gt=on) | Q(date_of_service=on, id__gt=encounter)
    if chosen.pressing:
        here = scope.rows(EncounterRow).filter(pk=encounter).annotate(place=_place(scope))
        pressing = here.values_list("place", flat=True).first() or 0
        earlier = Q(place__lt=pressing) | Q(earlier, place=pressing)
        later = Q(place__gt=pressing) | Q(later, place=pressing)
    counts = rows.aggregate(total=Count("id"), earlier=Count("id", earlier), here=Count("id", Q(id=encounter)))
    up = ("place",) * chosen.pressing + ("date_of_service", "id")
    down = tuple(f"-{name}" for name in up)
    one = rows.filter(earlier).order_by(*down).values_list("account_number", flat=True).first() or ""
    other = rows.filter(later).order_by(*up).values_list("account_number", flat=True).first() or ""
    place = counts["earlier"] + 1
    if chosen.newest:
        one, other, place = other, one, counts["total"] - counts["earlier"] - counts["here"] + 1
    return Beside(place=place if counts["here"] else 0, total=counts["total"], before=one, after=other)


def query_counts(scope: Scope) -> dict[str, int]:
    """How many visits have a query asked, and answered."""
    rows = scope.rows(ProviderQueryRow).exclude(state=QueryState.CLOSED.value).order_by()
    return dict(rows.values_list("state").annotate(count=Count("encounter_id", distinct=True)))


def coded_any(coded: CodedEncounter | None) -> bool:
    """Has the visit a code that is final?"""
    return coded is not None and bool(coded.diagnoses or coded.services)


def _suggested(scope: Scope, ids: Sequence[int]) -> dict[int, tuple[int, Services]]:
    """How many codes are suggested for these visits, and the services."""
    rows = scope.rows(CodingRow).filter(encounter_id__in=ids, purpose=Purpose.SUGGESTED.value).order_by("number")
    found: dict[int, tuple[int, Services]] = {}
    for row in rows:
        record = decoded(row.doc, Record, f"coding {row.pk}")
        if record.suggestion:
            offered = as_suggested(record.suggestion)
            services = tuple((each.code, each.modifiers, each.units) for each in offered.services)
            found[row.encounter_id] = (len(offered.diagnoses) + len(services), services)
    return found


def _steps(scope: Scope, ids: Iterable[int]) -> dict[int, tuple[str, datetime]]:
    rows = scope.rows(DraftStepRow).filter(encounter_id__in=list(ids), item=0).order_by("id")
    return {encounter: (coder, at) for encounter, coder, at in rows.values_list("encounter_id", "coder", "at")}


def _line(
    row: EncounterRow, waiting: tuple[int, Services] | None, query: str, step: tuple[str, datetime] | None
) -> VisitLine:
    record = decoded(row.doc, EncounterRecord, row.account_number)
    coded = decoded(row.coded, CodedEncounter, row.account_number) if row.coded else None
    return VisitLine(
        id=row.pk,
        account=row.account_number,
        on=row.date_of_service,
        family=row.patient.family,
        given=row.patient.given,
        state=row.state,
        reason=next((reason.label for reason in record.reasons if reason.label), record.kind.label),
        provider=provider_of(record),
        attention="" if row.state in SETTLED or (waiting is not None and waiting[0]) else _gravest(row),
        suggested=waiting[0] if waiting and not coded_any(coded) else 0,
        query=query,
        services=waiting[1] if waiting is not None else _coded(coded),
        chart=decoded(row.patient.doc, Chart, f"patient {row.patient_id}"),
        record=record,
        touched=step[0] if step else "",
        since=step[1] if step else None,
    )


def _coded(coded: CodedEncounter | None) -> Services:
    services = coded.services if coded else ()
    return tuple((each.procedure.code, each.modifiers, max(int(each.units), 1)) for each in services)


def provider_of(record: EncounterRecord) -> str:
    """The provider as "Osei, Ama"."""
    doctor = record.performer.name if record.performer else None
    return ", ".join(part for part in (doctor.family, *doctor.given[:1]) if part) if doctor else ""


def _gravest(row: EncounterRow) -> str:
    findings = decoded(row.findings, tuple[Finding, ...], row.account_number)
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in findings:
            if finding.severity is severity:
                return finding.message
    return ""


def states_in(values: Collection[str]) -> tuple[str, ...]:
    """The states as the database has them, in its order."""
    return tuple(each.value for each in EncounterState if each.value in values)
