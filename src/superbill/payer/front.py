"""The front end: what a payer looks at before a claim enters its system. Each edit rejects in the 277CA.

An edit is a small function that gives the status of the whole claim, or None. The first that speaks decides, in the
order of EDITS; edits of service lines are asked line by line, and every bad line is named.
"""

import re
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.claims.build_dental import is_tooth
from superbill.claims.model import Claim, ClaimKind, ServiceLine
from superbill.codesets.cdt.lookup import is_cdt
from superbill.codesets.revenue_code.lookup import revenue_code
from superbill.codesets.type_of_bill.lookup import refusal as not_a_type
from superbill.effective import Period
from superbill.identifiers import is_npi, is_procedure_code
from superbill.payer.chance import happens
from superbill.payer.config import PayerConfig
from superbill.payer.rules import changes_another
from superbill.payer.stays import reported_procedure
from superbill.x12.model import ClaimStatus, LineStatus, StatusCode

MISSING, INVALID, UNPROCESSABLE, CONTRADICTORY = "A6", "A7", "A3", "A8"
BILLING, RENDERING, ATTENDING, SUBSCRIBER, PATIENT, PAYER = "85", "82", "71", "IL", "QC", "PR"
ACCEPTED = StatusCode("A2", "20")

_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4}|U\d{2}[0-9A-Z]{0,4}")


class Desk(Struct, frozen=True, kw_only=True):
    """What an edit may look at. `known` answers whether an ICN is one of this payer's."""

    claim: Claim
    payer: PayerConfig | None
    seed: int
    today: date
    known: Callable[[str], bool]


def _wrong_payer(desk: Desk) -> StatusCode | None:
    """No payer here has the id of 2010BB."""
    return StatusCode(UNPROCESSABLE, "116", PAYER) if desk.payer is None else None


def _missing_data(desk: Desk) -> StatusCode | None:
    """Member id, birth date and a diagnosis are needed to find the member and to judge the claim; a dentist's claim
    needs no diagnosis."""
    claim = desk.claim
    if not claim.subscriber.member_id:
        return StatusCode(MISSING, "164", SUBSCRIBER)
    born = claim.subscriber.birth_date or claim.patient.birth_date
    if born is None or (not claim.patient_is_subscriber and claim.patient.birth_date is None):
        return StatusCode(MISSING, "158", SUBSCRIBER if claim.patient_is_subscriber else PATIENT)
    return StatusCode(MISSING, "254") if not claim.diagnoses and claim.kind != "dental" else None


def _invalid_npi(desk: Desk) -> StatusCode | None:
    """The billing, rendering and attending provider's NPI pass the check digit."""
    claim = desk.claim
    attending = claim.institutional.attending if claim.institutional else None
    for entity, provider in ((BILLING, claim.billing), (RENDERING, claim.rendering), (ATTENDING, attending)):
        if provider and not is_npi(provider.npi):
            return StatusCode(INVALID, "562", entity)
    return None


def _type_of_bill(desk: Desk) -> StatusCode | None:
    """A facility's bill is of a type that there is."""
    claim = desk.claim
    return StatusCode(INVALID, "228") if claim.type_of_bill and not_a_type(claim.type_of_bill) else None


def _incomplete_stay(desk: Desk) -> StatusCode | None:
    """A facility says how the patient left, and of an inpatient when and with what he came; who attended, where
    anyone did (all but ambulance, revenue code 054x)."""
    claim, detail = desk.claim, desk.claim.institutional
    if detail is None:
        return None
    if not detail.discharge_status:
        return StatusCode(MISSING, "234")
    if detail.inpatient and claim.admission is None:
        return StatusCode(MISSING, "189")
    if detail.inpatient and not detail.admitting_diagnosis:
        return StatusCode(MISSING, "232")
    transported = all(line.revenue_code.startswith("054") for line in claim.lines)
    return StatusCode(MISSING, "562", ATTENDING) if detail.attending is None and not transported else None


def _outside_statement(desk: Desk) -> StatusCode | None:
    """No line of a facility's bill has a day that its statement does not cover."""
    detail = desk.claim.institutional
    if detail is None:
        return None
    days = [day for line in desk.claim.lines for day in (line.service.start, line.service.end) if day is not None]
    return StatusCode(CONTRADICTORY, "188") if any(day not in detail.statement for day in days) else None


def _invalid_diagnosis(desk: Desk) -> StatusCode | None:
    """Diagnosis codes have the shape of ICD-10-CM."""
    claim = desk.claim
    bad = any(not _DIAGNOSIS.fullmatch(diagnosis.code) for diagnosis in claim.diagnoses)
    return StatusCode(INVALID, "255") if bad else None


def _future_service(desk: Desk) -> StatusCode | None:
    """No service lies in the future, and none came before the patient was born. A question has no day yet."""
    claim = desk.claim
    if claim.predetermination:
        return None
    born = claim.patient.birth_date or date.min
    for line in claim.lines:
        days = claim.days_of(line)
        start, end = days.start, days.end or days.start
        if start is None or end is None:
            return StatusCode(MISSING, "187")
        if start < born or end > desk.today or end < start:
            return StatusCode(INVALID, "187")
    return None


def _unknown_replaced(desk: Desk) -> StatusCode | None:
    """A replacement or void names the claim that it changes."""
    claim = desk.claim
    if not changes_another(claim) or desk.known(claim.payer_control_number):
        return None
    return StatusCode(INVALID if claim.payer_control_number else MISSING, "464", PAYER)


def _unknown_member(desk: Desk) -> StatusCode | None:
    """The member id belongs to nobody: listed as unknown, or by chance."""
    claim = desk.claim
    assert desk.payer is not None
    member = desk.payer.member.get(claim.subscriber.member_id)
    by_chance = not changes_another(claim) and happens(
        desk.payer.rates.unknown_member, desk.seed, desk.payer.id, "unknown member", claim.control_number
    )
    unknown = (member is not None and member.unknown) or by_chance
    return StatusCode(UNPROCESSABLE, "33", SUBSCRIBER) if unknown else None


def _chance_of_missing_data(desk: Desk) -> StatusCode | None:
    """Now and then an intake system can't read something that was sent."""
    claim = desk.claim
    assert desk.payer is not None
    rate = 0 if changes_another(claim) else desk.payer.rates.missing_data
    hit = happens(rate, desk.seed, desk.payer.id, "missing data", claim.control_number)
    return StatusCode(UNPROCESSABLE, "21") if hit else None


EDITS: tuple[Callable[[Desk], StatusCode | None], ...] = (
    _wrong_payer,
    _missing_data,
    _invalid_npi,
    _type_of_bill,
    _incomplete_stay,
    _invalid_diagnosis,
    _future_service,
    _outside_statement,
    _unknown_replaced,
    _unknown_member,
    _chance_of_missing_data,
)


def _professional_code(line: ServiceLine) -> str | None:
    return None if is_procedure_code(line.procedure.code) else "454"


def _facility_code(line: ServiceLine) -> str | None:
    """A revenue code that there is; a procedure code only where it says more (HIPPS codes have the same shape)."""
    if revenue_code(line.revenue_code) is None:
        return "455"
    return None if not line.procedure.code or is_procedure_code(line.procedure.code) else "454"


def _dental_code(line: ServiceLine) -> str | None:
    """A code of CDT, and teeth by number or letter."""
    if not is_cdt(line.procedure.code):
        return "454"
    teeth = line.dental.teeth if line.dental else ()
    return None if all(is_tooth(tooth.number) for tooth in teeth) else "244"


_CODES: dict[ClaimKind, Callable[[ServiceLine], str | None]] = {
    "professional": _professional_code,
    "institutional": _facility_code,
    "dental": _dental_code,
}


def _line_status(claim: Claim, line: ServiceLine) -> StatusCode | None:
    """The code's shape, units and charge above zero, and pointers that point to a diagnosis."""
    if (wrong := _CODES[claim.kind](line)) is not None:
        return StatusCode(INVALID, wrong)
    if line.units <= 0:
        return StatusCode(INVALID, "476")
    if line.charge < 0:
        return StatusCode(INVALID, "178")
    pointers = line.diagnosis_pointers
    if claim.kind == "professional" and not pointers:
        return StatusCode(INVALID, "477")
    if any(not 1 <= pointer <= len(claim.diagnoses) for pointer in pointers):
        return StatusCode(INVALID, "477")
    return None


def examine(desk: Desk, *, icn: str) -> ClaimStatus:
    """The claim's status in the 277CA: accepted with `icn`, or rejected with the reason."""
    claim = desk.claim
    status = next((found for edit in EDITS if (found := edit(desk))), None)
    lines = () if status else tuple(
        LineStatus(
            procedure=reported_procedure(line),
            revenue_code=line.revenue_code if line.procedure.code else "",
            charge=line.charge,
            units=line.units,
            control_number=line.control_number,
            service=claim.days_of(line),
            statuses=(bad,),
        )
        for line in claim.lines
        if (bad := _line_status(claim, line))
    )  # fmt: skip
    statuses = (status,) if status else lines[0].statuses if lines else (ACCEPTED,)
    rejected = bool(status or lines)
    return ClaimStatus(
        control_number=claim.control_number,
        patient=claim.patient.person,
        member_id=claim.subscriber.member_id,
        action="U" if rejected else "WQ",
        statuses=statuses,
        charge=claim.charge,
        payer_control_number="" if rejected else icn,
        bill_type=claim.type_of_bill[1:],
        service=claim.service if claim.service.start else Period(desk.today, desk.today),
        effective=desk.today,
        lines=lines,
    )
