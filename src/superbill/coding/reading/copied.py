"""Finds text that was copied forward from an earlier note of the same patient.

Copied text is no evidence that something was evaluated at this visit: what stands word for word in an earlier note is
told, so that a coder can ask. Short normal findings of an examination are written alike at every visit; alone they
raise no suspicion.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from superbill.coding.reading.model import Kind, Outline
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline

LEAST_WORDS = 8
"""A sentence shorter than this may well be written twice."""
ROUTINE_WORDS = 16
"""A routine sentence (a normal finding, a consent, an agreement) shorter than this is written alike at every visit."""

_WORD = re.compile(r"[a-z0-9]+(?:[.'/][a-z0-9]+)*")
_ROUTINE_KINDS = frozenset((Kind.EXAM, Kind.REVIEW, Kind.OTHER, Kind.TIME, Kind.INSTRUCTIONS))
_ROUTINE = re.compile(
    r"\b(?:no acute distress|well[- ](?:developed|nourished|appearing)|within normal limits|unremarkable|normal|"
    r"clear to auscultation|regular rate|non-?tender|non-?distended|alert and oriented|denies|negative for|"
    r"understands? and agrees?|all questions|risks and benefits|verbalizes? understanding|intact|"
    r"no (?:rash|edema|murmur|lymphadenopathy))\b"
)
_NO_WORD = re.compile(r"[^\W_]")


class _Said(Struct, frozen=True, gc=False):
    start: int
    end: int
    key: str
    words: int
    routine: bool
    section: int


def copied(text: str, earlier: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The spans of `text` that stand unchanged in one of the `earlier` notes, but for case, spacing and marks.

    A span is a sentence of at least LEAST_WORDS words, together with those beside it that were copied too: short ones
    between copied ones belong to the copy. Time grows with the length of all notes together.
    """
    if not earlier:
        return ()
    known: set[str] = set()
    for note in earlier:
        known.update(each.key for each in _said(_outlined(note)))
    return tuple(_spans(text, tuple(_said(_outlined(text))), known))


def share(text: str, earlier: Sequence[str]) -> float:
    """The part of a note's characters that is copied, 0 to 1."""
    size = len(text.strip())
    return sum(end - start for start, end in copied(text, earlier)) / size if size else 0.0


def _outlined(note: str) -> Outline:
    return outline(note, sections(note))


def _said(of: Outline) -> Iterator[_Said]:
    for sentence in of.sentences:
        said = of.text[sentence.start : sentence.end].casefold()
        words = _WORD.findall(said)
        if words:
            routine = of.kind_of(sentence) in _ROUTINE_KINDS or _ROUTINE.search(said) is not None
            yield _Said(sentence.start, sentence.end, " ".join(words), len(words), routine, sentence.section)


def _spans(text: str, said: Sequence[_Said], known: set[str]) -> Iterator[tuple[int, int]]:
    """Runs of copied sentences without anything new between them, where one of them is long enough to tell."""
    run: list[_Said] = []
    for each in said:
        if each.key in known and (not run or (run[-1].section == each.section and not _new(text, run[-1], each))):
            run.append(each)
            continue
        yield from _told(run)
        run = [each] if each.key in known else []
    yield from _told(run)


def _new(text: str, one: _Said, other: _Said) -> bool:
    """Does something stand between two sentences that neither of them holds, more than a label or number?"""
    between = text[one.end : other.start]
    return len(between) > 200 and _NO_WORD.search(between) is not None


def _told(run: Sequence[_Said]) -> Iterator[tuple[int, int]]:
    """A run as one span, without the short sentences at its ends, unless it has nothing that tells."""
    telling = [
        number for number, each in enumerate(run) if each.words >= (ROUTINE_WORDS if each.routine else LEAST_WORDS)
    ]
    if telling:
        yield run[telling[0]].start, run[telling[-1]].end
