"""Finds the problems of a problem-oriented assessment, and where the plan discusses each.

A problem's title is a numbered item, a bullet, or a short line; which of these it is, the first title of a section
decides, and what hangs under it in another manner are its details. A narrative has no titles.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from superbill.coding.reading.blocks import Block
from superbill.coding.reading.layout import is_plain, kind_of, layout, opener, plain
from superbill.coding.reading.model import ASSESSING, Kind, Problem, Section

_LABEL = re.compile(r"[*_]{0,3}(?P<said>[A-Za-z][^:：\r\n.;]{1,90}?)[*_]{0,3}[:：](?=\s|[A-Z]|[*_]|$)")
_STOP = re.compile(r"(?<![ (][A-Za-z])[.!?](?:\s|$)")
_DASH = re.compile(r"\s[-–—]{1,2}\s(?=\S)|\s?[-–—]>\s?|\s=>\s?")
_CODE_FIRST = re.compile(r"[(\[]?[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?[)\]]?[ \t]*[-–:]?[ \t]*(?=[A-Z][a-z]|$)")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|should|presents?|presented|presenting|reports?|reported|denies|"
    r"states?|"
    r"recommend|discussed|advised|understands?|agrees?|appears?|underwent|continues|remains|complains?|improved|went|"
    r"year[- ]old|y\.?/?o\.?|yo|[A-Z][a-z]+ed (?:his|her|their|the))\b"
)  # fmt: skip
_BOLD = re.compile(r"[^*\r\n]{2,120}([*]{2})")
_WORDS = re.compile(r"[a-z0-9]{2,}")
_ENDING = re.compile(r"(?:ies|es|s)$")
_NO_PROBLEMS = frozenset((Kind.HOSPITAL_COURSE, Kind.HISTORY, Kind.REVIEW, Kind.EXAM, Kind.VITALS, Kind.TIME))
"""What names such a section names no problem, though it opens none where it stands."""
_MOST_PAIRS = 40_000  # a note with hundreds of both is no note: its plan is left unmatched
_MARKUP = " \t*_#-–—:.;,"
_SKIPPED = frozenset((
    "the", "and", "of", "with", "in", "to", "on", "for", "due", "his", "her", "type", "status", "mellitus", "chronic",
    "acute", "mild", "moderate", "severe", "history", "disease", "essential",
))  # fmt: skip


class _Title(Struct, frozen=True, gc=False):
    """A title from `start` to `end`, its block's manner, and whether words follow it in its block."""

    start: int
    end: int
    block: Block
    more: bool


def problems(
    text: str, sections: Sequence[Section], taken: Sequence[Sequence[Block]]
) -> tuple[tuple[Problem, ...], dict[int, int]]:
    """The problems in the order of the text, and where every title ends, those of the plan too, by where it starts.

    `taken` holds the blocks of every section.
    """
    found: list[Problem] = []
    planned: list[tuple[int, int, int, int]] = []
    for place, section in enumerate(sections):
        if section.kind in ASSESSING:
            found += [
                Problem(title.start, title.end, end, place)
                for title, end in _ended(text, _titles(text, taken[place]), taken[place], section.end)
            ]
        elif section.kind is Kind.PLAN:
            planned += [
                (title.start, title.end, end, place)
                for title, end in _ended(text, _headings(text, taken[place]), taken[place], section.end)
            ]
    titles = {each.start: each.title_end for each in found} | {start: end for start, end, _, _ in planned}
    return _matched(text, found, planned), titles


def _titles(text: str, taken: Sequence[Block]) -> list[_Title]:
    """The titles of an assessment, in the manner of the first."""
    found: list[_Title] = []
    manner: Block | None = None
    for block in taken:
        title = _title(text, block)
        if title is None:
            continue
        if manner is None:
            manner = block
        if _same(manner, block) or (block.mark == "" and block.spaced and block.indent <= manner.indent + 1):
            found.append(title)
        elif block.mark in ("1", "#") and manner.mark not in ("1", "#") and block.indent <= manner.indent:
            found.append(title)
            manner = block
    return found


def _same(manner: Block, block: Block) -> bool:
    return manner.mark == block.mark and abs(manner.indent - block.indent) <= 2


def _title(text: str, block: Block) -> _Title | None:
    """The title that a block of an assessment begins with."""
    start = block.body
    while start < block.end and text[start] in "*_ \t":
        start += 1
    coded = _CODE_FIRST.match(text, start, block.end)
    begin = coded.end() if coded and coded.end() < block.end else start
    if opener().match(text, begin, block.end):
        return None
    label = _LABEL.match(text, begin, min(block.end, begin + 100))
    if label:
        if is_plain(label["said"]) or plain(label["said"]) in layout().closing:
            return None
        if len(label["said"].split()) <= 9 and not _VERB.search(label["said"]):
            return _Title(start, label.end("said"), block, label.end() < block.end)
    end, more = _phrase(text, begin, block.end)
    longest = 160 if block.mark else 110
    said = text[begin:end]
    if not 2 <= end - begin <= longest or not _letters(said) or is_plain(said):
        return None
    if kind_of(said) in _NO_PROBLEMS:
        return None
    if block.mark not in ("1", "#") and _VERB.search(said):
        return None
    if block.mark in ("1", "#") and re.search(r"\b(?:year[- ]old|y/?o)\b", said):
        return None
    if not block.mark and ((more and end - begin > 70) or not (said[:1].isupper() or said[:1].isdecimal())):
        return None
    return _Title(start, end, block, more)


def _letters(said: str) -> bool:
    return sum(letter.isalpha() for letter in said[:12]) >= 2


def _phrase(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where the first phrase ends: at a full stop, or at a dash that more follows; and whether more follows."""
    first = start
    while True:
        stop = _STOP.search(text, first, min(end, start + 200))
        if stop is None or not _abbreviated(text, start, stop.start()):
            break
        first = stop.end()
    bold = _BOLD.match(text, start, end)
    if bold:
        return bold.start(1), bool(text[bold.end() : end].strip())
    dash = _DASH.search(text, start, stop.start() if stop else min(end, start + 200))
    if dash and opener().match(text, dash.end(), end):
        return dash.start(), True
    if stop:
        after = stop.start()
        return after, bool(text[stop.end() : end].strip())
    after = end
    while after > start and text[after - 1] in _MARKUP:
        after -= 1
    return after, False


def _abbreviated(text: str, start: int, at: int) -> bool:
    words = text[max(start, at - 12) : at].split()
    return bool(words) and words[-1].casefold() in layout().never


def _headings(text: str, taken: Sequence[Block]) -> list[_Title]:
    """The headings of a plan: lines that name something and have details under them, or words after a colon."""
    found: list[_Title] = []
    for place, block in enumerate(taken):
        title = _title(text, block)
        if title is None or (title.more and text[title.end] != ":"):
            continue
        under = place + 1 < len(taken) and not taken[place + 1].spaced and not _same(taken[place + 1], block)
        detailed = not block.mark and place + 1 < len(taken) and not taken[place + 1].spaced
        spaced = not block.mark and block.spaced and place + 1 < len(taken) and bool(taken[place + 1].mark)
        if title.more or under or detailed or spaced:
            if found and not block.mark and not block.spaced and not title.more:
                continue
            found.append(title)
    return found


def _ended(text: str, titles: Sequence[_Title], taken: Sequence[Block], end: int) -> Iterator[tuple[_Title, int]]:
    """Every title with the end of its block: the next title, a closing label, or the section's end."""
    closings = [
        block.start for block in taken if block.spaced and not block.mark and _closes(text, block)
    ]  # fmt: skip
    at = 0
    for number, title in enumerate(titles):
        until = titles[number + 1].block.start if number + 1 < len(titles) else end
        while at < len(closings) and closings[at] <= title.start:
            at += 1
        if at < len(closings):
            until = min(until, closings[at])
        yield title, max(until, title.end)


def _closes(text: str, block: Block) -> bool:
    label = _LABEL.match(text, block.body, min(block.end, block.body + 60))
    return bool(label and plain(label["said"]) in layout().closing)


def _matched(text: str, found: Sequence[Problem], planned: Sequence[tuple[int, int, int, int]]) -> tuple[Problem, ...]:
    """The problems of the assessment with their discussion in the plan, and those that the plan alone names."""
    if len(found) * len(planned) > _MOST_PAIRS:
        return tuple(found)
    named = [_named(text[each.start : each.title_end]) for each in found]
    spans: dict[int, tuple[int, int]] = {}
    own: list[Problem] = []
    for start, title_end, end, place in planned:
        words = _named(text[start:title_end])
        fits = [number for number in range(len(found)) if number not in spans and _same_words(words, named[number])]
        if fits:
            spans[max(fits, key=lambda number: len(named[number] & words))] = (start, end)
        elif words:
            own.append(Problem(start, title_end, end, place))
    told = [
        Problem(each.start, each.title_end, each.end, each.section, spans.get(number))
        for number, each in enumerate(found)
    ]
    return tuple(sorted([*told, *own], key=lambda each: each.start))


def _same_words(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def _named(title: str) -> frozenset[str]:
    """The words by which a title is known again."""
    short = layout().short
    words = [short.get(word, word) for word in _WORDS.findall(title.casefold())]
    bare = {_ENDING.sub("", word) if len(word) > 4 else word for word in words if word not in _SKIPPED}
    return frozenset(bare or words)
