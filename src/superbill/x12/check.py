"""What a guide says about one segment, compiled: presence, type, length, codes, components, syntax notes."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from superbill.identifiers import is_clia, is_npi, is_tin
from superbill.x12.dictionary import DICTIONARY, Shape, shape
from superbill.x12.grammar import DAY, PERIOD, REQUIRED, Element, Segment

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STATE = re.compile(r"[A-Z]{2}")
_POSTAL = re.compile(r"[0-9A-Z ]{3,15}")

CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "npi": (is_npi, "is not a National Provider Identifier (ten digits with a valid check digit)"),
    "tin": (is_tin, "is not a tax number of nine digits"),
    "clia": (is_clia, "is not a CLIA number (two digits, D, seven digits)"),
    "state": (_STATE.fullmatch, "is not a two-letter state or province"),
    "zip": (_POSTAL.fullmatch, "is not a postal code"),
}


class Problem(NamedTuple):
    """One thing wrong in a segment: element and component from 1 (0: none), IK403 code, rule, words, the value."""

    element: int
    component: int
    code: str
    rule: str
    words: str
    value: str = ""


Check = Callable[[list[str], str], list[Problem]]


def _typed(kind: str, text: str) -> tuple[str, str]:
    """(IK403 code, words) of what is wrong with the type; ("", "") for nothing."""
    if kind == "R" and not _NUMBER.fullmatch(text):
        return "6", f"is not a number: {text!r}"
    if kind == "N0" and not text.lstrip("-").isdigit():
        return "6", f"is not a whole number: {text!r}"
    if kind == "DT" and not _is_day(text):
        return "8", f"is not a date (CCYYMMDD): {text!r}"
    if kind == "TM" and not _TIME.fullmatch(text):
        return "9", f"is not a time (HHMM): {text!r}"
    return "", ""


def _is_day(text: str) -> bool:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _is_range(text: str) -> bool:
    first, _, last = text.partition("-")
    return _is_day(first) and _is_day(last) and first <= last


def _length(kind: str, text: str) -> int:
    """Digits only, for numbers: sign and point don't count (X12.6 3.5.1.2)."""
    if kind in ("R", "N0"):
        return len(text) - text.count("-") - text.count(".")
    return len(text)


def simple(element: Element, form: Shape, segment: str, text: str) -> list[Problem]:
    """The problems of a simple element that is there."""
    at, name = element.position, f"{segment}{element.position:02}"
    found = []

    def tell(code: str, rule: str, words: str) -> None:
        found.append(Problem(at, 0, code, rule, f"{name} {words}.", text))

    longest = element.longest or form.longest
    size = _length(form.kind, text)
    code, words = _typed(form.kind, text)
    if code:
        tell(code, "x12.element.type", words)
    elif size > longest:
        tell("5", "x12.element.length", f"has {size} characters, {longest} are allowed: {text[:60]!r}")
    elif size < form.shortest:
        tell("4", "x12.element.length", f"has {size} characters, at least {form.shortest} are needed: {text!r}")
    elif element.codes and text not in element.codes:
        tell("7", "x12.element.code", f"{text!r} is not one of {' '.join(sorted(element.codes))}")
    elif _CONTROL.search(text):
        tell("6", "x12.element.characters", f"has control characters: {text!r}")
    elif not text.strip():
        tell("6", "x12.element.characters", "is blank")
    elif element.kind is DAY and segment != "DTP" and not _is_day(text):
        tell("8", "x12.element.date", f"is not a date (CCYYMMDD): {text!r}")
    elif element.kind is PERIOD and segment != "DTP" and not (_is_range(text) if "-" in text else _is_day(text)):
        tell("8", "x12.element.date", f"is not a date or a range of dates: {text!r}")
    elif element.check and not CHECKS[element.check][0](text):
        tell("I12", f"x12.element.{element.check}", f"{text!r} {CHECKS[element.check][1]}")
    return found


def composite(element: Element, segment: str, text: str, mark: str) -> list[Problem]:
    """The problems of a composite that is there."""
    at, name = element.position, f"{segment}{element.position:02}"
    given = text.split(mark)
    found = []
    if len(given) > len(element.parts):
        words = f"{name} has {len(given)} components, the guide has {len(element.parts)}."
        found.append(Problem(at, 0, "3", "x12.component.too-many", words, text))
    for place, (usage, codes) in enumerate(element.parts, 1):
        part = given[place - 1] if place <= len(given) else ""
        if not part:
            if usage == REQUIRED:
                words = f"{name}-{place} is required."
                found.append(Problem(at, place, "1", "x12.element.required", words))
        elif usage == "N":
            words = f"{name}-{place} is not used by the guide: {part!r}."
            found.append(Problem(at, place, "I10", "x12.element.not-used", words, part))
        elif codes and part not in codes:
            words = f"{name}-{place} {part!r} is not one of {' '.join(sorted(codes))}."
            found.append(Problem(at, place, "7", "x12.element.code", words, part))
    return found


_SYNTAX_CODES = {"P": "2", "R": "2", "C": "2", "L": "2", "E": "10"}
_SYNTAX_WORDS = {
    "P": "are sent together or not at all",
    "R": "need at least one of them",
    "C": "go together when the first is there",
    "L": "need one of the others when the first is there",
    "E": "exclude each other",
}


@lru_cache(1 << 12)
def dates_agree(form: str, text: str) -> bool:
    """Whether a date is written as its format qualifier says."""
    if form == "RD8":
        return _is_range(text)
    return form != "D8" or _is_day(text)


def _format_of_date(segment: Segment, e: list[str]) -> list[Problem]:
    """DTP02 and DMG01 say how the next element is written."""
    if segment.id != "DTP" or len(e) < 4 or not e[3]:
        return []
    if e[2] == "D8" and not _is_day(e[3]):
        return [Problem(3, 0, "8", "x12.element.date", f"DTP03 is not a date (CCYYMMDD): {e[3]!r}.", e[3])]
    if e[2] == "RD8" and not _is_range(e[3]):
        words = f"DTP03 is not a range of dates (CCYYMMDD-CCYYMMDD): {e[3]!r}."
        return [Problem(3, 0, "8", "x12.element.date", words, e[3])]
    return []


def compile_check(segment: Segment) -> Check:
    """A function (elements, component separator) that gives the problems of a segment."""
    shapes, syntax = DICTIONARY.get(segment.id, ((), ()))
    rules = {element.position: (element, shape(segment.id, element.position)) for element in segment.elements}
    required = [place for place, (element, _) in rules.items() if element.usage == REQUIRED]
    known = len(shapes)

    def check(e: list[str], mark: str) -> list[Problem]:
        found: list[Problem] = []
        for place in required:
            if place >= len(e) or not e[place]:
                found.append(Problem(place, 0, "1", "x12.element.required", f"{segment.id}{place:02} is required."))
        for place, text in enumerate(e[1:], 1):
            if not text:
                continue
            rule = rules.get(place)
            if rule is None:
                code, name = ("I10", "not-used") if place <= known else ("3", "too-many")
                words = f"{segment.id}{place:02} is not used by the guide: {text[:60]!r}."
                found.append(Problem(place, 0, code, f"x12.element.{name}", words, text))
            elif rule[0].parts:
                found += composite(rule[0], segment.id, text, mark)
            elif rule[1].kind != "C":
                found += simple(rule[0], rule[1], segment.id, text)
        if syntax:
            has = [bool(text) for text in e]
            for note in syntax:
                if note.broken(has):
                    names = ", ".join(f"{segment.id}{place:02}" for place in note.elements)
                    words = f"{names} {_SYNTAX_WORDS[note.kind]}."
                    found.append(Problem(note.elements[0], 0, _SYNTAX_CODES[note.kind], "x12.syntax", words))
        return found + _format_of_date(segment, e)

    return check
