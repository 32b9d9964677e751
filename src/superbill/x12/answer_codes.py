"""How one flaw is told in each answer: the codes of the 999 (IK3, IK4, IK5) and of the 277CA (STC01).

The claim status of a flaw is looked up from the particular to the general: by the guide's name of the segment, by the
code set that refused a code, by the element, by the segment, by what kind of flaw it is. Source: the claim status codes
(superbill.codesets.claim_status) and 005010X214, STC01; and where they are published, the edits of Medicare's front
ends (CMS 837P and 837I edits as the contractor for equipment, CEDI, explains them, with the number of the edit):

    A3 247        the line is what rejects the claim, and has the status that says why
    A7 164 IL     the member's number is none (X222.121.2010BA.NM109.020)
    A7 453        a modifier (X222.351.2400.SV101-3.040)
    A7 500        a ZIP code without its last four digits
    A7 507        a HCPCS code that is none on that day (X222.351.2400.SV101-2.020)
    A7 562 82     an NPI (2420A NM109)
"""

from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.x12 import problems as p
from superbill.x12.guides.claims_277ca import CLAIM_ENTITIES
from superbill.x12.library import compiled
from superbill.x12.model import StatusCode
from superbill.x12.problems import Flaw

STANDARD_ERROR = "5"  # IK502: one or more segments in error
GUIDE_ERROR = "I5"  # the same, where the standard is kept and the guide is not

UNPROCESSABLE, MISSING, INVALID, CONTRADICTORY = "A3", "A6", "A7", "A8"
ANY_INFORMATION = "21"
REJECTED_BY_SYNTAX = "684"
LINES_REJECTED = StatusCode(UNPROCESSABLE, "247")


class Codes(Struct, frozen=True, kw_only=True):
    """What the answers say of one flaw: IK304, IK403 ("" without), IK502, and STC01 of the 277CA."""

    segment: str
    element: str
    transaction: str
    status: StatusCode


def transaction_code(flaw: Flaw) -> str:
    """IK502 for a flaw: of the standard, or of the guide alone."""
    code = flaw.syntax if flaw.problem is None else flaw.problem.code
    return GUIDE_ERROR if code.startswith("I") else STANDARD_ERROR


def code_of(flaw: Flaw, key: str = "") -> Codes:
    """The codes for a flaw of a transaction set of that guide ("837P"), which tells whom its loops are about."""
    return Codes(
        segment=flaw.syntax,
        element="" if flaw.problem is None else flaw.problem.code,
        transaction=transaction_code(flaw),
        status=status_of(flaw, key),
    )


# --- category -------------------------------------------------------------------------------------------------------

_MISPLACED = frozenset((p.SEGMENT_UNKNOWN, p.SEGMENT_UNEXPECTED, p.LOOP_REPEATS, p.SEGMENT_REPEATS, p.SEGMENT_ORDER))
_SEGMENT_CATEGORIES = {
    p.SEGMENT_MISSING: MISSING,
    p.DEPENDENT_SEGMENT_MISSING: MISSING,
    p.DEPENDENT_SEGMENT_NOT_USED: CONTRADICTORY,
}
_ELEMENT_CATEGORIES = {
    p.ELEMENT_MISSING: MISSING,
    p.CONDITIONAL_ELEMENT_MISSING: MISSING,
    p.DEPENDENT_ELEMENT_MISSING: MISSING,
    p.EXCLUSION_VIOLATED: CONTRADICTORY,
    p.DEPENDENT_ELEMENT_NOT_USED: CONTRADICTORY,
}
# An element that does not fit its place is wrong itself, and not against another one.
_PLACE_CATEGORIES = {"N403": INVALID}


def _category(flaw: Flaw) -> str:
    if flaw.problem is not None:
        place = f"{flaw.segment}{flaw.problem.element:02}"
        told = _ELEMENT_CATEGORIES.get(flaw.problem.code, INVALID)
        return told if told == MISSING else _PLACE_CATEGORIES.get(place, told)
    return _SEGMENT_CATEGORIES.get(flaw.syntax, INVALID)


# --- whom a loop is about -------------------------------------------------------------------------------------------

# Loops without a name of their own, and those whose NM101 is none of the 277CA's.
_LEVELS = {"2000A": "85", "2000B": "IL", "2000C": "QC", "2320": "GB", "2330A": "GB"}
_ENTITIES = frozenset(CLAIM_ENTITIES.split(","))


@cache
def _entities(key: str) -> dict[str, str]:
    """By loop: the entity (STC01-3) that it is about."""
    if not key:
        return _LEVELS
    named = {node.rule.id: rule.codes for node in compiled(key).nodes if (rule := node.rule.opener.at(1)) is not None}
    return {loop: codes[0] for loop, codes in named.items() if codes and codes[0] in _ENTITIES} | _LEVELS


# --- status ---------------------------------------------------------------------------------------------------------

_OF_ENTITY = frozenset(
    ("124", "125", "126", "127", "128", "145", "153", "156", "157", "158", "159", "163", "164", "500", "501", "502",
     "503", "504", "505", "514", "562", "745")
)  # fmt: skip

# By what the table is looked up with: status.
_STATUSES = {
    # names of segments
    "tax_id": "128", "secondary_ids": "153", "secondary_id": "153", "prior_authorization": "252",
    "prior_authorizations": "252", "referral_number": "252", "referral_numbers": "252",
    "payer_claim_control_number": "464", "clia_number": "153", "prescription_number": "219", "check_date": "516",
    "service_date": "187", "statement_dates": "188", "admission_date": "189", "discharge_date": "190",
    "discharge_hour": "233", "accident_date": "248", "last_menstrual_period_date": "191",
    "initial_treatment_date": "192", "diagnoses": "255", "principal_diagnosis": "254", "admitting_diagnosis": "232",
    "reasons_for_visit": "673", "external_causes": "255", "diagnosis_related_group": "256", "other_diagnoses": "255",
    "principal_procedure": "465", "other_procedures": "490", "occurrences": "461", "occurrence_spans": "462",
    "value_codes": "463", "condition_codes": "460", "supplemental_information": "489",
    "payer_paid_amount": "183",
    # code sets
    "npi": "562", "tin": "128", "ssn": "153", "clia": "153", "taxonomy": "145", "state": "501", "zip": "500",
    "postal_code_of_canada": "500", "country": "126", "icd10cm": "255", "icd9cm": "255", "icd10pcs": "465",
    "icd9_procedure": "465", "hcpcs": "507", "cdt": "454", "hipps": "454", "ndc": "218", "revenue": "455",
    "modifier": "453", "pos": "249", "bill_type": "228", "condition_code": "460", "occurrence_code": "461",
    "value_code": "463", "drg": "256", "tooth": "242", "adjustment_group": "521", "adjustment_reason": "521",
    "remark": "634",
    # parties
    "NM103": "125", "NM104": "505", "NM105": "514", "NM108": "745", "NM109": "562", "NM109:IL": "164",
    "NM109:QC": "164", "NM109:GB": "164", "NM109:PR": "153", "NM109:40": "153", "NM109:41": "153", "NM1": "125",
    "N301": "503", "N302": "503", "N3": "503", "N401": "502", "N402": "501", "N403": "500", "N4": "126", "PER": "127",
    "PRV": "145", "DMG02": "158", "DMG03": "157", "DMG": "158", "SBR02": "156", "SBR03": "163", "PAT01": "156",
    "PAT06": "159", "SBR09:GB": "480",
    # the claim
    "CLM01": "478", "CLM02": "178", "CLM05-1": "249", "CLM05-1:I": "228", "CLM05-3": "535", "CLM06": "117",
    "CLM11": "248", "CLM11-1": "248", "CLM11-2": "248", "CLM11-4": "248", "CL101": "231", "CL102": "229",
    "CL103": "234", "HI": "255", "DTP": "187", "CAS": "521", "SVD": "710", "MOA": "634", "MIA": "634",
    # the line
    "SV101": "454", "SV101-1": "454", "SV101-2": "454", "SV102": "178", "SV103": "476", "SV104": "476",
    "SV105": "249", "SV107": "477", "SV107-1": "477", "SV107-2": "477", "SV107-3": "477", "SV107-4": "477",
    "SV201": "455", "SV202": "454", "SV202-1": "454", "SV202-2": "454", "SV203": "178", "SV204": "476",
    "SV205": "476", "SV301": "454", "SV301-1": "454", "SV301-2": "454", "SV302": "178", "SV303": "249",
    "SV306": "476", "SV1": "454", "SV2": "454", "SV3": "454", "TOO": "242", "LIN": "218", "LX": "247",
    # kinds of flaw
    "x12.element.length": "512", "x12.element.characters": "511",
}  # fmt: skip


def _lookups(flaw: Flaw, entity: str, key: str) -> Iterator[str]:
    """What to look a flaw up with, from the particular to the general."""
    yield flaw.name
    if flaw.rule.startswith("x12.code."):
        yield flaw.rule.removeprefix("x12.code.")
    if flaw.problem is not None and flaw.problem.element:
        place = f"{flaw.segment}{flaw.problem.element:02}"
        part = f"{place}-{flaw.problem.component}" if flaw.problem.component else place
        for each in (part, place):
            yield f"{each}:{entity}"
            yield f"{each}:{key[3:4]}"
            yield each
    yield flaw.segment
    yield flaw.rule


def status_of(flaw: Flaw, key: str = "") -> StatusCode:
    """The claim status that rejects a claim for a flaw: category, status, entity where the status is one's."""
    if flaw.rule.startswith("x12.balance."):
        return StatusCode(CONTRADICTORY, "400")
    if flaw.syntax in _MISPLACED or flaw.rule.startswith(("x12.hl.", "x12.lx.")):
        return StatusCode(UNPROCESSABLE, REJECTED_BY_SYNTAX)
    entity = _entities(key).get(flaw.loop, "")
    found = next((status for each in _lookups(flaw, entity, key) if (status := _STATUSES.get(each))), ANY_INFORMATION)
    return StatusCode(_category(flaw), found, entity if found in _OF_ENTITY else "")
