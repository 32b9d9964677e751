"""The loops of a claim's parties, each as its guide has it: which names, numbers and contacts it tells is read there.

Not sent, because a guide has no place for it: everything of `pay_to` but its address; birth date, sex and property
claim number of another insurance's subscriber; the insurance type but in an 837P; state license and UPIN of who bills
an 837I; taxonomy, address and contact of providers that are told by name and number only; a facility's mail address.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from superbill.claims.model import Contact, Patient, Payer, Provider, Subscriber
from superbill.x12.documents.envelopes import Parts
from superbill.x12.documents.parts_write import (
    Unwritable,
    address,
    contact,
    in_its_loop,
    named,
    organized,
    reference,
    references,
)
from superbill.x12.nodes import Node
from superbill.x12.rules import SegmentRule
from superbill.x12.standard.parties import DMG, NM1, PAT, PRV, SBR
from superbill.x12.text import exact, plain
from superbill.x12.tree import Loop, assemble

BILLING_IDS = ("0B", "1G")  # of 2010AA; by the others the payer knows who bills, and is told in 2010BB
_PERSON, _ORGANIZATION = "1", "2"
_INSURANCE_TYPE = 5


class _Party(NamedTuple):
    """What a guide tells of a provider: its entity code, which kinds it may be, its role, where its contact goes."""

    entity: str
    kinds: tuple[str, ...]
    role: str
    contact: str
    mail: bool
    names: frozenset[str]


def _codes(rule: SegmentRule, position: int) -> tuple[str, ...]:
    found = rule.at(position)
    return () if found is None else found.codes


@lru_cache(1 << 8)
def _party(node: Node) -> _Party:
    rules = {part.name: part for part in node.rule.parts if isinstance(part, SegmentRule)}
    opener = node.rule.opener
    name = next((each for each in ("contact", "contacts") if each in rules), "")
    return _Party(
        entity=_codes(opener, 1)[0],
        kinds=_codes(opener, 2),
        role=_codes(rules["specialty"], 1)[0] if "specialty" in rules else "",
        contact=name,
        mail=bool(name) and "EM" in _codes(rules[name], 3),
        names=frozenset(rules),
    )


def _name(party: _Party, who: Provider) -> NM1:
    if (who.person is None) == (not who.organization):
        raise Unwritable("a provider is either a person or an organization")
    if (_PERSON if who.person is not None else _ORGANIZATION) not in party.kinds:
        raise Unwritable(f"this provider must be {'a person' if _PERSON in party.kinds else 'an organization'}")
    if who.person is not None:
        return named(party.entity, who.person, "XX", who.npi)
    return organized(party.entity, who.organization, "XX", who.npi)


def specialty(role: str, taxonomy: str) -> PRV | None:
    """PRV; None where no taxonomy is known or the guide has no place for it."""
    return PRV(role=role, id_qualifier="PXC", id=exact(taxonomy)) if taxonomy and role else None


@in_its_loop
def provider(node: Node, who: Provider) -> Loop:
    """A provider of a claim or line. Raises Unwritable for a person where the guide wants an organization, or v.v."""
    party = _party(node)
    parts: Parts = {"name": _name(party, who), "secondary_ids": references(who.secondary_ids)}
    if party.role:
        parts["specialty"] = specialty(party.role, who.taxonomy)
    if "address" in party.names:
        parts.update(address(who.address))
    if party.contact and who.contact is not None:
        told = who.contact if party.mail else Contact(who.contact.name, who.contact.phone)
        parts[party.contact] = contact("IC", told)
    return assemble(node, parts)


@in_its_loop
def billing_name(node: Node, who: Provider) -> Loop:
    """Loop 2010AA."""
    party = _party(node)
    parts: Parts = {
        "name": _name(party, who),
        **address(who.address),
        "tax_id": reference(who.tin_kind, who.tin),
        "contacts": None if who.contact is None else contact("IC", who.contact),
    }
    if "secondary_ids" in party.names:
        parts["secondary_ids"] = references(each for each in who.secondary_ids if each.qualifier in BILLING_IDS)
    return assemble(node, parts)


@in_its_loop
def pay_to(node: Node, billing: Provider, to: Provider) -> Loop:
    """Loop 2010AB: another address of who bills."""
    name = NM1(entity="87", entity_type=_ORGANIZATION if billing.organization else _PERSON)
    return assemble(node, {"name": name, **address(to.address)})


@in_its_loop
def payer(node: Node, who: Payer, more: Parts) -> Loop:
    """Loop 2010BB or 2330B, with what only one of them tells."""
    name = organized("PR", who.name, "PI", who.id)
    return assemble(node, {"name": name, **address(who.address), **more})


@lru_cache(1 << 8)
def _tells_insurance_type(node: Node) -> bool:
    rules = {part.name: part for part in node.rule.parts if isinstance(part, SegmentRule)}
    return rules["subscriber_information"].at(_INSURANCE_TYPE) is not None


def coverage(node: Node, subscriber: Subscriber, payer: Payer, relationship: str) -> SBR:
    """SBR of the loop 2000B or 2320 that `node` is."""
    return SBR(
        payer_sequence=subscriber.responsibility,
        relationship=exact(relationship),
        group_number=exact(subscriber.group_number),
        group_name=plain(subscriber.group_name),
        insurance_type=exact(subscriber.insurance_type) if _tells_insurance_type(node) else "",
        filing_indicator=exact(payer.claim_filing_indicator),
    )


def _demographics(birth_date: date | None, sex: str | None) -> DMG | None:
    if birth_date is None and not sex:
        return None
    return DMG(date_format="D8" if birth_date else "", birth_date=birth_date, gender=sex or "")


@in_its_loop
def member(node: Node, subscriber: Subscriber, patient: Patient | None, claim_number: str) -> Loop:
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
def patient_name(node: Node, patient: Patient, claim_number: str) -> Loop:
    """Loop 2010CA."""
    return assemble(node, {
        "name": named("QC", patient.person),
        **address(patient.address),
        "demographics": _demographics(patient.birth_date, patient.sex),
        "property_casualty_claim_number": reference("Y4", claim_number),
    })  # fmt: skip


def related(relationship: str) -> PAT:
    """PAT of loop 2000C."""
    return PAT(relationship=exact(relationship))
