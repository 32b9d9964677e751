"""The loops 2300 and 2400 of an 837I: the claim of a facility.

Not sent, because there is no place for it: `Claim.version`; `provider_signature`; `patient_paid` (a value code tells
it where a payer wants to know); `discharge`, which is the end of the statement; the diagnoses that a line points to;
a present on admission indicator of 1, which this release leaves blank.
"""

from collections.abc import Iterable
from datetime import datetime

from superbill.claims.institutional import InstitutionalDetail, OccurrenceSpan, Value
from superbill.claims.model import Claim, ServiceLine
from superbill.effective import Period
from superbill.x12.documents import claim_parts_write as part
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
from superbill.x12.standard.claim import CL1, HI
from superbill.x12.standard.composites import C022, C023
from superbill.x12.standard.control import LX
from superbill.x12.standard.parties import DTP
from superbill.x12.standard.service import SV2
from superbill.x12.text import exact
from superbill.x12.tree import Loop, assemble

_PREDETERMINATION = "08"
_CENTS = 100
_MOST = {"other diagnoses": 24, "other procedures": 24, "reasons for the visit": 3, "external causes": 12}
_NOT_HERE = (
    "dental", "place_of_service", "supervising", "clia", "accident", "onset", "last_menstrual_period",
    "special_program",
)  # fmt: skip
_NOT_ON_LINES = (
    "place_of_service", "supervising", "ordering", "service_facility", "prior_authorization", "referral_number",
    "dental", "note", "emergency", "epsdt", "family_planning",
)  # fmt: skip


# --- the stay -------------------------------------------------------------------------------------------------------


def _stay(claim: Claim, detail: InstitutionalDetail) -> Parts:
    days = detail.statement
    return {
        "discharge_hour": _discharge(detail),
        "statement_dates": _range("434", days) if days.start else None,
        "admission_date": _admission(claim, detail),
        "institutional_claim": CL1(
            admission_type=exact(detail.admission_type),
            admission_source=exact(detail.point_of_origin),
            patient_status=exact(detail.discharge_status),
        ),
    }


def _discharge(detail: InstitutionalDetail) -> DTP | None:
    if not detail.discharge_hour:
        return None
    return DTP(qualifier="096", format="TM", value=exact(detail.discharge_hour + (detail.discharge_minute or "00")))


def _admission(claim: Claim, detail: InstitutionalDetail) -> DTP | None:
    on = claim.admission
    if not detail.admission_hour:
        return on_day("435", on)
    if on is None:
        raise Unwritable("an hour of admission needs the day of admission")
    hour, minute = detail.admission_hour, detail.admission_minute or "00"
    if not (hour + minute).isdecimal():
        raise Unwritable(f"not an hour and minute of admission: {hour!r}, {minute!r}")
    at = datetime(on.year, on.month, on.day, int(hour), int(minute))  # noqa: DTZ001 -- X12 gives no zone
    return DTP(qualifier="435", format="DT", value=at)


def _range(qualifier: str, days: Period) -> DTP:
    """A range of days even where it is one."""
    return DTP(qualifier=qualifier, format="RD8", value=Period(days.start, days.end or days.start))


# --- its codes ------------------------------------------------------------------------------------------------------


def _plain(qualifier: str, codes: Iterable[str]) -> list[HI]:
    return part.lists(C022(qualifier, exact(code)) for code in codes)


def _present(qualifier: str, code: str, poa: str) -> C022:
    return C022(qualifier, exact(code), present_on_admission="" if poa == "1" else exact(poa))


def _few(what: str, count: int) -> None:
    if count > _MOST[what]:
        raise Unwritable(f"a claim has at most {_MOST[what]} {what}, not {count}")


def _diagnoses(claim: Claim, detail: InstitutionalDetail, icd: str) -> Parts:
    principal, others = claim.diagnoses[:1], claim.diagnoses[1:]
    _few("other diagnoses", len(others))
    _few("reasons for the visit", len(detail.reasons_for_visit))
    _few("external causes", len(detail.external_causes))
    return {
        "principal_diagnosis": part.lists(_present(f"{icd}BK", each.code, each.poa) for each in principal),
        "other_diagnoses": part.lists(_present(f"{icd}BF", each.code, each.poa) for each in others),
        "admitting_diagnosis": _plain(f"{icd}BJ", filter(None, [detail.admitting_diagnosis])),
        "reasons_for_visit": _plain(f"{icd}PR", detail.reasons_for_visit),
        "external_causes": part.lists(_present(f"{icd}BN", each.code, each.poa) for each in detail.external_causes),
    }


def _amount(value: Value) -> C022:
    cents = value.amount * _CENTS
    if cents != int(cents):
        raise Unwritable(f"value code {value.code} has more than two decimals: {value.amount}")
    return C022("BE", exact(value.code), amount=int(cents))


def _span(span: OccurrenceSpan) -> C022:
    if span.period.start is None:
        raise Unwritable(f"occurrence span {span.code} needs its first day")
    return C022("BI", exact(span.code), "RD8", Period(span.period.start, span.period.end or span.period.start))


def _codes(claim: Claim, detail: InstitutionalDetail) -> Parts:
    """The HI segments. ICD-9 has qualifiers of its own, without the letter before."""
    diagnosis, procedure = ("A", "B") if part.is_icd_10(claim) else ("", "")
    done = [C022(f"{procedure}BQ" if at else f"{procedure}BR", exact(each.code), "D8", each.on)
            for at, each in enumerate(detail.procedures)]  # fmt: skip
    _few("other procedures", len(done) - 1)
    return {
        **_diagnoses(claim, detail, diagnosis),
        "diagnosis_related_group": _plain("DR", filter(None, [detail.drg])),
        "principal_procedure": part.lists(done[:1]),
        "other_procedures": part.lists(done[1:]),
        "occurrence_spans": part.lists(map(_span, detail.spans)),
        "occurrences": part.lists(C022("BH", exact(each.code), "D8", each.on) for each in detail.occurrences),
        "value_codes": part.lists(map(_amount, detail.values)),
        "condition_codes": _plain("BG", detail.conditions),
        "treatment_codes": _plain("TC", detail.treatments),
    }


# --- the claim ------------------------------------------------------------------------------------------------------


@in_its_loop
def claim(node: Node, claim: Claim) -> Loop:
    """Loop 2300 with all that is in it."""
    detail = claim.institutional
    if detail is None:
        raise Unwritable("an institutional claim has its institutional detail")
    part.without(claim, _NOT_HERE, "837I")
    if claim.discharge not in (None, detail.statement.end):
        raise Unwritable("the day of discharge is told by the end of the statement, but they differ")
    lines = inner(node, "lines")
    facility = C023(exact(detail.facility_type), "A", exact(claim.frequency))
    return assemble(node, {
        **part.claim(node, claim),
        "claim": part.information(claim, facility, _PREDETERMINATION, signed=False),
        **_stay(claim, detail),
        "patient_estimated_amount_due": amount("F3", detail.estimated_due),
        "auto_accident_state": reference("LU", detail.auto_accident_state),
        "medical_record_number": reference("EA", detail.medical_record_number),
        "billing_note": part.own_note(claim),
        "claim_notes": part.notes(claim),
        **_codes(claim, detail),
        **part.providers(node, {
            "attending_provider": detail.attending,
            "operating_physician": detail.operating,
            "other_operating_physician": detail.other_operating,
            "rendering_provider": claim.rendering,
            "service_facility": claim.service_facility,
            "referring_provider": claim.referring,
        }),
        "lines": [_line(lines, each) for each in claim.lines],
    })  # fmt: skip


# --- lines ----------------------------------------------------------------------------------------------------------


@in_its_loop
def _line(node: Node, line: ServiceLine) -> Loop:
    part.without(line, _NOT_ON_LINES, "837I")
    parts: Parts = {
        "line_number": LX(number=line.number),
        "service": SV2(
            revenue_code=exact(line.revenue_code),
            procedure=procedure(line.procedure) if line.procedure.code else None,
            charge=line.charge,
            unit=exact(line.unit_kind),
            quantity=line.units,
            noncovered_charge=line.non_covered,
        ),
        "service_date": over_days("472", line.service) if line.service.start else None,
        "line_item_control_number": reference("6R", line.control_number),
        "service_tax": amount("GT", line.sales_tax),
        "facility_tax": amount("N8", line.facility_tax),
        **part.providers(node, {
            "operating_physician": line.operating,
            "other_operating_physician": line.other_operating,
            "rendering_provider": line.rendering,
            "referring_provider": line.referring,
        }),
        "adjudications": part.adjudications(node, line.adjudications),
    }  # fmt: skip
    if line.drug is not None:
        parts["drug"] = part.drug(inner(node, "drug"), line.drug)
    return assemble(node, parts)
