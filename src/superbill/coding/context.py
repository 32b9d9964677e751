"""What all steps of coding one encounter look at."""

from datetime import date, datetime

from msgspec import Struct

from superbill.chart.model import CPT, HCPCS, SNOMED, Chart, Coding, Concept, ConditionRecord, EncounterRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.crosswalk.lookup import EncounterMap
from superbill.coding.lines import Line
from superbill.coding.model import AssignedCode, CodeSystem, Confidence, Evidence
from superbill.findings import Finding, Place, Severity

# Kinds of visit that have no SNOMED code of ours are taken by their FHIR class.
_BY_CLASS = {
    "AMB": ("office_established_mdm", "99213", "11"),
    "VR": ("telehealth_mdm", "99213", "10"),
    "EMER": ("ed_mdm", "99283", "23"),
    "IMP": ("initial_hospital_mdm", "99222", "21"),
    "ACUTE": ("initial_hospital_mdm", "99222", "21"),
    "NONAC": ("initial_hospital_mdm", "99222", "21"),
    "OBSENC": ("initial_hospital_mdm", "99222", "22"),
    "HH": ("home_residence_mdm", "99348", "12"),
    "WELLNESS": ("preventive_by_age", "99396", "11"),
}
SOURCE = "Superbill crosswalk"


class Visit(Struct, kw_only=True):
    """One encounter on its way through coding. What is counted and found on the way is kept here.

    `not_separate` procedures are part of the visit; `social` findings have no code; `standalone`: a procedure was
    done that leaves no room for a visit code under the rule procedure_only_else_office_mdm. `facility` is the kind of
    facility that we bill for at this place ("hospital", "skilled_nursing"), "" for none; `performed` are the lines of
    all procedures, whoever bills them.
    """

    chart: Chart
    encounter: EncounterRecord
    established: bool
    payer_kind: str
    day: date
    age: int | None
    kind: EncounterMap
    place: str
    findings: list[Finding]
    not_separate: int = 0
    social: int = 0
    standalone: bool = False
    facility: str = ""
    performed: list[Line] = []

    @property
    def medicare(self) -> bool:
        return self.payer_kind == "medicare"

    @property
    def in_facility(self) -> bool:
        """A hospital or surgical center, where the facility bills its own share."""
        return self.place in {"19", "21", "22", "23", "24"}

    def say(
        self, rule: str, severity: Severity, message: str, fix: str = "", *, field: str = "", source: str = SOURCE
    ) -> None:
        """Add a finding; the same one is never added twice."""
        finding = Finding(
            rule=rule, severity=severity, where=Place(field=field), message=message, fix=fix, source=source
        )
        if finding not in self.findings:
            self.findings.append(finding)


def kind_of_visit(encounter: EncounterRecord) -> tuple[EncounterMap, bool]:
    """The kind of encounter, and whether the crosswalk knows it (else it was taken by class)."""
    displays = (encounter.kind.text, *(coding.display for coding in encounter.kind.codings))
    for coding in encounter.kind.codings:
        found = crosswalk.encounter(coding.code, encounter.class_code, *displays) if coding.system == SNOMED else None
        if found is not None:
            return found, True
    visit, code, place = _BY_CLASS.get(encounter.class_code, _BY_CLASS["AMB"])
    kind = EncounterMap(
        snomed="", display=encounter.kind.label, class_code=encounter.class_code, claim="professional", place=place,
        visit=visit, code=code, revenue="", dx="", likely="", problems=True, confidence="low",
        notes="Taken by the class of the encounter",
    )  # fmt: skip
    return kind, False


def native_procedure(concept: Concept) -> Coding | None:
    """The CPT or HCPCS coding of a concept, when the clinician chose one."""
    return next((coding for coding in concept.codings if coding.system in (CPT, HCPCS)), None)


def clinician_code(system: CodeSystem, code: str, record: str, text: str) -> AssignedCode:
    """A code that the clinician recorded."""
    return AssignedCode(
        system=system, code=code, evidence=(Evidence(record=record, text=text),), rule="as recorded", source="clinician"
    )


def suggested(
    system: CodeSystem, code: str, record: str, text: str, rule: str, confidence: Confidence = "high"
) -> AssignedCode:
    """A code out of the crosswalk or a rule of ours, with the record that supports it."""
    return AssignedCode(
        system=system, code=code, release=crosswalk.RELEASE, evidence=(Evidence(record=record, text=text),), rule=rule,
        confidence=confidence,
    )  # fmt: skip


def problem_list(visit: Visit) -> list[ConditionRecord]:
    """Conditions of the chart that are active on the day of the visit: begun by then, not ended before it."""
    earlier = (e for e in visit.chart.encounters if e.start.date() <= visit.day and e.id != visit.encounter.id)
    records = [*visit.chart.problems, *(record for e in earlier for record in e.conditions)]
    active = {record.id: record for record in records if _active(record, visit.day)}
    return [active[key] for key in sorted(active)]


def _active(record: ConditionRecord, day: date) -> bool:
    began = record.onset is None or record.onset <= day
    ended = record.abatement is not None and record.abatement < day
    silent = record.abatement is None and record.clinical_status in {"resolved", "inactive", "remission"}
    return began and not ended and not silent


def minutes(start: datetime, end: datetime | None) -> int:
    """Whole minutes of the visit; 0 when no end was recorded."""
    if end is None or (start.tzinfo is None) != (end.tzinfo is None):
        return 0
    return max(0, int((end - start).total_seconds() // 60))
