"""The X12 guides as pages: every loop, segment and element that is read, written and judged, by its name in Python."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from msgspec.structs import replace
from tools.docs_tables import code, table
from tools.docs_x12_standard import aligned, type_of

from superbill.x12.codec import fields
from superbill.x12.codes import BY_SEGMENT, Coded
from superbill.x12.conditions import CONDITIONS
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.rules import MANY, REQUIRED, ElementRule, LoopRule, Part, SegmentRule
from superbill.x12.standard import COMPOSITES, SEGMENTS, element

BY_KEY = {guide.key: guide for guide in GUIDES}
# A variant's page has only the loops that differ from those of its base.
BASES = {
    "837P-predetermination": "837P",
    "837I-predetermination": "837I",
    "837P-post-adjudicated": "837P",
    "837I-post-adjudicated": "837I",
    "837D-post-adjudicated": "837D",
    "837P-4010": "837P",
    "837I-4010": "837I",
    "837D-4010": "837D",
    "835-4010": "835",
    "834-exchange": "834",
    "277DRA": "277CA",
}
_FEW = 12  # codes that stand where they are used; longer lists stand at the end of the page
_NUMBERED = re.compile(r"_\d+$")
_USAGE = {"R": "required", "S": "situational", "N": "not used"}

Row = tuple[str, str, str, str, str]  # place, name, usage, type, codes and condition


class Placed(NamedTuple):
    """A loop where it stands: the loops above it, the outermost first."""

    above: tuple[LoopRule, ...]
    loop: LoopRule

    @property
    def path(self) -> tuple[str, ...]:
        return (*(each.id for each in self.above), self.loop.id)


def page_of(key: str) -> str:
    """The name of a guide's page."""
    return f"{key.lower()}.md"


def transactions() -> str:
    """The list of all guides, each with its page."""
    rows = [
        (
            f"[{guide.key}](x12/{page_of(guide.key)})",
            guide.title,
            guide.identifier,
            guide.functional_id,
            code(guide.version),
            "read, written" if guide.writes else "read",
        )
        for guide in GUIDES
    ]
    return table(("key", "transaction", "ST01", "GS01", "version", "is"), rows)


def guide_page(key: str) -> str:
    """All of a guide, or of a variant what differs from its base."""
    guide = BY_KEY[key]
    places = list(_placed(guide.root, ()))
    versions = ", ".join(map(code, guide.versions))
    written = f"Written as {code(guide.version)}, read" if guide.writes else "Read, not written,"
    units = sorted({f"`{place.loop.id}` {place.loop.name}" for place in places if place.loop.unit})
    streams = f" Streaming hands over each {' or '.join(units)}." if units else ""
    head = (
        f"Transaction set {guide.identifier} in a group {guide.functional_id}; in Python `compiled({key!r})`. "
        f"{written} as {versions}.{streams}\n\n## Outline\n\n```text\n{_outline(places)}\n```\n"
    )
    if key in BASES:
        base = BASES[key]
        known = {place.path: place.loop for place in _placed(BY_KEY[base].root, ())}
        places = [place for place in places if _own(place.loop) != _own(known.get(place.path))]
        head += f"\nThe loops that are not here are those of the [{base}]({page_of(base)}).\n"
    lists = Lists()
    return "\n".join([head, *_sections(places, lists), _conditions(places), lists.text()])


class Lists:
    """The long code lists of a page, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, ...], int] = {}

    def told(self, codes: tuple[str, ...]) -> str:
        """The codes, or where they are listed."""
        if len(codes) <= _FEW:
            return " ".join(codes)
        number = self.numbers.setdefault(codes, len(self.numbers) + 1)
        return f"list {number} ({len(codes)} codes)"

    def text(self) -> str:
        """The lists as a section."""
        listed = "".join(f"{number}. {code(' '.join(codes))}\n" for codes, number in self.numbers.items())
        return f"## Long code lists\n\n{listed}" if listed else ""


def _placed(loop: LoopRule, above: tuple[LoopRule, ...]) -> Iterator[Placed]:
    yield Placed(above, loop)
    for part in loop.parts:
        if isinstance(part, LoopRule):
            yield from _placed(part, (*above, loop))


def _own(loop: LoopRule | None) -> tuple[object, ...]:
    """What a page says of a loop beside the loops in it."""
    return () if loop is None else (*_body(loop), loop.usage, loop.repeat, loop.when, loop.only_when)


def _body(loop: LoopRule) -> tuple[object, ...]:
    parts = (part if isinstance(part, SegmentRule) else _child(part) for part in loop.parts)
    return loop.id, loop.name, *parts


def _child(loop: LoopRule) -> tuple[object, ...]:
    return loop.id, loop.name, loop.usage, loop.repeat, loop.when, loop.only_when


def _outline(places: Sequence[Placed]) -> str:
    rows = [
        (
            f"{'  ' * len(place.above)}{place.loop.id:<7}{place.loop.name}",
            f"{_USAGE[place.loop.usage]}, {_times(place.loop)}",
        )
        for place in places
    ]
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(f"{name:<{width}}{what}" for name, what in rows)


def _times(part: Part) -> str:
    if part.repeat >= MANY:
        return "any number"
    return "once" if part.repeat == 1 else f"up to {part.repeat:,}"


def _sections(places: Sequence[Placed], lists: Lists) -> Iterator[str]:
    """A section per loop; one that comes at several places (claims of subscriber and of patient) has one."""
    together: dict[tuple[object, ...], list[Placed]] = {}
    for place in places:
        together.setdefault(_body(place.loop), []).append(place)
    for same in together.values():
        yield _section(same, lists)


def _section(same: Sequence[Placed], lists: Lists) -> str:
    loop = same[0].loop
    where = "".join(f"- {_where(place)}\n" for place in _once(same))
    rows = [row for at, part in enumerate(loop.parts) for row in _part(part, at == 0, lists)]
    return f"## {loop.id} {loop.name}\n\n{where}\n```text\n{aligned(rows)}\n```\n"


def _once(same: Sequence[Placed]) -> Iterator[Placed]:
    seen = set()
    for place in same:
        said = _where(place)
        if said not in seen:
            seen.add(said)
            yield place


def _where(place: Placed) -> str:
    loop = place.loop
    usage = f"{_USAGE[loop.usage]}, {_times(loop)}"
    within = f"in {code(place.above[-1].id)} {place.above[-1].name}: " if place.above else ""
    when = f", {'only' if loop.only_when else 'required'} when {code(loop.when)}" if loop.when else ""
    return f"{within}{usage}{when}"


def _told(rule: Part | ElementRule) -> str:
    if not rule.when:
        return ""
    return f"{'only when' if rule.only_when else 'required when'} {rule.when}"


def _conditions(places: Sequence[Placed]) -> str:
    """What the conditions of these loops ask, in words."""
    names = {rule.when for place in places for rule in _rules(place.loop)} - {""}
    rows = [(code(name), " ".join((CONDITIONS[name].__doc__ or "").split())) for name in sorted(names)]
    return f"## Conditions\n\n{table(('condition', 'holds when'), rows)}\n" if rows else ""


def _rules(loop: LoopRule) -> Iterator[Part | ElementRule]:
    yield loop
    for part in loop.parts:
        yield part
        if isinstance(part, SegmentRule):
            yield from part.elements


def _part(part: Part, opens: bool, lists: Lists) -> Iterator[Row]:
    usage = f"{_USAGE[part.usage]}, {_times(part)}"
    if isinstance(part, LoopRule):
        yield f"loop {part.id}", part.name, usage, "", _told(part)
        return
    yield part.id, part.name, "opens the loop" if opens else usage, "", _told(part)
    yield from _elements(part, lists)


def _elements(segment: SegmentRule, lists: Lists) -> Iterator[Row]:
    """A row for each element and component; a run of elements that are used like those before it is one row."""
    cls = SEGMENTS[segment.id]
    numbers = cls.ELEMENTS.split()
    names = [field.name for field in fields(cls)]
    groups = [list(group) for _, group in groupby(segment.elements, attrgetter("position"))]
    looks = [
        [
            (_NUMBERED.sub("", names[each.position - 1]), numbers[each.position - 1], replace(each, position=0))
            for each in group
        ]
        for group in groups
    ]
    at = 0
    while at < len(groups):
        period, run = max(((period, _run(looks, at, period)) for period in (1, 2, 3)), key=itemgetter(1))
        if run < 2 or not _begins(names, groups[at][0].position):
            for rule in groups[at]:
                yield _element(segment, rule, names, numbers, lists)
            at += 1
            continue
        first, last = groups[at][0].position, groups[at + run - 1][0].position
        like = f"{segment.id}{groups[at - period][0].position:02}"
        if period > 1:
            like = f"{like} to {segment.id}{groups[at - 1][0].position:02}"
        called = f"{names[first - 1]} … {names[last - 1]}"
        yield f"  {segment.id}{first:02} to {segment.id}{last:02}", called, "", "", f"as {like}"
        at += run


def _begins(names: list[str], position: int) -> bool:
    """Whether the names are numbered anew from an element on: reason_3 after quantity_2."""
    before, here = (_NUMBERED.search(name) for name in names[position - 2 : position])
    return here is not None and (before is None or before[0] != here[0])


def _run(looks: Sequence[object], at: int, period: int) -> int:
    """How many from `at` on look like the one a period before, in whole periods."""
    if at < period:
        return 0
    count = 0
    while at + count < len(looks) and looks[at + count] == looks[at + count - period]:
        count += 1
    return count - count % period


def _element(segment: SegmentRule, rule: ElementRule, names: list[str], numbers: list[str], lists: Lists) -> Row:
    name, number = names[rule.position - 1], numbers[rule.position - 1]
    place = f"  {segment.id}{rule.position:02}"
    if rule.component:
        composite = COMPOSITES[number]
        place, number = f"{place}-{rule.component}", composite.ELEMENTS.split()[rule.component - 1]
        name = f"{name}.{fields(composite)[rule.component - 1].name}"
    what = "; ".join(filter(None, (lists.told(rule.codes), _code_sets(segment, rule), _told(rule))))
    return place, name, "required" if rule.usage == REQUIRED else "", _type(number, rule.longest), what


def _type(number: str, longest: int) -> str:
    if number in COMPOSITES:
        return number
    data = element(number)
    return type_of(data.kind, data.shortest, longest or data.longest)


def _code_sets(segment: SegmentRule, rule: ElementRule) -> str:
    """The outside code sets that an element is judged by, with the qualifiers that say so."""
    found: dict[str, list[str]] = {}
    for row in BY_SEGMENT.get(segment.id, ()):
        if (row.element, row.component) == (rule.position, rule.component):
            for value, name in row.sets.items():
                if _announced(segment, row, value):
                    found.setdefault(name, []).append(value)
    said = [
        name + (f" ({', '.join(each or 'absent' for each in values)})" if any(values) else "")
        for name, values in found.items()
    ]
    return f"code set {', '.join(said)}" if said else ""


def _announced(segment: SegmentRule, row: Coded, value: str) -> bool:
    """Whether the guide lets the qualifier have that value."""
    if row.qualifier is None:
        return True
    rule = segment.at(*row.qualifier)
    return rule is not None and (not rule.codes or value in rule.codes)
