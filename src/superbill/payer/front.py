"""The front end: what a payer looks at before a claim enters its system. Each edit rejects in the 277CA.

An edit is a small function that gives the status of the whole claim, or None. The first that speaks decides, in the
order of EDITS; edits of service lines are asked line by line, and every bad line is named.
"""

import re
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.identifiers import is_npi, is_procedure_code
from superbill.payer.chance import happens
from superbill.payer.config import PayerConfig
from superbill.x12.model import ClaimStatus, LineStatus, StatusCode

MISSING, INVALID, UNPROCESSABLE, CONTRADICTORY = "A6", "A7", "A3", "A8"
BILLING, RENDERING, SUBSCRIBER, PATIENT, PAYER = "85", "82", "IL", "QC", "PR"
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
    """Member id, birth date and a diagnosis are needed to find the member and to judge the claim."""
    claim = desk.claim
    if not claim.subscriber.member_id:
        return StatusCode(MISSING, "164", SUBSCRIBER)
    born = claim.subscriber.birth_date or claim.patient.birth_date
    if born is None or (not claim.patient_is_subscriber and claim.patient.birth_date is None):
        return StatusCode(MISSING, "158", SUBSCRIBER if claim.patient_is_subscriber else PATIENT)
    return StatusCode(MISSING, "254") if not claim.diagnoses else None


def _invalid_npi(desk: Desk) -> StatusCode | None:
    """The billing and rendering provider's NPI pass the check digit."""
    claim = desk.claim
    if not is_npi(claim.billing.npi):
        return StatusCode(INVALID, "562", BILLING)
    rendering = claim.rendering
    return StatusCode(INVALID, "562", RENDERING) if rendering and not is_npi(rendering.npi) else None


def _invalid_diagnosis(desk: Desk) -> StatusCode | None:
    """Diagnosis codes have the shape of ICD-10-CM."""
    claim = desk.claim
    bad = any(not _DIAGNOSIS.fullmatch(diagnosis.code) for diagnosis in claim.diagnoses)
    return StatusCode(INVALID, "255") if bad else None


def _future_service(desk: Desk) -> StatusCode | None:
    """No service lies in the future, and none came before the patient was born."""
    claim = desk.claim
    born = claim.patient.birth_date or date.min
    for line in claim.lines:
        start, end = line.service.start, line.service.end or line.service.start
        if start is None or end is None:
            return StatusCode(MISSING, "187")
        if start < born or end > desk.today or end < start:
            return StatusCode(INVALID, "187")
    return None


def _unknown_replaced(desk: Desk) -> StatusCode | None:
    """A replacement or void names the claim that it changes."""
    claim = desk.claim
    if claim.frequency == "1" or desk.known(claim.payer_control_number):
        return None
    return StatusCode(INVALID if claim.payer_control_number else MISSING, "464", PAYER)


def _unknown_member(desk: Desk) -> StatusCode | None:
    """The member id belongs to nobody: listed as unknown, or by chance."""
    claim = desk.claim
    assert desk.payer is not None
    member = desk.payer.member.get(claim.subscriber.member_id)
    by_chance = claim.frequency == "1" and happens(
        desk.payer.rates.unknown_member, desk.seed, desk.payer.id, "unknown member", claim.control_number
    )
    unknown = (member is not None and member.unknown) or by_chance
    return StatusCode(UNPROCESSABLE, "33", SUBSCRIBER) if unknown else None


def _chance_of_missing_data(desk: Desk) -> StatusCode | None:
    """Now and then an intake system can't read something that was sent."""
    claim = desk.claim
    assert desk.payer is not None
    rate = desk.payer.rates.missing_data if claim.frequency == "1" else 0
    hit = happens(rate, desk.seed, desk.payer.id, "missing data", claim.control_number)
    return StatusCode(UNPROCESSABLE, "21") if hit else None


EDITS: tuple[Callable[[Desk], StatusCode | None], ...] = (
    _wrong_payer,
    _missing_data,
    _invalid_npi,
    _invalid_diagnosis,
    _future_service,
    _unknown_replaced,
    _unknown_member,
    _chance_of_missing_data,
)


def _line_status(claim: Claim, line: ServiceLine) -> StatusCode | None:
    """The code's shape, units and charge above zero, and pointers that point to a diagnosis."""
    if not is_procedure_code(line.procedure.code):
        return StatusCode(INVALID, "454")
    if line.units <= 0:
        return StatusCode(INVALID, "476")
    if line.charge < 0:
        return StatusCode(INVALID, "178")
    pointers = line.diagnosis_pointers
    if not pointers or any(not 1 <= pointer <= len(claim.diagnoses) for pointer in pointers):
        return StatusCode(INVALID, "477")
    return None


def examine(desk: Desk, *, icn: str) -> ClaimStatus:
    """The claim's status in the 277CA: accepted with `icn`, or rejected with the reason."""
    claim = desk.claim
    status = next((found for edit in EDITS if (found := edit(desk))), None)
    lines = () if status else tuple(
        LineStatus(
            procedure=line.procedure,
            charge=line.charge,
            units=line.units,
            control_number=line.control_number,
            service=line.service,
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
        service=claim.service,
        effective=desk.today,
        lines=lines,
    )
