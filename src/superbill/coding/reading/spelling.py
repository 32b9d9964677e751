"""Misspelt words of the dictionary's terms, read as what they must mean: one letter more, less, other, or two turned.

A word is read as another only when it is in no vocabulary and exactly one word of the terms is one such step away; its
place in the note stays, so that evidence is the note's own words. Drugs, numbers and little words are never changed:
there a wrong guess does harm, and a word that negates is none of a term.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from superbill.codesets.terms.forms import stem_of
from superbill.codesets.terms.lookup import Terms
from superbill.coding.reading.model import Respelt, Token
from superbill.coding.reading.tables import table

SHORTEST = 6
"""Letters of the shortest word that is corrected."""
LONGEST = 24
_MOST_ANSWERS = 50_000
_VOWELS = frozenset("aeiouy")
_UNTOUCHED = 4
"""Letters before a vowel that may stand for another: what begins or reads otherwise is a word of its own (lesson and
lesion, hemithorax and hemothorax, intradural and intramural)."""
_PLAIN = re.compile(r"[a-z]+")
_NAMED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Miss|St)\.? |@|#)$")


def respelt(
    text: str, words: Sequence[tuple[Token, ...]], terms: Terms
) -> tuple[tuple[tuple[Token, ...], ...], tuple[Respelt, ...]]:
    """The words of each sentence with the misspelt ones replaced, and what was read as what."""
    known, near = terms.kept.company, _near(terms)
    told: list[Respelt] = []
    every: list[tuple[Token, ...]] = []
    for said in words:
        changed: list[Token] | None = None
        for place, one in enumerate(said):
            if one.end - one.start < SHORTEST or one.stem in known:
                continue
            meant = near.meant(one.word)
            if meant and not _is_name(text, one, place):
                told.append(Respelt(one.start, one.end, meant))
                changed = changed or list(said)
                changed[place] = Token(one.start, one.end, meant, stem_of(meant))
        every.append(tuple(changed) if changed else said)
    return tuple(every), tuple(told)


def _is_name(text: str, one: Token, place: int) -> bool:
    """Is it written as the name of a person or a place: a capital within a sentence, or after a title?"""
    said = text[one.start : one.end]
    if not said[0].isupper() or said.isupper():
        return False
    return place > 0 and text[max(0, one.start - 2) : one.start].strip(" ") not in (".", ":", "-", "/", "(", "\n")


@lru_cache(maxsize=4)
def _near(terms: Terms) -> "Near":
    return Near(terms.kept.spelled.split(), _plain())


@cache
def _plain() -> frozenset[str]:
    """Words of plain English that are one step from a word of the terms."""
    found: dict[str, str] = table("superbill.coding.reading.data", "spelling.yaml", dict[str, str])
    return frozenset(" ".join(found.values()).split())


class Near:
    """The words of the terms by their beginnings and ends: one wrong step leaves one of the two as it was."""

    def __init__(self, words: Sequence[str], plain: frozenset[str]) -> None:
        self._plain = plain
        self._by: dict[tuple[int, str, bool], list[str]] = {}
        self._answers: dict[str, str] = {}
        for word in words:
            half = _half(len(word))
            self._by.setdefault((len(word), word[:half], True), []).append(word)
            self._by.setdefault((len(word), word[-half:], False), []).append(word)

    def meant(self, word: str) -> str:
        """The one word that is a step away; "" for none, several, and words of plain English."""
        answer = self._answers.get(word)
        if answer is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            answer = self._answers[word] = self._only(word)
        return answer

    def _only(self, word: str) -> str:
        if len(word) > LONGEST or word in self._plain or not _PLAIN.fullmatch(word):
            return ""
        found: set[str] = set()
        for each in self._candidates(word):
            if each not in found and a_step(word, each):
                found.add(each)
        if len({stem_of(each) for each in found}) != 1:
            return ""
        likely = [each for each in found if _is_likely(word, each)]
        return min(likely, key=lambda each: (abs(len(each) - len(word)), each), default="")

    def _candidates(self, word: str) -> Iterator[str]:
        for size in (len(word) - 1, len(word), len(word) + 1):
            half = _half(size)
            yield from self._by.get((size, word[:half], True), ())
            yield from self._by.get((size, word[-half:], False), ())


def _half(size: int) -> int:
    return max(size // 2 - 1, 1)


def a_step(one: str, other: str) -> bool:
    """Are two words one letter apart, or two letters that stand beside each other turned around?"""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = _same(one, other)
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :] or _turned(one, other, start)
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :]


def _is_likely(said: str, meant: str) -> bool:
    """Is a word that is a step from another miswritten? The first letter and the last agree: people seldom miss these,
    and other words differ there (provided, provider). A letter for another is a vowel for a vowel, late in the word."""
    start = _same(said, meant)
    if said[0] != meant[0]:
        return False
    if len(said) == len(meant) and _turned(said, meant, start):
        return True
    if said[-1] != meant[-1]:
        return False
    return len(said) != len(meant) or (start >= _UNTOUCHED and said[start] in _VOWELS and meant[start] in _VOWELS)


def _turned(one: str, other: str, start: int) -> bool:
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def _same(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    for place, (each, its) in enumerate(zip(one, other, strict=False)):
        if each != its:
            return place
    return min(len(one), len(other))
