"""Vital signs and other measurements that a note gives as numbers."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.reading.model import Kind, Outline, Reading
from superbill.coding.reading.tables import table

_PRESSURE = re.compile(r"(?<![\d/.])(\d{2,3})\s?/\s?(\d{2,3})(?![\d/])(?:\s?mm\s?hg)?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_PRESSED = re.compile(r"\b(?:b\.?p\.?|blood pressures?|systolic|pressure)\b", re.IGNORECASE)
_NUMBER = r"(?P<value>\d{1,5}(?:,\d{3})*(?:\.\d{1,3})?)"
_FEET = re.compile(
    r"(\d)\s?(?:'|′|’|ft\.?|feet|foot)\s?(\d{1,2}(?:\.\d)?)?\s?(?:\"|″|”|''|in\.?|inch(?:es)?)?", re.IGNORECASE
)
_LINK = (
    r"(?:\s?\(?(?:was|is|were|of|at|today|level|levels|now|currently|=|:|>|<|~|about|approximately|around|measured|reading|"
    r"elevated|low|normal|high|stable|last|most recent|recent|result|value|range|estimated|to be|in the|greater than|"
    r"less than|over|under|above|below|[|,\t-])\)?\s?){0,6}"
)


class Measure(Struct, frozen=True):
    """A measurement as the table knows it: the words that name it, its units with the factor to the first of them, and
    the least and most that a number can be to be it (in the first unit, before conversion of others)."""

    name: str
    words: tuple[str, ...]
    units: dict[str, float]
    least: float
    most: float


class Measured(Struct, frozen=True, kw_only=True):
    """One measurement with its span: `value` in `unit`, the first unit of its kind in measures.yaml (mmHg, /min, F, %,
    kg, cm, ...). A blood pressure is its systolic value, and `second` its diastolic. `said` is as written."""

    name: str
    value: float
    unit: str
    second: float | None = None
    said: str
    start: int
    end: int
    sentence: int
    section: int
    kind: Kind


@cache
def measures() -> tuple[Measure, ...]:
    """Every measurement that is known."""
    return table("superbill.coding.reading.data", "measures.yaml", tuple[Measure, ...])


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Measure]]:
    """One pattern for all names, and which measure a name is."""
    known = {word.casefold(): each for each in measures() for word in each.words}
    by_letter: dict[str, list[str]] = {}
    for word in sorted(known, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", r"\s"))
    names = "|".join(f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return re.compile(
        rf"(?<![A-Za-z0-9])(?P<name>{names})(?![A-Za-z0-9])\s{{0,3}}{_LINK}{_NUMBER}", re.IGNORECASE
    ), known


def measured(reading: Reading) -> tuple[Measured, ...]:
    """The measurements of a note in the order of the text; a number that can't be the measure named is passed over."""
    return of_outline(reading.outline)


def of_outline(outline: Outline) -> tuple[Measured, ...]:
    """The same of a note that was only taken apart."""
    found: list[Measured] = []
    for place, sentence in enumerate(outline.sentences):
        text = outline.text
        if not _DIGIT.search(text, sentence.start, sentence.end):
            continue
        kind = outline.sections[sentence.section].kind
        for name, value, second, unit, start, end in _of(text, sentence.start, sentence.end, sentence.label, kind):
            found.append(
                Measured(
                    name=name, value=value, unit=unit, second=second, said=text[start:end], start=start, end=end,
                    sentence=place, section=sentence.section, kind=kind,
                )
            )  # fmt: skip
    return tuple(found)


_Found = tuple[str, float, float | None, str, int, int]


def _of(text: str, start: int, end: int, label: str, kind: Kind) -> Iterator[_Found]:
    pattern, known = _pattern()
    pressed = kind is Kind.VITALS or _PRESSED.search(label) or _PRESSED.search(text, start, end)
    taken: list[_Found] = []
    if pressed:
        for match in _PRESSURE.finditer(text, start, end):
            upper, lower = float(match[1]), float(match[2])
            if 50 <= upper <= 300 and 20 <= lower <= 200 and upper > lower:
                taken.append(("blood pressure", upper, lower, "mmHg", match.start(), match.end()))
    spans = [(each[4], each[5]) for each in taken]
    measure = known.get(label.casefold())
    if measure:
        number = re.compile(_NUMBER).search(text, start, min(end, start + 60))
        if number and not any(first <= number.start() < last for first, last in spans):
            taken += _valued(text, measure, number, end)
    for match in pattern.finditer(text, start, end):
        if len(match["name"]) < 3 and not match["name"][0].isupper():
            continue
        if any(first <= match.start("value") < last for first, last in spans):
            continue
        taken += _valued(text, known[" ".join(match["name"].casefold().split())], match, end)
    yield from sorted(taken, key=lambda each: each[4])


def _valued(text: str, measure: Measure, match: re.Match[str], end: int) -> Iterator[_Found]:
    """The number of a match as a measure, in its first unit; nothing when it can't be one."""
    start, after = match.span("value")
    first = next(iter(measure.units))
    if measure.name == "height" and (feet := _FEET.match(text, start, end)) and float(feet[1]) < 8 and (
        feet.end() > feet.start() + 1
    ):  # fmt: skip
        yield measure.name, round((float(feet[1]) * 12 + float(feet[2] or 0)) * 2.54, 1), None, first, start, feet.end()
        return
    value = float(match["value"].replace(",", ""))
    unit, after = _unit(text, measure, after, end)
    factor = measure.units[unit] if unit else 1.0
    if measure.name == "temperature" and (unit in ("c", "°c", "celsius") or (not unit and 30 <= value <= 43)):
        value, factor = value * 9 / 5 + 32, 1.0
    if not unit and measure.name in ("weight", "height"):
        return
    value = round(value * factor, 2)
    if measure.least <= value <= measure.most and text[after : after + 1] != "/":
        yield measure.name, value, None, first, start, after


def _unit(text: str, measure: Measure, after: int, end: int) -> tuple[str, int]:
    """The unit that follows a number, and where it ends."""
    at = after
    while at < min(end, after + 3) and text[at] in " \t°|":
        at += 1
    said = text[at : min(end, at + 24)].casefold()
    for unit in sorted(measure.units, key=len, reverse=True):
        if said.startswith(unit.casefold()) and not said[len(unit) : len(unit) + 1].isalpha():
            return unit, at + len(unit)
    return "", after
