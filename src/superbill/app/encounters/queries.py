"""Encounters with their documents, a chunk at a time."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import chunks, found
from superbill.chart.model import Chart, EncounterRecord
from superbill.coding.model import CodedEncounter
from superbill.findings import Finding

CHUNK = 200


class Visit(Struct, frozen=True, kw_only=True):
    """One encounter as stored. `chart` is its patient's, without encounters; `coded` None before coding."""

    id: int
    patient_id: int
    account_number: str
    state: str
    chart: Chart
    encounter: EncounterRecord
    coded: CodedEncounter | None = None
    findings: tuple[Finding, ...] = ()


def visits(scope: Scope, *states: EncounterState, chunk: int = CHUNK) -> Iterator[list[Visit]]:
    """Encounters in these states (all without any), in order of import, in lists of at most `chunk`.

    Each list is read in one statement when it is asked for, after the last one's last id: what the caller changes in
    between (their states, say) disturbs nothing, and memory stays that of one list.
    """
    rows = scope.rows(EncounterRow).select_related("patient").order_by("id")
    if states:
        rows = rows.filter(state__in=[state.value for state in states])
    last = 0
    while some := list(rows.filter(id__gt=last)[:chunk]):
        last = some[-1].pk
        charts = {row.patient_id: row.patient for row in some}
        decoded_charts = {key: decoded(row.doc, Chart, f"patient {key}") for key, row in charts.items()}
        yield [_visit(row, decoded_charts[row.patient_id]) for row in some]


def visit(scope: Scope, account_number: str) -> Visit | None:
    """The encounter of this account number."""
    row = scope.rows(EncounterRow).select_related("patient").filter(account_number=account_number).first()
    return _visit(row, decoded(row.patient.doc, Chart, f"patient {row.patient_id}")) if row else None


def visits_by_account(scope: Scope, accounts: Iterable[str]) -> dict[str, Visit]:
    """The encounters of these account numbers, in one statement per chunk."""
    found_visits: dict[str, Visit] = {}
    for some in chunks(sorted(accounts)):
        rows = list(scope.rows(EncounterRow).select_related("patient").filter(account_number__in=some))
        patients = {row.patient_id: row.patient for row in rows}
        charts = {key: decoded(row.doc, Chart, f"patient {key}") for key, row in patients.items()}
        found_visits |= {row.account_number: _visit(row, charts[row.patient_id]) for row in rows}
    return found_visits


def visits_of_patients(scope: Scope, patients: Iterable[int]) -> dict[int, list[Visit]]:
    """Every encounter of these patients (row ids), in order of service, whatever its state."""
    found_visits: dict[int, list[Visit]] = {patient: [] for patient in patients}
    for some in chunks(sorted(found_visits)):
        rows = scope.rows(EncounterRow).select_related("patient").filter(patient_id__in=some)
        charts: dict[int, Chart] = {}
        for row in rows.order_by("date_of_service", "id"):
            if row.patient_id not in charts:
                charts[row.patient_id] = decoded(row.patient.doc, Chart, f"patient {row.patient_id}")
            found_visits[row.patient_id].append(_visit(row, charts[row.patient_id]))
    return found_visits


def count_by_state(scope: Scope) -> dict[str, int]:
    """How many encounters are in each state; every state is named."""
    rows = scope.rows(EncounterRow).values_list("state").annotate(count=Count("id")).order_by()
    return {state.value: 0 for state in EncounterState} | dict(rows)


def _visit(row: EncounterRow, chart: Chart) -> Visit:
    where = f"encounter {row.account_number}"
    return Visit(
        id=row.pk,
        patient_id=row.patient_id,
        account_number=row.account_number,
        state=row.state,
        chart=chart,
        encounter=decoded(row.doc, EncounterRecord, where),
        coded=decoded(row.coded, CodedEncounter, where) if row.coded else None,
        findings=decoded(row.findings, tuple[Finding, ...], where),
    )


def service_dates(scope: Scope, patients: Iterable[int]) -> dict[int, list[date]]:
    """The days on which the practice saw these patients (row ids), in order."""
    dates: dict[int, list[date]] = {patient: [] for patient in patients}
    for patient, day in sorted(found(scope, EncounterRow, "patient_id", dates, "patient_id", "date_of_service")):
        dates[patient].append(day)
    return dates


def encounters_of(scope: Scope, patients: Iterable[int]) -> dict[int, tuple[EncounterRecord, ...]]:
    """Every encounter of these patients (row ids) as recorded, in order of import: what one visit's codes depend on of
    the others (which wellness visit, which dose, which problem is known)."""
    made: dict[int, list[EncounterRecord]] = {patient: [] for patient in patients}
    columns = ("id", "patient_id", "account_number", "doc")
    for _, patient, number, doc in sorted(found(scope, EncounterRow, "patient_id", made, *columns)):
        made[patient].append(decoded(doc, EncounterRecord, f"encounter {number}"))
    return {patient: tuple(records) for patient, records in made.items()}
