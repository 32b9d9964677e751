"""Preventive visits: by age band, or Medicare's own codes, with the examination as first-listed diagnosis."""

from datetime import date

from msgspec.structs import replace

from superbill.chart.model import EncounterRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.coding.context import Visit, kind_of_visit, suggested
from superbill.coding.diagnoses import VISIT, Diagnosis
from superbill.coding.em import preventive
from superbill.coding.groups import belongs
from superbill.coding.levels import level, prescribes
from superbill.coding.lines import Line
from superbill.findings import Severity

_MEDICARE_AGE = 65


def choose(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> list[Line]:
    """The preventive visit, and a problem visit beside it when a problem found was treated with a prescription."""
    if visit.age is None:
        visit.say(
            "coding.birth-date-missing", Severity.ERROR,
            "The preventive visit code depends on age, and no birth date is known.",
            "Record the patient's birth date.", field="birth_date", source="CPT 99381-99397",
        )  # fmt: skip
        return []
    code, why = _code(visit, visit.age)
    found = [_line(visit, code, why)]
    problems = treated(diagnoses)
    if problems and prescribes(visit):
        chosen = level(visit, diagnoses, lines, 3)
        beside = f"99{21 if visit.established else 20}{min(chosen.number, 4)}"
        why = f"problem found and treated at a preventive visit; {chosen.why}"
        found.append(replace(_line(visit, beside, why), modifiers=("25",), reasons=tuple(problems[:4])))
    return found


def _line(visit: Visit, code: str, why: str) -> Line:
    text, confidence = visit.kind.display, visit.kind.confidence
    assigned = suggested(crosswalk.system_of(code), code, visit.encounter.id, text, why, confidence)
    return Line(code=assigned, kind="visit", day=visit.day)


def _code(visit: Visit, age: int) -> tuple[str, str]:
    if visit.medicare:
        return _medicare(visit, age)
    who = "established" if visit.established else "new"
    return preventive.code(age, new=not visit.established), f"{who} patient of {age} years"


def _medicare(visit: Visit, age: int) -> tuple[str, str]:
    """Welcome visit in the first year, then the first and each later annual wellness visit (42 CFR 410.15, 410.16).

    The first year is taken from the coverage where it is recorded, else from the age of 65.
    """
    began = min(
        (c.period.start for c in visit.chart.coverages if c.period.start and _is_medicare(c.payer)), default=None
    )
    before = sum(
        1 for other in visit.chart.encounters
        if other.start.date() < visit.day and other.status == "finished" and _on_medicare(visit, other, began)
        and kind_of_visit(other)[0].visit == "preventive_by_age"
    )  # fmt: skip
    first_year = (visit.day - began).days < 365 if began else age == _MEDICARE_AGE
    if not before:
        return ("G0402", "Medicare, first year") if first_year else ("G0438", "Medicare, first annual wellness visit")
    if before == 1 and first_year is False and _welcomed(visit, began):
        return "G0438", "Medicare, first annual wellness visit after the welcome visit"
    return "G0439", "Medicare, later annual wellness visit"


def _is_medicare(payer: str) -> bool:
    return "medicare" in payer.casefold()


def _on_medicare(visit: Visit, other: EncounterRecord, began: date | None) -> bool:
    if began is not None:
        return other.start.date() >= began
    age = visit.chart.age_on(other.start.date())
    return age is not None and age >= _MEDICARE_AGE


def _welcomed(visit: Visit, began: date | None) -> bool:
    """Was the one earlier wellness visit within the first year?"""
    for other in visit.chart.encounters:
        day = other.start.date()
        if (
            day >= visit.day
            or kind_of_visit(other)[0].visit != "preventive_by_age"
            or not _on_medicare(visit, other, began)
        ):
            continue
        return (day - began).days < 365 if began else visit.chart.age_on(day) == _MEDICARE_AGE
    return False


def is_preventive(code: str) -> bool:
    """Is it a preventive visit code, CPT's or Medicare's?"""
    return code.startswith(("9938", "9939")) or code in {"G0402", "G0438", "G0439"}


def treated(diagnoses: list[Diagnosis]) -> list[str]:
    """Codes of problems, not of examinations, vaccines, status or circumstances."""
    codes = [diagnosis.code.code for diagnosis in diagnoses]
    return [code for code in codes if not (code.startswith("Z") or belongs(code, "secondary_only"))]


def examination(visit: Visit, diagnoses: list[Diagnosis]) -> list[Diagnosis]:
    """The examination itself, first-listed: by age, and whether something abnormal was found (I.C.21.c.13)."""
    born = visit.chart.patient.birth_date
    if born is None or visit.age is None or any(diagnosis.code.code.startswith("Z00") for diagnosis in diagnoses):
        return []
    abnormal = bool(treated(diagnoses))
    days = (visit.day - born).days
    if days < 8:
        code = "Z00.110"
    elif days <= 28:
        code = "Z00.111"
    elif visit.age < 18:
        code = "Z00.121" if abnormal else "Z00.129"
    else:
        code = "Z00.01" if abnormal else "Z00.00"
    why = "with abnormal findings" if abnormal else "without abnormal findings"
    rule = f"examination at {visit.age} years, {why}: ICD-10-CM guidelines I.C.21.c.13"
    return [Diagnosis(suggested("ICD-10-CM", code, visit.encounter.id, visit.kind.display, rule), VISIT)]
