"""Phrases of a table found in the words of a sentence: the longest at every place."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from superbill.coding.reading.model import Token
from superbill.coding.reading.scan import tokens

T = TypeVar("T")

_PARTING = frozenset(",;:")
_NUMBERS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "several",
     "few", "couple", "many")
)  # fmt: skip


class _Node(Generic[T]):
    __slots__ = ("classes", "said", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[T]] = {}
        self.classes: dict[str, _Node[T]] = {}
        self.said: T | None = None


class Phrases(Generic[T]):
    """Phrases with what each stands for. In a phrase `#` is any number, `#year` a year,
    and `@name` any word of a class."""

    def __init__(self, phrases: dict[str, T], classes: dict[str, frozenset[str]]) -> None:
        """Raises KeyError for a class that is not there."""
        self._root: _Node[T] = _Node()
        self._names: dict[str, tuple[str, ...]] = dict.fromkeys(_NUMBERS, ("#",))
        for name, words in classes.items():
            for word in words:
                self._names[word] = (*self._names.get(word, ()), f"@{name}")
        for phrase, said in phrases.items():
            node = self._root
            for piece in phrase.split():
                for word in [piece] if piece[0] in "#@" else [t.word for t in tokens(piece, 0, len(piece))]:
                    if word[0] in "#@":
                        if word[0] == "@":
                            classes[word[1:]]
                        node = node.classes.setdefault(word, _Node())
                    else:
                        node = node.words.setdefault(_plain(word), _Node())
            node.said = said

    def found(self, text: str, row: Sequence[Token]) -> Iterator[tuple[int, int, T]]:
        """The phrases in a row as (first word, word after the last, what it stands for); none overlaps another."""
        at, words, names = 0, self._root.words, self._names
        while at < len(row):
            word = row[at].word
            if word not in words and word not in names and not word[0].isdigit() and "’" not in word:
                at += 1
                continue
            after, said = self._longest(text, row, at, self._root)
            if said is None:
                at += 1
            else:
                yield at, after, said
                at = after

    def _longest(self, text: str, row: Sequence[Token], at: int, node: _Node[T]) -> tuple[int, T | None]:
        best: tuple[int, T | None] = (at, node.said)
        if at >= len(row) or (node is not self._root and _parted(text, row[at - 1].end, row[at].start)):
            return best
        word = row[at].word
        if "’" in word:
            word = _plain(word)
        exact = node.words.get(word)
        if exact is not None:
            best = self._longest(text, row, at + 1, exact)
            if best[1] is None:
                best = (at, node.said)
        if node.classes:
            for name in self._names.get(word, ()) if not word[0].isdigit() else _numbered(word):
                below = node.classes.get(name)
                if below is not None:
                    found = self._longest(text, row, at + 1, below)
                    if found[1] is not None and (best[1] is None or found[0] > best[0]):
                        best = found
        return best


def _numbered(word: str) -> tuple[str, ...]:
    """The names that a word of figures answers to: "#", and "#year" for a year."""
    return ("#", "#year") if len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20") else ("#",)


def listed(text: str) -> tuple[str, ...]:
    """The items of a list written with commas between."""
    return tuple(filter(None, (item.strip() for item in text.split(","))))


def _plain(word: str) -> str:
    return word.replace("’", "'")


def _parted(text: str, start: int, end: int) -> bool:
    """Is there a mark between two words that no phrase goes over?"""
    return end - start > 1 and not _PARTING.isdisjoint(text[start:end])
