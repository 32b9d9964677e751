"""Cuts sections into sentences, list items and rows; with the problems (problems.py) they make the outline."""

import re
from collections.abc import Iterator, Sequence

from superbill.coding.reading.blocks import Block, blocks, width
from superbill.coding.reading.layout import layout
from superbill.coding.reading.model import Outline, Problem, Section, Sentence
from superbill.coding.reading.problems import problems

_STOP = re.compile(r"[.!?]['\"”’)\]]{0,3}\s|;\s|(?<=[a-z]{3})\.(?=[A-Z][a-z]|[A-Z] )")
_LAST = re.compile(r"[A-Za-z][A-Za-z./']*$")
_LABEL = re.compile(
    r"[*_]{0,3}([A-Z][A-Za-z0-9 /&,.'’()-]{0,58}|[a-z][a-z /&-]{1,24})[*_]{0,3}:[*_]{0,3}(?=\s|[A-Z(]|$)"
)
_SAID = re.compile(r"[^\W_]")
_LONGEST = 1_500  # characters
_SENTENCE_LIKE = re.compile(r"[.;!?]\s")


def outline(text: str, sections: tuple[Section, ...]) -> Outline:
    """The outline of a note whose sections are known."""
    columns = width(text)
    taken = [tuple(blocks(text, section, columns)) for section in sections]
    found, titles = problems(text, sections, taken)
    pieces = [
        Sentence(first, last, place, -1, label)
        for place, section in enumerate(taken)
        for start, end, label in _pieces(text, section, titles)
        for first, last in _short(text, start, end)
    ]
    return Outline(text, sections, found, tuple(_placed(pieces, found)))


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is; what is too long to be one in parts, so that the time to read it grows with its length."""
    while end - start > _LONGEST:
        cut = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in " ,;\t") + 1
        cut = cut or start + _LONGEST
        yield from _bare(text, start, cut)
        start = cut
    yield from _bare(text, start, end)


def _bare(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without blanks at its ends; none when it holds nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _placed(pieces: Sequence[Sentence], found: Sequence[Problem]) -> Iterator[Sentence]:
    """The sentences with their problems."""
    spans = sorted(
        [(each.start, each.end, number) for number, each in enumerate(found)]
        + [(*each.discussed, number) for number, each in enumerate(found) if each.discussed]
    )
    at = 0
    for piece in pieces:
        while at < len(spans) and spans[at][1] <= piece.start:
            at += 1
        if at < len(spans) and spans[at][0] <= piece.start:
            yield Sentence(piece.start, piece.end, piece.section, spans[at][2], piece.label)
        else:
            yield piece


def _pieces(text: str, taken: Sequence[Block], titles: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """The sentences of a section with their labels. A label that stands alone goes for what follows without a gap."""
    carried = ""
    for block in taken:
        if block.spaced:
            carried = ""
        start, label = block.body, carried
        while start < block.end and text[start] in "*_ \t":
            start += 1
        if start in titles and titles[start] > start:
            title_end = min(titles[start], block.end)
            yield start, title_end, ""
            label = text[start:title_end] if text[title_end : title_end + 1] == ":" else ""
            start = title_end
            while start < block.end and text[start] in ":.;,-–—*_ \t|":
                start += 1
            carried = ""
        elif block.mark == "|":
            if _SAID.search(text, start, block.end):
                yield start, block.end, label
            continue
        else:
            said = _LABEL.match(text, start, block.end)
            if said and said.end() == block.end:
                carried = said[1].strip()
                yield start, block.end, ""
                continue
        yield from _sentences(text, start, block.end, label)


def _sentences(text: str, start: int, end: int, label: str) -> Iterator[tuple[int, int, str]]:
    while start < end:
        said = _LABEL.match(text, start, end)
        if said and said.end() < end and not _SENTENCE_LIKE.search(said[1]) and len(said[1].split()) <= 7:
            label, start = said[1].strip(), said.end()
        after = end
        for stop in _STOP.finditer(text, start, end):
            if _ends(text, start, stop, end):
                after = stop.end()
                break
        begin, finish = _trim(text, start, after)
        if _SAID.search(text, begin, finish):
            yield begin, finish, label
        start = after
        while start < end and text[start].isspace():
            start += 1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    bare = said.lstrip()
    start += len(said) - len(bare)
    return start, start + len(bare.rstrip())


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Does a sentence end at this mark?"""
    mark = text[stop.start()]
    if mark != ".":
        return True
    after = stop.end()
    while after < end and text[after].isspace():
        after += 1
    if after >= end:
        return True
    follows = text[after]
    if follows.islower() and not text[after + 1 : after + 2].isupper():
        return False
    last = _LAST.search(text, max(start, stop.start() - 16), stop.start())
    if last is None or stop.end() == stop.start() + 1:
        return True
    word = last[0]
    if len(word) == 1 and word.isupper():
        return not _initial(text, start, last.start(), follows)
    return word.casefold().rstrip(".") not in layout().never or (follows.isupper() and word.casefold() in _BOTH)


_BOTH = frozenset(("no", "pt", "pts", "wt", "ht", "temp", "tab", "tabs", "cap", "caps", "al", "fx", "abd", "may", "rx",
                   "hx", "sx", "inj", "rt", "lt", "tsp", "tbsp", "oz", "st", "ft", "ext", "mar", "sp"))  # fmt: skip


def _initial(text: str, start: int, at: int, follows: str) -> bool:
    """Is a capital before a point a name's initial ("John F. Kennedy"), not a kind ("vitamin D. She")?"""
    before = text[max(start, at - 24) : at].split()
    if not before:
        return at == start and follows.isupper()
    word = before[-1]
    return word[:1].isupper() and word.casefold() not in layout().letters and word.rstrip(".,").isalpha()
