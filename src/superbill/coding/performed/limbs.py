"""Splints, casts, strapping, closed treatment of fractures and dislocations, and supplies given out.

The first cast or splint is part of fracture care when that is billed (CPT, application of casts and strapping). A
ready-made splint or brace that is handed over is a supply, not an application: its HCPCS code needs the product, so
it stays below what is suggested.
"""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.performed import sides, status
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Entry, Hit, Said
from superbill.coding.performed.words import Index, Phrase, compiled

_CARE = (
    "closed [fracture] treatment/reduction | closed manipulat* "
    "| fracture care - follow/discuss* | fracture .. reduced | "
    "reduc* .. fracture/dislocat*/subluxat*/nursemaid* - risk/pain "
    "| dislocat*/subluxat*/nursemaid* .. reduced/relocated/"
    "reduction | manipulat* .. fracture | shoulder .. reduced/relocated | closed treatment"
)
_APPLIED = re.compile(
    r"\b(?:appl(?:ied|ication|y)|plac(?:ed?|ement)|put|fabricated|mold\w*|casted|splinted|fashioned|strapped|taped|"
    r"taping|strapping|immobilized|wrapped)\b"
)
_READY = re.compile(
    r"\b(?:provid\w+|dispens\w+|given|issued|fitted|fit|supplied|prefabricated|off[- ]the[- ]shelf|received)\b"
)
_REDUCED = re.compile(r"\b(?:with manipulation|manipulated|reduc\w+|relocated|traction)\b")
_NOT_REDUCED = re.compile(r"\b(?:without (?:manipulation|reduction)|non[- ]?displaced|no (?:manipulation|reduction))\b")
_SUPPLY = 0.4


class Splint(Struct, frozen=True, forbid_unknown_fields=True):
    """What is put on a limb: its words and code."""

    said: str
    code: str


class Fracture(Struct, frozen=True, forbid_unknown_fields=True):
    """A bone or joint: the codes of its closed treatment without and with manipulation ("" where there is none)."""

    said: str
    plain: str
    manipulated: str
    sides: bool = False
    digits: str = ""


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of this family."""

    splints: dict[str, Splint]
    removals: dict[str, Splint]
    supplies: dict[str, Splint]
    fractures: dict[str, Fracture]
    dislocations: dict[str, Fracture]


@cache
def tables() -> Tables:
    """The tables of what is put on and treated."""
    found: Tables = read("limbs.yaml", Tables)
    return found


@cache
def _bones(kind: str) -> Index:
    entries: dict[str, Fracture] = getattr(tables(), kind)
    return Index(p for key, bone in entries.items() for p in compiled(Entry("bones", kind, key, key), bone.said))


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    for group in ("splints", "removals", "supplies"):
        entries: dict[str, Splint] = getattr(tables(), group)
        yield from phrases_of("limbs", group, {key: entry.said for key, entry in entries.items()})
    yield from phrases_of("limbs", "care", {"care": _CARE})


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """What was put on a limb, or the fracture or dislocation that was treated."""
    score, why = status.judged(hit.said, hit.start, hit.end, status.Manner(0.25, True))
    if hit.entry.group == "care":
        yield from _care(hit, around, score, why)
        return
    entries: dict[str, Splint] = getattr(tables(), hit.entry.group)
    entry = entries[hit.entry.key]
    lower = hit.said.lower
    if hit.entry.group == "supplies":
        score, why = min(score, _SUPPLY), "a supply: which product it was decides its code"
    elif hit.entry.group == "removals":
        score, why = min(score, _SUPPLY), "only who did not put the cast on bills its removal"
    elif not _APPLIED.search(lower):
        score = min(score, 0.5 if _READY.search(lower) else 0.3)
        why = f"{why}; given out rather than applied"
        if score >= 0.5 and "finger" not in hit.entry.key:
            score = _SUPPLY
    elif re.search(r"\b(?:wearing|removed|came in|arrived|presents? in|continue|has been)\b", lower):
        score, why = min(score, 0.2), "worn already"
    side = sides.side_of(lower, hit.start - hit.said.start, hit.end - hit.said.start, 60)
    yield Done(
        code=entry.code, label=hit.entry.label, start=hit.start, end=hit.end, score=score, why=why,
        what=f"limb {hit.entry.key}", modifiers=sides.modifiers_of(side), group="limb", side=side,
    )  # fmt: skip


def _care(hit: Hit, around: tuple[Said, ...], score: float, why: str) -> Iterator[Done]:
    for said in (hit.said, *around):
        kind = "dislocations" if re.search(r"\b(?:dislocat|sublux|nursemaid|relocat)", said.lower) else "fractures"
        found = _bones(kind).hits(said)
        if found:
            break
    else:
        return
    bones: dict[str, Fracture] = getattr(tables(), kind)
    bone = bones[found[0].entry.key]
    lower = hit.said.lower
    if 0.15 < score < 0.5 and re.search(r"\b(?:initiated|provided|rendered|begun|started)\b", lower):
        score, why = 0.75, "fracture care begun"
    reduced = bool(_REDUCED.search(lower)) and not _NOT_REDUCED.search(lower)
    code = bone.manipulated if reduced or kind == "dislocations" else bone.plain
    if not code:
        return
    at, after = found[0].start - said.start, found[0].end - said.start
    side = sides.side_of(said.lower, at, after, 60)
    marks = sides.digits(said.lower, at, after, side, bone.digits) if bone.digits else sides.modifiers_of(side)
    yield Done(
        code=code, label=f"closed treatment: {found[0].entry.key}", start=hit.start, end=hit.end, score=score, why=why,
        what=f"care {found[0].entry.key}", modifiers=marks, group="fracture", area=found[0].entry.key, side=side,
        rule="with manipulation" if reduced else "without manipulation",
    )  # fmt: skip
