"""The clinical lexicon: abbreviations, synonyms, lay words, eponyms, drugs, sites; written by us, read from YAML.

A file holds one ICD-10-CM chapter (chapter 0: words of every chapter). An entry leads from a term as people type it to
the words that the ICD-10-CM titles and Alphabetic Index use and, where the term by itself names a condition or
circumstance, to codes. A code here is a place to start, not a coding decision: search ranks it, the encoder checks it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Kind = Literal[
    "abbreviation",
    "synonym",
    "lay",
    "spelling",
    "eponym",
    "drug",
    "laterality",
    "acuity",
    "severity",
    "site",
    "qualifier",
]
Text = Annotated[str, Meta(min_length=1, max_length=160, pattern=r"^\S(.*\S)?$")]
Code = Annotated[str, Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]

# The first category of each chapter of ICD-10-CM, in the order of the categories.
_STARTS = (
    ("A00", 1), ("C00", 2), ("D50", 3), ("E00", 4), ("F01", 5), ("G00", 6), ("H00", 7), ("H60", 8), ("I00", 9),
    ("J00", 10), ("K00", 11), ("L00", 12), ("M00", 13), ("N00", 14), ("O00", 15), ("P00", 16), ("Q00", 17),
    ("R00", 18), ("S00", 19), ("U00", 22), ("V00", 20), ("Z00", 21),
)  # fmt: skip


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One sense of one term.

    `means` is in the words of ICD-10-CM. `codes` are dotted ICD-10-CM codes or categories, the most usual first.
    `index` is a path in the Alphabetic Index ("Disease, lung, obstructive"). An entry with neither is a word that only
    helps to say something (a site, a side, an abbreviation of a word).
    """

    term: Text
    kind: Kind
    means: Text
    codes: tuple[Code, ...] = ()
    index: Text | None = None


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the lexicon. `chapter` is the ICD-10-CM chapter whose words it holds, 0 for words of all chapters."""

    chapter: Annotated[int, Meta(ge=0, le=22)]
    title: Text
    entries: tuple[Entry, ...]


class Coverage(Struct, frozen=True):
    """How far the lexicon reaches into one chapter.

    `entries` and `kinds` count the entries of the chapter's own files. `codes` and `categories` count the distinct
    codes and three-character categories of the chapter that entries of any file lead to.
    """

    entries: int
    kinds: dict[str, int]
    codes: int
    categories: int


@cache
def parts() -> dict[str, Part]:
    """The files of the lexicon by name, in the order of their names.

    Raises msgspec.ValidationError naming the file and place when one departs from the schema.
    """
    folder = resources.files(__package__)
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name: _part(name, folder.joinpath(name).read_bytes()) for name in names}


def _part(name: str, text: bytes) -> Part:
    try:
        return msgspec.yaml.decode(text, type=Part)
    except msgspec.DecodeError as reason:
        raise msgspec.ValidationError(f"{name}: {reason}") from reason


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, file by file; among the senses of one term within a file, the more usual comes first."""
    return tuple(entry for part in parts().values() for entry in part.entries)


@cache
def _by_term() -> dict[str, tuple[Entry, ...]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        found[entry.term.casefold()].append(entry)
    return {term: tuple(senses) for term, senses in found.items()}


def senses(term: str) -> tuple[Entry, ...]:
    """What `term` can mean, whatever its case and outer blanks; empty when the lexicon does not know it."""
    return _by_term().get(term.strip().casefold(), ())


def chapter_of(code: str) -> int:
    """The ICD-10-CM chapter of a code or category: "I21.9" is of chapter 9."""
    return next(chapter for start, chapter in reversed(_STARTS) if code[:3] >= start)


def _count(chapter: int, reached: set[str]) -> Coverage:
    own = [entry for part in parts().values() if part.chapter == chapter for entry in part.entries]
    kinds: dict[str, int] = dict(sorted(Counter(entry.kind for entry in own).items()))
    return Coverage(len(own), kinds, len(reached), len({code[:3] for code in reached}))


def _reached() -> Iterator[tuple[int, str]]:
    for entry in entries():
        for code in entry.codes:
            yield chapter_of(code), code


def coverage() -> dict[int, Coverage]:
    """The reach of the lexicon by chapter, 0 (words of all chapters) to 22."""
    reached: defaultdict[int, set[str]] = defaultdict(set)
    for chapter, code in _reached():
        reached[chapter].add(code)
    return {chapter: _count(chapter, reached[chapter]) for chapter in range(23)}
