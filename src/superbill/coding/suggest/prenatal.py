"""A prenatal visit without complication is supervision of normal pregnancy, Z34 by parity and trimester.

ICD-10-CM Official Guidelines FY2026 I.C.15.b.1: Z34 first, and not with chapter 15. Short notes name no pregnancy at
all: weeks and days, fetal heart tones and fundal height say what the visit is for.
"""

import re
from itertools import islice

from superbill.coding.reading.model import ASSESSING
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.encounters import in_passing
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM Official Guidelines I.C.15.b.1"
_MOST = 200  # no note says more weeks
_WEEKS = re.compile(
    r"(?<![\d./-])(\d{1,2})(?:\s?w(?:ks?|eeks?)?[, ]{0,2}(?:and )?[0-6]\s?d(?:ays?)?\b|\s?\+\s?[0-6]\b|\s[0-6]/7"
    r"|\s?(?:wks?|weeks?)(?= (?:gestation|pregnan\w+|EGA|GA|IUP)|,))"
    r"(?!\s(?:ago|later|post|after|follow|from|old))",
    re.IGNORECASE,
)
_EXPECTING = re.compile(
    r"\b(?:FHTs?|FHR|FH(?=:? ?\d)|[Ff]etal (?:heart|movement\w*)|[Ff]und(?:us|al height)|LOF|[Pp]renatal|[Qq]uickening|"
    r"[Gg]lucola|[Ll]eopolds?|(?:[Pp]rim|[Mm]ult)igravida|[Ii]ntrauterine pregnancy|IUP|[Nn]ormal pregnancy|PNV|"
    r"ROB|[Aa]ntepartum)\b"
)
_FIRST = re.compile(
    r"\bG1\s?P0|\bprimi(?:gravid|p)\w*|\bnullip\w*|\bfirst (?:pregnancy|baby)\b(?! (?:was|had|in|\d{4}))",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"\bG(?:[2-9]|1\d)\s?P\d|\bmulti(?:gravid|p(?:ar)?)\w*|\b(?:second|third|fourth|2nd|3rd|4th) (?:pregnancy|baby)\b"
    r"|\bfirst pregnancy (?:was|had|in|\d{4})",
    re.IGNORECASE,
)


def supervised(case: Case) -> None:
    """Adds Z34 at a prenatal visit whose assessment names nothing of chapter 15."""
    found = _at(case)
    if found is None or case.having("Z34") or any(_assessed(case, each) for each in case.having("O", "Z33.2")):
        return
    number, span = found
    note = case.note
    parity = "0" if note.find(_FIRST) else "8" if note.find(_FURTHER) else "9"
    digit = "1" if number < 14 else "2" if number < 28 else "3"
    step = Step("coding.pregnancy.supervised", f"supervision of normal pregnancy, {number} weeks", SOURCE)
    for one in list(case.candidates):
        if in_passing(case, one) or one.name.startswith(("Z33.1", "Z32", "N91")):
            case.drop(one, step)
    case.add(f"Z34.{parity}{digit}", (span,), step)
    weeks = Step("coding.pregnancy.weeks", f"{number} weeks of gestation", "ICD-10-CM Official Guidelines I.C.21.c.11")
    case.add("Z3A.01" if number < 8 else f"Z3A.{number:02}", (span,), weeks)


def _at(case: Case) -> tuple[int, tuple[int, int]] | None:
    """The weeks of a pregnancy that goes on, with their place; None at any other visit."""
    note = case.note
    age = note.visit.age
    if note.visit.sex == "male" or (age is not None and not 12 <= age <= 55) or not note.says(_EXPECTING):
        return None
    for match in islice(_WEEKS.finditer(note.text), _MOST):
        if 4 <= int(match[1]) <= 42 and (match.start() < 500 or _in_assessment(case, match.start())):
            return int(match[1]), match.span()
    return None


def _in_assessment(case: Case, place: int) -> bool:
    return any(each.kind in ASSESSING and each.start <= place < each.end for each in case.note.reading.outline.sections)


def _assessed(case: Case, one: Candidate) -> bool:
    return one.mention is None or not in_passing(case, one)
