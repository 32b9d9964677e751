"""Small charts for the coding tests: one patient, one visit, as little as the case needs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from superbill.chart.model import (
    CPT,
    CVX,
    ICD10CM,
    LOINC,
    SNOMED,
    Chart,
    Coding,
    Concept,
    ConditionRecord,
    EncounterRecord,
    ImmunizationRecord,
    MedicationRecord,
    Note,
    ObservationRecord,
    PatientRecord,
    PersonName,
    ProcedureRecord,
)

DAY = date(2026, 3, 2)
BORN = date(1980, 6, 15)
SYMPTOM, FOLLOW_UP, WELLNESS, EMERGENCY = "185345009", "390906007", "162673000", "50849002"


def snomed(code: str, text: str = "") -> Concept:
    return Concept((Coding(SNOMED, code, text),), text)


def condition(code: str, *, system: str = SNOMED, id: str = "", text: str = "", **fields: object) -> ConditionRecord:
    return ConditionRecord(id=id or f"c-{code}", concept=Concept((Coding(system, code),), text), **fields)  # type: ignore[arg-type]


def icd(code: str, **fields: object) -> ConditionRecord:
    return condition(code, system=ICD10CM, **fields)  # type: ignore[arg-type]


def procedure(code: str, *, system: str = SNOMED, id: str = "", **fields: object) -> ProcedureRecord:
    return ProcedureRecord(id=id or f"p-{code}", concept=Concept((Coding(system, code),)), **fields)  # type: ignore[arg-type]


def cpt(code: str, **fields: object) -> ProcedureRecord:
    return procedure(code, system=CPT, **fields)  # type: ignore[arg-type]


def vaccine(cvx: str, id: str = "", **fields: object) -> ImmunizationRecord:
    return ImmunizationRecord(id=id or f"v-{cvx}", concept=Concept((Coding(CVX, cvx),), f"CVX {cvx}"), **fields)  # type: ignore[arg-type]


def drug(text: str = "lisinopril 10 mg") -> MedicationRecord:
    return MedicationRecord(concept=Concept(text=text))


def measured(loinc: str, value: str) -> ObservationRecord:
    return ObservationRecord(concept=Concept((Coding(LOINC, loinc),)), value=value)


def note(text: str) -> Note:
    return Note(id="n-1", text=text)


def visit(
    kind: str = SYMPTOM, on: date = DAY, *, minutes: int = 20, display: str = "", **fields: object
) -> EncounterRecord:
    start = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)
    given: dict[str, object] = {"id": "e-1", "kind": snomed(kind, display), "end": start + timedelta(minutes=minutes)}
    return EncounterRecord(start=start, **(given | fields))  # type: ignore[arg-type]


def chart(*encounters: EncounterRecord, born: date | None = BORN, **fields: object) -> Chart:
    died = fields.pop("deceased", None)
    patient = PatientRecord(id="pt-1", name=PersonName("Quill", ("Ada",)), birth_date=born, sex="F", deceased=died)  # type: ignore[arg-type]
    return Chart(patient=patient, encounters=encounters, **fields)  # type: ignore[arg-type]


ONE = Decimal(1)
