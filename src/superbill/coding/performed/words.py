"""Finds what the tables name in the words of a note.

A phrase of a table: words, each possibly several with "/" between; "[word]" may be missing; ".." passes over up to
seven words; "word*" is any word that begins so. After " + " stands a word one of which the sentence must have too,
after " - " words it must not have; " ++ " and " -- " look at the whole description of a procedure instead. "|" parts
the phrases of one entry.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.performed.model import Entry, Hit, Said
from superbill.coding.reading.model import Kind, Outline, Reading, Token
from superbill.coding.reading.phrasebook import Book, Piece

_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?(?:['’][a-z]+)?")
_GAP = 7
_LABEL_REACH = 90
_LONGEST = 1_200
"""What is longer is no sentence, and is read in pieces of so many characters, so that time stays in proportion."""
_TITLED = frozenset((Kind.RESULTS, Kind.FINDINGS, Kind.PROCEDURE, Kind.OTHER))


class Slot(Struct, frozen=True, gc=False):
    """One word of a phrase: whole words, beginnings of words, and how many words may stand before it."""

    words: frozenset[str]
    begin: tuple[str, ...]
    gap: int

    def among(self, stems: frozenset[str]) -> bool:
        """Is one of the words among those of a sentence?"""
        if not self.words.isdisjoint(stems):
            return True
        return bool(self.begin) and any(f" {begin}" in _joined(stems) for begin in self.begin)


@lru_cache(maxsize=4096)
def _joined(stems: frozenset[str]) -> str:
    """Stems in one text, each after a blank, to look for their beginnings."""
    return " " + " ".join(stems)


class Phrase(Struct, frozen=True, gc=False):
    """One way to name an entry, compiled."""

    entry: Entry
    slots: tuple[Slot, ...]
    needs: tuple[Slot, ...]
    bars: Slot | None
    wide: bool
    weight: int


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The word without possessive and plural endings: "biopsies" as "biopsy", "x-rays" as "x-ray"."""
    word = word.partition("'")[0] if word.endswith(("'s", "s'")) else word.partition("’")[0]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith(("uses", "sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words_of(lower: str, start: int) -> tuple[Token, ...]:
    """The words of a text in lower case that begins at `start` of the note."""
    return tuple([Token(start + m.start(), start + m.end(), m[0], "") for m in _WORD.finditer(lower)])


def sentences(reading: Reading) -> tuple[Said, ...]:
    """The note's sentences with their words; a label belongs to the first sentence of its line, and the heading of
    results or a procedure ("Chest x-ray:") to the first sentence under it. What follows the heading of a procedure
    without an empty line ("Location:") belongs to its description."""
    found: list[Said] = []
    outline = reading.outline
    lower = outline.text.lower()
    if len(lower) != len(outline.text):  # a few letters (İ) grow in lower case; then offsets would not hold
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in outline.text)
    blocks = _blocks(outline)
    untold = 0
    for place, each in enumerate(outline.sentences):
        for section in range(untold, each.section):
            found += _titles(outline, lower, section, blocks[section])
        start = each.start
        if each.label:
            at = outline.text.rfind(each.label, max(0, start - _LABEL_REACH), start)
            if at >= 0 and not outline.text[at + len(each.label) : start].strip(" \t:-–"):
                start = at
        if untold <= each.section:
            start = _with_title(outline, each.section, start)
            untold = each.section + 1
        found += _said(lower, start, each.end, place, blocks[each.section], reading.tokens[place])
    for section in range(untold, len(outline.sections)):
        found += _titles(outline, lower, section, blocks[section])
    return tuple(_together(found))


def _blocks(outline: Outline) -> list[tuple[int, Kind]]:
    """For every section the first one of its description, and that one's kind."""
    found: list[tuple[int, Kind]] = []
    for place, section in enumerate(outline.sections):
        before = found[-1] if found else (0, Kind.OTHER)
        parted = "\n\n" in outline.text[max(0, section.start - 2) : section.start + 1] or not place
        if before[1] is Kind.PROCEDURE and section.kind in (Kind.OTHER, Kind.PROCEDURE) and not parted:
            found.append(before)
        else:
            found.append((place, section.kind))
    return found


def _said(
    lower: str, start: int, stop: int, place: int, block: tuple[int, Kind], read: Sequence[Token] = ()
) -> Iterator[Said]:
    """`read`: the words that are known, up to the end."""
    for begin in range(start, stop, _LONGEST):
        end = min(stop, begin + _LONGEST)
        part = lower[begin:end]
        if read and begin == start and end == stop:
            first = read[0].start
            words = tuple(read) if part.isascii() else tuple(_reread(lower, read))
            if begin < first:
                words = (*words_of(lower[begin:first], begin), *words)
        else:
            words = words_of(part, begin)
        forms = tuple([stem(word.word) for word in words])
        yield Said(begin, end, place, *block, part, words, forms, frozenset(forms))


def _reread(lower: str, read: Sequence[Token]) -> Iterator[Token]:
    """Words as the tables write them: no letters but those of English."""
    for word in read:
        if word.word.isascii():
            yield word
        else:
            yield from words_of(lower[word.start : word.end], word.start)


def _titles(outline: Outline, lower: str, section: int, block: tuple[int, Kind]) -> Iterator[Said]:
    """The heading of a section without a sentence."""
    each = outline.sections[section]
    if each.title and each.kind in _TITLED:
        yield from _said(lower, each.start, each.body, -1, block)


def _with_title(outline: Outline, place: int, start: int) -> int:
    """Where the heading of a section begins, when the sentence that begins at `start` follows it at once."""
    section = outline.sections[place]
    if not section.title or section.kind not in _TITLED or outline.text[section.body : start].strip(" \t\n:-–•*"):
        return start
    heading = outline.text[section.start : section.body]
    return section.start + len(heading) - len(heading.lstrip())


def _together(found: list[Said]) -> Iterator[Said]:
    """The sentences of a procedure's description with the words of all of it; others with those of their neighbours."""
    whole: dict[int, set[str]] = {}
    for each in found:
        if each.kind is Kind.PROCEDURE:
            whole.setdefault(each.section, set()).update(each.stems)
    shared = {section: frozenset(stems) for section, stems in whole.items()}
    for place, each in enumerate(found):
        if each.section in shared:
            yield replace(each, around=(shared[each.section],))
        else:
            near = found[max(0, place - 1) : place + 2]
            yield replace(each, around=tuple(one.stems for one in near if one.section == each.section))


def _slot(text: str, gap: int) -> Slot:
    parts = [part for part in text.split("/") if part]
    begin = tuple(part[:-1] for part in parts if part.endswith("*"))
    return Slot(frozenset(stem(part) for part in parts if not part.endswith("*")), begin, gap)


def _variants(parts: list[str]) -> Iterator[list[tuple[str, int]]]:
    """The phrase with and without each of its words in brackets."""
    if not parts:
        yield []
        return
    head, rest = parts[0], parts[1:]
    for tail in _variants(rest):
        if head == "..":
            yield [(tail[0][0], _GAP), *tail[1:]] if tail else []
            continue
        if head.startswith("["):
            yield tail
        yield [(head.strip("[]"), 0), *tail]


def compiled(entry: Entry, said: str) -> Iterator[Phrase]:
    """The phrases of an entry as its table writes them."""
    for written in said.split("|"):
        wide = " ++ " in written or " -- " in written
        shape, *bars = written.replace(" ++ ", " + ").replace(" -- ", " - ").split(" - ")
        shape, *needs = shape.split(" + ")
        for variant in _variants(shape.lower().replace("-", " ").split()):
            yield Phrase(
                entry,
                tuple(_slot(word, gap) for word, gap in variant),
                tuple(_slot(need.strip().replace(" ", "/"), 0) for need in needs),
                _slot("/".join(bars).strip().replace(" ", "/"), 0) if bars else None,
                wide,
                3 * len(variant) + len(needs),
            )


class Index:
    """The phrases of tables."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._book = Book((tuple(_pieces(each.slots)), each) for each in phrases)

    def hits(self, said: Said) -> list[Hit]:
        """What a sentence names: of those of one table that overlap only the one with most words."""
        found: dict[str, list[tuple[int, Hit]]] = {}
        for first, after, phrase in self._book.every(said.forms):
            if _fits(phrase, said):
                hit = Hit(phrase.entry, said, first, after - 1)
                found.setdefault(phrase.entry.table, []).append((phrase.weight, hit))
        return [hit for several in found.values() for hit in _longest(several)]


def _pieces(slots: Sequence[Slot]) -> Iterator[Piece]:
    for place, slot in enumerate(slots):
        if slot.gap and place:  # what may stand before the first word, may stand anywhere
            yield slot.gap
        yield slot.words.union(f"{begin}*" for begin in slot.begin)


def _fits(phrase: Phrase, said: Said) -> bool:
    """Has the sentence the words that must stand with a phrase, and none of those that must not?"""
    if not phrase.needs and not phrase.bars:
        return True
    where = said.around if phrase.wide else (said.stems,)
    if any(not any(map(need.among, where)) for need in phrase.needs):
        return False
    return not (phrase.bars and any(map(phrase.bars.among, where)))


def _longest(found: list[tuple[int, Hit]]) -> Iterator[Hit]:
    if len(found) == 1:
        yield found[0][1]
        return
    taken: list[Hit] = []
    for _, hit in sorted(found, key=lambda one: (-one[0], one[1].first, one[1].last)):
        if all(hit.last < other.first or hit.first > other.last for other in taken):
            taken.append(hit)
    yield from sorted(taken, key=lambda hit: hit.first)
