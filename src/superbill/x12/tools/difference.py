"""Two files compared by what they mean: claim with claim, line with line, field with field.

Separators, line endings, the order of claims and how they are grouped make no difference; nor do, unless all is asked
for, the numbers and times of the envelopes and of levels.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from superbill.x12.codec import Field, fields
from superbill.x12.lexer import Delimiters, Source, elements
from superbill.x12.library import guides_of
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.standard.composites import C022
from superbill.x12.tools.words import at, identity, title, value_text
from superbill.x12.tools.words import texts as texts_of
from superbill.x12.tree import UNPLACED, Interchange, Loop, Transaction, Unplaced
from superbill.x12.walk import walk

# What only says how and when a file was sent, by segment; () is all of it.
_ENVELOPE: dict[str, tuple[str, ...]] = {
    "ISA": (),
    "GS": ("date", "time", "control_number"),
    "ST": ("control_number",),
    "BHT": ("reference", "date", "time"),
    "HL": ("id", "parent", "child"),
    "SE": (),
    "GE": (),
    "IEA": (),
}
# What parts of one name are matched by where the standard has no code for it.
_MATCHED = {"LX": "number", "CAS": "group", "SVD": "payer_id"}
_NUMBERED = frozenset(("LX",))


class Difference(Struct, frozen=True):
    """One difference: where, by names; `left` and `right` as people read them, "" for what one of the files lacks.

    `place` leads from the claim (or other unit) inwards: "Claim A1 › Lines 2 › Service › charge".
    """

    place: str
    left: str
    right: str


Unit = tuple[Loop, tuple[Loop, ...], Delimiters]
Pair = tuple[Any, Any]


class _Side:
    """One file: its units by what they are known by, its transaction sets without units, its envelopes."""

    def __init__(self, source: Source) -> None:
        self.units: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        self.bare: dict[str, list[tuple[Loop, Delimiters]]] = defaultdict(list)
        self.envelopes: list[tuple[Segment, Delimiters]] = []
        for interchange in walk(source, guides_of, units=False):
            assert isinstance(interchange, Interchange)
            delimiters = interchange.delimiters
            self.envelopes.append((interchange.header, delimiters))
            for group in interchange.groups:
                if group.header is not None:
                    self.envelopes.append((group.header, delimiters))
                for transaction in group.transactions:
                    self._transaction(transaction, delimiters)

    def _transaction(self, transaction: Transaction, delimiters: Delimiters) -> None:
        identifier = transaction.header.identifier
        found = False
        for unit, above in _units(transaction.root, ()):
            found = True
            self.units[identifier, identity(unit)].append((unit, above, delimiters))
        if not found:
            self.bare[identifier].append((transaction.root, delimiters))


def _units(loop: Loop, above: tuple[Loop, ...]) -> Iterator[tuple[Loop, tuple[Loop, ...]]]:
    for part in loop.body:
        if isinstance(part, Loop):
            if part.node.rule.unit:
                yield part, (*above, loop)
            elif part.node.holds_units:
                yield from _units(part, (*above, loop))


def difference(left: Source, right: Source, *, everything: bool = False) -> Iterator[Difference]:
    """What differs between two files, unit by unit in the order of the left one, then what only the right one has.

    `everything` compares envelopes, control numbers and the numbers of levels, too. Raises X12ReadError.
    """
    yield from _Comparison(_Side(left), _Side(right), everything).run()


class _Comparison:
    def __init__(self, left: _Side, right: _Side, everything: bool) -> None:
        self.left = left
        self.right = right
        self.everything = everything
        self.marks = (Delimiters(), Delimiters())
        self.compared: set[tuple[int, int]] = set()

    def run(self) -> Iterator[Difference]:
        """All differences."""
        if self.everything:
            for one, other in _paired(self.left.envelopes, self.right.envelopes, lambda each: type(each[0]).__name__):
                yield from self._sides(one, other, "Envelope")
        for key in [*self.left.units, *(key for key in self.right.units if key not in self.left.units)]:
            for mine, theirs in zip_longest(self.left.units.get(key, ()), self.right.units.get(key, ())):
                yield from self._pair(key, mine, theirs)
        for identifier in dict.fromkeys([*self.left.bare, *self.right.bare]):
            sets = (side.bare.get(identifier, ()) for side in (self.left, self.right))
            for one, other in zip_longest(*sets):
                yield from self._sides(one, other, f"Transaction set {identifier}")

    def _pair(self, key: tuple[str, str], mine: Unit | None, theirs: Unit | None) -> Iterator[Difference]:
        known = mine or theirs
        assert known is not None
        place = f"{title(known[0].node.rule.opener.name)} {key[1]}".strip()
        yield from self._sides(mine and (mine[0], mine[2]), theirs and (theirs[0], theirs[2]), place)
        if mine is None or theirs is None:
            return
        for one, other in _paired(mine[1], theirs[1], lambda loop: loop.id):
            if one is None or other is None or (id(one), id(other)) in self.compared:
                continue
            self.compared.add((id(one), id(other)))
            yield from self._loops(one, other, f"{place} › around it: {title(one.node.rule.name)}")

    def _sides(self, one: Any, other: Any, place: str) -> Iterator[Difference]:
        """Two parts, each with the separators of its file; either may be missing."""
        self.marks = (one[1] if one else self.marks[0], other[1] if other else self.marks[1])
        yield from self._parts(one[0] if one else None, other[0] if other else None, place)

    def _parts(self, one: Any, other: Any, place: str) -> Iterator[Difference]:
        if one is None or other is None:
            yield Difference(place, _summary(one), _summary(other))
        elif isinstance(one, Loop):
            yield from self._loops(one, other, place)
        else:
            yield from self._segments(one, other, place)

    def _loops(self, one: Loop, other: Loop, place: str) -> Iterator[Difference]:
        mine, theirs = _named(one), _named(other)
        for name in dict.fromkeys([*mine, *theirs]):
            left, right = mine.get(name, []), theirs.get(name, [])
            several = len(left) > 1 or len(right) > 1
            for number, (first, second) in enumerate(_paired(left, right, _key), 1):
                mark = _number(first if first is not None else second, number) if several else ""
                yield from self._parts(first, second, f"{place} › {title(name)}{mark}")

    def _segments(self, one: Segment, other: Segment, place: str) -> Iterator[Difference]:
        ignored = _ENVELOPE.get(type(one).__name__) if not self.everything else None
        if ignored == ():
            return
        if isinstance(one, Unplaced) or type(one) is not type(other):
            if (one.raw, type(one)) != (other.raw, type(other)):
                yield Difference(place, _summary(one), _summary(other))
            return
        texts = None
        for number, field in enumerate(fields(type(one)), 1):
            if ignored and field.name in ignored:
                continue
            left, right = getattr(one, field.name), getattr(other, field.name)
            where = f"{place} › {field.name.replace('_', ' ')}"
            if left != right:
                yield from _values(field, left, right, where)
            elif left is None and one.raw != other.raw:  # perhaps both have something that can't be read
                texts = texts or [
                    elements(each.raw, marks) for each, marks in zip((one, other), self.marks, strict=True)
                ]
                raw = [each[number] if len(each) > number else "" for each in texts]
                if raw[0] != raw[1]:
                    yield Difference(where, *raw)


def _values(field: Field, left: Any, right: Any, place: str) -> Iterator[Difference]:
    if isinstance(left, Composite) and isinstance(right, Composite):
        for inner in fields(type(left)):
            one, other = getattr(left, inner.name), getattr(right, inner.name)
            if one != other:
                yield from _values(inner, one, other, f"{place} › {inner.name.replace('_', ' ')}")
        return
    texts = ["" if each is None or each == "" else value_text(field, each) for each in (left, right)]
    yield Difference(place, *texts)


def _named(loop: Loop) -> dict[str, list[Any]]:
    """The parts of a loop by name, units and the loops that hold them aside."""
    made: dict[str, list[Any]] = {}
    for index, part in zip(loop.shape, loop.body, strict=True):
        if isinstance(part, Loop) and (part.node.rule.unit or part.node.holds_units):
            continue
        name = "segments without a place" if index == UNPLACED else loop.node.rule.parts[index].name
        made.setdefault(name, []).append(part)
    return made


def _key(part: Segment | Loop) -> str:
    """What a part of several is matched by: its code, its number, who it is of; parts of one key go by order."""
    if isinstance(part, Loop):
        return at(part, "line_item_control_number.value") or _key(part.body[0])
    cls = type(part)
    if cls.__name__ in _MATCHED:
        return str(getattr(part, _MATCHED[cls.__name__]))
    if not cls.KEY:
        return ""
    found = getattr(part, fields(cls)[cls.KEY - 1].name)
    return found.qualifier if isinstance(found, C022) else str(found)


def _number(part: Segment | Loop, order: int) -> str:
    first = part.body[0] if isinstance(part, Loop) else part
    id = type(first).__name__
    return f" {getattr(first, _MATCHED[id]) if id in _NUMBERED else order}"


def _paired(left: Sequence[Any], right: Sequence[Any], key: Callable[[Any], Hashable]) -> list[Pair]:
    """Each of the left with that of the right of the same key, in order; then those of the right that are left."""
    waiting: dict[Hashable, deque[Any]] = defaultdict(deque)
    for each in right:
        waiting[key(each)].append(each)
    pairs: list[Pair] = []
    for each in left:
        found = waiting.get(key(each))
        pairs.append((each, found.popleft() if found else None))
    return pairs + [(None, each) for each in right if any(each is one for one in waiting[key(each)])]


def _summary(part: Segment | Loop | None) -> str:
    """A part of which the other file has none, by its first segment."""
    if part is None:
        return ""
    if isinstance(part, Loop):
        return _summary(part.body[0])
    if isinstance(part, Unplaced):
        return part.raw
    return ", ".join(f"{name} {value}" for name, value in texts_of(part))
