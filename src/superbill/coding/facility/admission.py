"""Admission and discharge as codes of the UB-04: type (FL 14), point of origin (FL 15), discharge status (FL 17), and
what was not present on admission (FL 67; ICD-10-CM Official Guidelines, Appendix I).
"""

from collections.abc import Sequence
from functools import cache

from superbill.codesets import tables
from superbill.codesets.admission_type import lookup as types
from superbill.codesets.discharge_status import lookup as statuses
from superbill.codesets.point_of_origin import lookup as origins
from superbill.coding.context import Visit, problem_list
from superbill.coding.diagnoses import Diagnosis
from superbill.coding.model import Present
from superbill.findings import Severity

_EMERGENCY, _ELECTIVE, _UNKNOWN = "1", "3", "9"
_FROM_HOME, _HOME, _DIED = "1", "01", "20"


@cache
def _words() -> dict[tuple[str, str], str]:
    """FHIR's words for what the UB-04 says by code."""
    return {
        (row["what"], row["said"]): row["code"] for row in tables.rows("superbill.coding.facility.data", "words.csv")
    }


def kind(visit: Visit, *, inpatient: bool) -> str:
    """The type of admission or visit: as recorded, an emergency's, an operation's that was planned; else not known."""
    said = visit.encounter.hospital.priority if visit.encounter.hospital else ""
    recorded = said if said in types.all_admission_types() else _words().get(("type", said.lower()), "")
    if recorded:
        return recorded
    if visit.encounter.class_code == "EMER":
        return _EMERGENCY
    if visit.kind.visit == "surgical_global" or not inpatient:
        return _ELECTIVE
    return _UNKNOWN


def origin(visit: Visit, *, inpatient: bool) -> str:
    """The point of origin: as recorded; home for an emergency and an outpatient; else not known."""
    said = visit.encounter.hospital.admit_source if visit.encounter.hospital else ""
    recorded = said if origins.origin(said, visit.day) else _words().get(("origin", said.lower()), "")
    if recorded:
        return recorded
    return _FROM_HOME if visit.encounter.class_code == "EMER" or not inpatient else _UNKNOWN


def discharge(visit: Visit, *, inpatient: bool) -> str:
    """The discharge status: as recorded; died, where the chart says so; else home, with a finding for an inpatient."""
    last = visit.encounter.last_date_of_service
    said = visit.encounter.hospital.discharge if visit.encounter.hospital else ""
    code = said.zfill(2) if said.isdigit() else _words().get(("discharge", said.lower()), "")
    if code and statuses.discharge_status(code, last):
        return code
    died = visit.chart.patient.deceased
    if died is not None and visit.day <= died <= last:
        return _DIED
    if inpatient:
        visit.say(
            "coding.discharge-status", Severity.WARNING,
            "Where the patient went is not recorded; the claim says home (01).",
            "Check the discharge summary: a transfer or another facility's care changes what is paid.",
            field="discharge status", source="42 CFR 412.4; UB-04 FL 17",
        )  # fmt: skip
    return _HOME


def present(visit: Visit, final: Sequence[Diagnosis]) -> tuple[Present, ...]:
    """The diagnoses that began after the day of admission; all others were present."""
    records = {record.id: record for record in (*problem_list(visit), *visit.encounter.conditions)}
    later = []
    for one in final:
        onsets = [records[each.record].onset for each in one.code.evidence if each.record in records]
        known = [onset for onset in onsets if onset is not None]
        if known and len(known) == len(onsets) and min(known) > visit.day:
            later.append(Present(one.code.code, "N"))
    return tuple(later)
