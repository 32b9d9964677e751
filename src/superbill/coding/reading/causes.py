"""What a condition comes from ("due to", "secondary to", "steroid-induced"), and what it comes with or without."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from superbill.coding.reading.model import Attribute, Token
from superbill.coding.reading.phrasebook import Book, cues, phrases_in

_AFTER = (
    "due to", "secondary to", "caused by", "because of", "as a result of", "resulting from", "attributed to",
    "attributable to", "2/2", "d/t", "owing to", "induced by", "triggered by", "related to", "in the setting of",
    "in setting of", "as a complication of", "precipitated by", "stemming from", "from", "following", "arising from",
    "brought on by", "associated with underlying", "in the context of",
)  # fmt: skip
_WITH = ("with", "with associated", "associated with", "accompanied by", "complicated by", "along with")
_WITHOUT = ("without", "without mention of", "without associated", "w/o", "with no", "without any")
_UNCAUSED = (
    "not due to",
    "not related to",
    "not secondary to",
    "not caused by",
    "unrelated to",
    "not from",
    "not attributed to",
)
_ENDS = frozenset(
    ("but", "who", "which", "that", "because", "if", "however", "although", "is", "was", "are", "were", "has", "had",
     "have", "will", "he", "she", "we", "i", "they", "patient", "for", "now", "currently", "presents", "reports",
     "denies", "continue", "continues", "start", "taking", "on", "when", "while", "seen", "status", "x")
)  # fmt: skip
_WORDS = 7
_FARTHEST = 7


@cache
def _phrases() -> Book[str]:
    said = dict.fromkeys(_AFTER, "cause") | dict.fromkeys(_WITH, "with") | dict.fromkeys(_WITHOUT, "without")
    return cues(said | dict.fromkeys(_UNCAUSED, ""), {})


def of(text: str, row: Sequence[Token], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Attribute]]:
    """Causes and companions in a row of words as (number of the mention, attribute). `spans`: the mentions as words."""
    for first, after, axis in phrases_in(_phrases(), text, row):
        owner = _owner(text, row, spans, first)
        end = _end(text, row, after, axis) if axis and owner is not None else after
        if owner is not None and end > after:
            start, stop = row[after].start, row[end - 1].end
            yield owner, Attribute(axis, " ".join(text[start:stop].casefold().split()), start, stop)
    for at, word in enumerate(row):
        if word.word in ("induced", "related", "associated") and at > 0 and text[row[at - 1].end : word.start] == "-":
            owner = _owned(spans, at)
            if owner is not None:
                cause = row[at - 1]
                yield owner, Attribute("cause", cause.word, cause.start, cause.end)


def _owned(spans: Sequence[tuple[int, int]], at: int) -> int | None:
    """The mention right after a word, else the one that holds it."""
    number = bisect_right(spans, (at, at))
    if number < len(spans) and spans[number][0] - at - 1 <= 3:
        return number
    return number - 1 if number and spans[number - 1][0] <= at < spans[number - 1][1] else None


def _owner(text: str, row: Sequence[Token], spans: Sequence[tuple[int, int]], first: int) -> int | None:
    """The nearest mention before the words that introduce a cause, in the same clause."""
    number = bisect_right(spans, (first - 1, len(row))) - 1
    while number >= 0 and spans[number][1] > first:
        number -= 1
    if number < 0 or spans[number][1] < 1:
        return None
    after = spans[number][1]
    if first - after > _FARTHEST or ";" in text[row[after - 1].end : row[first].start]:
        return None
    return number


def _end(text: str, row: Sequence[Token], start: int, axis: str) -> int:
    """The word after the last of a cause: up to a mark, a verb or a new clause."""
    at = start
    marks = ";:().," if axis == "cause" else ";:()."
    while at < len(row) and at - start < _WORDS:
        gap = text[row[at - 1].end : row[at].start]
        if at > start and any(mark in gap for mark in marks):
            break
        if row[at].word in _ENDS or (at > start and row[at].word in ("with", "without", "due", "secondary")):
            break
        at += 1
    return at
