"""ICD-10-PCS procedures of an inpatient stay: what the chart codes so, else the crosswalk's, with side and reason.

UHDDS: the principal procedure is the one for definitive treatment most related to the principal diagnosis; it goes
first. ICD-10-PCS Official Guidelines, selection of principal procedure.
"""

from collections.abc import Iterator, Sequence

from superbill.chart.model import SNOMED, ProcedureRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.crosswalk.lookup import ProcedureMap
from superbill.coding.context import Visit, clinician_code, suggested
from superbill.coding.diagnoses import Diagnosis, of_concept, side_of
from superbill.coding.groups import belongs
from superbill.coding.model import CodedProcedure
from superbill.findings import Severity

_SYSTEMS = frozenset({"http://www.cms.gov/Medicare/Coding/ICD10", "http://hl7.org/fhir/sid/icd-10-pcs"})
_NOT_DONE = frozenset({"not-done", "entered-in-error", "preparation", "stopped", "in-progress", "on-hold"})
_SIDES = ("right", "left", "bilateral")
_MOST = 25  # principal and 24 others: 837I TR3, HI*BBR and HI*BBQ
_EXTRACTION, _DELIVERY = "10D0", "10E0XZZ"


def of_visit(visit: Visit, final: Sequence[Diagnosis]) -> tuple[CodedProcedure, ...]:
    """The procedures, the principal one first. An operation of which the side is not recorded is an error finding."""
    found: dict[tuple[str, str], tuple[bool, int, int, CodedProcedure]] = {}
    principal = next((one.code.code for one in final if not belongs(one.code.code, "secondary_only")), "")
    for place, record in enumerate(visit.encounter.procedures):
        if record.status in _NOT_DONE:
            continue
        related = principal in _reasons(visit, record)
        for part, one in enumerate(_codes(visit, record)):
            found.setdefault((one.procedure.code, one.on.isoformat()), (not related, place, part, one))
    codes = {code for code, _ in found}
    if any(code.startswith(_EXTRACTION) for code in codes):  # an extraction is the delivery; 10E0XZZ is the unaided one
        found = {key: value for key, value in found.items() if key[0] != _DELIVERY}
    ordered = sorted(found.values(), key=lambda entry: (_minor(entry[3]), *entry[:3]))
    return tuple(one for *_, one in ordered[:_MOST])


def _minor(one: CodedProcedure) -> bool:
    """Administration, measurement and imaging never come before an operation."""
    return one.procedure.code[:1] not in "01"


def _reasons(visit: Visit, record: ProcedureRecord) -> tuple[str, ...]:
    return tuple(found.code.code for reason in record.reasons for found in of_concept(visit, reason, record.id, 0))


def _codes(visit: Visit, record: ProcedureRecord) -> Iterator[CodedProcedure]:
    done = record.performed
    day = done if done and visit.day <= done <= visit.encounter.last_date_of_service else visit.day
    native = next((coding.code for coding in record.concept.codings if coding.system in _SYSTEMS), "")
    if native:
        code = clinician_code("ICD-10-PCS", native.strip().upper(), record.id, record.concept.label)
        yield CodedProcedure(procedure=code, on=day)
        return
    found = crosswalk.procedures().get(record.concept.code(SNOMED) or "")
    if found is None or not found.pcs:
        return
    label = record.concept.label or found.display
    for code_text in _chosen(visit, record, found):
        rule = f"SNOMED {found.snomed}"
        code = suggested("ICD-10-PCS", code_text, record.id, label, rule, found.confidence)
        yield CodedProcedure(procedure=code, on=day)


def _chosen(visit: Visit, record: ProcedureRecord, found: ProcedureMap) -> Iterator[str]:
    """The codes whose condition holds."""
    reasons = _reasons(visit, record)
    side = side_of(record.body_site, record.concept.text, record.concept.label)
    named = {when for when, _ in found.pcs}
    by_reason = [
        code for when, code in found.pcs if when not in ("", "-", *_SIDES) and any(r.startswith(when) for r in reasons)
    ]
    for when, code in found.pcs:
        whole = side == "bilateral" and "bilateral" not in named and when in ("right", "left")
        if not when or when == side or whole or code in by_reason or (when == "-" and not by_reason):
            yield code
    if not side and named & set(_SIDES):
        visit.say(
            "coding.pcs-side", Severity.ERROR,
            f"The side of {found.display} is not recorded; its ICD-10-PCS code needs it.",
            "Ask the surgeon, and record the body site.", field="procedures",
            source="ICD-10-PCS Official Guidelines B4.3",
        )  # fmt: skip
