"""Reasons for a visit that are no condition: examinations, screening, immunization, tests, aftercare (I.C.21.c)."""

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from superbill.coding.reading.model import ASSESSING, Kind
from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step

_OPENING = frozenset((Kind.CHIEF_COMPLAINT, Kind.INDICATION))
_TELLING = frozenset((Kind.HISTORY, Kind.INTERVAL, Kind.OTHER))
_REASONS = ("Z00", "Z30", "Z34", "Z39")
_CHECKS = ("Z00.0", "Z00.1", "Z34")
_DELIVERED = ("O80", "O82", "Z37")
"""Beside a delivery neither a general nor a prenatal examination is the reason for the visit."""
_TOLD_ONLY = ("R", "M25", "M54", "M79", "G47.0", "G47.9", "L90.5", "N39.44", "K06", "S30", "Z32", "Z33", "N94")
_OTHER_DAY = re.compile(
    r"\b(?:after|since|from|following|last|recent|prior|previous|until|before|next)\s+"
    r"(?:(?:her|his|their|the|an?|your)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
_EXAMINED = re.compile(r"\b(?:exam\w*|physical\w*|visit|wellness|annual|check-?up|well)\b", re.IGNORECASE)
_ABNORMAL = re.compile(
    r"\b(?:abnormal|new(?:ly)?(?:[- ]onset| found| diagnos\w+)?|elevat\w+|uncontrolled|"
    r"w(?:ith|/) (?:abnormal )?findings?|"
    r"not (?:well |at goal|"
    r"controlled)|worsen\w+|increas\w+|initiate|"
    r"start(?:ed|ing)?|murmur|atypical|suspicious|lump|exacerbat\w+|positive)\b",
    re.IGNORECASE,
)  # fmt: skip


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """`said` in the places of `where` brings `code`, unless `unless` is said there or a code of `none` is coded.

    `also`: words that must stand somewhere as well; `ages`: from and under how many years.
    """

    name: str
    code: str
    said: str
    source: str
    where: Literal["opening", "assessed", "both", "told", "any"] = "both"
    unless: str = ""
    also: str = ""
    ages: tuple[int, int] = (0, 150)
    none: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    sex: Literal["female", "male", ""] = ""


@cache
def _reasons() -> tuple[tuple[Reason, re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    read = table("superbill.coding.suggest.data", "encounters.yaml", tuple[Reason, ...])
    return tuple(
        (
            row, re.compile(row.said, re.IGNORECASE | re.MULTILINE),
            re.compile(row.unless, re.IGNORECASE | re.MULTILINE) if row.unless else None,
            re.compile(row.also, re.IGNORECASE) if row.also else None,
        )
        for row in read
    )  # fmt: skip


def visited(case: Case) -> None:
    """Adds the reasons for the visit that the note names."""
    _maintained(case)
    delivered = bool(case.having(*_DELIVERED))
    for row, said, unless, also in _reasons():
        if (row.sex and case.note.visit.sex not in (row.sex, "")) or not _of_age(case, row):
            continue
        if (row.none and _coded(case, row)) or (delivered and row.code.startswith(_CHECKS)):
            continue
        if not case.note.letters.allow(said):
            continue
        if also is not None and case.note.find(also) is None:
            continue
        found = _found(case, row.where, said)
        if found is None or (unless is not None and case.note.find(unless, max(0, found[0] - 80), found[1] + 80)):
            continue
        if row.code.startswith(_REASONS):
            _aside(case)
        code = _by_age(case) if row.code == "Z00.0" else row.code
        step = Step(f"coding.encounter.{row.name}", row.name.replace("-", " "), row.source)
        for one in case.having(*row.drops) if row.drops else ():
            case.drop(one, step)
        case.add(code, (found,), step)


def _of_age(case: Case, row: Reason) -> bool:
    age = case.note.visit.age
    return row.ages == (0, 150) or (age is not None and row.ages[0] <= age < row.ages[1])


def _coded(case: Case, row: Reason) -> bool:
    """Is one of the codes there that speak against a reason? What is only told in passing doesn't."""
    return any(not in_passing(case, one) for one in case.having(*row.none))


def _aside(case: Case) -> None:
    """At a visit that is for an examination or the like, what the note only tells of is no reason for it."""
    for one in list(case.candidates):
        if in_passing(case, one):
            case.drop(one, Step("coding.encounter.aside", "told at a visit that is for something else", "IV.G"))


def in_passing(case: Case, one: Candidate) -> bool:
    """Is a candidate from nothing but what the patient tells: a complaint, or what an assessment leaves out?"""
    if one.mention is None:
        return False
    outline = case.note.reading.outline
    sentence = case.note.reading.sentence_of(one.mention)
    if sentence.problem >= 0 or outline.kind_of(sentence) in ASSESSING:
        return False
    planned = any(each.kind in (*ASSESSING, Kind.PLAN) for each in outline.sections)
    return planned or one.name.startswith(_TOLD_ONLY)


def _maintained(case: Case) -> None:
    """Health maintenance named as a problem is no examination by itself, and a delivery is no check-up."""
    if case.having(*_DELIVERED):
        for one in list(case.having(*_CHECKS)):
            case.drop(one, Step("coding.encounter.delivery", "the visit is for a delivery", "I.C.15.b.4, I.C.15.n"))
    for one in case.having("Z00.0", "Z00.1"):
        if one.mention is not None and not _EXAMINED.search(case.note.text, one.mention.start, one.mention.end):
            case.drop(one, Step("coding.encounter.maintenance", "health maintenance without an examination"))
        elif one.mention is not None and _OTHER_DAY.search(
            case.note.text[max(0, one.mention.start - 40) : one.mention.start]
        ):
            case.drop(one, Step("coding.encounter.other-day", "an examination of another day"))
        elif one.name != _by_age(case):
            case.put(one, _by_age(case), Step("coding.encounter.by-result", "by age and findings", "I.C.21.c.13"))


def _found(case: Case, where: str, said: re.Pattern[str]) -> tuple[int, int] | None:
    note = case.note
    if where == "any":
        return note.find(said)
    for section in note.reading.outline.sections:
        opening = section.kind in _OPENING or (section.kind in _TELLING and where in ("told", "both", "opening"))
        if (section.kind in ASSESSING and where in ("assessed", "both", "told")) or (
            section.kind in _OPENING and where != "assessed"
        ):
            end = section.end
        elif opening and where != "assessed":
            end = min(section.end, section.body + 350)
        else:
            continue
        found = note.find(said, section.start if where == "opening" else section.body, end)
        if found:
            return found
        if where == "opening" and opening:
            return None
    return None


def _by_age(case: Case) -> str:
    """The general examination by age and result; abnormal when a finding is new or worse (I.C.21.c.13)."""
    age, abnormal = case.note.visit.age, _abnormal(case)
    if age is not None and age < 8 / 365:
        return "Z00.110"
    if age is not None and age < 29 / 365:
        return "Z00.111"
    if age is not None and age < 18:
        return "Z00.121" if abnormal else "Z00.129"
    return "Z00.01" if abnormal else "Z00.00"


def _abnormal(case: Case) -> bool:
    conditions = [each for each in case.candidates if each.name[0] not in "ZVWXY" and each.score >= 0.5]
    if any(each.name.startswith("R") and not each.name.startswith("R73.0") for each in conditions):
        return True
    if not conditions:
        return False
    sections = case.note.reading.outline.sections
    return any(
        section.kind in (*ASSESSING, Kind.PLAN) and case.note.find(_ABNORMAL, section.body, section.end)
        for section in sections
    )
