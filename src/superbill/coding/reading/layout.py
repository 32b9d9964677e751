"""The tables of a note's layout: headings (data/headings.yaml), labels and words (data/structure.yaml)."""

import re
from functools import cache, lru_cache

from msgspec import Struct

from superbill.coding.reading.model import Kind
from superbill.coding.reading.tables import table

_PACKAGE = "superbill.coding.reading.data"


class Layout(Struct, frozen=True):
    """Words of structure.yaml; each list is explained there."""

    before: frozenset[str]
    after: tuple[str, ...]
    weak: frozenset[str]
    parts: frozenset[str]
    plain: frozenset[str]
    closing: frozenset[str]
    openers: tuple[str, ...]
    never: frozenset[str]
    letters: frozenset[str]
    goes_on: frozenset[str]
    short: dict[str, str]


@cache
def layout() -> Layout:
    """The table of layouts."""
    return table(_PACKAGE, "structure.yaml", Layout)


@cache
def kinds() -> dict[str, Kind]:
    """The kind of every heading, by its plain form."""
    read = table(_PACKAGE, "headings.yaml", dict[Kind, tuple[str, ...]])
    return {plain(title): kind for kind, titles in read.items() for title in titles}


_ASIDE = re.compile(r"\([^()]{0,60}\)?")
_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b")
_MARKS = re.compile(r"[^a-z0-9'\- ]+")
_DATED = re.compile(r"[ -]*\b\d{1,2}[ /-]\d{1,2}(?:[ /-]\d{2,4})?$|[ -]*\b(?:19|20)\d\d$")


@lru_cache(1024)
def plain(title: str) -> str:
    """A heading or label without case, marks, and asides: "LABS/IMAGING (outside)" is "labs and imaging"."""
    said = _DATE.sub(" ", _ASIDE.sub(" ", title.casefold().replace("’", "'")))
    said = said.replace("&", " and ").replace("/", " and ").replace("+", " and ")
    return " ".join(_MARKS.sub(" ", said).split()).strip("- '")


@lru_cache(1024)
def kind_of(title: str) -> Kind | None:
    """The kind of section that a heading opens; None when it is no heading that is known."""
    known = kinds()
    said = plain(title)
    if said in known:
        return known[said]
    said = _DATED.sub("", said).strip()
    words = said.split()
    if not 1 < len(words) <= 8:
        return known.get(said)
    extra = layout()
    for tail in extra.after:
        if said.endswith(" " + tail) and (kind := kind_of(said[: -len(tail)])):
            return kind
    if words[0] in extra.before:
        return kind_of(" ".join(words[1:]))
    if words[0] in ("physical", "exam", "examination") and ("of" in words[1:4] or words[1] in ("exam", "examination")):
        return Kind.EXAM
    return None


def is_plain(label: str) -> bool:
    """Is a label made of words that name no problem ("Medical Reasoning", "Labs ordered", "Right knee")?"""
    known = layout().plain
    words = plain(label).split()
    return bool(words) and all(word in known or word.isdigit() for word in words)


@cache
def opener() -> re.Pattern[str]:
    """What a full sentence begins with, and a title does not."""
    words = sorted(layout().openers, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})\\b", re.IGNORECASE)
