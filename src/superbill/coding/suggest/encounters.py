"""Reasons for a visit that are no condition: examinations, screening, immunization, tests, aftercare (I.C.21.c)."""

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from superbill.coding.reading.model import ASSESSING, Kind
from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import Case
from superbill.coding.suggest.model import Step

_OPENING = frozenset((Kind.CHIEF_COMPLAINT, Kind.INDICATION))
_TELLING = frozenset((Kind.HISTORY, Kind.INTERVAL, Kind.OTHER))
_EXAMINED = re.compile(r"\b(?:exam\w*|physical\w*|visit|wellness|annual|check-?up|well)\b", re.IGNORECASE)
_ABNORMAL = re.compile(
    r"\b(?:abnormal|new(?:ly)?(?:[- ]onset| found| diagnos\w+)?|elevat\w+|uncontrolled|not (?:well |at goal|"
    r"controlled)|worsen\w+|increas\w+|initiate|"
    r"start(?:ed|ing)?|murmur|exacerbat\w+|positive)\b",
    re.IGNORECASE,
)  # fmt: skip


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """`said` in the places of `where` brings `code`, unless `unless` is said there or a code of `none` is coded."""

    name: str
    code: str
    said: str
    source: str
    where: Literal["opening", "assessed", "both", "told"] = "both"
    unless: str = ""
    none: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    sex: Literal["female", "male", ""] = ""


@cache
def _reasons() -> tuple[tuple[Reason, re.Pattern[str], re.Pattern[str] | None], ...]:
    read = table("superbill.coding.suggest.data", "encounters.yaml", tuple[Reason, ...])
    return tuple(
        (
            row, re.compile(row.said, re.IGNORECASE),
            re.compile(row.unless, re.IGNORECASE) if row.unless else None,
        )
        for row in read
    )  # fmt: skip


def visited(case: Case) -> None:
    """Adds the reasons for the visit that the note names."""
    _maintained(case)
    for row, said, unless in _reasons():
        if (row.none and case.having(*row.none)) or (row.sex and case.note.visit.sex not in (row.sex, "")):
            continue
        found = _found(case, row.where, said)
        if found is None or (unless is not None and case.note.find(unless, max(0, found[0] - 80), found[1] + 80)):
            continue
        code = _by_age(case) if row.code == "Z00.0" else row.code
        step = Step(f"coding.encounter.{row.name}", row.name.replace("-", " "), row.source)
        for one in case.having(*row.drops) if row.drops else ():
            case.drop(one, step)
        case.add(code, (found,), step)


def _maintained(case: Case) -> None:
    """Health maintenance named as a problem is no examination by itself."""
    for one in case.having("Z00.0", "Z00.1"):
        if one.mention is not None and not _EXAMINED.search(case.note.text, one.mention.start, one.mention.end):
            case.drop(one, Step("coding.encounter.maintenance", "health maintenance without an examination"))
        elif one.name != _by_age(case):
            case.put(one, _by_age(case), Step("coding.encounter.by-result", "by age and findings", "I.C.21.c.13"))


def _found(case: Case, where: str, said: re.Pattern[str]) -> tuple[int, int] | None:
    note = case.note
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
        found = note.find(said, section.body, end)
        if found:
            return found
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
    if any(each.name.startswith("R") for each in conditions):
        return True
    if not conditions:
        return False
    sections = case.note.reading.outline.sections
    return any(
        section.kind in (*ASSESSING, Kind.PLAN) and case.note.find(_ABNORMAL, section.body, section.end)
        for section in sections
    )
