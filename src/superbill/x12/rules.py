"""The words in which a guide is written: usages of elements, segments and loops, a transaction set. Data only.

The usage of the elements of a segment is one string, blank separated, in element order:

    1R:0B,1G,G2   element 1 is required and one of these codes
    2R<30         element 2 is required, of at most 30 characters
    5.1R 5.2R:B   components of composite 5
    7             element 7 is situational
    7?has_drug    element 7 is required where the condition of that name (guides/situations.py) holds, else optional
    7!has_drug    element 7 is required where the condition holds, and not to be sent otherwise

An element that is not named is not used by the guide. A composite of which no component is named may be sent whole;
where only components are named, the composite is required if one of its components is.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct

REQUIRED = "R"
SITUATIONAL = "S"
NOT_USED = "N"
MANY = 1_000_000_000
PASSED_OVER = "passed over"  # key of the guide of transaction sets that nobody asked for

R, S = REQUIRED, SITUATIONAL

_ITEM = re.compile(r"(\d+)(?:\.(\d+))?(R?)(?:<(\d+))?(?::([^?!\s]+))?(?:([?!])(\w+))?")


class ElementRule(Struct, frozen=True, kw_only=True):
    """How a guide uses an element, or a component of a composite.

    `codes`: the only ones that are valid, in the guide's order. `longest`: where the guide allows less than the
    standard. `when` names the condition under which it must be there; `only_when`: it may not be there otherwise.
    """

    position: int
    component: int = 0
    usage: str = SITUATIONAL
    codes: tuple[str, ...] = ()
    longest: int = 0
    when: str = ""
    only_when: bool = False


class SegmentRule(Struct, frozen=True, kw_only=True):
    """A segment at its place in a loop; `name` is its attribute there. `when` and `only_when` as of an element."""

    id: str
    name: str
    usage: str
    elements: tuple[ElementRule, ...]
    repeat: int = 1
    when: str = ""
    only_when: bool = False

    def at(self, position: int, component: int = 0) -> ElementRule | None:
        """The rule of an element, None where the guide doesn't use it."""
        for rule in self.elements:
            if rule.position == position and rule.component == component:
                return rule
        return None


class LoopRule(Struct, frozen=True, kw_only=True):
    """A loop; its first part is the segment that opens it. `unit`: streaming hands it over when it closes."""

    id: str
    name: str
    usage: str
    parts: "tuple[SegmentRule | LoopRule, ...]"
    repeat: int = 1
    unit: bool = False
    when: str = ""
    only_when: bool = False

    @property
    def opener(self) -> SegmentRule:
        first = self.parts[0]
        assert isinstance(first, SegmentRule)
        return first


Part: TypeAlias = SegmentRule | LoopRule


class Guide(Struct, frozen=True, kw_only=True):
    """One implementation guide: transaction set (ST01), functional group (GS01), and the versions that it describes.

    `version` is the one that we write (GS08, and ST03 where `version_in_st`); `versions` all that it reads. `key` is
    its short name ("837P"). `tells` answers whether a transaction set of a shared version is this guide's: 278
    requests and responses differ only in BHT02. `writes` is False for what we only read. `echoes` are the segments
    that repeat what another file said, refused codes too: a code that its set does not have is a warning there.
    """

    key: str
    title: str
    identifier: str
    functional_id: str
    version: str
    versions: tuple[str, ...]
    root: LoopRule
    version_in_st: bool = True
    tells: Callable[[list[str]], bool] | None = None
    writes: bool = True
    echoes: tuple[str, ...] = ()


def _element(text: str) -> ElementRule:
    found = _ITEM.fullmatch(text)
    if found is None:
        raise ValueError(f"not a usage: {text!r}")
    position, component, required, longest, codes, mark, condition = found.groups()
    return ElementRule(
        position=int(position),
        component=int(component or 0),
        usage=REQUIRED if required else SITUATIONAL,
        codes=tuple(codes.split(",")) if codes else (),
        longest=int(longest or 0),
        when=condition or "",
        only_when=mark == "!",
    )


def usages(text: str) -> tuple[ElementRule, ...]:
    """The element rules of a usage string; raises ValueError for one that is malformed or out of order."""
    made = tuple(map(_element, text.split()))
    order = [(rule.position, rule.component) for rule in made]
    if order != sorted(set(order)):
        raise ValueError(f"usages out of order or twice: {text!r}")
    return made


def _condition(text: str) -> dict[str, Any]:
    """`when` of a segment or loop: "has_drug", or "!has_drug" for only when."""
    return {"when": text.lstrip("!"), "only_when": text.startswith("!")}


def seg(id: str, name: str, usage: str, elements: str, repeat: int = 1, when: str = "") -> SegmentRule:
    """A segment rule. `when` a condition by name: it must be there then; with "!" before it, then and only then."""
    return SegmentRule(id=id, name=name, usage=usage, elements=usages(elements), repeat=repeat, **_condition(when))


def loop(id: str, name: str, usage: str, repeat: int, *parts: Part, unit: bool = False, when: str = "") -> LoopRule:
    """A loop rule, its parts in guide order."""
    return LoopRule(id=id, name=name, usage=usage, repeat=repeat, parts=parts, unit=unit, **_condition(when))
