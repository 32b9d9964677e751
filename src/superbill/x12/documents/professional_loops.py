"""The loops of an 837P, each of what a claim says of it.

Not sent, because the 837P has no place for it: `Claim.version`; everything of `pay_to` but its address; birth date,
sex and property claim number of another insurance's subscriber; taxonomy of other than billing and rendering
providers; address and contact of providers that are told by name and number only; a facility's mail address.
"""

from datetime import date
from functools import lru_cache

from superbill.claims.model import (
    Accident,
    Claim,
    Contact,
    Diagnosis,
    LineAdjudication,
    NationalDrug,
    OtherInsurance,
    Patient,
    Payer,
    Provider,
    ServiceLine,
    Subscriber,
)
from superbill.x12.documents.envelopes import Parts
from superbill.x12.documents.parts_write import (
    Unwritable,
    address,
    adjustments,
    amount,
    contact,
    in_its_loop,
    inner,
    named,
    on_day,
    organized,
    over_days,
    procedure,
    reference,
    references,
)
from superbill.x12.nodes import Node
from superbill.x12.standard.claim import CLM, HI
from superbill.x12.standard.composites import C001, C004, C022, C023, C024
from superbill.x12.standard.control import HL, LX
from superbill.x12.standard.parties import DMG, NM1, NTE, OI, PAT, PRV, SBR
from superbill.x12.standard.service import CTP, LIN, SV1, SVD
from superbill.x12.text import exact, plain
from superbill.x12.tree import Loop, assemble

_BILLING_IDS = ("0B", "1G")
_MOST_DIAGNOSES = 12
_MOST_POINTERS = 4
_MOST_CAUSES = 2


# --- parties --------------------------------------------------------------------------------------------------------


def _name(entity: str, provider: Provider, only: str = "") -> NM1:
    """NM1 of a provider; `only` "1" persons, "2" organizations."""
    if (provider.person is None) == (not provider.organization):
        raise Unwritable("a provider is either a person or an organization")
    if only and only != ("1" if provider.organization == "" else "2"):
        raise Unwritable(f"this provider must be {'a person' if only == '1' else 'an organization'}")
    if provider.person is not None:
        return named(entity, provider.person, "XX", provider.npi)
    return organized(entity, provider.organization, "XX", provider.npi)


def _specialty(role: str, taxonomy: str) -> PRV | None:
    return PRV(role=role, id_qualifier="PXC", id=exact(taxonomy)) if taxonomy else None


@in_its_loop
def _provider(node: Node, entity: str, provider: Provider, only: str = "") -> Loop:
    """A provider that is told by name and numbers."""
    return assemble(node, {"name": _name(entity, provider, only), "secondary_ids": references(provider.secondary_ids)})


@in_its_loop
def _rendering(node: Node, provider: Provider) -> Loop:
    return assemble(node, {
        "name": _name("82", provider),
        "specialty": _specialty("PE", provider.taxonomy),
        "secondary_ids": references(provider.secondary_ids),
    })  # fmt: skip


@in_its_loop
def _facility(node: Node, provider: Provider) -> Loop:
    found = provider.contact
    return assemble(node, {
        "name": _name("77", provider, "2"),
        **address(provider.address),
        "secondary_ids": references(provider.secondary_ids),
        "contact": None if found is None else contact("IC", Contact(found.name, found.phone)),
    })  # fmt: skip


@in_its_loop
def _billing_name(node: Node, billing: Provider) -> Loop:
    return assemble(node, {
        "name": _name("85", billing),
        **address(billing.address),
        "tax_id": reference(billing.tin_kind, billing.tin),
        "secondary_ids": references(each for each in billing.secondary_ids if each.qualifier in _BILLING_IDS),
        "contacts": None if billing.contact is None else contact("IC", billing.contact),
    })  # fmt: skip


@in_its_loop
def _pay_to(node: Node, billing: Provider, pay_to: Provider) -> Loop:
    name = NM1(entity="87", entity_type="2" if billing.organization else "1")
    return assemble(node, {"name": name, **address(pay_to.address)})


@in_its_loop
def _payer(node: Node, payer: Payer, more: Parts) -> Loop:
    name = organized("PR", payer.name, "PI", payer.id)
    return assemble(node, {"name": name, **address(payer.address), **more})


def _coverage(subscriber: Subscriber, payer: Payer, relationship: str) -> SBR:
    return SBR(
        payer_sequence=subscriber.responsibility,
        relationship=exact(relationship),
        group_number=exact(subscriber.group_number),
        group_name=plain(subscriber.group_name),
        insurance_type=exact(subscriber.insurance_type),
        filing_indicator=exact(payer.claim_filing_indicator),
    )


def _demographics(birth_date: date | None, sex: str | None) -> DMG | None:
    if birth_date is None and not sex:
        return None
    return DMG(date_format="D8" if birth_date else "", birth_date=birth_date, gender=sex or "")


@in_its_loop
def _member(node: Node, subscriber: Subscriber, patient: Patient | None, claim_number: str) -> Loop:
    """Loop 2010BA; `patient` when the subscriber is the patient, whose demographics then stand."""
    if patient is not None:
        if patient.person != subscriber.person:
            raise Unwritable("the patient is said to be the subscriber, but their names differ")
        where = patient.address or subscriber.address
        born = patient.birth_date or subscriber.birth_date
        demographics = _demographics(born, patient.sex if born else None)
    else:
        if (subscriber.birth_date is None) != (subscriber.sex is None):
            raise Unwritable("a subscriber's birth date and sex are sent together or not at all")
        where = subscriber.address
        demographics = _demographics(subscriber.birth_date, subscriber.sex)
    return assemble(node, {
        "name": named("IL", subscriber.person, "MI", subscriber.member_id),
        **address(where),
        "demographics": demographics,
        "property_casualty_claim_number": reference("Y4", claim_number),
    })  # fmt: skip


@in_its_loop
def _patient(node: Node, patient: Patient, claim_number: str) -> Loop:
    return assemble(node, {
        "name": named("QC", patient.person),
        **address(patient.address),
        "demographics": _demographics(patient.birth_date, patient.sex),
        "property_casualty_claim_number": reference("Y4", claim_number),
    })  # fmt: skip


# --- lines ----------------------------------------------------------------------------------------------------------


@lru_cache(1 << 10)
def _pointers(found: tuple[int, ...]) -> C004 | None:
    if len(found) > _MOST_POINTERS:
        raise Unwritable(f"a line points to at most {_MOST_POINTERS} diagnoses, not {len(found)}")
    return C004(*found) if found else None


@in_its_loop
def _drug(node: Node, drug: NationalDrug) -> Loop:
    return assemble(node, {
        "identification": LIN(qualifier="N4", code=exact(drug.ndc)),
        "quantity": CTP(quantity=drug.quantity, unit=C001(exact(drug.unit))),
    })  # fmt: skip


@in_its_loop
def _adjudication(node: Node, each: LineAdjudication) -> Loop:
    return assemble(node, {
        "adjudication": SVD(
            payer_id=exact(each.payer_id), paid=each.paid, procedure=procedure(each.procedure), quantity=each.units
        ),
        "adjustments": adjustments(each.adjustments),
        "check_date": on_day("573", each.paid_on),
        "remaining_patient_liability": amount("EAF", each.remaining_patient_liability),
    })  # fmt: skip


@in_its_loop
def _line(node: Node, line: ServiceLine) -> Loop:
    parts: Parts = {
        "line_number": LX(number=line.number),
        "service": SV1(
            procedure=procedure(line.procedure),
            charge=line.charge,
            unit=exact(line.unit_kind),
            quantity=line.units,
            place_of_service=exact(line.place_of_service),
            diagnosis_pointers=_pointers(line.diagnosis_pointers),
            emergency="Y" if line.emergency else "",
            epsdt="Y" if line.epsdt else "",
            family_planning="Y" if line.family_planning else "",
        ),
        "service_date": over_days("472", line.service),
        "line_item_control_number": reference("6R", line.control_number),
    }
    if line.note:
        parts["line_note"] = NTE(qualifier="ADD", text=plain(line.note))
    if line.drug is not None:
        parts["drug"] = _drug(inner(node, "drug"), line.drug)
    if line.rendering is not None:
        parts["rendering_provider"] = _rendering(inner(node, "rendering_provider"), line.rendering)
    if line.adjudications:
        below = inner(node, "adjudications")
        parts["adjudications"] = [_adjudication(below, each) for each in line.adjudications]
    return assemble(node, parts)


# --- claims ---------------------------------------------------------------------------------------------------------


@in_its_loop
def _other(node: Node, other: OtherInsurance) -> Loop:
    who = other.subscriber
    name = assemble(
        inner(node, "other_subscriber_name"),
        {"name": named("IL", who.person, "MI", who.member_id), **address(who.address)},
    )
    more: Parts = {
        "check_date": on_day("573", other.paid_on),
        "payer_claim_control_number": reference("F8", other.payer_control_number),
    }
    return assemble(node, {
        "subscriber_information": _coverage(who, other.payer, who.relationship),
        "adjustments": adjustments(other.adjustments),
        "payer_paid_amount": amount("D", other.paid),
        "non_covered_amount": amount("A8", other.non_covered),
        "remaining_patient_liability": amount("EAF", other.remaining_patient_liability),
        "coverage": OI(
            benefits_assigned=exact(other.benefits_assigned),
            release_of_information=exact(other.release_of_information),
        ),
        "other_subscriber_name": name,
        "other_payer_name": _payer(inner(node, "other_payer_name"), other.payer, more),
    })  # fmt: skip


def _related(accident: Accident | None) -> C024 | None:
    if accident is None or not (accident.causes or accident.state):
        return None
    if len(accident.causes) > _MOST_CAUSES:
        raise Unwritable("an accident has at most two causes (CLM11)")
    causes = [*map(exact, accident.causes), "", "", ""]
    return C024(causes[0], causes[1], causes[2], exact(accident.state))


@lru_cache(1 << 12)
def _diagnoses(found: tuple[Diagnosis, ...]) -> HI | None:
    if len(found) > _MOST_DIAGNOSES:
        raise Unwritable(f"a claim has at most {_MOST_DIAGNOSES} diagnoses, not {len(found)}")
    return HI("", *[C022("ABF" if at else "ABK", exact(each.code)) for at, each in enumerate(found)]) if found else None


def _information(claim: Claim) -> CLM:
    return CLM(
        patient_control_number=exact(claim.control_number),
        charge=claim.charge,
        facility=C023(exact(claim.place_of_service), "B", exact(claim.frequency)),
        provider_signature="Y" if claim.provider_signature else "N",
        accept_assignment=exact(claim.accept_assignment),
        benefits_assigned=exact(claim.benefits_assigned),
        release_of_information=exact(claim.release_of_information),
        related_causes=_related(claim.accident),
    )


def _providers(node: Node, claim: Claim) -> Parts:
    parts: Parts = {}
    if claim.referring is not None:
        parts["referring_providers"] = _provider(inner(node, "referring_providers"), "DN", claim.referring, "1")
    if claim.rendering is not None:
        parts["rendering_provider"] = _rendering(inner(node, "rendering_provider"), claim.rendering)
    if claim.service_facility is not None:
        parts["service_facility"] = _facility(inner(node, "service_facility"), claim.service_facility)
    if claim.supervising is not None:
        parts["supervising_provider"] = _provider(inner(node, "supervising_provider"), "DQ", claim.supervising, "1")
    return parts


@in_its_loop
def claim(node: Node, claim: Claim) -> Loop:
    """Loop 2300 with all that is in it."""
    lines, others = inner(node, "lines"), inner(node, "other_subscribers")
    return assemble(node, {
        "claim": _information(claim),
        "onset_date": on_day("431", claim.onset),
        "accident_date": on_day("439", claim.accident.on if claim.accident else None),
        "last_menstrual_period_date": on_day("484", claim.last_menstrual_period),
        "admission_date": on_day("435", claim.admission),
        "discharge_date": on_day("096", claim.discharge),
        "patient_paid_amount": amount("F5", claim.patient_paid),
        "referral_number": reference("9F", claim.referral_number),
        "prior_authorization": reference("G1", claim.prior_authorization),
        "payer_claim_control_number": reference("F8", claim.payer_control_number),
        "clia_number": reference("X4", claim.clia),
        "claim_note": NTE(qualifier="ADD", text=plain(claim.note)) if claim.note else None,
        "diagnoses": _diagnoses(claim.diagnoses),
        **_providers(node, claim),
        "other_subscribers": [_other(others, each) for each in claim.other_insurance],
        "lines": [_line(lines, each) for each in claim.lines],
    })  # fmt: skip


# --- levels ---------------------------------------------------------------------------------------------------------


@in_its_loop
def billing(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000A, without its subscribers."""
    parts: Parts = {
        "level": level,
        "specialty": _specialty("BI", claim.billing.taxonomy),
        "billing_provider_name": _billing_name(inner(node, "billing_provider_name"), claim.billing),
    }
    if claim.pay_to is not None:
        parts["pay_to_address"] = _pay_to(inner(node, "pay_to_address"), claim.billing, claim.pay_to)
    return parts


@in_its_loop
def subscriber(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000B, without its claims and patients."""
    own, who = claim.patient_is_subscriber, claim.subscriber
    number = who.property_casualty_claim_number if own else ""
    ids = references(each for each in claim.billing.secondary_ids if each.qualifier not in _BILLING_IDS)
    return {
        "level": level,
        "subscriber_information": _coverage(who, claim.payer, "18" if own else ""),
        "subscriber_name": _member(inner(node, "subscriber_name"), who, claim.patient if own else None, number),
        "payer_name": _payer(inner(node, "payer_name"), claim.payer, {"billing_provider_secondary_ids": ids}),
    }


@in_its_loop
def patient(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000C, without its claims."""
    who = claim.subscriber
    name = _patient(inner(node, "patient_name"), claim.patient, who.property_casualty_claim_number)
    return {"level": level, "patient_information": PAT(relationship=exact(who.relationship)), "patient_name": name}
