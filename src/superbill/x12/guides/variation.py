"""A guide told by what it does otherwise than another: changes of its table, as data.

    varied(claim_837p.GUIDE.root, removed("2000A", "pay_to_plan"), altered("2400", "service_date", usage=S), …)

A change names the loop by its id and the part by its slot; it is made wherever the table has that loop, so once for
claims of subscribers and of patients. One that finds nothing to change raises ValueError: the tables moved apart.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

from superbill.x12.rules import ElementRule, LoopRule, Part, SegmentRule, usages


class Change(Struct, frozen=True):
    """What becomes of the parts of that name in the loops of that id: none, another, or more parts."""

    loop: str
    part: str
    make: Callable[[Part], tuple[Part, ...]]


def removed(loop: str, *parts: str) -> tuple[Change, ...]:
    """The guide does not use these parts."""
    return tuple(Change(loop, part, lambda _: ()) for part in parts)


def replaced(loop: str, part: str, *others: Part) -> tuple[Change, ...]:
    """Other parts stand where the part stood."""
    return (Change(loop, part, lambda _: others),)


def followed(loop: str, part: str, *others: Part) -> tuple[Change, ...]:
    """Further parts come after the part."""
    return (Change(loop, part, lambda own: (own, *others)),)


def altered(loop: str, part: str, **fields: Any) -> tuple[Change, ...]:
    """The part has other fields: `usage`, `repeat`, `when`, `only_when`, `id`, `name`."""
    return (Change(loop, part, lambda own: (structs.replace(own, **fields),)),)


def retold(loop: str, part: str, elements: str) -> tuple[Change, ...]:
    """Elements of the segment are used otherwise, or too; `elements` in the words of a usage string."""
    told = {_place(rule): rule for rule in usages(elements)}

    def make(own: Part) -> tuple[Part, ...]:
        assert isinstance(own, SegmentRule)
        rules = {_place(rule): rule for rule in own.elements} | told
        return (structs.replace(own, elements=tuple(rules[place] for place in sorted(rules))),)

    return (Change(loop, part, make),)


def _place(rule: ElementRule) -> tuple[int, int]:
    return rule.position, rule.component


def varied(root: LoopRule, *changes: tuple[Change, ...]) -> LoopRule:
    """The table with all the changes made, in their order; raises ValueError for one that has no place."""
    for group in changes:
        for change in group:
            root, times = _changed(root, change)
            if not times:
                raise ValueError(f"loop {change.loop} has no {change.part!r} to change")
    return root


def _changed(within: LoopRule, change: Change) -> tuple[LoopRule, int]:
    parts: list[Part] = []
    times = 0
    for part in within.parts:
        if within.id == change.loop and part.name == change.part:
            parts += change.make(part)
            times += 1
        elif isinstance(part, LoopRule):
            made, deeper = _changed(part, change)
            parts.append(made)
            times += deeper
        else:
            parts.append(part)
    return structs.replace(within, parts=tuple(parts)), times
