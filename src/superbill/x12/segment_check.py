"""One segment against its rule and the standard: presence, type, length, codes, components, syntax notes.

`Checker.quick` is one regular expression made of the rule, so that a segment in order costs one match. It never says
yes to a segment in which `problems` would find something; a no means only that `problems` must look.
"""

import re
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from superbill.x12 import problems as p
from superbill.x12.lexer import Delimiters
from superbill.x12.problems import Problem
from superbill.x12.rules import REQUIRED, ElementRule, SegmentRule
from superbill.x12.standard import COMPOSITES
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.standard.elements import DataElement, element

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"-?\d+")
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORMAT, _FORMATTED = 1250, 1251  # date format qualifier, and the date that it formats
_NUMERIC = frozenset(("R", "N0", "N2"))
_BYTES = "B"
_MOST_EXCESS = 20  # elements that the standard does not have are told of; a hostile segment has a million


def is_day(text: str) -> bool:
    """CCYYMMDD of a day that there is."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def is_range(text: str) -> bool:
    """CCYYMMDD-CCYYMMDD, the first not after the last."""
    first, _, last = text.partition("-")
    return is_day(first) and is_day(last) and first <= last


_FORMATS: dict[str, tuple[Callable[[str], object], str]] = {
    "D8": (is_day, "a date (CCYYMMDD)"),
    "RD8": (is_range, "a range of dates (CCYYMMDD-CCYYMMDD)"),
    "TM": (_TIME.fullmatch, "a time (HHMM)"),
    "DT": (lambda text: is_day(text[:8]) and _TIME.fullmatch(text[8:]), "a date and time (CCYYMMDDHHMM)"),
}


class _Spot(NamedTuple):
    """An element or component: where it is, its data element, how the guide uses it (None: not at all)."""

    position: int
    component: int
    name: str
    data: DataElement | None
    rule: ElementRule | None

    def problem(self, code: str, rule: str, words: str, value: str = "") -> Problem:
        return Problem(self.position, self.component, code, rule, f"{self.name} {words}", value)


def _wrong_type(kind: str, text: str) -> tuple[str, str]:
    """(IK403 code, words) of what is wrong with the type; ("", "") for nothing."""
    if kind == "R" and not _NUMBER.fullmatch(text):
        return p.INVALID_CHARACTER, f"is not a number: {text[:40]!r}."
    if kind in ("N0", "N2") and not _WHOLE.fullmatch(text):
        return p.INVALID_CHARACTER, f"is not a whole number: {text[:40]!r}."
    if kind == "DT" and not is_day(text):
        return p.INVALID_DATE, f"is not a date (CCYYMMDD): {text[:40]!r}."
    if kind == "TM" and not _TIME.fullmatch(text):
        return p.INVALID_TIME, f"is not a time (HHMM): {text[:40]!r}."
    return "", ""


def _simple(spot: _Spot, text: str, foreign: str) -> Iterator[Problem]:
    """The problems of a simple element or component that is there and used; `foreign`: separators it may not hold."""
    data, rule = spot.data, spot.rule
    assert data is not None and rule is not None
    if data.kind == _BYTES:
        return
    longest = rule.longest or data.longest
    size = len(text) - text.count("-") - text.count(".") if data.kind in _NUMERIC else len(text)
    code, words = _wrong_type(data.kind, text)
    if code:
        yield spot.problem(code, "x12.element.type", words, text)
    elif size > longest:
        words = f"has {size} characters, {longest} are allowed: {text[:60]!r}."
        yield spot.problem(p.TOO_LONG, "x12.element.length", words, text)
    elif size < data.shortest:
        words = f"has {size} characters, at least {data.shortest} are needed: {text[:60]!r}."
        yield spot.problem(p.TOO_SHORT, "x12.element.length", words, text)
    elif rule.codes and text not in rule.codes:
        words = f"{text[:60]!r} is not one of {' '.join(rule.codes)}."
        yield spot.problem(p.INVALID_CODE, "x12.element.code", words, text)
    elif _CONTROL.search(text) or any(mark in text for mark in foreign):
        words = f"has control characters or separators: {text[:60]!r}."
        yield spot.problem(p.INVALID_CHARACTER, "x12.element.characters", words, text)
    elif not text.isascii() or not text.strip():
        words = f"has characters outside X12's extended set: {text[:60]!r}." if text.strip() else "is blank."
        yield spot.problem(p.INVALID_CHARACTER, "x12.element.characters", words, text)


_SYNTAX_CODES = {"E": p.EXCLUSION_VIOLATED}
_SYNTAX_WORDS = {
    "P": "are sent together or not at all",
    "R": "need at least one of them",
    "C": "go together when the first is there",
    "L": "need one of the others when the first is there",
    "E": "exclude each other",
}


class Note(NamedTuple):
    """A syntax note: its kind and the elements that it relates."""

    kind: str
    places: tuple[int, ...]

    def broken(self, has: Callable[[int], bool]) -> bool:
        """Whether the presence of the elements breaks it."""
        there = [has(place) for place in self.places]
        if self.kind == "P":
            return any(there) and not all(there)
        if self.kind == "R":
            return not any(there)
        if self.kind == "E":
            return sum(there) > 1
        if not there[0]:
            return False
        return not all(there) if self.kind == "C" else not any(there[1:])


def notes(text: str) -> tuple[Note, ...]:
    """The syntax notes of a class: "P0304 R0102"."""
    return tuple(Note(word[0], tuple(int(word[at : at + 2]) for at in range(1, len(word), 2))) for word in text.split())


def _formats(numbers: list[str]) -> list[int]:
    """Where a format qualifier stands before the date that it formats, from 1."""
    pairs = pairwise(numbers)
    return [place for place, pair in enumerate(pairs, 1) if pair == (str(_FORMAT), str(_FORMATTED))]


class _Whole:
    """An element of a segment with all that the guide says of it and of its components."""

    def __init__(self, segment: SegmentRule, position: int, number: str, repeats: bool) -> None:
        self.position = position
        self.repeats = repeats
        self.composite: type[Composite] | None = COMPOSITES.get(number)
        own = segment.at(position)
        name = f"{segment.id}{position:02}"
        parts = [rule for rule in segment.elements if rule.position == position and rule.component]
        self.used = own is not None or bool(parts)
        self.required = own.usage == REQUIRED if own is not None else any(rule.usage == REQUIRED for rule in parts)
        data = None if self.composite is not None else element(number)
        self.spot = _Spot(position, 0, name, data, own)
        self.parts: list[_Spot] = []
        self.notes: tuple[Note, ...] = ()
        self.formats: list[int] = []
        if self.composite is not None:
            numbers = self.composite.ELEMENTS.split()
            self.notes = notes(self.composite.NOTES)
            self.formats = _formats(numbers)
            by_place = {rule.component: rule for rule in parts}
            for place, each in enumerate(numbers, 1):
                free = ElementRule(position=position, component=place)
                rule = by_place.get(place) if parts else free
                self.parts.append(_Spot(position, place, f"{name}-{place}", element(each), rule))

    def problems(self, text: str, delimiters: Delimiters) -> Iterator[Problem]:
        """The problems of the element, which is there and used."""
        given = text.split(delimiters.repetition) if self.repeats and delimiters.repetition else [text]
        for each in given:
            if self.composite is None:
                foreign = delimiters.component + ("" if self.repeats else delimiters.repetition)
                yield from _simple(self.spot, each, foreign)
            else:
                yield from self._components(each, delimiters)

    def _components(self, text: str, delimiters: Delimiters) -> Iterator[Problem]:
        given = text.split(delimiters.component)
        if len(given) > len(self.parts):
            words = f"has {len(given)} components, the standard has {len(self.parts)}."
            yield self.spot.problem(p.TOO_MANY_COMPONENTS, "x12.component.too-many", words, text)
        for spot in self.parts:
            part = given[spot.component - 1] if spot.component <= len(given) else ""
            if not part:
                if spot.rule is not None and spot.rule.usage == REQUIRED:
                    yield spot.problem(p.ELEMENT_MISSING, "x12.element.required", "is required.")
            elif spot.rule is None:
                words = f"is not used by the guide: {part[:60]!r}."
                yield spot.problem(p.ELEMENT_NOT_USED, "x12.element.not-used", words, part)
            else:
                yield from _simple(spot, part, "")
        yield from _notes(self.notes, ["", *given], self.spot.name + "-", self.position)
        yield from _dates(self.formats, ["", *given], lambda place: self.parts[place - 1])


def _notes(found: tuple[Note, ...], e: list[str], name: str, position: int = 0) -> Iterator[Problem]:
    for note in found:
        if note.broken(lambda place: place < len(e) and bool(e[place])):
            where = "{}{:02}" if not position else "{}{}"
            names = ", ".join(where.format(name, place) for place in note.places)
            element, component = (position, note.places[0]) if position else (note.places[0], 0)
            code = _SYNTAX_CODES.get(note.kind, p.CONDITIONAL_ELEMENT_MISSING)
            yield Problem(element, component, code, "x12.syntax", f"{names} {_SYNTAX_WORDS[note.kind]}.")


def _dates(formats: list[int], e: list[str], spot_at: Callable[[int], _Spot]) -> Iterator[Problem]:
    for place in formats:
        if place + 1 >= len(e) or not e[place + 1]:
            continue
        form, text = e[place], e[place + 1]
        test, words = _FORMATS.get(form, (None, ""))
        if test is not None and not test(text):
            yield spot_at(place + 1).problem(
                p.INVALID_DATE, "x12.element.date", f"is not {words}: {text[:60]!r}.", text
            )


class Checker:
    """All that can be said of one segment rule, under one set of delimiters."""

    def __init__(self, rule: SegmentRule, cls: type[Segment], repeats: frozenset[int], delimiters: Delimiters) -> None:
        self.rule = rule
        self.delimiters = delimiters
        numbers = cls.ELEMENTS.split()
        self.wholes = [_Whole(rule, place, number, place in repeats) for place, number in enumerate(numbers, 1)]
        self.notes = notes(cls.NOTES)
        self.formats = _formats(numbers)

    def under(self, delimiters: Delimiters) -> "Checker":
        """The same under other delimiters, which costs nothing."""
        made = copy(self)
        made.delimiters = delimiters
        return made

    def problems(self, e: list[str]) -> Iterator[Problem]:
        """Everything wrong with the segment of these elements (e[0] its id)."""
        empty = not any(e[1:])
        for problem in self._problems(e):
            empty = False
            yield problem
        if empty:
            words = f"{self.rule.id} has no elements; leave out a segment that says nothing."
            yield Problem(1, 0, p.ELEMENT_MISSING, "x12.segment.empty", words)

    def _problems(self, e: list[str]) -> Iterator[Problem]:
        for whole in self.wholes:
            text = e[whole.position] if whole.position < len(e) else ""
            if not text:
                if whole.required:
                    yield whole.spot.problem(p.ELEMENT_MISSING, "x12.element.required", "is required.")
            elif not whole.used:
                words = f"is not used by the guide: {text[:60]!r}."
                yield whole.spot.problem(p.ELEMENT_NOT_USED, "x12.element.not-used", words, text)
            else:
                yield from whole.problems(text, self.delimiters)
        first = len(self.wholes) + 1
        for place, text in enumerate(e[first : first + _MOST_EXCESS], first):
            if text:
                words = f"{self.rule.id}{place:02} is more than the standard has: {text[:60]!r}."
                yield Problem(place, 0, p.TOO_MANY_ELEMENTS, "x12.element.too-many", words, text)
        yield from _notes(self.notes, e, self.rule.id)
        yield from self.dates(e)

    def dates(self, e: list[str]) -> Iterator[Problem]:
        """The dates that are not written as their format qualifiers say."""
        yield from _dates(self.formats, e, lambda place: self.wholes[place - 1].spot)
