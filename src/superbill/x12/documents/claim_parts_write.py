"""What the three guides tell alike of a claim and its lines: other payers, what they decided, drugs, notes, numbers.

What a document says and its guide has no place for is refused with its loop, never left out, save what the module
docstrings here say is not sent.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter

from superbill.claims.model import (
    Attachment,
    Claim,
    LineAdjudication,
    NationalDrug,
    OtherInsurance,
    Provider,
    SecondaryId,
)
from superbill.x12.documents import claim_parties_write as party
from superbill.x12.documents.envelopes import Parts
from superbill.x12.documents.parts_write import (
    Unwritable,
    address,
    adjustments,
    amount,
    in_its_loop,
    inner,
    inpatient,
    named,
    on_day,
    outpatient,
    procedure,
    reference,
)
from superbill.x12.nodes import Node
from superbill.x12.rules import SegmentRule
from superbill.x12.standard.certificates import CRC
from superbill.x12.standard.claim import CLM, HI, PWK
from superbill.x12.standard.composites import C001, C004, C022, C023, C024
from superbill.x12.standard.parties import K3, NTE, OI, REF
from superbill.x12.standard.service import CTP, LIN, SVD
from superbill.x12.text import exact, plain
from superbill.x12.tree import Loop, assemble

MOST_POINTERS = 4
_CODES_PER_HI = 12
ICD_10 = date(2015, 10, 1)  # 45 CFR 162.1002: of services (discharges) from that day on


# --- what has no place ----------------------------------------------------------------------------------------------


def without(told: object, names: tuple[str, ...], form: str) -> None:
    """Raises Unwritable for the first of these fields that says anything: that form has no place for it."""
    if any(_getter(names)(told)):
        name = next(each for each in names if getattr(told, each))
        raise Unwritable(f"{name.replace('_', ' ')} has no place in an {form}")


@cache
def _getter(names: tuple[str, ...]) -> "attrgetter[tuple[object, ...]]":
    return attrgetter(*names)


# --- the claim ------------------------------------------------------------------------------------------------------


def is_icd_10(claim: Claim) -> bool:
    """Whether its codes are of ICD-10; those of services before October 2015 are of ICD-9."""
    told = claim.institutional.statement if claim.institutional is not None else claim.lines and claim.lines[0].service
    last = (told.end or told.start) if told else None
    return last is None or last >= ICD_10


def lists(codes: Iterable[C022]) -> list[HI]:
    """HI segments of twelve codes each."""
    every = list(codes)
    return [HI("", *every[start : start + _CODES_PER_HI]) for start in range(0, len(every), _CODES_PER_HI)]


def diagnoses(codes: Iterable[str], most: int, icd_10: bool) -> list[HI]:
    """The diagnoses of a professional or dental claim, the first as the principal one."""
    every = tuple(codes)
    if len(every) > most:
        raise Unwritable(f"a claim has at most {most} diagnoses, not {len(every)}")
    return list(_diagnoses(every, "A" if icd_10 else ""))


@lru_cache(1 << 12)
def _diagnoses(codes: tuple[str, ...], icd: str) -> tuple[HI, ...]:
    return tuple(lists(C022(f"{icd}BF" if at else f"{icd}BK", exact(code)) for at, code in enumerate(codes)))


def _related(claim: Claim) -> C024 | None:
    accident = claim.accident
    if accident is None or not (accident.causes or accident.state):
        return None
    if len(accident.causes) > 2:
        raise Unwritable("an accident has at most two causes (CLM11)")
    causes = [*map(exact, accident.causes), "", "", ""]
    return C024(causes[0], causes[1], causes[2], exact(accident.state), exact(accident.country))


def information(claim: Claim, facility: C023, submission_reason: str, *, signed: bool = True) -> CLM:
    """CLM; `signed`: with the provider's signature, which a facility's claim does not tell."""
    return CLM(
        patient_control_number=exact(claim.control_number),
        charge=claim.charge,
        facility=facility,
        provider_signature=("Y" if claim.provider_signature else "N") if signed else "",
        accept_assignment=exact(claim.accept_assignment),
        benefits_assigned=exact(claim.benefits_assigned),
        release_of_information=exact(claim.release_of_information),
        related_causes=_related(claim),
        special_program=exact(claim.special_program),
        submission_reason=submission_reason if claim.predetermination else "",
        delay_reason=exact(claim.delay_reason),
    )


def _attachment(found: Attachment) -> PWK:
    return PWK(
        report_type=exact(found.report),
        transmission=exact(found.transmission),
        id_qualifier="AC" if found.control_number else "",
        control_number=exact(found.control_number),
    )


def _epsdt(conditions: tuple[str, ...]) -> CRC:
    return CRC("", "ZZ", "N" if conditions == ("NU",) else "Y", *map(exact, conditions))


@lru_cache(1 << 6)
def _numbers(node: Node) -> dict[str, str]:
    """The guide's names of the references of a loop 2300, by their qualifiers."""
    found: dict[str, str] = {}
    for part in node.rule.parts:
        rule = part.at(1) if isinstance(part, SegmentRule) and part.id == "REF" else None
        found |= dict.fromkeys(rule.codes if rule is not None else (), part.name)
    return found


def _further_numbers(node: Node, references: Iterable[SecondaryId]) -> Iterator[tuple[str, REF]]:
    names = _numbers(node)
    for each in references:
        if each.qualifier not in names:
            raise Unwritable(f"a number {each.qualifier!r} has no place, those of a claim are {', '.join(names)}")
        yield names[each.qualifier], REF(qualifier=each.qualifier, value=exact(each.value))


def claim(node: Node, claim: Claim) -> Parts:
    """The parts of a loop 2300 that all guides have, its lines and codes aside."""
    others = inner(node, "other_subscribers")
    parts: Parts = {
        "referral_number": reference("9F", claim.referral_number),
        "prior_authorization": reference("G1", claim.prior_authorization),
        "payer_claim_control_number": reference("F8", claim.payer_control_number),
        "other_subscribers": [_other(others, each) for each in claim.other_insurance],
    }
    if claim.attachments:
        parts["supplemental_information"] = [_attachment(each) for each in claim.attachments]
    if claim.file_information:
        parts["file_information"] = [K3(text=plain(each)) for each in claim.file_information]
    if claim.epsdt_referrals:
        parts["epsdt_referral"] = _epsdt(claim.epsdt_referrals)
    for name, number in _further_numbers(node, claim.references) if claim.references else ():
        known = parts.get(name) or []
        parts[name] = [*(known if isinstance(known, list) else [known]), number]
    return parts


def notes(claim: Claim) -> list[NTE]:
    """The notes of other categories."""
    return [NTE(qualifier=exact(each.category), text=plain(each.text)) for each in claim.notes]


def own_note(claim: Claim) -> list[NTE]:
    """The biller's own note."""
    return [NTE(qualifier="ADD", text=plain(claim.note))] if claim.note else []


def providers(node: Node, told: dict[str, Provider | None]) -> Parts:
    """The loops of providers, by the guide's names; those that are not there are left out."""
    return {name: party.provider(inner(node, name), who) for name, who in told.items() if who is not None}


# --- other payers ---------------------------------------------------------------------------------------------------


@in_its_loop
def _other(node: Node, other: OtherInsurance) -> Loop:
    who = other.subscriber
    name = assemble(
        inner(node, "other_subscriber_name"),
        {"name": named("IL", who.person, "MI", who.member_id), **address(who.address)},
    )
    more: Parts = {
        "check_date": on_day("573", other.paid_on),
        "prior_authorization": reference("G1", other.prior_authorization),
        "referral_number": reference("9F", other.referral_number),
        "payer_claim_control_number": reference("F8", other.payer_control_number),
    }
    decided: Parts = {"outpatient_adjudication": outpatient(other.outpatient)}
    if "inpatient_adjudication" in node.names:
        decided["inpatient_adjudication"] = inpatient(other.inpatient)
    elif other.inpatient is not None:
        raise Unwritable("what a payer decided on an inpatient stay (MIA) has no place but in an 837I")
    return assemble(node, {
        "subscriber_information": party.coverage(node, who, other.payer, who.relationship),
        "adjustments": adjustments(other.adjustments),
        "payer_paid_amount": amount("D", other.paid),
        "non_covered_amount": amount("A8", other.non_covered),
        "remaining_patient_liability": amount("EAF", other.remaining_patient_liability),
        "coverage": OI(
            benefits_assigned=exact(other.benefits_assigned),
            release_of_information=exact(other.release_of_information),
        ),
        **decided,
        "other_subscriber_name": name,
        "other_payer_name": party.payer(inner(node, "other_payer_name"), other.payer, more),
    })  # fmt: skip


# --- lines ----------------------------------------------------------------------------------------------------------


@lru_cache(1 << 10)
def pointers(found: tuple[int, ...]) -> C004 | None:
    """Places in the claim's diagnoses. Raises Unwritable for more than four."""
    if len(found) > MOST_POINTERS:
        raise Unwritable(f"a line points to at most {MOST_POINTERS} diagnoses, not {len(found)}")
    return C004(*found) if found else None


@in_its_loop
def drug(node: Node, drug: NationalDrug) -> Loop:
    """Loop 2410."""
    return assemble(node, {
        "identification": LIN(qualifier="N4", code=exact(drug.ndc)),
        "quantity": CTP(quantity=drug.quantity, unit=C001(exact(drug.unit))),
        "prescription_number": reference("XZ", drug.prescription_number),
    })  # fmt: skip


@in_its_loop
def _adjudication(node: Node, each: LineAdjudication) -> Loop:
    return assemble(node, {
        "adjudication": SVD(
            payer_id=exact(each.payer_id),
            paid=each.paid,
            procedure=procedure(each.procedure) if each.procedure.code else None,
            revenue_code=exact(each.revenue_code),
            quantity=each.units,
            bundled_line=each.bundled_into,
        ),
        "adjustments": adjustments(each.adjustments),
        "check_date": on_day("573", each.paid_on),
        "remaining_patient_liability": amount("EAF", each.remaining_patient_liability),
    })  # fmt: skip


def adjudications(node: Node, found: Iterable[LineAdjudication]) -> list[Loop]:
    """Loops 2430 of a line."""
    below = inner(node, "adjudications")
    return [_adjudication(below, each) for each in found]
