"""A note as E/M reads it: where it plans, reports results and tells history, and which phrases it says there."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import TypeVar

from msgspec import Struct

from superbill.coding.model import Evidence
from superbill.coding.reading.model import ASSESSING, Kind, Mention, Reading, Token
from superbill.coding.reading.phrasebook import Book, Piece
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.tables import table
from superbill.coding.suggest.model import SuggestedService, Visit

PACKAGE = "superbill.coding.em.tables"
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?(?:\.\d+)?")
_WIDEST = 4
"""Words that a gap in a phrase passes over."""


class Zone(StrEnum):
    """What a part of the note is for."""

    PLAN = "plan"
    RESULTS = "results"
    HISTORY = "history"
    PROCEDURE = "procedure"
    LISTED = "listed"
    """Lists and reviews in which nothing is addressed: past history, medications, review of systems, examination."""


_ZONES = {
    **dict.fromkeys((*ASSESSING, Kind.PLAN, Kind.INSTRUCTIONS, Kind.TIME, Kind.HOSPITAL_COURSE), Zone.PLAN),
    **dict.fromkeys((Kind.RESULTS, Kind.FINDINGS), Zone.RESULTS),
    **dict.fromkeys((Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.INDICATION), Zone.HISTORY),
    Kind.PROCEDURE: Zone.PROCEDURE,
}


class Hit(Struct, frozen=True):
    """A phrase that the note says: its name in the table, its span, its sentence, and how it is said."""

    name: str
    start: int
    end: int
    sentence: int
    zone: Zone
    negated: bool = False
    open: bool = False
    """Conditional, considered or possible: not decided."""

    @property
    def plain(self) -> bool:
        return not self.negated and not self.open


class View(Struct, frozen=True, eq=False):
    """The note with its phrases; `zones` by place of the sentence."""

    reading: Reading
    visit: Visit
    services: tuple[SuggestedService, ...]
    zones: tuple[Zone, ...]
    hits: tuple[Hit, ...]
    headings: tuple[Hit, ...]
    """Phrases in the headings of sections and in labels of lines; `sentence` is the one that follows."""
    beside: Mapping[int, Sequence[Hit]]
    """The hits of each sentence, the first of very many."""
    mentions: Mapping[int, Sequence[Mention]]
    """The mentions of each sentence, the first of very many."""

    @property
    def text(self) -> str:
        return self.reading.text

    def said(self, *names: str, zones: tuple[Zone, ...] = tuple(Zone)) -> Iterator[Hit]:
        """The plain hits of these names in these zones, in the order of the text."""
        return (each for each in self.hits if each.name in names and each.zone in zones and each.plain)

    def first(self, *names: str, zones: tuple[Zone, ...] = tuple(Zone)) -> Hit | None:
        return next(self.said(*names, zones=zones), None)

    def called(self, *names: str) -> Hit | None:
        """The first that is said of these names, in a heading or in the text."""
        return next((each for each in self.headings if each.name in names), None) or self.first(*names)

    def evidence(self, start: int, end: int) -> Evidence:
        return Evidence(self.visit.record, self.text[start:end], start, end)

    def billed(self, prefixes: tuple[str, ...]) -> bool:
        """Is a service of one of these codes on the same claim?"""
        return bool(prefixes) and any(each.code.code.startswith(prefixes) for each in self.services)

    def sentence_at(self, position: int) -> int:
        """Place of the sentence that covers a position of the text, else of the next one."""
        sentences = self.reading.outline.sentences
        low, high = 0, len(sentences)
        while low < high:
            middle = (low + high) // 2
            if sentences[middle].end <= position:
                low = middle + 1
            else:
                high = middle
        return min(low, len(sentences) - 1)


def view(reading: Reading, visit: Visit, services: tuple[SuggestedService, ...]) -> View:
    """The note read for E/M."""
    zones = _zones(reading)
    phrases = _phrases()
    hits: list[Hit] = []
    for place, words in enumerate(reading.tokens):
        for first, after, name in named(phrases, words):
            negated, undecided = _manner(words, first, after)
            if name.startswith("test:") and _covered(hits, place, words[after - 1].end):
                continue
            hits.append(Hit(name, words[first].start, words[after - 1].end, place, zones[place], negated, undecided))
    headings = tuple(_headings(reading, zones))
    return View(reading, visit, services, zones, tuple(hits), headings, _grouped(hits), _grouped(reading.mentions))


Placed = TypeVar("Placed", Hit, Mention)


def _grouped(found: Iterable[Placed]) -> dict[int, list[Placed]]:
    """By sentence; what calls itself a sentence and says more than that is none."""
    groups: dict[int, list[Placed]] = {}
    for each in found:
        group = groups.setdefault(each.sentence, [])
        if len(group) < _MOST:
            group.append(each)
    return groups


def _covered(hits: list[Hit], sentence: int, end: int) -> bool:
    """Is a test part of a longer one just found ("hemoglobin" of "hemoglobin A1c")?"""
    return any(each.sentence == sentence and each.end >= end and each.name.startswith("test:") for each in hits[-6:])


def _headings(reading: Reading, zones: tuple[Zone, ...]) -> Iterator[Hit]:
    sentences = reading.outline.sentences
    firsts: dict[int, int] = {}
    for place, sentence in enumerate(sentences):
        for number in range(max(firsts, default=-1) + 1, sentence.section + 1):
            firsts[number] = place
        if sentence.label:
            start = reading.text.rfind(sentence.label, max(0, sentence.start - len(sentence.label) - 8), sentence.end)
            if start >= 0:
                yield from _heading(reading.text, start, start + len(sentence.label), place, zones)
    for number, section in enumerate(reading.outline.sections):
        if section.start < section.body and number in firsts:
            yield from _heading(reading.text, section.start, section.body, firsts[number], zones)


def _heading(text: str, start: int, end: int, sentence: int, zones: tuple[Zone, ...]) -> list[Hit]:
    found: list[Hit] = []
    for name, first, last in _of_heading(text[start:end]):
        if not (name.startswith("test:") and _covered(found, sentence, start + last)):
            found.append(Hit(name, start + first, start + last, sentence, zones[sentence]))
    return found


@lru_cache(maxsize=1024)
def _of_heading(heading: str) -> tuple[tuple[str, int, int], ...]:
    """The names that a heading says, with their spans in it: notes have the same headings."""
    words = tokens(heading, 0, len(heading))
    return tuple((name, words[first].start, words[after - 1].end) for first, after, name in named(_phrases(), words))


def _zones(reading: Reading) -> tuple[Zone, ...]:
    """The zone of every sentence. A note without any assessment or plan is taken to plan wherever it tells."""
    outline = reading.outline
    found = [_ZONES.get(outline.kind_of(each), Zone.LISTED) for each in outline.sentences]
    if Zone.PLAN not in found:
        told = (Zone.HISTORY, Zone.RESULTS)
        plain = [_ZONES.get(outline.kind_of(each)) in told or outline.kind_of(each) is Kind.OTHER
                 for each in outline.sentences]  # fmt: skip
        found = [Zone.PLAN if here else zone for zone, here in zip(found, plain, strict=True)]
    return tuple(found)


@cache
def _phrases() -> Book[str]:
    said = table(PACKAGE, "phrases.yaml", dict[str, list[str]])
    tests = table(PACKAGE, "tests.yaml", dict[str, Test])
    return compiled(said | {f"test:{name}": list(test.said) for name, test in tests.items()})


def compiled(table: Mapping[str, Sequence[str]]) -> Book[str]:
    """The book of a table: names of what is said, each with its phrases, words with spaces between. `a|b` is either
    word, `~` up to four words of any kind."""
    rows = [(_pieces(phrase), name) for name, phrases in table.items() for phrase in phrases]
    return Book(sorted(rows, key=lambda row: -len(row[0])))


def _pieces(phrase: str) -> tuple[Piece, ...]:
    return tuple(
        _WIDEST if each == "~" else frozenset("".join(_WORD.findall(one.removesuffix("'s"))) for one in each.split("|"))
        for each in phrase.casefold().replace("-", " ").split()
    )


def named(book: Book[str], words: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """(first word, word after the last, name), for every name the longest phrase at each place."""
    place, seen = -1, set[str]()
    for first, after, name in book.every([word.word for word in words]):
        if first != place:
            place, seen = first, set()
        if name not in seen:
            seen.add(name)
            yield first, after, name


class Test(Struct, frozen=True, forbid_unknown_fields=True):
    """A test as data counts it. `by_site`: one test for each part of the body. `codes`: CPT prefixes of the service
    whose interpretation the practice bills, so that ordering and reviewing it count nothing. `many`: the words name
    no single test ("labs")."""

    said: tuple[str, ...]
    by_site: bool = False
    codes: tuple[str, ...] = ()
    many: bool = False


@cache
def tests() -> dict[str, Test]:
    """The table of tests by name."""
    return table(PACKAGE, "tests.yaml", dict[str, Test])


_NOT = frozenset(
    ("no", "not", "denies", "denied", "without", "never", "neither", "nor", "defer", "defers", "deferred", "decline",
     "declines", "declined", "refuses", "refused", "avoid", "hold", "against", "unnecessary", "cannot", "don't",
     "doesn't", "didn't", "isn't", "won't", "unable", "negative")
)  # fmt: skip
_OPEN = frozenset(
    ("may", "might", "could", "consider", "considered", "considering", "possible", "possibly", "potential",
     "potentially", "option", "options", "if", "unless", "depending", "whether", "eventually", "possibility")
)  # fmt: skip
_STANDING = frozenset(("needed", "necessary", "questions", "tolerated", "possible", "any"))
_NEAR, _FAR, _AFTER = 5, 14, 10
_MOST = 64


def _manner(words: tuple[Token, ...], first: int, after: int) -> tuple[bool, bool]:
    """Whether the words before deny it, and whether it hangs on a condition or is only considered."""
    inside = {each.word for each in words[first:after]}
    near = {each.word for each in words[max(0, first - _NEAR) : first]}
    negated = bool(near & _NOT) and not inside & _NOT
    before = {each.word for each in words[max(_clause(words, first), first - _FAR) : first]}
    undecided = bool(before & _OPEN) or (first > 0 and words[0].word == "should")
    following = words[after : after + _AFTER]
    for place, each in enumerate(following):
        if each.word in ("if", "unless") and not _stands(following, place):
            undecided = True
    return negated, undecided


def _clause(words: tuple[Token, ...], at: int) -> int:
    """The first word of the clause: after "but", or where a new subject begins ("and I", "and we")."""
    for place in range(at - 1, max(0, at - _FAR), -1):
        if words[place].word in ("but", "however"):
            return place + 1
        if words[place].word in ("i", "we") and words[place - 1].word == "and":
            return place
    return 0


def _stands(words: tuple[Token, ...], place: int) -> bool:
    """An "if" that takes nothing back: if needed, if any questions."""
    return place + 1 < len(words) and words[place + 1].word in _STANDING
