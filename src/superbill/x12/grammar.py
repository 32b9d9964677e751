"""The words in which a guide is written: elements, segments, loops, a transaction set. Data only.

A guide binds names to elements. Reading makes one dict of names per loop, writing takes one; `compiled.py` turns the
tables into the functions that do it, `check.py` into those that judge it.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from superbill.x12 import values

REQUIRED = "R"
SITUATIONAL = "S"

Values: TypeAlias = dict[str, Any]
Condition: TypeAlias = Callable[[Values], bool]


class Kind(Struct, frozen=True):
    """How an element's text becomes a value (`parse`; None: it is the value) and back."""

    name: str
    parse: Callable[..., Any] | None
    text: Callable[[Any], str]
    composite: bool = False


TEXT = Kind("text", None, values.plain)
IDENTIFIER = Kind("identifier", None, values.exact)
MONEY = Kind("money", values.money, values.money_text)
QUANTITY = Kind("quantity", values.quantity, values.quantity_text)
COUNT = Kind("count", values.count, str)
DAY = Kind("day", values.day, values.day_text)
PERIOD = Kind("period", values.period, values.period_text)
YES_NO = Kind("yes_no", values.yes, values.yes_text)
FLAG = Kind("flag", values.yes, values.flag_text)
PROCEDURE = Kind("procedure", values.procedure, values.procedure_text, composite=True)
POINTERS = Kind("pointers", values.numbers, values.numbers_text, composite=True)
COMPONENTS = Kind("components", values.components, values.components_text, composite=True)
STATUS = Kind("status", values.status, values.status_text, composite=True)


class Element(Struct, frozen=True, kw_only=True):
    """One element of a segment in a guide.

    `name` binds it; without one it is allowed but not carried. `constant` is written as it stands, only beside a
    value named `beside` where that is set; `derive` makes the text from the value named `beside`. `parts` are the
    usages of a composite's components, with their codes. `when` names the condition under which a situational
    element must be there.
    """

    position: int
    kind: Kind = IDENTIFIER
    name: str = ""
    usage: str = SITUATIONAL
    codes: frozenset[str] = frozenset()
    longest: int | None = None
    constant: str = ""
    beside: str = ""
    derive: Callable[[Any], str] | None = None
    parts: tuple[tuple[str, frozenset[str]], ...] = ()
    check: str = ""


class Segment(Struct, frozen=True, kw_only=True):
    """A segment at its place in a loop.

    `qualifiers` at element `at` (its first component when `at_component`) tell it from others of the same id.
    `many` collects a value per segment under one name, made by `reads` and written by `writes`.
    """

    id: str
    title: str
    usage: str
    elements: tuple[Element, ...]
    repeat: int = 1
    qualifiers: tuple[str, ...] = ()
    at: int = 0
    at_component: bool = False
    many: str = ""
    reads: Callable[[list[str], str], Sequence[Any]] | None = None
    writes: Callable[[Sequence[Any]], list[list[str]]] | None = None
    always: bool = False
    when: Condition | None = None


class Loop(Struct, frozen=True, kw_only=True):
    """A loop; its first part is the segment that opens it. `emit`: the reader hands it over when it closes."""

    id: str
    title: str
    usage: str
    parts: "tuple[Segment | Loop, ...]"
    repeat: int = 1
    emit: bool = False
    when: Condition | None = None

    @property
    def opener(self) -> Segment:
        first = self.parts[0]
        assert isinstance(first, Segment)
        return first


class Guide(Struct, frozen=True, kw_only=True):
    """One transaction set: its identifier (ST01), functional group (GS01), the versions that it reads and writes."""

    identifier: str
    functional_id: str
    version: str
    versions: tuple[str, ...]
    root: Loop
    version_in_st: bool = True


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


def text(position: int, name: str = "", usage: str = SITUATIONAL, longest: int | None = None) -> Element:
    """Free text: names, addresses, notes. Written transliterated."""
    return Element(position=position, kind=TEXT, name=name, usage=usage, longest=longest)


def ident(
    position: int, name: str = "", usage: str = SITUATIONAL, longest: int | None = None, check: str = ""
) -> Element:
    """An identifier, written exactly or not at all. `check` names a check of its own: npi, tin, zip, state …"""
    return Element(position=position, name=name, usage=usage, longest=longest, check=check)


def code(position: int, name: str, codes: str, usage: str = SITUATIONAL) -> Element:
    """A code of a list; `codes` separated by blanks."""
    return Element(position=position, name=name, usage=usage, codes=_codes(codes))


def mark(position: int, constant: str, beside: str = "", *, also: str = "", usage: str = SITUATIONAL) -> Element:
    """A constant that we write (beside a value); `also`: other codes that are valid there."""
    return Element(position=position, constant=constant, beside=beside, codes=_codes(f"{constant} {also}"), usage=usage)


def derived(position: int, beside: str, derive: Callable[[Any], str], codes: str, usage: str = REQUIRED) -> Element:
    """Text that follows from another value, as a date's format from the date."""
    return Element(position=position, beside=beside, derive=derive, codes=_codes(codes), usage=usage)


def value(kind: Kind, position: int, name: str, usage: str = SITUATIONAL, codes: str = "") -> Element:
    """An element of the given kind."""
    return Element(position=position, kind=kind, name=name, usage=usage, codes=_codes(codes))


def parts(*usages: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Components of a composite: each "R" or "S", with its codes behind a colon ("R:ABK BK"); "N" not used."""
    made = []
    for usage in usages:
        kind, _, listed = usage.partition(":")
        made.append((kind, _codes(listed)))
    return tuple(made)


def composite(position: int, kind: Kind, name: str, usage: str, *usages: str) -> Element:
    """A composite with the usage of its components."""
    return Element(position=position, kind=kind, name=name, usage=usage, parts=parts(*usages))


def others(spec: str) -> tuple[Element, ...]:
    """Elements that the guide allows and our documents don't carry: "2R 3 4" (R required)."""
    return tuple(
        Element(position=int(item.rstrip("R")), usage=REQUIRED if item.endswith("R") else SITUATIONAL)
        for item in spec.split()
    )


def segment(
    id: str,
    title: str,
    usage: str,
    *elements: Element,
    q: str = "",
    at: int = 1,
    rest: str = "",
    **more: Any,
) -> Segment:
    """A segment; `q` its qualifiers, blank separated; `rest` as in `others`."""
    qualifiers = tuple(q.split())
    placed = {element.position: element for element in (*others(rest), *elements)}
    if qualifiers and at not in placed and not more.get("at_component"):
        constant = qualifiers[0] if len(qualifiers) == 1 else ""
        placed[at] = Element(position=at, usage=REQUIRED, codes=frozenset(qualifiers), constant=constant)
    return Segment(
        id=id,
        title=title,
        usage=usage,
        elements=tuple(placed[position] for position in sorted(placed)),
        qualifiers=qualifiers,
        at=at if qualifiers else 0,
        **more,
    )


def loop(id: str, title: str, usage: str, repeat: int, *parts: "Segment | Loop", **more: Any) -> Loop:
    """A loop in the order of its parts."""
    return Loop(id=id, title=title, usage=usage, repeat=repeat, parts=parts, **more)


MANY = 1_000_000_000
