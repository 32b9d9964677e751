"""What only the loops 2300 and 2400 of an 837P say: a professional claim."""

from datetime import date
from functools import lru_cache
from typing import Any

from superbill.claims.model import Accident, ServiceLine
from superbill.effective import Period
from superbill.x12.documents import claim_parts_read as part
from superbill.x12.documents import fold
from superbill.x12.documents.claim_parties_read import party
from superbill.x12.documents.fold import Notes, Table, Values, each, text, value
from superbill.x12.documents.parts_read import procedure
from superbill.x12.nodes import Node
from superbill.x12.standard.claim import CLM
from superbill.x12.standard.composites import C024
from superbill.x12.standard.control import LX
from superbill.x12.standard.parties import DTP, REF
from superbill.x12.standard.service import SV1
from superbill.x12.tree import Loop

FREQUENCIES = frozenset(("1", "7", "8"))
_CAUSES: dict[str, Any] = {"AA": "AA", "EM": "EM", "OA": "OA"}


# --- lines ----------------------------------------------------------------------------------------------------------


def _service(segment: SV1, v: Values, _notes: Notes) -> None:
    if segment.procedure is not None:
        v["procedure"] = procedure(segment.procedure)
    if segment.charge is not None:
        v["charge"] = segment.charge
    v["unit_kind"] = "MJ" if segment.unit == "MJ" else "UN"
    if segment.quantity is not None:
        v["units"] = segment.quantity
    v["place_of_service"] = segment.place_of_service
    if segment.diagnosis_pointers is not None:
        v["diagnosis_pointers"] = part.pointers(segment.diagnosis_pointers)
    v["emergency"] = segment.emergency == "Y"
    v["epsdt"] = segment.epsdt == "Y"
    v["family_planning"] = segment.family_planning == "Y"


_LINE = Table(
    **part.LINE,
    service=_service,
    line_note=text("note", "text"),
    prior_authorizations=part.own_number("prior_authorization"),
    referral_numbers=part.own_number("referral_number"),
    sales_tax=value("sales_tax"),
    drug=part.drug,
    service_facility=party("service_facility"),
    supervising_provider=party("supervising"),
    referring_providers=party("referring"),
    ordering_provider=party("ordering"),
)
_USUAL = ("line_number", "service", "service_date", "line_item_control_number")


@lru_cache(1 << 6)
def _usual_shape(node: Node) -> bytes:
    return bytes([node.names[name][0] for name in _USUAL])


@lru_cache(1 << 12)
def _one_day(day: date) -> Period:
    return Period(day, day)


def _usual(lx: LX, sv1: SV1, dtp: DTP, ref: REF) -> ServiceLine | None:
    """A line that has what nearly all have and no more, in half the time; None where something can't be read."""
    if (
        lx.number is None
        or sv1.procedure is None
        or sv1.charge is None
        or sv1.quantity is None
        or sv1.diagnosis_pointers is None
        or type(dtp.value) is not date
    ):
        return None
    return ServiceLine(
        number=lx.number,
        control_number=ref.value,
        procedure=procedure(sv1.procedure),
        charge=sv1.charge,
        units=sv1.quantity,
        unit_kind="MJ" if sv1.unit == "MJ" else "UN",
        service=_one_day(dtp.value),
        place_of_service=sv1.place_of_service,
        diagnosis_pointers=part.pointers(sv1.diagnosis_pointers),
        emergency=sv1.emergency == "Y",
        epsdt=sv1.epsdt == "Y",
        family_planning=sv1.family_planning == "Y",
    )


def _line(loop: Loop, notes: Notes) -> ServiceLine:
    if loop.shape == _usual_shape(loop.node) and (made := _usual(*loop.body)) is not None:  # type: ignore[arg-type]  # as its shape says
        return made
    return ServiceLine(**part.finished(_LINE.fold(loop, notes, part.NO_LINE.copy())))


# --- the claim ------------------------------------------------------------------------------------------------------


def information(segment: CLM, v: Values, _notes: Notes) -> None:
    """CLM of a claim that tells a place of service."""
    if segment.facility is not None:
        v["place_of_service"] = segment.facility.code
    v["provider_signature"] = segment.provider_signature != "N"
    part.information(segment, v, FREQUENCIES)


def accident(v: Values) -> Accident | None:
    """What CLM11 and the day of the accident say; nothing without the day."""
    related: C024 = v.pop("related_causes", C024())
    on = v.pop("accident_on", None)
    if on is None:
        return None
    causes = tuple([_CAUSES[cause] for cause in related.causes if cause in _CAUSES])
    return Accident(on=on, causes=causes, state=related.state, country=related.country)


_CLAIM = Table(
    **part.CLAIM,
    claim=information,
    onset_date=fold.day("onset"),
    accident_date=fold.day("accident_on"),
    last_menstrual_period_date=fold.day("last_menstrual_period"),
    admission_date=fold.day("admission"),
    discharge_date=fold.day("discharge"),
    patient_paid_amount=value("patient_paid"),
    medicare_crossover=part.further_number,
    mammography_certification=part.further_number,
    investigational_device_exemption=part.further_number,
    medical_record_number=part.further_number,
    demonstration_project=part.further_number,
    care_plan_oversight=part.further_number,
    clia_number=text("clia"),
    claim_note=part.note,
    epsdt_referral=part.epsdt_referral,
    diagnoses=part.diagnoses,
    referring_providers=party("referring"),
    supervising_provider=party("supervising"),
    lines=each("lines", _line),
)


def claim(loop: Loop, notes: Notes) -> Values:
    """The fields of a loop 2300."""
    v = part.finished(_CLAIM.fold(loop, notes, part.NO_CLAIM | {"lines": []}))
    v["accident"] = accident(v)
    return v
