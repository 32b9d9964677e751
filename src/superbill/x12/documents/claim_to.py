"""The loops of an 837P from claims: consecutive claims share their billing provider's and subscriber's loops.

Not sent, because the 837P has no place for it: `Claim.version`; everything of `pay_to` but its address; birth date,
sex and property claim number of another insurance's subscriber; taxonomy of other than billing and rendering
providers; address and contact of providers that are told by name and number only.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from superbill.claims.model import (
    Address,
    Claim,
    OtherInsurance,
    Patient,
    Payer,
    Person,
    Provider,
    ServiceLine,
    Subscriber,
)
from superbill.x12.grammar import Values

CLAIMS_PER_PATIENT = 100  # of one loop 2000B or 2000C; more open the loop again
_BILLING_IDS = ("0B", "1G")


class Unwritable(ValueError):
    """A claim that the 837P can't carry; the message says why."""


def put(v: Values, **values: Any) -> Values:
    """`v` with those values that are there."""
    for name, value in values.items():
        if value is not None and value != "" and value != ():
            v[name] = value
    return v


def person_values(v: Values, person: Person) -> Values:
    """`v` with a name."""
    return put(v, last=person.last, first=person.first, middle=person.middle, suffix=person.suffix)


def address_values(v: Values, address: Address | None) -> Values:
    """`v` with an address."""
    if address is None:
        return v
    return put(
        v,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=address.state,
        postal_code=address.postal_code,
        country=address.country,
    )


def _provider(provider: Provider, *, place: bool = False, only: str = "") -> Values:
    """The values of an NM1 loop; `only` "1" persons, "2" organizations."""
    if (provider.person is None) == (not provider.organization):
        raise Unwritable("a provider is either a person or an organization")
    kind = "2" if provider.organization else "1"
    if only and kind != only:
        raise Unwritable(f"this provider must be {'a person' if only == '1' else 'an organization'}")
    v: Values = {"entity": kind}
    if provider.person is not None:
        person_values(v, provider.person)
    else:
        v["last"] = provider.organization
    put(v, npi=provider.npi)
    if place:
        address_values(v, provider.address)
        if provider.contact is not None:
            v["contacts"] = [provider.contact]
    if provider.secondary_ids:
        v["secondary_ids"] = [(each.qualifier, each.value) for each in provider.secondary_ids]
    return v


def _rendering(provider: Provider) -> Values:
    return put(_provider(provider), taxonomy=provider.taxonomy)


def billing_loop(billing: Provider, pay_to: Provider | None, hl: int) -> Values:
    """Loop 2000A with its provider, without its subscribers."""
    name = put(_provider(billing, place=True), tin=billing.tin, tin_kind=billing.tin_kind)
    ids = [each for each in name.pop("secondary_ids", ()) if each[0] in _BILLING_IDS]
    put(name, secondary_ids=ids or None)
    v: Values = {"hl": hl, "children": "1", "2010AA": [name]}
    if billing.taxonomy:
        v["taxonomy"] = billing.taxonomy
    if pay_to is not None:
        v["2010AB"] = [address_values({"entity": "2" if billing.organization else "1"}, pay_to.address)]
    return v


def _member(subscriber: Subscriber, patient: Patient | None, claim_number: str) -> Values:
    """Loop 2010BA; `patient` when the subscriber is the patient, whose demographics then stand."""
    v = put(person_values({"entity": "1"}, subscriber.person), member_id=subscriber.member_id)
    if patient is not None:
        if patient.person != subscriber.person:
            raise Unwritable("the patient is said to be the subscriber, but their names differ")
        put(
            address_values(v, patient.address or subscriber.address),
            birth_date=patient.birth_date or subscriber.birth_date,
        )
        if "birth_date" in v:
            v["sex"] = patient.sex
    else:
        if (subscriber.birth_date is None) != (subscriber.sex is None):
            raise Unwritable("a subscriber's birth date and sex are sent together or not at all")
        put(address_values(v, subscriber.address), birth_date=subscriber.birth_date, sex=subscriber.sex)
    return put(v, property_casualty_claim_number=claim_number)


def _payer(payer: Payer) -> Values:
    return address_values({"name": payer.name, "id": payer.id}, payer.address)


def _coverage(subscriber: Subscriber, payer: Payer) -> Values:
    return put(
        {"responsibility": subscriber.responsibility},
        group_number=subscriber.group_number,
        group_name=subscriber.group_name,
        insurance_type=subscriber.insurance_type,
        claim_filing_indicator=payer.claim_filing_indicator,
    )


def subscriber_loop(claim: Claim, hl: int, parent: int) -> Values:
    """Loop 2000B, without its claims."""
    own = claim.patient_is_subscriber
    subscriber = claim.subscriber
    v = _coverage(subscriber, claim.payer)
    v.update(hl=hl, hl_parent=parent, children="0" if own else "1")
    if own:
        v["relationship"] = "18"
    number = subscriber.property_casualty_claim_number if own else ""
    v["2010BA"] = [_member(subscriber, claim.patient if own else None, number)]
    payer = _payer(claim.payer)
    ids = [(each.qualifier, each.value) for each in claim.billing.secondary_ids if each.qualifier not in _BILLING_IDS]
    v["2010BB"] = [put(payer, secondary_ids=ids or None)]
    return v


def patient_loop(claim: Claim, hl: int, parent: int) -> Values:
    """Loop 2000C, without its claims."""
    patient = claim.patient
    name = address_values(person_values({"entity": "1"}, patient.person), patient.address)
    put(name, birth_date=patient.birth_date, sex=patient.sex)
    put(name, property_casualty_claim_number=claim.subscriber.property_casualty_claim_number)
    return {
        "hl": hl,
        "hl_parent": parent,
        "children": "0",
        "relationship": claim.subscriber.relationship,
        "2010CA": [name],
    }


def _line(line: ServiceLine) -> Values:
    v: Values = {
        "number": line.number,
        "procedure": line.procedure,
        "charge": line.charge,
        "unit_kind": line.unit_kind,
        "units": line.units,
        "service": line.service,
        "control_number": line.control_number,
        "place_of_service": line.place_of_service,
        "note": line.note,
    }
    if line.diagnosis_pointers:
        v["diagnosis_pointers"] = line.diagnosis_pointers
    if line.emergency:
        v["emergency"] = True
    if line.epsdt:
        v["epsdt"] = True
    if line.family_planning:
        v["family_planning"] = True
    if line.drug is not None:
        v["2410"] = [{"ndc": line.drug.ndc, "quantity": line.drug.quantity, "unit": line.drug.unit}]
    if line.rendering is not None:
        v["2420A"] = [_rendering(line.rendering)]
    if line.adjudications:
        v["2430"] = [
            {name: getattr(each, name) for name in each.__struct_fields__ if getattr(each, name) is not None}
            for each in line.adjudications
        ]
    return v


def _other(other: OtherInsurance) -> Values:
    v = put(
        _coverage(other.subscriber, other.payer),
        relationship=other.subscriber.relationship,
        adjustments=other.adjustments,
        paid=other.paid,
        non_covered=other.non_covered,
        remaining_patient_liability=other.remaining_patient_liability,
        benefits_assigned=other.benefits_assigned,
        release_of_information=other.release_of_information,
    )
    name = person_values({"entity": "1", "member_id": other.subscriber.member_id}, other.subscriber.person)
    v["2330A"] = [address_values(name, other.subscriber.address)]
    v["2330B"] = [put(_payer(other.payer), paid_on=other.paid_on, payer_control_number=other.payer_control_number)]
    return v


def _providers(v: Values, claim: Claim) -> None:
    if claim.referring is not None:
        v["2310A"] = [_provider(claim.referring, only="1")]
    if claim.rendering is not None:
        v["2310B"] = [_rendering(claim.rendering)]
    if claim.service_facility is not None:
        v["2310C"] = [_provider(claim.service_facility, place=True, only="2")]
    if claim.supervising is not None:
        v["2310D"] = [_provider(claim.supervising, only="1")]


def claim_loop(claim: Claim) -> Values:
    """Loop 2300 with all that is in it."""
    v: Values = {
        "control_number": claim.control_number,
        "charge": claim.charge,
        "facility": (claim.place_of_service, "B", claim.frequency),
        "provider_signature": claim.provider_signature,
        "accept_assignment": claim.accept_assignment,
        "benefits_assigned": claim.benefits_assigned,
        "release_of_information": claim.release_of_information,
        "diagnoses": [diagnosis.code for diagnosis in claim.diagnoses],
        "payer_control_number": claim.payer_control_number,
        "prior_authorization": claim.prior_authorization,
        "referral_number": claim.referral_number,
        "clia": claim.clia,
        "onset": claim.onset,
        "last_menstrual_period": claim.last_menstrual_period,
        "admission": claim.admission,
        "discharge": claim.discharge,
        "patient_paid": claim.patient_paid,
        "note": claim.note,
    }
    if claim.accident is not None:
        causes = claim.accident.causes
        if len(causes) > 2:
            raise Unwritable("an accident has at most two causes (CLM11)")
        v["accident_on"] = claim.accident.on
        v["causes"] = (*causes, *("",) * (3 - len(causes)), claim.accident.state)
    _providers(v, claim)
    if claim.other_insurance:
        v["2320"] = list(map(_other, claim.other_insurance))
    v["2400"] = list(map(_line, claim.lines))
    return v


def grouped(claims: Iterable[Claim]) -> Iterator[tuple[str, Values, Claim]]:
    """The loops of one transaction set in order: ("2000A" | "2000B" | "2000C" | "2300", values, the claim).

    A loop is opened anew only where it differs from the one before.
    """
    hl = billing_hl = subscriber_hl = here = 0
    billing = subscriber = patient = None
    for claim in claims:
        if (whose := (claim.billing, claim.pay_to)) != billing:
            billing, subscriber = whose, None
            hl = billing_hl = hl + 1
            yield "2000A", billing_loop(claim.billing, claim.pay_to, hl), claim
        own = claim.patient_is_subscriber
        covered = (claim.subscriber, claim.payer, claim.patient if own else None)
        if covered != subscriber or (own and here == CLAIMS_PER_PATIENT):
            subscriber, patient, here = covered, None, 0
            hl = subscriber_hl = hl + 1
            yield "2000B", subscriber_loop(claim, hl, billing_hl), claim
        if not own and (claim.patient != patient or here == CLAIMS_PER_PATIENT):
            patient, here = claim.patient, 0
            hl += 1
            yield "2000C", patient_loop(claim, hl, subscriber_hl), claim
        here += 1
        yield ("2300" if own else "2300C"), claim_loop(claim), claim
