"""What the loops of a claim, of any of the three guides, say of its parties: providers, payers, members."""

from typing import Any, get_args

from superbill.claims.model import Payer, Person, Provider, Responsibility, SecondaryId, Subscriber
from superbill.x12.documents import fold
from superbill.x12.documents.fold import NotCarried, Notes, Table, Values, text
from superbill.x12.documents.parts_read import address, city, contact, person, street
from superbill.x12.standard.parties import DMG, NM1, REF, SBR
from superbill.x12.tree import Loop

EMPTY: Values = {}
NOBODY = Person("")
_RESPONSIBILITIES = frozenset(get_args(Responsibility))


def _name(segment: NM1, v: Values, _notes: Notes) -> None:
    v["name"] = segment


def _further_id(segment: REF, v: Values, _notes: Notes) -> None:
    if segment.related is not None:  # the number by which another payer knows a line's provider
        raise NotCarried
    v.setdefault("ids", []).append(SecondaryId(segment.qualifier, segment.value))


def _tax_id(segment: REF, v: Values, _notes: Notes) -> None:
    v["tin_kind"], v["tin"] = segment.qualifier, segment.value


def _demographics(segment: DMG, v: Values, _notes: Notes) -> None:
    if segment.gender:
        v["sex"] = segment.gender
    v["birth_date"] = fold.day_of(segment.birth_date, 2)


def _member_name(segment: NM1, v: Values, _notes: Notes) -> None:
    v["person"], v["member_id"] = person(segment), segment.id


PROVIDER = Table(
    name=_name,
    specialty=text("taxonomy", "id"),
    address=street,
    city_state_zip=city,
    tax_id=_tax_id,
    secondary_ids=_further_id,
    contact=contact,
    contacts=contact,
)
PAYER = Table(
    name=_name,
    address=street,
    city_state_zip=city,
    billing_provider_secondary_id=_further_id,
    billing_provider_secondary_ids=_further_id,
    prior_authorization=text("prior_authorization"),
    referral_number=text("referral_number"),
    check_date=fold.day("paid_on"),
    payer_claim_control_number=text("payer_control_number"),
)
_MEMBER = Table(
    name=_member_name,
    address=street,
    city_state_zip=city,
    demographics=_demographics,
    property_casualty_claim_number=text("claim_number"),
)


def member(loop: Loop, v: Values, notes: Notes) -> None:
    """Takes the name, address and demographics of a subscriber or patient; of several those of the first."""
    if "member" in v:
        raise NotCarried
    v["member"] = found = _MEMBER.fold(loop, notes, {})
    found["address"] = address(found)


def provider(v: Values) -> Provider:
    """A provider, of the values of its loop."""
    name: NM1 = v["name"]
    organization = name.entity_type == "2"
    return Provider(
        person=None if organization else person(name),
        organization=name.name if organization else "",
        npi=name.id,
        taxonomy=v.get("taxonomy", ""),
        tin=v.get("tin", ""),
        tin_kind=v.get("tin_kind", ""),
        address=address(v),
        contact=v.get("contact"),
        secondary_ids=tuple(v.get("ids", ())),
    )


def party(field: str) -> fold.Take:
    """A provider of a claim or line; of several the first."""

    def take(loop: Loop, v: Values, notes: Notes) -> None:
        if field in v:
            raise NotCarried
        v[field] = provider(PROVIDER.fold(loop, notes, {}))

    return take


def payer_of(v: Values, filing: str) -> Payer:
    """A payer, of the values of its loop and SBR09."""
    name: NM1 = v.get("name", NM1())
    return Payer(name=name.name, id=name.id, claim_filing_indicator=filing or "CI", address=address(v))


def subscriber_of(sbr: SBR, v: Values, relationship: str, claim_number: str = "") -> Subscriber:
    """A subscriber: of his SBR, and the values of the loop with his name."""
    responsibility: Any = sbr.payer_sequence if sbr.payer_sequence in _RESPONSIBILITIES else "P"
    return Subscriber(
        responsibility=responsibility,
        relationship=relationship,
        person=v.get("person", NOBODY),
        member_id=v.get("member_id", ""),
        group_number=sbr.group_number,
        group_name=sbr.group_name,
        insurance_type=sbr.insurance_type,
        birth_date=v.get("birth_date"),
        sex=v.get("sex"),
        address=v.get("address"),
        property_casualty_claim_number=claim_number,
    )
