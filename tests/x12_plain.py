"""What a generated transaction leaves out, or always says, so that the judges of tests/judges.py can follow it.

They are older or narrower than the guides: each row says what they don't know. Our own reader and judge see the same
transactions without these limits.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.x12_generated import Draft
    from tests.x12_pieces import Piece


class Limit(NamedTuple):
    """A part of a loop, by its name, of which there are at most so many; its elements that are not sent, or are."""

    loop: str
    name: str
    most: int = 99
    without: tuple[tuple[int, int], ...] = ()
    says: tuple[tuple[int, str], ...] = ()


_ENTITIES = ((10, 3), (11, 3))
LIMITS: dict[str, tuple[Limit, ...]] = {
    "837P": (
        Limit("ST", "beginning", says=((6, "CH"),)),  # pyx12 has no subrogation
        Limit("2400", "medical_necessity_certificate", 0),  # pyx12 takes it for the paperwork before it
    ),
    "835": (Limit("ST", "provider_adjustments", 1),),  # pyx12 opens another footer
    "277CA": (
        Limit("2000C", "provider_acknowledgement", 0),
        Limit("2220D", "statuses", 1),
    ),
}
# A judge asks for the name and number of a person where the guide has an employer too.
_PERSONS = frozenset(("2010BA", "2330A"))


def limit(root: "Draft", key: str) -> None:
    """Make a draft such that the judges can follow it."""
    for each in LIMITS.get(key, ()):
        for draft in root.drafts(each.loop):
            if each.name in draft.node.names:
                _limit(draft, each)
    for draft in root.drafts():
        opener = draft.parts[0][1]
        if draft.node.rule.opener.id == "NM1":
            _name(opener, draft.node.rule.id)  # type: ignore[arg-type] # an opener is a Piece


def _limit(draft: "Draft", each: Limit) -> None:
    found = draft.named(each.name)
    index = draft.node.names[each.name][0]
    if len(found) > each.most:
        draft.remove(index)
        for part in found[: each.most]:
            draft.add(index, part)
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
    if loop in _PERSONS and piece.get(2) == "2":
        piece.put(2, "1")
    if piece.get(2) == "2":
        for place in (4, 5, 6, 7):
            piece.values.pop(place, None)
