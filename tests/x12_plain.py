"""What a generated transaction leaves out, or always says, so that the judges of tests/judges.py can follow it.

They are older or narrower than the guides: each row says what they don't know. Our own reader and judge see the same
transactions without these limits.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.x12_generated import Draft, Maker
    from tests.x12_pieces import Piece


class Limit(NamedTuple):
    """A part of a loop, by its name: how many there are, the elements that it lacks, what others say.

    `beside` another part: only where that is there.
    """

    loop: str
    name: str
    most: int = 99
    least: int = 0
    without: tuple[tuple[int, int], ...] = ()
    says: tuple[tuple[int, Any], ...] = ()
    beside: str = ""


_ENTITIES = ((10, 3), (11, 3))
LIMITS: dict[str, tuple[Limit, ...]] = {
    "837P": (
        Limit("ST", "beginning", says=((6, "CH"),)),  # pyx12 has no subrogation
        Limit("2400", "medical_necessity_certificate", 0),  # pyx12 takes it for the paperwork before it
    ),
    "837I": (
        # pyx12 wants nine digits wherever the provider is, and no patients behind claims of the subscriber.
        Limit("2010AA", "city_state_zip", without=((4, 0), (7, 0)), says=((3, "432150001"),)),
        Limit("2000B", "subscriber_information", without=((2, 0),), beside="patients"),
        Limit("2000B", "claims", 0, beside="patients"),
    ),
    "835": (Limit("ST", "provider_adjustments", 1),),  # pyx12 opens another footer
    # x12sdk asks for names, and for the units of a line; a provider has one number, a subscriber is a person.
    "276": (
        Limit("2100B", "name", says=((3, "RECEIVER"),)),
        Limit("2000C", "provider_names", 1),
        Limit("2100D", "name", says=((2, "1"),)),
        Limit("2210D", "service", says=((7, Decimal(1)),)),
        Limit("2210E", "service", says=((7, Decimal(1)),)),
    ),
    "277": (
        Limit("2100B", "name", says=((3, "RECEIVER"),)),
        Limit("2000C", "provider_names", 1),
        Limit("2100D", "name", says=((2, "1"),)),
    ),
    "270": (
        # x12sdk asks for BHT03 and names, knows fewer numbers and places, and either a date or a procedure only.
        Limit("ST", "beginning", says=((3, "1"),)),
        Limit("2100B", "additional_ids", 1),
        *(
            limit
            for letter in "CD"
            for limit in (
                Limit(f"2100{letter}", "name", says=((2, "1"), (3, "DOE"), (4, "JO"))),
                Limit(f"2100{letter}", "additional_ids", 0),
                Limit(f"2100{letter}", "provider_information", 0),
                Limit(f"2100{letter}", "dates", 1),
                Limit(f"2110{letter}", "inquiry", without=((2, 0), (5, 0)), says=((1, ["30"]),)),
                Limit(f"2110{letter}", "additional_information", 0),
            )
        ),
    ),
    "834": (
        # pyx12 wants the name of a broker, knows no repeats of races and services and no third number that is a fax.
        Limit("2100F", "contact", without=((7, 0), (8, 0))),
        Limit("1000C", "name", says=((2, "BROKER"),)),
        Limit("2100A", "demographics", without=((5, 0), (10, 0), (11, 0))),
        Limit("2100B", "demographics", without=((5, 0), (10, 0), (11, 0))),
        Limit("2320", "coordination", without=((4, 0),)),
    ),
    "999": (Limit("2100", "situational_triggers", 0),),  # pyx12 counts them as business units
    "277CA": (
        # pyx12 goes down to the patient always, with one status of each line, and has other entities.
        Limit("2000B", "providers", least=1),
        Limit("2000C", "patients", least=1),
        Limit("2000C", "provider_acknowledgement", least=1),
        Limit("2200C", "statuses", least=1),
        Limit("2200C", "secondary_ids", 1),
        Limit("2200B", "statuses", without=_ENTITIES),
        Limit("2200C", "statuses", without=_ENTITIES),
        Limit("2200D", "statuses", without=_ENTITIES),
        Limit("2220D", "statuses", 1, without=(*_ENTITIES, (12, 0)), says=((2, date(2025, 1, 3)),)),
    ),
}
# A judge asks for the name and number of a person where the guide has an employer too.
_PERSONS = frozenset(("2010BA", "2330A"))


def limit(root: "Draft", maker: "Maker") -> None:
    """Make a draft such that the judges can follow it."""
    for each in LIMITS.get(maker.compiled.guide.key, ()):
        for draft in tuple(root.drafts(each.loop)):
            if each.name in draft.node.names and (not each.beside or draft.named(each.beside)):
                _limit(draft, each, maker)
    for subscriber in root.drafts("2000C"):
        if maker.compiled.guide.key == "270" and subscriber.named("dependents"):
            (name,) = subscriber.named("subscriber_name")
            name.remove(name.node.names["inquiries"][0])  # x12sdk has no place for those of a subscriber then
    for draft in root.drafts():
        for piece in draft.pieces_here():
            if piece.slot.rule.id == "NM1":
                _name(piece, draft.node.rule.id)


def _limit(draft: "Draft", each: Limit, maker: "Maker") -> None:
    found = draft.named(each.name)
    index = draft.node.names[each.name][0]
    if len(found) > each.most:
        draft.remove(index)
        for part in found[: each.most]:
            draft.add(index, part)
    if len(found) < each.least:
        draft.add(index, maker.part(draft.node.parts[index]))
    if not each.without and not each.says:
        return
    for piece in draft.named(each.name):
        for place, component in each.without:
            if component and place in piece.values:
                piece.values[place].pop(component, None)
            elif not component:
                piece.values.pop(place, None)
        for place, value in each.says:
            piece.put(place, value)


def _name(piece: "Piece", loop: str) -> None:
    """An organization has no first name."""
    if loop in _PERSONS:
        piece.put(2, "1")
    if piece.get(2) == "2":
        for place in (4, 5, 6, 7):
            piece.values.pop(place, None)
