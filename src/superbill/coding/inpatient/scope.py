"""What is said of one operation: its own words first, then its sentence, then what the whole note agrees on."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from msgspec import Struct

from superbill.coding.inpatient.phrases import Hit, Phrases, Word, words

Span = tuple[int, int]
T = TypeVar("T")
# Where the words of one operation end and those of the next begin.
_PARTS = re.compile(r"[,;]|\b(?:and|with|followed by|then|as well as|plus)\b", re.IGNORECASE)
_RIGHT = re.compile(r"\b(?:right|rt|r)\b(?!\s*(?:ventric|atri|heart|hemicol|colon|colectomy))", re.IGNORECASE)
_LEFT = re.compile(
    r"\b(?:left|lt|l)\b(?!\s*(?:ventric|atri|heart|main|hemicol|colon|colectomy|in place))", re.IGNORECASE
)
_BOTH = re.compile(r"\b(?:bilateral(?:ly)?|both)\b", re.IGNORECASE)
# The vessel that a catheter goes in by is not what is operated on.
_ACCESS = re.compile(
    r"\b(?:via|through|from|using|by)\s(?:an?\s|the\s)?(?:(?:right|left)\s)?(?:common\s)?(?:femoral|"
    r"radial|brachial|groin|"
    r"internal jugular|ij)\s?(?:arter(?:y|ial)|vein|venous)?\s?(?:access|approach|puncture|sheath)?",
    re.IGNORECASE,
)
_WHOLE_NOTE = 40_000


class Sides(Struct, frozen=True):
    """The sides that are said, with where."""

    right: Span | None
    left: Span | None
    both: Span | None

    @property
    def any(self) -> Span | None:
        return self.right or self.left or self.both


class Scope(Struct, frozen=True, eq=False):
    """The text about an operation, nearest first: its own clause, its sentence, and the note's procedures.

    `elsewhere` is asked only where all that is said there agrees. `bare` is the text without ways of access.
    """

    text: str
    bare: str
    own: Span
    sentence: Span
    elsewhere: tuple[Span, ...] = ()
    memory: dict[tuple[int, int, int], list[Any]] = {}

    def found(self, phrases: Phrases[T], start: int, end: int) -> list[Hit[T]]:
        """The phrases in a span of the text without ways of access. `memory` is the note's: found once, kept."""
        key = (id(phrases), start, end)
        if key not in self.memory:
            self.memory[key] = list(phrases.found(words(self.bare, start, end)))
        return self.memory[key]

    def sides_in(self, start: int, end: int) -> "Sides":
        key = (0, start, end)
        if key not in self.memory:
            self.memory[key] = [sides(self.bare, start, end)]
        return self.memory[key][0]  # type: ignore[no-any-return]  # put there as Sides

    def first(self, phrases: Phrases[str]) -> list[Hit[str]]:
        """What is said of an axis, from the nearest text that says anything of it."""
        for start, end in (self.own, self.sentence):
            found = list(phrases.found(words(self.text, start, end)))
            if found:
                return found
        found = [hit for start, end in self.elsewhere for hit in self.found(phrases, start, end)]
        return found if len({hit.value for hit in found}) == 1 else []

    def sides(self) -> Sides:
        """The sides of the nearest text that says one; of the other text only where it knows but one."""
        for start, end in (self.own, self.sentence):
            said = sides(self.bare, start, end)
            if said.any:
                return said
        every = [self.sides_in(start, end) for start, end in self.elsewhere]
        named = [each for each in every if each.any]
        kinds = {(bool(each.right), bool(each.left), bool(each.both)) for each in named}
        return named[0] if len(kinds) == 1 else Sides(None, None, None)

    def said(self, phrases: Phrases[bool]) -> Hit[bool] | None:
        """The first of some words in the clause or the sentence."""
        for start, end in (self.own, self.sentence):
            found = next(phrases.found(words(self.text, start, end)), None)
            if found:
                return found
        return None


def without_access(text: str) -> str:
    """The text with blanks for the vessels that were only gone in by."""
    return _ACCESS.sub(lambda match: " " * len(match[0]), text)


def sides(text: str, start: int, end: int) -> Sides:
    """The sides said in a span."""
    found = [pattern.search(text, start, end) for pattern in (_RIGHT, _LEFT, _BOTH)]
    return Sides(*(each.span() if each else None for each in found))


def clauses(text: str, sentence: Span, hits: Sequence[Span]) -> Iterator[Span]:
    """The clause of each operation of a sentence: the text between two is parted at the last conjunction."""
    starts = [sentence[0]]
    for before, after in pairwise(hits):
        cut = before[1]
        for match in _PARTS.finditer(text, before[1], after[0]):
            cut = match.start()
        starts.append(cut if cut > before[1] else after[0])
    for start, end in zip(starts, [*starts[1:], sentence[1]], strict=True):
        yield start, max(start, end)


def said_words(text: str, span: Span) -> tuple[Word, ...]:
    """The words of a span, of the first part of a very long one."""
    return words(text, span[0], min(span[1], span[0] + _WHOLE_NOTE))
