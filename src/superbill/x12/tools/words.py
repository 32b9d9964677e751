"""What the tools have in common: names as people read them, values as text, what tells one claim from another."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from superbill.effective import Period
from superbill.money import dollars
from superbill.x12.codec import Field, fields
from superbill.x12.convert import quantity_text
from superbill.x12.lexer import Delimiters, elements
from superbill.x12.nodes import Node, Target
from superbill.x12.program import Plan
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Transaction


class ToolError(Exception):
    """A tool can't do what was asked of it with this file; the message says why and what to do instead."""


# The segment, and its field, by which a unit is known to those who work on it; the first that a unit has counts.
IDENTITIES = {
    "CLM": "patient_control_number",
    "CLP": "patient_control_number",
    "AK2": "control_number",
    "TRN": "number",
    "NM1": "id",
    "REF": "value",
    "ENT": "number",
    "LX": "number",
    "OTI": "reference",
}


def title(name: str) -> str:
    """A name of a guide for people: "service_date" is "Service date"."""
    return name.replace("_", " ").capitalize()


def identity(loop: Loop) -> str:
    """What a unit is known by: the control number of a claim, the member number of a subscriber; "" for none."""
    for segment in _own(loop):
        found = getattr(segment, IDENTITIES.get(type(segment).__name__, ""), None)
        if found:
            return str(found)
    return ""


def _own(loop: Loop) -> Iterator[Segment]:
    """A loop's segments, and those of its first loops where these name it."""
    below: list[Loop] = []
    for part in loop.body:
        if isinstance(part, Segment):
            yield part
        elif not part.node.rule.unit and len(below) < 3:
            below.append(part)
    for each in below:
        yield from (part for part in each.body if isinstance(part, Segment))


def at(loop: Loop | None, path: str) -> Any:
    """What is at a path of names, "billing_provider_name.name.id": of several the first; None where nothing is."""
    found: Any = loop
    for name in path.split("."):
        if isinstance(found, Loop):
            if name not in found.node.names:
                return None
            found = getattr(found, name)
        else:
            found = getattr(found, name, None)
        if isinstance(found, tuple):
            found = found[0] if found else None
        if found is None:
            return None
    return found


def several(loop: Loop, name: str) -> tuple[Any, ...]:
    """Everything of that name in a loop: () for none, and for a name that its guide doesn't have."""
    place = loop.node.names.get(name)
    if place is None:
        return ()
    return tuple(part for index, part in zip(loop.shape, loop.body, strict=True) if index == place[0])


def value_text(field: Field, value: Any) -> str:
    """A field's value for people: money in dollars, dates as YYYY-MM-DD, a composite as its parts by name."""
    if isinstance(value, tuple):
        one = field._replace(repeats=False)
        return "; ".join(value_text(one, each) for each in value)
    if isinstance(value, Composite):
        return "(" + ", ".join(f"{name} {text}" for name, text in texts(value)) + ")"
    if field.kind is not None and field.kind.name == "money":
        return dollars(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return f"{value.start} to {value.end}"
    if isinstance(value, Decimal):
        return quantity_text(value)
    return str(value)


def texts(struct: Segment | Composite) -> Iterator[tuple[str, str]]:
    """Name and value, for people, of each field that says something."""
    for field in fields(type(struct)):
        value = getattr(struct, field.name)
        if value is not None and value != "" and value != ():
            yield field.name.replace("_", " "), value_text(field, value)


class Watching:
    """A watcher of a walk that is told everything, and of every segment; what it doesn't care for it leaves as here."""

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        """An envelope segment."""

    def begin(self, transaction: Transaction) -> None:
        """A transaction set."""

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        """Segments in their places."""
        for place, (target, segment) in enumerate(zip(plan.targets, segments, strict=True), position):
            self.segment(target, elements(segment.raw, delimiters), place)

    def segment(self, target: Target, e: list[str], position: int) -> None:
        """One of them."""

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        """A segment without a place."""

    def opened(self, node: Node, position: int) -> None:
        """A unit, or a loop that holds units, begins."""

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """Such a loop is complete."""

    def end(self, transaction: Transaction, position: int) -> None:
        """The transaction set is over."""


def places(loop: Loop) -> Iterator[tuple[int, "Segment | Loop"]]:
    """The place in the guide and the part, in file order; UNPLACED for a segment that has none."""
    yield from zip(loop.shape, loop.body, strict=True)


def count_segments(interchange: Interchange) -> int:
    """How many segments an interchange has, those of the envelope among them."""
    count = 0
    for part in interchange.body:
        inner = part.body if isinstance(part, Group) else [part]
        count += sum(each.root.segments() if isinstance(each, Transaction) else 1 for each in inner)
    return count


__all__ = [
    "IDENTITIES",
    "UNPLACED",
    "ToolError",
    "Watching",
    "at",
    "count_segments",
    "identity",
    "places",
    "several",
    "texts",
    "title",
    "value_text",
]
