"""When a claim (837) must say more, and what it may say only then."""

from collections.abc import Iterator, Sequence
from typing import Any

from superbill.effective import Period
from superbill.x12.conditions.given import given, once, sign
from superbill.x12.tree import Loop

_SELF = "18"
_SUBROGATION = "31"
_PERSON, _ORGANIZATION = "1", "2"
_PRIMARY = "P"
_MEDICARE = frozenset(("MA", "MB"))
_MEDICARE_PART_B = "MB"
# Countries with states or provinces in addresses: the United States ("" too), its territories, and Canada.
_WITH_STATES = frozenset(("", "US", "CA", "AS", "GU", "MP", "PR", "UM", "VI"))
_UNITED_STATES = frozenset(("", "US"))
_WHOLE_ZIP = 9
_SENT_APART = frozenset(("BM", "EL", "EM", "FT", "FX"))
_AUTO = "AA"
_ACCIDENTS = frozenset((_AUTO, "OA"))
_REPLACEMENT_OR_VOID = frozenset(("7", "8"))
_INPATIENT_PLACES = frozenset(("21", "51", "61"))
_AMBULANCES = frozenset(("41", "42"))
_ACUTE = frozenset(("A", "M"))
_OVERSIGHT = frozenset(("G0181", "G0182"))
_WAIVED_TEST = "QW"
_REVISED = frozenset(("R", "S"))
# Types of bill, their first two positions. Where payers differ (12, 22, 28, 65, 86 …) nothing is asked for.
_INPATIENT_BILLS = frozenset(("11", "18", "21", "41"))
_HOSPITAL_STAYS = frozenset(("11", "41"))
_OUTPATIENT_BILLS = frozenset(("13", "14", "83", "85"))
_VISITS = frozenset(("13", "78", "85"))
_COMPLETE = frozenset(("1", "4"))
_STILL_PATIENT = "30"
_UNSCHEDULED = frozenset(("1", "2", "5"))
_URGENT_CARE = ("045", "0516", "0762")
_AMBULANCE_REVENUE = "054"


def _subscriber_information(loop: Loop, above: Sequence[Loop]) -> Any:
    """SBR of the loop 2000B that this loop is, or stands in; None where there is none."""
    level = next((each for each in (loop, *above) if each.id == "2000B"), None)
    return level and level.subscriber_information


def _bills_medicare_part_b(loop: Loop, above: Sequence[Loop]) -> bool:
    """SBR09 says that the claim goes to Medicare part B."""
    information = _subscriber_information(loop, above)
    return information is not None and information.filing_indicator == _MEDICARE_PART_B


# --- parties --------------------------------------------------------------------------------------------------------


def address_is_in_us_or_canada(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The address (N4) is in the United States, its territories or Canada: it has a state and a postal code."""
    return segment.country in _WITH_STATES


def us_zip_code_has_nine_digits(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The whole ZIP code is told in the United States, where who bills or treats has it; elsewhere any postal code.

    As `address_is_in_us_or_canada` it holds where there is none and must be one.
    """
    if segment.country in _UNITED_STATES:
        return not segment.postal_code or (segment.postal_code.isdecimal() and len(segment.postal_code) == _WHOLE_ZIP)
    return segment.country in _WITH_STATES or bool(segment.postal_code)


def person_has_first_name(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """There is a first name, and NM102 is not 2: an organization has none."""
    return bool(segment.entity_type != _ORGANIZATION and segment.first)


def person_has_middle_name(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """There is a middle name, and NM102 is not 2: an organization has none."""
    return bool(segment.entity_type != _ORGANIZATION and segment.middle)


def person_has_suffix(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """There is a suffix to the name, and NM102 is not 2: an organization has none."""
    return bool(segment.entity_type != _ORGANIZATION and segment.suffix)


def entity_is_person(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """NM102 is 1: a subscriber who is a person has a member number, an employer may have none."""
    return bool(segment.entity_type == _PERSON)


def claim_is_subrogation(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """BHT06 is 31: a Medicaid agency demands what another plan owed. That plan is told, and only then."""
    root = (loop, *above)[-1]
    return root.beginning is not None and root.beginning.transaction_type == _SUBROGATION


def patient_is_subscriber(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """SBR02 is 18: the subscriber is told with address, birth date and sex, and has the claim."""
    information = _subscriber_information(loop, above)
    return information is not None and information.relationship == _SELF


def subscriber_has_own_claims(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """HL04 is 0, or claims stand right under the subscriber, who then is the patient: SBR02 says so."""
    return bool(loop.claims) or (loop.level is not None and loop.level.child == "0")


def _has_levels_below(level: Any) -> bool:
    return bool(level.child == "1")


@sign("level", of=_has_levels_below)
def patient_is_dependent(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """HL04 is 1: dependents of the subscriber follow as patients."""
    return loop.level is not None and _has_levels_below(loop.level)


def medicare_pays_second(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The payer is Medicare (SBR09 MA or MB) and not the first to pay (SBR01): why, is told in SBR05."""
    return segment.filing_indicator in _MEDICARE and segment.payer_sequence != _PRIMARY


# --- the claim ------------------------------------------------------------------------------------------------------


def _place(loop: Loop) -> str:
    """Place of service, or type of bill without its last position, of a loop 2300; "" where it isn't told."""
    return _place_of(loop.claim)


def _place_of(claim: Any) -> str:
    return "" if claim is None or claim.facility is None else str(claim.facility.code)


def _frequency(loop: Loop) -> str:
    claim = loop.claim
    return "" if claim is None or claim.facility is None else str(claim.facility.frequency)


def _causes(segment: Any) -> tuple[str, ...]:
    return () if segment is None or segment.related_causes is None else segment.related_causes.causes


def _procedures(loop: Loop) -> Iterator[tuple[Loop, Any]]:
    """The lines of a loop 2300 that have a procedure, with it."""
    for line in loop.lines:
        service = line.service
        if service is not None and service.procedure is not None:
            yield line, service.procedure


def paperwork_is_sent(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """PWK02 says that paperwork comes (not that it is kept for request): its control number is told."""
    return segment.transmission in _SENT_APART


def car_accident_was_in_us_or_canada(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """A cause is an accident by car (AA), in the United States or Canada: its state is told."""
    return _AUTO in _causes(segment) and segment.related_causes.country in _WITH_STATES


@sign("claim", of=lambda claim: not _ACCIDENTS.isdisjoint(_causes(claim)))
def claim_has_accident(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """A cause is an accident by car (AA) or another one (OA): its date is told. For work (EM), it may be."""
    return not _ACCIDENTS.isdisjoint(_causes(loop.claim))


def _is_another(claim: Any) -> bool:
    return claim.facility is not None and claim.facility.frequency in _REPLACEMENT_OR_VOID


@sign("claim", of=_is_another)
def claim_replaces_another(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """CLM05-3 is 7 or 8: the claim replaces or voids one that the payer adjudicated, and gives its number."""
    return loop.claim is not None and _is_another(loop.claim)


@sign("claim", of=lambda claim: _place_of(claim) in _INPATIENT_PLACES)
def place_is_inpatient(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The place of service is inpatient (21, 51, 61): the day of the admission is told."""
    return _place(loop) in _INPATIENT_PLACES


@sign("claim", of=lambda claim: _place_of(claim) in _AMBULANCES)
def place_is_ambulance(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The place of service is an ambulance (41, 42): the transport is told, where from and where to."""
    return _place(loop) in _AMBULANCES


@given("spinal_manipulation")
def manipulated_condition_is_acute(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """Medicare is billed for a spinal manipulation of an acute condition (CR208 A or M): since when, is told."""
    treated = loop.spinal_manipulation
    return treated is not None and treated.condition in _ACUTE and _bills_medicare_part_b(loop, above)


@sign("lines.service", of=lambda service: service.procedure is not None and service.procedure.code in _OVERSIGHT)
def line_bills_care_plan_oversight(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """Medicare is billed for care plan oversight (G0181, G0182): the agency or hospice is told."""
    return any(done.code in _OVERSIGHT for _, done in _procedures(loop)) and _bills_medicare_part_b(loop, above)


@sign("lines.service", of=lambda service: service.procedure is not None and _WAIVED_TEST in service.procedure.modifiers)
def line_bills_waived_test(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """A line has a test of a certified laboratory (modifier QW) and doesn't tell its CLIA number: the claim does."""
    return any(_WAIVED_TEST in done.modifiers and line.clia_number is None for line, done in _procedures(loop))


# --- the claim of a facility ----------------------------------------------------------------------------------------


@sign("claim", of=lambda claim: _place_of(claim) in _INPATIENT_BILLS)
def bill_is_inpatient(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The type of bill is inpatient (11, 18, 21, 41): admission day and admitting diagnosis are told."""
    return _place(loop) in _INPATIENT_BILLS


@sign("claim", of=lambda claim: _place_of(claim) in _HOSPITAL_STAYS)
def patient_was_discharged(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """A hospital stay (type of bill 11, 41) is billed to its end (frequency 1, 4; status not 30): its hour is told."""
    stay = loop.institutional_claim
    ended = stay is not None and stay.patient_status not in ("", _STILL_PATIENT)
    return ended and _place(loop) in _HOSPITAL_STAYS and _frequency(loop) in _COMPLETE


def _revenue_codes(loop: Loop) -> list[str]:
    return [line.service.revenue_code for line in loop.lines if line.service is not None]


@sign("claim", of=lambda claim: _place_of(claim) in _VISITS)
def visit_was_unscheduled(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """An outpatient came unscheduled: the visit's reason is told.

    By the type of bill (13, 78, 85), the type of admission (1, 2, 5) and a revenue code of emergency room, urgent
    care clinic or observation.
    """
    stay = loop.institutional_claim
    urgent = stay is not None and stay.admission_type in _UNSCHEDULED and _place(loop) in _VISITS
    return urgent and any(code.zfill(4).startswith(_URGENT_CARE) for code in _revenue_codes(loop))


@given("other_procedures")
def claim_has_other_procedures(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """Further procedures are told: so is the principal one."""
    return bool(loop.other_procedures)


def claim_has_more_than_transport(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """A line is no ambulance's (revenue code 054x): somebody attended to the patient, and is told."""
    return any(not code.zfill(4).startswith(_AMBULANCE_REVENUE) for code in _revenue_codes(loop))


def outpatient_bill_covers_days(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """An outpatient bill (13, 14, 83, 85) covers several days: each line, a drug's aside, tells its own."""
    claim = above[0]
    days = claim.statement_dates and claim.statement_dates.value
    several = isinstance(days, Period) and days.start != days.end
    return several and loop.drug is None and _place(claim) in _OUTPATIENT_BILLS


# --- other payers ---------------------------------------------------------------------------------------------------


def _payer_id(other: Loop) -> str:
    """NM109 of loop 2330B in a loop 2320."""
    payer = other.other_payer_name
    return "" if payer is None or payer.name is None else payer.name.id


# What is asked again for each line or payer of a claim is found once: a claim may have thousands of lines.


@once
def _payers(claim: Loop) -> frozenset[str]:
    """The ids of the claim's other payers."""
    return frozenset(map(_payer_id, claim.other_subscribers))


@once
def _payers_of_lines(claim: Loop) -> frozenset[str]:
    """The ids of those whose decision a line tells."""
    decided = (each.adjudication for line in claim.lines for each in line.adjudications)
    return frozenset(each.payer_id for each in decided if each is not None)


def _told_by_line(other: Loop, claim: Loop) -> bool:
    """A line says what this other payer decided on it."""
    return _payer_id(other) in _payers_of_lines(claim)


def payer_has_adjudicated(loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """The other payer adjusted the claim or decided on a line of it: what it paid is told, be it nothing."""
    return bool(loop.adjustments) or _told_by_line(loop, above[0])


def payer_adjudicated_without_lines(_loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """The other payer paid or adjusted the claim and no line says when: the day of its remittance is told here.

    Lines come later in the file: while there is none, nothing is asked for.
    """
    other, claim = above[0], above[1]
    decided = other.payer_paid_amount is not None or bool(other.adjustments)
    return decided and bool(claim.lines) and not _told_by_line(other, claim)


def payer_is_told_in_claim(_loop: Loop, above: Sequence[Loop], segment: Any) -> bool:
    """SVD01 is the id of one of the claim's other payers (NM109 of loop 2330B): no other may have decided."""
    claim = above[1]
    return not segment.payer_id or segment.payer_id in _payers(claim)


# --- the line -------------------------------------------------------------------------------------------------------


def procedure_is_that_of_line(loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The equipment of SV5 is what SV1 bills: its code is the same."""
    own = segment.procedure
    billed = loop.service and loop.service.procedure
    return own is None or billed is None or not own.code or own.code == billed.code


@given("equipment_certification")
def equipment_is_certified(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The line's equipment is certified (CR3): since when it is used, is told."""
    return loop.equipment_certification is not None


@given("equipment_certification")
def certification_is_revised(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The certification is a renewal or a revision (CR301 R, S): its day is told."""
    certification = loop.equipment_certification
    return certification is not None and certification.certification_type in _REVISED


@given("purchased_service")
def service_was_purchased(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The service was purchased (PS1): from whom, is told."""
    return loop.purchased_service is not None
