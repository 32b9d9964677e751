"""What the values of an axis are called where no tables were imported: our own words, or what titles differ in.

Two codes of a table that differ in one character have titles that differ in what this character means: "Bypass
Cerebral Ventricle to Nasopharynx with ..." (7th character 0) against "... to Mastoid Sinus with ..." (1).
"""

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct

from superbill.codesets import tables

_FILLERS = frozenset([",", "to", "with", "from", "using", "in", "into", "of", "for", "by", "as", "on", "at"])


class Words(Struct, frozen=True):
    """What we call a value, and what it means ("" where the name says all)."""

    label: str
    meaning: str = ""


@cache
def _own() -> dict[tuple[str, int, str], Words]:
    return {
        (section, int(row["pos"]), row["character"]): Words(row["label"], row["meaning"])
        for row in tables.rows(__package__, "words.csv")
        for section in row["sections"] or [""]
    }


@cache
def _axes() -> dict[tuple[str, int], str]:
    return {
        (section, int(row["pos"])): row["axis"]
        for row in tables.rows(__package__, "axes.csv")
        for section in row["sections"] or [""]
    }


def axis(prefix: str) -> str:
    """What the character after `prefix` says: "Body Part"; "" after a whole code."""
    return _axes().get((prefix[:1], len(prefix) + 1), "")


def own_words(prefix: str, character: str) -> Words | None:
    """Our words for the value `character` after `prefix`; None where we have none. They hold in a whole section."""
    return _own().get((prefix[:1], len(prefix) + 1, character))


def told_apart(titles: Mapping[str, str], prefix: str, character: str) -> str:
    """What sets the codes with `character` after `prefix` apart by their titles; "" when nothing does.

    `titles`: by code, all of one table. Codes that agree in every other character are compared, the largest group of
    them first, those under `prefix` before the rest of the table.
    """
    at = len(prefix)
    groups: dict[tuple[str, str], list[str]] = {}
    for code in titles:
        groups.setdefault((code[:at], code[at + 1 :]), []).append(code)
    mine = sorted(
        (key for key, codes in groups.items() if len(codes) > 1 and any(code[at] == character for code in codes)),
        key=lambda key: (key[0] != prefix, -len(groups[key]), key),
    )
    for key in mine:
        words = {code: _words(titles[code]) for code in groups[key]}
        code = next(code for code in groups[key] if code[at] == character)
        found = _own_part(words[code], [other for each, other in words.items() if each != code])
        if found:
            return found
    return ""


def _words(title: str) -> list[str]:
    """The words, a comma being one too."""
    return title.replace(",", " ,").split()


def _own_part(words: list[str], others: Iterable[list[str]]) -> str:
    """The words between those with which every title begins and those with which every title ends.

    What follows them up to a comma or a filler belongs to them: "Right Subclavian" is "Right Subclavian Artery".
    """
    every = [words, *others]
    start = _shared(every)
    end = len(words) - _shared([list(reversed(each[start:])) for each in every])
    if start == end:
        return ""
    while end < len(words) and words[end].lower() not in _FILLERS:
        end += 1
    part = words[start:end]
    while part and part[0].lower() in _FILLERS:
        part = part[1:]
    while part and part[-1].lower() in _FILLERS:
        part = part[:-1]
    return " ".join(part).replace(" ,", ",").removesuffix(" Approach")


def _shared(every: list[list[str]]) -> int:
    """How many words all begin with."""
    count = 0
    for column in zip(*every, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def headings(titles: list[str], section: str) -> tuple[str, list[str]]:
    """The body system and the operations of table headers of one body system: "Imaging, Veins, Plain Radiography".

    Only section 0 leaves its own name away. Names have commas in them: what all headers begin with is the system. A
    header may be the system's name alone, without an operation.
    """
    own = own_words("", section)
    lead = f"{own.label}, " if own and section != "0" else ""
    bare = [title.removeprefix(lead) for title in titles]
    parts = [title.split(", ") for title in bare]
    count = _shared(parts)
    if len(bare) == 1:
        count -= 1
    return ", ".join(parts[0][:count]), [", ".join(each[count:]) for each in parts]
