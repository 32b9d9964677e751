"""Phrases of a table, found in the words of a text: the longest at every place, plural or singular alike."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
_WORD = re.compile(r"[A-Za-z0-9]+")
_SAME = ("ss", "us", "is", "as")


class Word(NamedTuple):
    """One word in lower case, without the s of a plural, and where it stands."""

    form: str
    start: int
    end: int


class Hit(NamedTuple, Generic[T]):
    """A phrase that was found: its span, and what the table gives for it."""

    start: int
    end: int
    value: T


def words(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """The words of a span."""
    return tuple(
        Word(_form(match[0].lower()), match.start(), match.end())
        for match in _WORD.finditer(text, start, len(text) if end is None else end)
    )


def _form(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_SAME) else word


class Phrases(Generic[T]):
    """A table of phrases. A phrase that stands in it twice has the value that comes first."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        known: set[tuple[str, ...]] = set()
        for phrase, value in rows:
            forms = tuple(each.form for each in words(phrase))
            if forms and forms not in known:
                known.add(forms)
                self._by_first.setdefault(forms[0], []).append((forms, value))
        for there in self._by_first.values():
            there.sort(key=lambda each: -len(each[0]))

    def found(self, said: Sequence[Word]) -> Iterator[Hit[T]]:
        """The phrases in the words, in order; none overlaps another."""
        forms = tuple(each.form for each in said)
        at = 0
        while at < len(said):
            for phrase, value in self._by_first.get(forms[at], ()):
                if forms[at : at + len(phrase)] == phrase:
                    after = at + len(phrase)
                    yield Hit(said[at].start, said[after - 1].end, value)
                    at = after
                    break
            else:
                at += 1


def listed(text: str) -> tuple[str, ...]:
    """The phrases of a list with commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())
