"""The loops 2300 and 2400 of an 837D: a dental claim, or a predetermination of what it would pay.

The days of service are told with the claim where all its lines share them, else with each line. Not sent, because
there is no place for it: `Claim.version`.
"""

from superbill.claims.dental import DentalDetail, DentalLine, Orthodontics, Tooth
from superbill.claims.model import Claim, ServiceLine
from superbill.effective import Period
from superbill.x12.documents import claim_parts_write as part
from superbill.x12.documents.claim_parts_write import pointers
from superbill.x12.documents.envelopes import Parts
from superbill.x12.documents.parts_write import (
    Unwritable,
    amount,
    in_its_loop,
    inner,
    on_day,
    over_days,
    procedure,
    reference,
)
from superbill.x12.nodes import Node
from superbill.x12.standard.claim import DN1, DN2
from superbill.x12.standard.composites import C005, C006, C023
from superbill.x12.standard.control import LX
from superbill.x12.standard.service import SV3, TOO
from superbill.x12.text import exact
from superbill.x12.tree import Loop, assemble

_MOST_DIAGNOSES = 4
_MOST_AREAS = _MOST_SURFACES = 5
_PREDETERMINATION = "PB"
_TEETH = "JP"  # the universal numbering
_NOT_HERE = (
    "institutional", "onset", "last_menstrual_period", "admission", "discharge", "clia", "epsdt_referrals",
)  # fmt: skip
_NOT_ON_LINES = (
    "revenue_code", "non_covered", "operating", "other_operating", "referring", "ordering", "facility_tax", "drug",
    "note", "emergency", "epsdt", "family_planning",
)  # fmt: skip


# --- the claim ------------------------------------------------------------------------------------------------------


@in_its_loop
def claim(node: Node, claim: Claim) -> Loop:
    """Loop 2300 with all that is in it."""
    part.without(claim, _NOT_HERE, "837D")
    if claim.dental is None:
        raise Unwritable("a dental claim has its dental detail")
    detail, lines, shared = claim.dental, inner(node, "lines"), _shared_days(claim)
    facility = C023(exact(claim.place_of_service), "B", exact(claim.frequency))
    return assemble(node, {
        **part.claim(node, claim),
        "claim": part.information(claim, facility, _PREDETERMINATION),
        "accident_date": on_day("439", claim.accident.on if claim.accident else None),
        "service_date": over_days("472", shared) if shared.start else None,
        **_mouth(detail),
        "patient_paid_amount": amount("F5", claim.patient_paid),
        "claim_notes": [*part.own_note(claim), *part.notes(claim)],
        "diagnoses": part.diagnoses((each.code for each in claim.diagnoses), _MOST_DIAGNOSES, part.is_icd_10(claim)),
        **part.providers(node, {
            "referring_providers": claim.referring,
            "rendering_provider": claim.rendering,
            "service_facility": claim.service_facility,
            "assistant_surgeon": detail.assistant_surgeon,
            "supervising_provider": claim.supervising,
        }),
        "lines": [_line(lines, each, Period() if shared.start else each.service) for each in claim.lines],
    })  # fmt: skip


def _shared_days(claim: Claim) -> Period:
    """The days of all lines; open where they differ."""
    days = {line.service for line in claim.lines}
    return days.pop() if len(days) == 1 else Period()


def _mouth(detail: DentalDetail) -> Parts:
    course = detail.orthodontics
    return {
        "appliance_placement_date": on_day("452", course.placed if course else None),
        "orthodontic_treatment": _treatment(course) if course else None,
        "tooth_statuses": [
            DN2(tooth=exact(each.number), status=exact(each.status), code_list=_TEETH) for each in detail.teeth
        ],
        "predetermination_number": reference("G3", detail.predetermination_number),
    }


def _treatment(course: Orthodontics) -> DN1:
    """DN1: the months, or that there is treatment at all."""
    counted = course.months is not None or course.months_left is not None
    return DN1(months=course.months, months_remaining=course.months_left, description="" if counted else "Y")  # type: ignore[arg-type]  # whole numbers are quantities


# --- lines ----------------------------------------------------------------------------------------------------------


@in_its_loop
def _line(node: Node, line: ServiceLine, service: Period) -> Loop:
    part.without(line, _NOT_ON_LINES, "837D")
    detail = line.dental or DentalLine()
    parts: Parts = {
        "line_number": LX(number=line.number),
        "service": _service(line, detail),
        "teeth": [_tooth(each) for each in detail.teeth],
        "service_date": over_days("472", service) if service.start else None,
        "prior_placement_date": on_day("441", detail.prior_placement),
        "appliance_placement_date": on_day("452", detail.placed),
        "replacement_date": on_day("446", detail.replaced),
        "treatment_start_date": on_day("196", detail.started),
        "treatment_completion_date": on_day("198", detail.completed),
        "predetermination_numbers": reference("G3", detail.predetermination_number),
        "prior_authorizations": reference("G1", line.prior_authorization),
        "line_item_control_number": reference("6R", line.control_number),
        "referral_numbers": reference("9F", line.referral_number),
        "sales_tax": amount("T", line.sales_tax),
        **part.providers(node, {
            "rendering_provider": line.rendering,
            "assistant_surgeon": detail.assistant_surgeon,
            "supervising_provider": line.supervising,
            "service_facility": line.service_facility,
        }),
        "adjudications": part.adjudications(node, line.adjudications),
    }  # fmt: skip
    return assemble(node, parts)


def _service(line: ServiceLine, detail: DentalLine) -> SV3:
    if not line.procedure.code:
        raise Unwritable(f"line {line.number} has no procedure")
    if line.unit_kind != "UN":
        raise Unwritable(f"line {line.number} counts {line.unit_kind}, a dental line counts procedures (UN)")
    if len(detail.oral_cavity) > _MOST_AREAS:
        raise Unwritable(f"line {line.number} names more than {_MOST_AREAS} areas of the mouth")
    return SV3(
        procedure=procedure(line.procedure),
        charge=line.charge,
        place_of_service=exact(line.place_of_service),
        oral_cavity=C006(*map(exact, detail.oral_cavity)) if detail.oral_cavity else None,
        prosthesis=exact(detail.prosthesis),
        quantity=line.units,
        diagnosis_pointers=pointers(line.diagnosis_pointers),
    )


def _tooth(tooth: Tooth) -> TOO:
    if len(tooth.surfaces) > _MOST_SURFACES:
        raise Unwritable(f"tooth {tooth.number} has more than {_MOST_SURFACES} surfaces")
    surfaces = C005(*map(exact, tooth.surfaces)) if tooth.surfaces else None
    return TOO(code_list=_TEETH, tooth=exact(tooth.number), surfaces=surfaces)
