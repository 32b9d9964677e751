"""How an injury came about: external causes and activities (guidelines I.C.20: as specific as the note says).

Only what is told plainly is found: a cause needs its action and its object in one sentence ("fell" alone is not one).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct

from superbill.coding.reading.letters import Letters
from superbill.coding.reading.model import Kind, Mention, Outline, Token
from superbill.coding.reading.sites import COMPOSE
from superbill.coding.reading.tables import table

_LONGEST = 600
_SILENT = frozenset(
    (Kind.REVIEW, Kind.EXAM, Kind.VITALS, Kind.MEDICATIONS, Kind.ALLERGIES, Kind.IMMUNIZATIONS, Kind.FAMILY_HISTORY,
     Kind.SOCIAL_HISTORY, Kind.INSTRUCTIONS, Kind.RESULTS)
)  # fmt: skip
"""Sections that don't tell how the injury came about."""
_BETWEEN = r"[^.;\n]{0,60}?"


class Mechanisms(Struct, frozen=True, forbid_unknown_fields=True):
    """mechanisms.yaml: words without which no sentence is looked at, causes, activities."""

    trigger: str
    causes: dict[str, tuple[str, ...]]
    activities: dict[str, tuple[str, ...]]


@cache
def mechanisms() -> Mechanisms:
    """The table."""
    return table(COMPOSE, "mechanisms.yaml", Mechanisms)


@cache
def _compiled() -> tuple[frozenset[str], tuple[tuple[tuple[str, re.Pattern[str]], ...], ...]]:
    read = mechanisms()
    kinds = tuple(
        tuple(
            (code, re.compile("|".join(rf"(?<!\w)(?:{each.replace('~', _BETWEEN)})" for each in said), re.IGNORECASE))
            for code, said in kind.items()
        )
        for kind in (read.causes, read.activities)
    )
    return frozenset(read.trigger.split(", ")), kinds


def caused(outline: Outline, words: Sequence[Sequence[Token]], scanned: Sequence[Mention]) -> list[Mention]:
    """The mentions with those of external causes: the first cause and the first activity of each sentence. The
    dictionary's own external causes in the same sentence give way to a cause that was found."""
    triggers, kinds = _compiled()
    told: dict[int, list[Mention]] = {}
    for place, (sentence, said) in enumerate(zip(outline.sentences, words, strict=True)):
        if outline.kind_of(sentence) not in _SILENT and not triggers.isdisjoint([each.word for each in said]):
            told[place] = list(_told(outline.text, sentence.start, sentence.end, place, kinds, outline.letters))
    kept = [each for each in scanned if not _replaced(each, told.get(each.sentence, ()))]
    kept += [each for found in told.values() for each in found]
    return sorted(kept, key=lambda mention: (mention.start, -mention.end))


def _told(
    text: str,
    start: int,
    end: int,
    place: int,
    kinds: Sequence[Sequence[tuple[str, re.Pattern[str]]]],
    letters: Letters,
) -> Iterator[Mention]:
    for kind in kinds:
        for code, pattern in kind:
            match = letters.allow(pattern) and pattern.search(text, start, min(end, start + _LONGEST))
            if match:
                yield Mention(
                    start=match.start(), end=match.end(), what="mechanism", name=match[0], codes=(code,), sentence=place
                )
                break


def _replaced(mention: Mention, told: Sequence[Mention]) -> bool:
    """Is it an external cause of the dictionary, where one of the same kind was found?"""
    if not mention.codes or mention.codes[0][0] not in "VWXY":
        return False
    activity = mention.codes[0].startswith("Y93")
    return any(each.codes[0].startswith("Y93") == activity for each in told)
