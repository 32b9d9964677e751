"""What the loops of an 837P say of parties and lines, for the documents that are made of them."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

from superbill.claims.model import (
    LineAdjudication,
    NationalDrug,
    Payer,
    Person,
    Procedure,
    Provider,
    Responsibility,
    SecondaryId,
    ServiceLine,
    Subscriber,
)
from superbill.effective import Period
from superbill.x12.documents import fold
from superbill.x12.documents.fold import Notes, Table, Values, each, text, value
from superbill.x12.documents.parts_read import address, adjustments, city, contact, person, procedure, street
from superbill.x12.nodes import Node
from superbill.x12.standard.composites import C004
from superbill.x12.standard.control import LX
from superbill.x12.standard.parties import DMG, DTP, NM1, REF, SBR
from superbill.x12.standard.service import CTP, SV1, SVD
from superbill.x12.tree import Loop

EMPTY: Values = {}
NOBODY = Person("")
_RESPONSIBILITIES = frozenset(get_args(Responsibility))
_NO_LINE: Values = {"number": 0, "control_number": "", "procedure": Procedure(""), "charge": 0, "service": Period()}


# --- parties --------------------------------------------------------------------------------------------------------


def _name(segment: NM1, v: Values, _notes: Notes) -> None:
    v["name"] = segment


def _further_id(segment: REF, v: Values, _notes: Notes) -> None:
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
    billing_provider_secondary_ids=_further_id,
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
        raise fold.NotCarried
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
            raise fold.NotCarried
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


# --- lines ----------------------------------------------------------------------------------------------------------


@lru_cache(1 << 10)
def _pointers(found: C004) -> tuple[int, ...]:
    return found.pointers


def _service(segment: SV1, v: Values, _notes: Notes) -> None:
    if segment.procedure is not None:
        v["procedure"] = procedure(segment.procedure)
    if segment.charge is not None:
        v["charge"] = segment.charge
    v["unit_kind"] = "MJ" if segment.unit == "MJ" else "UN"
    if segment.quantity is not None:
        v["units"] = segment.quantity
    v["place_of_service"] = segment.place_of_service
    if segment.diagnosis_pointers is not None:
        v["diagnosis_pointers"] = _pointers(segment.diagnosis_pointers)
    v["emergency"] = segment.emergency == "Y"
    v["epsdt"] = segment.epsdt == "Y"
    v["family_planning"] = segment.family_planning == "Y"


def _drug_quantity(segment: CTP, v: Values, _notes: Notes) -> None:
    if segment.quantity is not None:
        v["quantity"] = segment.quantity
    if segment.unit is not None:
        v["unit"] = segment.unit.unit


def _svd(segment: SVD, v: Values, _notes: Notes) -> None:
    v["payer_id"] = segment.payer_id
    v["paid"] = segment.paid or 0
    v["procedure"] = Procedure("") if segment.procedure is None else procedure(segment.procedure)
    v["units"] = Decimal(1) if segment.quantity is None else segment.quantity


_DRUG = Table(identification=text("ndc", "code"), quantity=_drug_quantity)
_ADJUDICATION = Table(
    adjudication=_svd,
    adjustments=adjustments,
    check_date=fold.day("paid_on"),
    remaining_patient_liability=value("remaining_patient_liability"),
)


def _drug(loop: Loop, v: Values, notes: Notes) -> None:
    found = _DRUG.fold(loop, notes, {})
    v["drug"] = NationalDrug(found.get("ndc", ""), found.get("quantity", Decimal(0)), found.get("unit", "UN"))


def _adjudication(loop: Loop, notes: Notes) -> LineAdjudication:
    v = _ADJUDICATION.fold(loop, notes, {})
    v["adjustments"] = tuple(v.get("adjustments", ()))
    return LineAdjudication(**v)


_LINE = Table(
    line_number=value("number", "number"),
    service=_service,
    service_date=fold.period,
    line_item_control_number=text("control_number"),
    line_note=text("note", "text"),
    drug=_drug,
    rendering_provider=party("rendering"),
    adjudications=each("adjudications", _adjudication),
)


_USUAL = ("line_number", "service", "service_date", "line_item_control_number")


@lru_cache(1 << 6)
def _usual_shape(node: Node) -> bytes:
    return bytes([node.names[name][0] for name in _USUAL])


@lru_cache(1 << 12)
def _one_day(day: date) -> Period:
    return Period(day, day)


def _usual(lx: LX, sv1: SV1, dtp: DTP, ref: REF) -> ServiceLine | None:
    """A line that has what nearly all have and no more, in half the time; None where something can't be read."""
    if (
        lx.number is None
        or sv1.procedure is None
        or sv1.charge is None
        or sv1.quantity is None
        or sv1.diagnosis_pointers is None
        or type(dtp.value) is not date
    ):
        return None
    return ServiceLine(
        number=lx.number,
        control_number=ref.value,
        procedure=procedure(sv1.procedure),
        charge=sv1.charge,
        units=sv1.quantity,
        unit_kind="MJ" if sv1.unit == "MJ" else "UN",
        service=_one_day(dtp.value),
        place_of_service=sv1.place_of_service,
        diagnosis_pointers=_pointers(sv1.diagnosis_pointers),
        emergency=sv1.emergency == "Y",
        epsdt=sv1.epsdt == "Y",
        family_planning=sv1.family_planning == "Y",
    )


def line(loop: Loop, notes: Notes) -> ServiceLine:
    """The line of a loop 2400."""
    if loop.shape == _usual_shape(loop.node) and (made := _usual(*loop.body)) is not None:  # type: ignore[arg-type]  # as its shape says
        return made
    v = _LINE.fold(loop, notes, _NO_LINE.copy())
    if "adjudications" in v:
        v["adjudications"] = tuple(v["adjudications"])
    return ServiceLine(**v)
