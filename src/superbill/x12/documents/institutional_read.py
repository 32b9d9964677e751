"""What only the loops 2300 and 2400 of an 837I say: the claim of a facility."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from superbill.claims.institutional import (
    ExternalCause,
    InpatientProcedure,
    InstitutionalDetail,
    Occurrence,
    OccurrenceSpan,
    Value,
)
from superbill.claims.model import Frequency, ServiceLine
from superbill.effective import Period
from superbill.x12.documents import claim_parts_read as part
from superbill.x12.documents.claim_parties_read import party
from superbill.x12.documents.fold import Notes, Table, Take, Unreadable, Values, day_of, each, text, value
from superbill.x12.documents.parts_read import procedure
from superbill.x12.standard.claim import CL1, CLM, HI
from superbill.x12.standard.composites import C022
from superbill.x12.standard.parties import DTP
from superbill.x12.standard.service import SV2
from superbill.x12.tree import Loop

_FREQUENCIES: frozenset[str] = frozenset(get_args(Frequency))
_CENTS = 100
_MINUTES_OF_DAY = 4  # HHMM


# --- lines ----------------------------------------------------------------------------------------------------------


def _service(segment: SV2, v: Values, _notes: Notes) -> None:
    v["revenue_code"] = segment.revenue_code
    if segment.procedure is not None:
        v["procedure"] = procedure(segment.procedure)
    if segment.charge is not None:
        v["charge"] = segment.charge
    v["unit_kind"] = "DA" if segment.unit == "DA" else "UN"
    if segment.quantity is not None:
        v["units"] = segment.quantity
    if segment.noncovered_charge is not None:
        v["non_covered"] = segment.noncovered_charge


_LINE = Table(
    **part.LINE,
    service=_service,
    service_tax=value("sales_tax"),
    facility_tax=value("facility_tax"),
    drug=part.drug,
    operating_physician=party("operating"),
    other_operating_physician=party("other_operating"),
    referring_provider=party("referring"),
)


def _line(loop: Loop, notes: Notes) -> ServiceLine:
    return ServiceLine(**part.finished(_LINE.fold(loop, notes, part.NO_LINE.copy())))


# --- the stay -------------------------------------------------------------------------------------------------------


def _information(segment: CLM, v: Values, _notes: Notes) -> None:
    if segment.facility is not None:
        v["facility_type"] = segment.facility.code
    part.information(segment, v, _FREQUENCIES)


def _hour(v: Values, of: str, hour: str, minute: str) -> None:
    v[f"{of}_hour"] = hour
    if minute != "00":
        v[f"{of}_minute"] = minute


def _discharge(segment: DTP, v: Values, _notes: Notes) -> None:
    told = segment.value
    if not isinstance(told, str) or not told.isdecimal() or len(told) != _MINUTES_OF_DAY:
        raise Unreadable(3, f"not an hour and minute (HHMM): {told!r}")
    _hour(v, "discharge", told[:2], told[2:])


def _admission(segment: DTP, v: Values, _notes: Notes) -> None:
    v["admission"] = day_of(segment.value, 3)
    if isinstance(segment.value, datetime):
        _hour(v, "admission", f"{segment.value:%H}", f"{segment.value:%M}")


def _statement(segment: DTP, v: Values, _notes: Notes) -> None:
    v["statement"] = _days(segment.value, 3)


def _days(found: date | Period | datetime | str | None, element: int) -> Period:
    if isinstance(found, Period):
        return found
    one = day_of(found, element)
    return Period(one, one)


def _stay(segment: CL1, v: Values, _notes: Notes) -> None:
    v["admission_type"] = segment.admission_type
    v["point_of_origin"] = segment.admission_source
    v["discharge_status"] = segment.patient_status


# --- its codes ------------------------------------------------------------------------------------------------------


def _codes(field: str, made: Callable[[C022, int], Any]) -> Take:
    """A list of what is made of each code of a list, further ones added to those before."""

    def take(segment: HI, v: Values, _notes: Notes) -> None:
        found = [made(code, place) for place, code in enumerate(segment.codes, 1) if code.code]
        v[field] = (*v.get(field, ()), *found)

    return take


def _one_code(field: str) -> Take:
    def take(segment: HI, v: Values, _notes: Notes) -> None:
        v[field] = "" if segment.code_1 is None else segment.code_1.code

    return take


def _on(code: C022, element: int) -> date:
    on = day_of(code.date, element)
    if on is None:
        raise Unreadable(element, f"code {code.code} needs its day")
    return on


def _amount(code: C022, element: int) -> Value:
    if code.amount is None:
        raise Unreadable(element, f"value code {code.code} needs its amount")
    return Value(code.code, Decimal(code.amount) / _CENTS)


_DIAGNOSES = _codes("diagnoses", lambda code, _: part.diagnosis(code.code, code.present_on_admission))
_PROCEDURES = _codes("procedures", lambda code, place: InpatientProcedure(code.code, _on(code, place)))
_LISTS: dict[str, Take] = {
    "principal_diagnosis": _DIAGNOSES,
    "other_diagnoses": _DIAGNOSES,
    "admitting_diagnosis": _one_code("admitting_diagnosis"),
    "reasons_for_visit": _codes("reasons_for_visit", lambda code, _: code.code),
    "external_causes": _codes("external_causes", lambda code, _: ExternalCause(code.code, code.present_on_admission)),  # type: ignore[arg-type]  # what the guide lists
    "diagnosis_related_group": _one_code("drg"),
    "principal_procedure": _PROCEDURES,
    "other_procedures": _PROCEDURES,
    "occurrence_spans": _codes("spans", lambda code, place: OccurrenceSpan(code.code, _days(code.date, place))),
    "occurrences": _codes("occurrences", lambda code, place: Occurrence(code.code, _on(code, place))),
    "value_codes": _codes("values", _amount),
    "condition_codes": _codes("conditions", lambda code, _: code.code),
    "treatment_codes": _codes("treatments", lambda code, _: code.code),
}


# --- the claim ------------------------------------------------------------------------------------------------------

_CLAIM = Table(
    **part.CLAIM,
    **_LISTS,
    claim=_information,
    discharge_hour=_discharge,
    statement_dates=_statement,
    admission_date=_admission,
    institutional_claim=_stay,
    patient_estimated_amount_due=value("estimated_due"),
    investigational_device_exemptions=part.further_number,
    demonstration_project=part.further_number,
    peer_review_approval=part.further_number,
    auto_accident_state=text("auto_accident_state"),
    medical_record_number=text("medical_record_number"),
    claim_notes=part.note,
    billing_note=part.note,
    epsdt_referral=part.epsdt_referral,
    attending_provider=party("attending"),
    operating_physician=party("operating"),
    other_operating_physician=party("other_operating"),
    referring_provider=party("referring"),
    lines=each("lines", _line),
)
_OWN = frozenset(InstitutionalDetail.__struct_fields__)


def claim(loop: Loop, notes: Notes) -> Values:
    """The fields of a loop 2300."""
    v = part.finished(_CLAIM.fold(loop, notes, part.NO_CLAIM | {"lines": []}))
    detail = {name: v.pop(name) for name in _OWN & v.keys()}
    v["kind"] = "institutional"
    v["institutional"] = InstitutionalDetail(**{"facility_type": "", "statement": Period(), **detail})
    return v
