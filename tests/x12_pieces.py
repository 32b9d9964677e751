"""One segment to be, as a guide allows it: which of its elements are there, and what they say."""

from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from superbill.x12.codec import Field, fields
from superbill.x12.codes import BY_SEGMENT, Coded
from superbill.x12.nodes import Slot
from superbill.x12.rules import REQUIRED, ElementRule
from superbill.x12.segment_check import Note, notes
from superbill.x12.standard import COMPOSITES, element
from superbill.x12.standard.base import Segment
from tests import x12_values

_FORMAT = ("1250", "1251")  # a date format qualifier, and the date that it formats
_ROUNDS = 12
# Elements whose codes a list of the standard has, which no guide repeats.
_LISTED = {"AK101": "functional_group", "AK201": "transaction_set", "EB03": "service_type", "EQ01": "service_type"}
_ANYWAY = {"N402": "state", "CLM11-4": "state"}  # what a place holds whatever its qualifier


class Spot:
    """An element, or a component of one: its field, its data element, the guide's rule for it."""

    def __init__(self, field: Field, number: str, rule: ElementRule, sample: str = "") -> None:
        self.field = field
        self.sample = sample
        self.number = number
        self.rule = rule
        self.codes = rule.codes

    def drawn(self, rng: Random) -> Any:
        if self.sample:
            return x12_values.SAMPLES[self.sample](rng)
        return x12_values.value(rng, self.field, element(self.number), self.codes, self.rule.longest)


class Whole:
    """An element as its guide uses it: a spot of its own, or one for each component."""

    def __init__(self, slot: Slot, position: int, field: Field, number: str) -> None:
        rules = [rule for rule in slot.rule.elements if rule.position == position]
        own = next((rule for rule in rules if not rule.component), None)
        parts = {rule.component: rule for rule in rules if rule.component}
        self.position = position
        self.field = field
        self.used = bool(rules)
        deciding = [own] if own is not None else parts.values()
        self.required = any(rule.usage == REQUIRED for rule in deciding)
        self.spot: Spot | None = None
        self.parts: dict[int, Spot] = {}
        self.notes: tuple[Note, ...] = ()
        self.formats: list[int] = []
        composite = COMPOSITES.get(number)
        if composite is None:
            sample = _LISTED.get(f"{slot.rule.id}{position:02}", "")
            self.spot = Spot(field, number, own or ElementRule(position=position), sample)
            return
        numbers = composite.ELEMENTS.split()
        self.notes = notes(composite.NOTES)
        self.formats = _formats(numbers)
        for place, (inner, each) in enumerate(zip(fields(composite), numbers, strict=True), 1):
            if place in parts or not parts:
                self.parts[place] = Spot(inner, each, parts.get(place, ElementRule(position=position, component=place)))
        self.composite = composite

    def composed(self, given: dict[int, Any]) -> Any:
        """The composite of these components."""
        inner = fields(self.composite)
        return self.composite(**{inner[place - 1].name: value for place, value in given.items()})

    @property
    def needed(self) -> set[int]:
        """The components that must be there when the element is."""
        return {place for place, spot in self.parts.items() if spot.rule.usage == REQUIRED}


def _formats(numbers: list[str]) -> list[int]:
    return [place for place, pair in enumerate(pairwise(numbers), 1) if pair == _FORMAT]


def _own_codes(slot: Slot) -> tuple[str, ...]:
    """The codes that bring a segment to this place, not to another of its loop that takes the same ones too."""
    own = slot.qualifiers
    move = slot.node.moves.get(slot.rule.id)
    if slot.index == 0 or move is None or not move.by:
        return own
    return tuple(code for code in own if code in move.by and move.by[code].slot is slot)


@cache
def wholes(slot: Slot) -> dict[int, Whole]:
    """The elements that the guide uses at a place, by position."""
    numbers = slot.cls.ELEMENTS.split()
    made = {
        place: Whole(slot, place, field, number)
        for place, (field, number) in enumerate(zip(fields(slot.cls), numbers, strict=True), 1)
    }
    if codes := _own_codes(slot):
        key = made[slot.cls.KEY]
        (key.spot or key.parts[slot.cls.KEY_PART]).codes = codes
    return {place: whole for place, whole in made.items() if whole.used}


def fit(there: set[int], needed: set[int], allowed: set[int], found: tuple[Note, ...], rng: Random) -> set[int]:
    """The elements that are there, with those that the syntax notes ask for and without those that they forbid."""
    for _ in range(_ROUNDS):
        before = set(there)
        for note in found:
            if not note.broken(there.__contains__):
                continue
            places = set(note.places)
            others = places - {note.places[0]}
            if note.kind == "E":
                kept = sorted(there & places & needed) or [rng.choice(sorted(there & places))]
                there -= places - {kept[0]}
            elif note.kind in "PC":
                there |= places if places <= allowed else set()
                there -= set() if places <= allowed else (places if note.kind == "P" else places - others) - needed
            elif others & allowed or (note.kind == "R" and places & allowed):
                there.add(rng.choice(sorted((places if note.kind == "R" else others) & allowed)))
            else:
                there.discard(note.places[0])
        if there == before:
            break
    return there


class Piece:
    """A segment that can still be changed. `values` by position: a value, a list where it repeats, and for a composite
    a dict by component.

    `must` and `never` are the elements (position, component) that the situation asks for and forbids.
    """

    def __init__(self, slot: Slot, rng: Random, fullness: float) -> None:
        self.slot = slot
        self.rng = rng
        self.fullness = fullness
        self.values: dict[int, Any] = {}
        self.coded: dict[tuple[str, int], tuple[str, str]] = {}
        self.must: set[tuple[int, int]] = set()
        self.never: set[tuple[int, int]] = set()
        self.refit(first=True)

    def refit(self, first: bool = False) -> None:
        """Draw what is missing and drop what may not be there."""
        used = wholes(self.slot)
        needed = {place for place, whole in used.items() if whole.required} | {place for place, _ in self.must}
        allowed = {place for place in used if (place, 0) not in self.never} | needed
        there = set(self.values) & allowed | needed
        if first:
            there |= {place for place in sorted(allowed) if self.rng.random() < self.fullness}
        there = there or {self.rng.choice(sorted(allowed))}  # a segment says something
        there = fit(there, needed, allowed, notes(self.slot.cls.NOTES), self.rng)
        for place in sorted(set(used)):
            if place not in there:
                self.values.pop(place, None)
            elif place not in self.values:
                self.values[place] = self._drawn(used[place])
            if place in there and used[place].parts and not used[place].field.repeats:
                self._refit_parts(place, used[place])
        self._format_dates()
        self._code()
        self._code()  # a code may be the qualifier of another, a country of its state

    def _drawn(self, whole: Whole) -> Any:
        often = whole.field.repeats and whole.position != self.slot.cls.KEY and self.rng.random() < self.fullness
        times = self.rng.randint(1, 3) if often else 1
        made = [self._components(whole) if whole.spot is None else whole.spot.drawn(self.rng) for _ in range(times)]
        return made if whole.field.repeats else made[0]

    def _components(self, whole: Whole) -> dict[int, Any]:
        needed = whole.needed
        there = needed | {place for place in whole.parts if self.rng.random() < self.fullness}
        there = there or {self.rng.choice(sorted(whole.parts))}
        there = fit(there, needed, set(whole.parts), whole.notes, self.rng)
        made = {place: whole.parts[place].drawn(self.rng) for place in sorted(there)}
        for place in whole.formats:
            if place in made and place + 1 in made:
                made[place + 1] = x12_values.formatted(self.rng, made[place])
        return made

    def _refit_parts(self, place: int, whole: Whole) -> None:
        own = self.values[place]
        for position, component in sorted(self.must):
            if position == place and component and component not in own:
                own[component] = whole.parts[component].drawn(self.rng)
        for position, component in self.never:
            if position == place:
                own.pop(component, None)

    def _format_dates(self) -> None:
        for place in _formats(self.slot.cls.ELEMENTS.split()):
            if place in self.values and place + 1 in self.values:
                form = self.values[place]
                if x12_values.when_format(self.values[place + 1]) != form:
                    self.values[place + 1] = x12_values.formatted(self.rng, form)

    def _code(self) -> None:
        """Put codes of their sets where the qualifier beside them names one."""
        for row in BY_SEGMENT.get(self.slot.rule.id, ()):
            if row.element not in self.values:
                continue
            own = self.values[row.element]
            for at, each in enumerate(own if isinstance(own, list) else [own]):
                name = row.sets.get(self._qualifier(row, each), _ANYWAY.get(row.place, ""))
                before = each.get(row.component, "") if row.component else each
                if not name or not before or self._allows(row) or self.coded.get((row.place, at)) == (name, before):
                    continue
                code = x12_values.SAMPLES[name](self.rng)
                self.coded[row.place, at] = (name, code)
                if row.component:
                    each[row.component] = code
                elif isinstance(own, list):
                    own[at] = code
                else:
                    self.values[row.element] = code

    def _allows(self, row: Coded) -> bool:
        """Whether the guide lists the codes itself."""
        rule = self.slot.rule.at(row.element, row.component)
        return rule is not None and bool(rule.codes)

    def _qualifier(self, row: Coded, each: Any) -> str:
        if row.qualifier is None:
            return ""
        place, component = row.qualifier
        found = each if place == row.element and component else self.values.get(place, "")
        found = found[0] if isinstance(found, list) else found
        return found.get(component, "") if component and isinstance(found, dict) else found

    def get(self, place: int, component: int = 0) -> Any:
        found = self.values.get(place)
        return found.get(component) if component and found is not None else found

    def put(self, place: int, value: Any, component: int = 0) -> None:
        """Say something at a place, whatever it said before."""
        if component:
            self.values.setdefault(place, {})[component] = value
        else:
            self.values[place] = value

    def made(self) -> Segment:
        """The segment."""
        given = {}
        every = wholes(self.slot)
        for place, found in self.values.items():
            whole = every[place]
            build = whole.composed if whole.spot is None else _same
            given[whole.field.name] = tuple(map(build, found)) if whole.field.repeats else build(found)
        return self.slot.cls(**given)


def _same(value: Any) -> Any:
    return value
