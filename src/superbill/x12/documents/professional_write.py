"""The loops 2300 and 2400 of an 837P. Not sent, because there is no place for it: `Claim.version`."""

from superbill.claims.model import Claim, ServiceLine
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
from superbill.x12.standard.composites import C023
from superbill.x12.standard.control import LX
from superbill.x12.standard.parties import NTE
from superbill.x12.standard.service import SV1
from superbill.x12.text import exact, plain
from superbill.x12.tree import Loop, assemble

_MOST_DIAGNOSES = 12
_PREDETERMINATION = "08"
_NOT_HERE = ("institutional", "dental")
_NOT_ON_LINES = ("revenue_code", "non_covered", "operating", "other_operating", "facility_tax", "dental")


@in_its_loop
def claim(node: Node, claim: Claim) -> Loop:
    """Loop 2300 with all that is in it."""
    part.without(claim, _NOT_HERE, "837P")
    lines = inner(node, "lines")
    facility = C023(exact(claim.place_of_service), "B", exact(claim.frequency))
    return assemble(node, {
        **part.claim(node, claim),
        "claim": part.information(claim, facility, _PREDETERMINATION),
        "onset_date": on_day("431", claim.onset),
        "accident_date": on_day("439", claim.accident.on if claim.accident else None),
        "last_menstrual_period_date": on_day("484", claim.last_menstrual_period),
        "admission_date": on_day("435", claim.admission),
        "discharge_date": on_day("096", claim.discharge),
        "patient_paid_amount": amount("F5", claim.patient_paid),
        "clia_number": reference("X4", claim.clia),
        "claim_note": [*part.own_note(claim), *part.notes(claim)],
        "diagnoses": part.diagnoses((each.code for each in claim.diagnoses), _MOST_DIAGNOSES, part.is_icd_10(claim)),
        **part.providers(node, {
            "referring_providers": claim.referring,
            "rendering_provider": claim.rendering,
            "service_facility": claim.service_facility,
            "supervising_provider": claim.supervising,
        }),
        "lines": [_line(lines, each, claim.predetermination) for each in claim.lines],
    })  # fmt: skip


@in_its_loop
def _line(node: Node, line: ServiceLine, asks: bool) -> Loop:
    part.without(line, _NOT_ON_LINES, "837P")
    parts: Parts = {
        "line_number": LX(number=line.number),
        "service": _service(line),
        "service_date": None if asks and line.service.start is None else over_days("472", line.service),
        "line_item_control_number": reference("6R", line.control_number),
        "prior_authorizations": reference("G1", line.prior_authorization),
        "referral_numbers": reference("9F", line.referral_number),
        "sales_tax": amount("T", line.sales_tax),
        **part.providers(node, {
            "rendering_provider": line.rendering,
            "service_facility": line.service_facility,
            "supervising_provider": line.supervising,
            "ordering_provider": line.ordering,
            "referring_providers": line.referring,
        }),
    }  # fmt: skip
    if line.note:
        parts["line_note"] = NTE(qualifier="ADD", text=plain(line.note))
    if line.drug is not None:
        parts["drug"] = part.drug(inner(node, "drug"), line.drug)
    if line.adjudications:
        parts["adjudications"] = part.adjudications(node, line.adjudications)
    return assemble(node, parts)


def _service(line: ServiceLine) -> SV1:
    if not line.procedure.code:
        raise Unwritable(f"line {line.number} has no procedure")
    return SV1(
        procedure=procedure(line.procedure),
        charge=line.charge,
        unit=exact(line.unit_kind),
        quantity=line.units,
        place_of_service=exact(line.place_of_service),
        diagnosis_pointers=pointers(line.diagnosis_pointers),
        emergency="Y" if line.emergency else "",
        epsdt="Y" if line.epsdt else "",
        family_planning="Y" if line.family_planning else "",
    )
