"""What the three guides tell alike of a claim: other payers and what they decided, drugs, notes, further numbers."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec.structs import astuple

from superbill.claims.model import (
    Attachment,
    Diagnosis,
    LineAdjudication,
    NationalDrug,
    Note,
    OtherInsurance,
    Procedure,
    SecondaryId,
)
from superbill.effective import Period
from superbill.x12.documents import fold
from superbill.x12.documents.claim_parties_read import EMPTY, PAYER, member, party, payer_of, subscriber_of
from superbill.x12.documents.fold import NotCarried, Notes, Table, Take, Unreadable, Values, each, inside, text, value
from superbill.x12.documents.parts_read import adjustments, inpatient, outpatient, procedure
from superbill.x12.standard.certificates import CRC
from superbill.x12.standard.claim import CLM, HI, MIA, MOA, PWK
from superbill.x12.standard.composites import C004
from superbill.x12.standard.parties import K3, NTE, OI, REF, SBR
from superbill.x12.standard.service import CTP, SVD
from superbill.x12.tree import Loop

NO_LINE: Values = {"number": 0, "control_number": "", "procedure": Procedure(""), "charge": 0, "service": Period()}
NO_CLAIM: Values = {"control_number": "", "diagnoses": (), "place_of_service": ""}


def finished(v: Values) -> Values:
    """The values of a loop with every list that was gathered as a tuple."""
    for name, found in v.items():
        if type(found) is list:
            v[name] = tuple(found)
    return v


# --- the claim ------------------------------------------------------------------------------------------------------


def information(segment: CLM, v: Values, frequencies: frozenset[str]) -> None:
    """CLM without its place of service. Raises Unreadable for a frequency that claims of this kind don't have."""
    v["control_number"] = segment.patient_control_number
    v["accept_assignment"] = segment.accept_assignment or "A"
    v["benefits_assigned"] = segment.benefits_assigned or "Y"
    v["release_of_information"] = segment.release_of_information or "Y"
    if segment.submission_reason:
        v["predetermination"] = True
    if segment.special_program:
        v["special_program"] = segment.special_program
    if segment.delay_reason:
        v["delay_reason"] = segment.delay_reason
    if segment.related_causes is not None:
        v["related_causes"] = segment.related_causes
    frequency = "" if segment.facility is None else segment.facility.frequency
    if frequency in frequencies:
        v["frequency"] = frequency
    elif frequency:
        raise Unreadable(5, f"claim frequency {frequency!r} is none of {', '.join(sorted(frequencies))}, 1 is taken")


@lru_cache(1 << 13)
def diagnosis(code: str, poa: Any = "") -> Diagnosis:
    """A diagnosis, the same one for the same code."""
    return Diagnosis(code, poa)


def diagnoses(segment: HI, v: Values, _notes: Notes) -> None:
    """The diagnoses of a professional or dental claim, added to those before; none are of SNODENT (TQ)."""
    _, *codes = astuple(segment)  # much quicker than asking twelve times
    found = [each for each in codes if each is not None and each.code]
    if found and found[0].qualifier == "TQ":
        raise NotCarried
    v["diagnoses"] += tuple([diagnosis(each.code) for each in found])


def further_number(segment: REF, v: Values, _notes: Notes) -> None:
    """A number of the claim that has no field of its own."""
    v.setdefault("references", []).append(SecondaryId(segment.qualifier, segment.value))


def own_number(field: str) -> Take:
    """A number of a line; of several the first, and none that is another payer's."""

    def take(segment: REF, v: Values, _notes: Notes) -> None:
        if field in v or segment.related is not None:
            raise NotCarried
        v[field] = segment.value

    return take


def note(segment: NTE, v: Values, _notes: Notes) -> None:
    """A note of the claim: the first that adds something (ADD) is the biller's own."""
    if segment.qualifier == "ADD" and "note" not in v:
        v["note"] = segment.text
    else:
        v.setdefault("notes", []).append(Note(segment.qualifier, segment.text))


def _attachment(segment: PWK, v: Values, _notes: Notes) -> None:
    made = Attachment(segment.report_type, segment.transmission, segment.control_number)
    v.setdefault("attachments", []).append(made)


def _file_information(segment: K3, v: Values, _notes: Notes) -> None:
    v.setdefault("file_information", []).append(segment.text)


def epsdt_referral(segment: CRC, v: Values, _notes: Notes) -> None:
    """What became of a child's screening (CRC*ZZ)."""
    v["epsdt_referrals"] = tuple(filter(None, (segment.condition_1, segment.condition_2, segment.condition_3)))


# What the guides tell of a claim under one name.
CLAIM: dict[str, Take] = {
    "supplemental_information": _attachment,
    "referral_number": text("referral_number"),
    "prior_authorization": text("prior_authorization"),
    "payer_claim_control_number": text("payer_control_number"),
    "service_authorization_exception": further_number,
    "repriced_claim_number": further_number,
    "adjusted_repriced_claim_number": further_number,
    "intermediary_claim_number": further_number,
    "file_information": _file_information,
    "rendering_provider": party("rendering"),
    "service_facility": party("service_facility"),
}


# --- other payers ---------------------------------------------------------------------------------------------------


def sbr(segment: SBR, v: Values, _notes: Notes) -> None:
    """What a coverage is."""
    v["sbr"] = segment


def _oi(segment: OI, v: Values, _notes: Notes) -> None:
    if segment.benefits_assigned:
        v["benefits_assigned"] = segment.benefits_assigned
    if segment.release_of_information:
        v["release_of_information"] = segment.release_of_information


def _inpatient(segment: MIA, v: Values, _notes: Notes) -> None:
    v["inpatient"] = inpatient(segment)


def _outpatient(segment: MOA, v: Values, _notes: Notes) -> None:
    v["outpatient"] = outpatient(segment)


_OTHER = Table(
    subscriber_information=sbr,
    adjustments=adjustments,
    payer_paid_amount=value("paid"),
    non_covered_amount=value("non_covered"),
    remaining_patient_liability=value("remaining_patient_liability"),
    coverage=_oi,
    inpatient_adjudication=_inpatient,
    outpatient_adjudication=_outpatient,
    other_subscriber_name=member,
    other_payer_name=inside("payer", PAYER),
)
_OF_PAYER = ("paid_on", "payer_control_number", "prior_authorization", "referral_number")


def _other(loop: Loop, notes: Notes) -> OtherInsurance:
    v = _OTHER.fold(loop, notes, {})
    coverage: SBR = v.pop("sbr")
    payer = v.pop("payer", EMPTY)
    return OtherInsurance(
        subscriber=subscriber_of(coverage, v.pop("member", EMPTY), coverage.relationship or "21"),
        payer=payer_of(payer, coverage.filing_indicator),
        adjustments=tuple(v.pop("adjustments", ())),
        **{name: payer[name] for name in _OF_PAYER if name in payer},
        **v,
    )


CLAIM["other_subscribers"] = each("other_insurance", _other)


# --- lines ----------------------------------------------------------------------------------------------------------


@lru_cache(1 << 10)
def pointers(found: C004) -> tuple[int, ...]:
    """Places in the claim's diagnoses."""
    return found.pointers


def _drug_quantity(segment: CTP, v: Values, _notes: Notes) -> None:
    if segment.quantity is not None:
        v["quantity"] = segment.quantity
    if segment.unit is not None:
        v["unit"] = segment.unit.unit


def _prescription(segment: REF, v: Values, _notes: Notes) -> None:
    if segment.qualifier != "XZ":  # VY ties the lines of a compound together
        raise NotCarried
    v["prescription_number"] = segment.value


_DRUG = Table(identification=text("ndc", "code"), quantity=_drug_quantity, prescription_number=_prescription)


def drug(loop: Loop, v: Values, notes: Notes) -> None:
    """The drug of a line."""
    found = {"ndc": "", "quantity": Decimal(0), **_DRUG.fold(loop, notes, {})}
    v["drug"] = NationalDrug(**found)


def _svd(segment: SVD, v: Values, _notes: Notes) -> None:
    v["payer_id"] = segment.payer_id
    v["paid"] = segment.paid or 0
    v["procedure"] = Procedure("") if segment.procedure is None else procedure(segment.procedure)
    v["units"] = Decimal(1) if segment.quantity is None else segment.quantity
    v["revenue_code"] = segment.revenue_code
    v["bundled_into"] = segment.bundled_line


_ADJUDICATION = Table(
    adjudication=_svd,
    adjustments=adjustments,
    check_date=fold.day("paid_on"),
    remaining_patient_liability=value("remaining_patient_liability"),
)


def _adjudication(loop: Loop, notes: Notes) -> LineAdjudication:
    return LineAdjudication(**finished(_ADJUDICATION.fold(loop, notes, {})))


# What the guides tell of a line under one name.
LINE: dict[str, Take] = {
    "line_number": value("number", "number"),
    "service_date": fold.period,
    "line_item_control_number": text("control_number"),
    "rendering_provider": party("rendering"),
    "adjudications": each("adjudications", _adjudication),
}
