"""Sets of codes as the rule tables write them, compiled for matching by their beginnings."""

from functools import lru_cache
from string import ascii_uppercase, digits

from msgspec import Struct

_THIRD = digits + ascii_uppercase
_INTENT = "i"  # place of the character that tells the intent of a poisoning


class Codes(Struct, frozen=True):
    """Codes (without dots) by their beginnings, less those that start with one of `excluded`.

    `conditioned`: beginnings that count only where the character at `place` (from 1, or "i") is one of `characters`.
    """

    beginnings: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    conditioned: tuple[tuple[tuple[str, ...], str, str], ...] = ()

    def matches(self, code: str) -> bool:
        """Whether the code is one of them."""
        if code.startswith(self.beginnings):
            return not code.startswith(self.excluded)
        for beginnings, place, characters in self.conditioned:
            if code.startswith(beginnings) and _at(code, place) in characters:
                return not code.startswith(self.excluded)
        return False

    @property
    def letters(self) -> frozenset[str]:
        """The first letters that its codes can have."""
        conditioned = (each for beginnings, _, _ in self.conditioned for each in beginnings)
        return frozenset(each[0] for each in (*self.beginnings, *conditioned))

    def any(self, codes: tuple[str, ...]) -> bool:
        """Whether one of the codes is one of them."""
        return any(map(self.matches, codes))


def _at(code: str, place: str) -> str:
    """The character at a place; "-" where the code has none. The intent is the sixth, or the fifth before an X."""
    if place == _INTENT:
        return code[4] if code[5:6] == "X" else code[5:6] or "-"
    return code[int(place) - 1 : int(place)] or "-"


@lru_cache(maxsize=4096)
def codes(text: str) -> Codes:
    """Codes from "I10 I50-I51 !I51.6 S[7:ABC]": beginnings, ranges of categories, exceptions, one character named.

    Raises ValueError for a range that isn't one of categories.
    """
    plain: list[str] = []
    excluded: list[str] = []
    conditioned = []
    for token in text.replace(".", "").split():
        word, _, condition = token.rstrip("]").partition("[")
        found = _expanded(word.lstrip("!"))
        if word.startswith("!"):
            excluded += found
        elif condition:
            place, _, characters = condition.partition(":")
            conditioned.append((found, place, characters))
        else:
            plain += found
    return Codes(tuple(plain), tuple(excluded), tuple(conditioned))


def _expanded(word: str) -> tuple[str, ...]:
    """The beginnings that a range of letters ("A-T") or of categories ("I60-I69") stands for."""
    first, _, last = word.partition("-")
    if not last:
        return (first,)
    if len(first) == len(last) == 1:
        return tuple(letter for letter in ascii_uppercase if first <= letter <= last)
    if len(first) != 3 or len(last) != 3:
        raise ValueError(f"{word} is not a range of categories")
    letters = ascii_uppercase[ascii_uppercase.index(first[0]) : ascii_uppercase.index(last[0]) + 1]
    every = (f"{a}{b}{c}" for a in letters for b in _THIRD for c in _THIRD)
    return tuple(each for each in every if first <= each <= last)
