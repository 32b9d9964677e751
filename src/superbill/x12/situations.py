"""What a guide says of situations: elements that must, or may, be there only under a condition, and who asks when.

Most conditions hold in few loops, and a segment tells whether one may: as it is read, it raises a doubt or none. A
condition about which none was raised need not be asked when its loop is complete.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from superbill.x12.codec import fields, function
from superbill.x12.conditions import CONDITIONS, Condition, is_of_segment, places_of, sign_of
from superbill.x12.nodes import Node, Slot
from superbill.x12.program import is_told
from superbill.x12.rules import ElementRule
from superbill.x12.tree import Loop


class Situation(NamedTuple):
    """An element that must, or may, be there only under a condition: `value` gets what has that `name`."""

    slot: Slot
    rule: ElementRule
    segment: str
    name: str
    value: Callable[[Any], Any]
    holds: Callable[..., bool]
    only_when: bool

    def is_broken(self, segment: Any, loop: Any = None, above: Sequence[Loop] = ()) -> bool:
        """Whether it isn't there and must be, or is and may not be. Some conditions ask about the segment alone."""
        there = self.is_there(segment)
        return (self.only_when or not there) and self.holds(loop, above, segment) != there

    def is_there(self, segment: Any) -> bool:
        """Whether the element says anything."""
        value = self.value(segment)
        return value is not None and value != "" and value != ()


def situations_of(slot: Slot) -> Iterator[Situation]:
    """The situations of the elements of a segment."""
    for rule in slot.rule.elements:
        if rule.when:
            field = fields(slot.cls)[rule.position - 1]
            name = field.name
            if rule.component:
                assert field.composite is not None
                name += "." + fields(field.composite)[rule.component - 1].name
            yield Situation(slot, rule, slot.rule.id, name, _getter(name), CONDITIONS[rule.when], rule.only_when)


def _getter(name: str) -> Callable[[Any], Any]:
    outer, _, inner = name.partition(".")
    if not inner:
        return attrgetter(outer)
    return lambda segment: getattr(getattr(segment, outer), inner, None)


class Doubt(NamedTuple):
    """What is looked for in a segment: that `seen` is true of it makes it necessary to ask a condition of its loop."""

    seen: Callable[[Any], object]
    condition: Condition


@cache
def doubts_of(slot: Slot) -> tuple[Doubt, ...]:
    """The conditions that look at nothing but the segment, and those that wait for it, of its loop and the next."""
    return tuple(_doubts(slot))


def _doubts(slot: Slot) -> Iterator[Doubt]:
    for situation in situations_of(slot):
        if is_of_segment(situation.holds):
            yield Doubt(situation.is_broken, situation.holds)
    place = slot.rule.name
    for node in (slot.node, slot.node.parent):
        for condition in conditions_of(node) if node is not None else ():
            sign = sign_of(condition, place)
            if sign is not None:
                yield Doubt(sign, condition)
        if is_told(slot.node):
            break  # the next loop is judged apart from it
        place = f"{slot.node.rule.name}.{slot.rule.name}"


@cache
def suspicion(slot: Slot) -> Callable[[Any], bool] | None:
    """A function that is true of a segment that raises any doubt; None where there is nothing to doubt."""
    doubts = doubts_of(slot)
    situations = [each for each in situations_of(slot) if is_of_segment(each.holds)]
    names: dict[str, Any] = {"nothing": (None, "", ())}
    lines = ["def made(s):"]
    for number, each in enumerate(situations):
        names[f"holds{number}"] = each.holds
        outer, _, inner = each.name.partition(".")
        value = f"s.{outer}" if not inner else f"(s.{outer} and s.{outer}.{inner})"
        absent, holds = f"{value} in nothing", f"holds{number}(None, (), s)"
        broken = f"{holds} == ({absent})" if each.only_when else f"{absent} and {holds}"
        lines.append(f"    if {broken}: return True")
    for number, doubt in enumerate(doubts[len(situations) :]):
        names[f"sign{number}"] = doubt.seen
        lines.append(f"    if sign{number}(s): return True")
    return function([*lines, "    return False"], names) if doubts else None


@cache
def conditions_of(node: Node) -> tuple[Condition, ...]:
    """The conditions of a loop, its segments and their elements, each once."""
    names = [part.when for part in node.rule.parts]
    names += [rule.when for slot in node.slots for rule in slot.rule.elements]
    return tuple(CONDITIONS[name] for name in dict.fromkeys(filter(None, names)))


def is_awaited(condition: Condition, node: Node) -> bool:
    """Whether the condition can only hold in a loop of that kind if one of its segments raised a doubt."""
    places = places_of(condition)
    return bool(places) and all(_is_within(node, place) for place in places)


def _is_within(node: Node, place: str) -> bool:
    """Whether the parts of that place, if the guide has them, are judged together with the loop."""
    outer, _, inner = place.partition(".")
    if outer not in node.names:
        return False
    part = node.parts[node.names[outer][0]]
    return isinstance(part, Slot) if not inner else isinstance(part, Node) and not is_told(part)
