"""What the documents share, from segments: names, addresses, contacts, procedures, adjustments."""

from functools import lru_cache

from superbill.claims.model import (
    Address,
    Adjustment,
    Contact,
    InpatientAdjudication,
    OutpatientAdjudication,
    Person,
    Procedure,
)
from superbill.x12.documents.fold import Notes, Values
from superbill.x12.standard.claim import CAS, MIA, MOA
from superbill.x12.standard.composites import C003
from superbill.x12.standard.parties import N3, N4, NM1, PER


@lru_cache(1 << 13)
def procedure(found: C003) -> Procedure:
    """A procedure; blank modifiers among others are dropped."""
    return Procedure(found.code, found.modifiers, found.qualifier, found.description)


def person(found: NM1) -> Person:
    """The name of a person."""
    return Person(found.name, found.first, found.middle, found.suffix)


def street(segment: N3, v: Values, _notes: Notes) -> None:
    """The street lines of an address."""
    v["street"] = segment


def city(segment: N4, v: Values, _notes: Notes) -> None:
    """City, state and postal code of an address."""
    v["city"] = segment


_STREET, _CITY = N3(), N4()


def address(v: Values) -> Address | None:
    """The address of a loop; None where it has neither street nor city."""
    on: N3 = v.get("street", _STREET)
    within: N4 = v.get("city", _CITY)
    if not on.line_1 and not within.city:
        return None
    return Address(on.line_1, within.city, within.state, within.postal_code, on.line_2, within.country)


def contact(segment: PER, v: Values, _notes: Notes) -> None:
    """The first contact that says anything: name, first telephone number, first mail address."""
    numbers: dict[str, str] = {}
    for kind, number in segment.numbers:
        numbers.setdefault(kind, number)
    found = Contact(segment.name, numbers.get("TE", ""), numbers.get("EM", ""))
    if found != Contact():
        v.setdefault("contact", found)


def adjustments(segment: CAS, v: Values, _notes: Notes) -> None:
    """The up to six adjustments of a CAS, added to those of the ones before. One without amount takes nothing off."""
    found: list[Adjustment] = v.setdefault("adjustments", [])
    for group, reason, amount, quantity in segment.adjustments:
        if amount is not None:
            found.append(Adjustment(group, reason, amount, quantity))


_INPATIENT = [name for name in InpatientAdjudication.__struct_fields__ if name != "remarks"]
_OUTPATIENT = [name for name in OutpatientAdjudication.__struct_fields__ if name != "remarks"]


def _told(segment: MIA | MOA, names: list[str]) -> Values:
    told = {name: found for name in names if (found := getattr(segment, name)) is not None}
    return {**told, "remarks": segment.remarks}


def inpatient(segment: MIA) -> InpatientAdjudication:
    """What a payer said of an inpatient claim as a whole."""
    return InpatientAdjudication(**_told(segment, _INPATIENT))


def outpatient(segment: MOA) -> OutpatientAdjudication:
    """What a payer said of any other claim as a whole."""
    return OutpatientAdjudication(**_told(segment, _OUTPATIENT))
