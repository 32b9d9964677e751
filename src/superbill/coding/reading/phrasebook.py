"""Phrases of tables found in the words of a row, in one pass however many a table has: for all rooms that read notes.

A phrase is a row of pieces: names of words one of which stands there, or a number of words that may stand between. A
word answers to itself, to the classes it is of ("@name"), to its beginnings ("remov*"), and in figures to "#" (a year
also to "#year").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from superbill.coding.reading.model import Token
from superbill.coding.reading.scan import tokens

T = TypeVar("T")
Piece = frozenset[str] | int

_PARTING = frozenset(",;:")
_NUMBERS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "several",
     "few", "couple", "many")
)  # fmt: skip
_REMEMBERED = 16_384
"""Words whose names are kept; beyond, those of the notes so far are forgotten."""


class _Node(Generic[T]):
    """What may follow the words so far, by name; a gap and what follows it; the phrases that end here."""

    __slots__ = ("over", "said", "step")

    def __init__(self) -> None:
        self.step: dict[str, list[_Node[T]]] = {}
        self.over: list[tuple[int, _Node[T]]] = []
        self.said: list[tuple[int, T]] = []


class _Names(dict[str, tuple[str, ...]]):
    """The names of a book that a word answers to, itself first; () for most words."""

    def __init__(self, names: Iterable[str], classes: Mapping[str, Iterable[str]]) -> None:
        self._known = frozenset(names)
        self._classes: dict[str, tuple[str, ...]] = dict.fromkeys(_NUMBERS, ("#",))
        for name, words in classes.items():
            for word in words:
                self._classes[word] = (*self._classes.get(word, ()), f"@{name}")
        self._lengths = sorted({len(name) - 1 for name in self._known if name.endswith("*")})

    def __missing__(self, word: str) -> tuple[str, ...]:
        plain = word.replace("’", "'")
        classes = _figures(plain) if plain[:1].isdigit() else self._classes.get(plain, ())
        every = (plain, *classes, *(f"{plain[:length]}*" for length in self._lengths if length <= len(plain)))
        found = tuple(name for name in every if name in self._known)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = found
        return found


def _figures(word: str) -> tuple[str, ...]:
    """The names that a word of figures answers to."""
    return ("#", "#year") if len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20") else ("#",)


class _Firsts(dict[str, tuple[_Node[T], ...]]):
    """What begins with a word; () for most words."""

    def __init__(self, names: _Names, root: _Node[T]) -> None:
        self._names, self._root = names, root

    def __missing__(self, word: str) -> tuple[_Node[T], ...]:
        found = tuple(node for name in self._names[word] for node in self._root.step.get(name, ()))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = found
        return found


class Book(Generic[T]):
    """Compiled phrases, each with what it stands for."""

    def __init__(
        self, phrases: Iterable[tuple[Sequence[Piece], T]], classes: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._root: _Node[T] = _Node()
        ways: dict[tuple[int, Piece], _Node[T]] = {}
        names: set[str] = set()
        for number, (pieces, said) in enumerate(phrases):
            node = self._root
            for piece in pieces:
                following = ways.get((id(node), piece))
                if following is None:
                    following = ways[id(node), piece] = _Node()
                    if isinstance(piece, int):
                        node.over.append((piece, following))
                    else:
                        names |= piece
                        for name in piece:
                            node.step.setdefault(name, []).append(following)
                node = following
            if pieces:
                node.said.append((number, said))
        self._names = _Names(names, classes or {})
        self._firsts: _Firsts[T] = _Firsts(self._names, self._root)

    def longest(
        self, row: Sequence[str], parted: Callable[[int], bool] | None = None
    ) -> Iterator[tuple[int, int, T]]:  # fmt: skip
        """The longest phrase at every place as (first word, word after the last, what it stands for); none overlaps
        another, none goes over a place that is `parted` from the word before it. Of phrases as long as each other the
        one that names a word comes before those that name its classes."""
        firsts, at = self._firsts, 0
        while at < len(row):
            begun = firsts[row[at]]
            found = self._at(begun, row, at, parted) if begun else None
            if found:
                after, _, said = max(found, key=_after)  # the first of several
                yield at, after, said
                at = after
            else:
                at += 1

    def every(self, row: Sequence[str]) -> Iterator[tuple[int, int, T]]:
        """Every phrase at every place, in the order of the table; with gaps the nearest words first."""
        firsts = self._firsts
        for at, word in enumerate(row):
            begun = firsts[word]
            if begun and (found := self._at(begun, row, at, None)):
                if len(found) > 1:
                    found.sort(key=_number)
                for after, _, said in found:
                    yield at, after, said

    def _at(
        self, begun: Sequence[_Node[T]], row: Sequence[str], at: int, parted: Callable[[int], bool] | None
    ) -> list[tuple[int, int, T]]:  # fmt: skip
        found: list[tuple[int, int, T]] = []
        for node in begun:
            self._walk(node, row, at + 1, parted, found)
        return found

    def _walk(
        self,
        node: _Node[T],
        row: Sequence[str],
        at: int,
        parted: Callable[[int], bool] | None,
        found: list[tuple[int, int, T]],
    ) -> None:
        for number, said in node.said:
            found.append((at, number, said))
        if at >= len(row):
            return
        if node.step and (answers := self._names[row[at]]) and not (parted is not None and parted(at)):
            for name in answers:
                for following in node.step.get(name, ()):
                    self._walk(following, row, at + 1, parted, found)
        for widest, following in node.over:
            for further in range(at, min(at + widest + 1, len(row))):
                self._walk(following, row, further, parted, found)


def _after(found: tuple[int, int, T]) -> int:
    return found[0]


def _number(found: tuple[int, int, T]) -> int:
    return found[1]


def cues(phrases: Mapping[str, T], classes: Mapping[str, Iterable[str]]) -> Book[T]:
    """The book of phrases as the tables of this room write them: words, "#", "#year", "@name".

    Raises KeyError for a class that is not there.
    """
    known = {*(f"@{name}" for name in classes), "#", "#year"}
    found: dict[tuple[str, ...], T] = {}
    for phrase, said in phrases.items():
        words: list[str] = []
        for piece in phrase.split():
            if piece[0] in "#@":
                if piece not in known:
                    raise KeyError(piece)
                words.append(piece)
            else:
                words += (token.word.replace("’", "'") for token in tokens(piece, 0, len(piece)))
        found[tuple(words)] = said  # written twice, the later counts
    return Book((([frozenset((word,)) for word in words], said) for words, said in found.items()), classes)


def phrases_in(book: Book[T], text: str, row: Sequence[Token]) -> Iterator[tuple[int, int, T]]:
    """The longest phrases in the words of a sentence; none goes over a comma, colon or semicolon."""
    return book.longest(
        [word.word for word in row],
        lambda at: (
            row[at].start > row[at - 1].end + 1 and not _PARTING.isdisjoint(text[row[at - 1].end : row[at].start])
        ),
    )


def listed(text: str) -> tuple[str, ...]:
    """The items of a list written with commas between."""
    return tuple(filter(None, (item.strip() for item in text.split(","))))
