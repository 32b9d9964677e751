"""Age and sex against the diagnosis: the Medicare Code Editor's conflicts, and the perinatal codes of chapter 16.

The editor's lists are given by beginnings of codes (age_sex.csv). Medicare has not enforced sex since 2024-10-01, so
that a conflict is a question from then on, not an error.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

from superbill.codesets.tables import rows
from superbill.coding.checks.guidelines.codes import Codes, codes
from superbill.coding.checks.guidelines.rule import ERROR, ICD10, INFORMATION, WARNING, Facts, Problem, Rule, named
from superbill.effective import Dated
from superbill.findings import Severity

_MANUAL = "Medicare Code Editor"
_LISTS = {row["list"]: codes(row["codes"]) for row in rows(__package__, "age_sex.csv")}
_YEARS = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}
_SEX_ENFORCED = Dated([(ICD10, ERROR), (date(2024, 10, 1), WARNING)])
_PERINATAL_DAYS = 28
_LASTING = codes("P07 P27 P29 P91")  # prematurity and its lasting effects stay with a patient for life
_ADULT = 18


def _age(name: str, wanted: Codes, facts: Facts) -> Iterator[Problem]:
    place = facts.where(wanted)[0]
    low, high = _YEARS[name]
    code = named(facts.codes[place - 1])
    span = "the first year" if high == 0 else f"ages {low} to {high}"
    if facts.years is None:
        yield Problem(place, f"{code} is for {span}; the date of birth is not known.", "", Severity.NOT_CHECKED)
    elif not low <= facts.years <= high:
        message = f"{code} is for {span}; the patient is {facts.years}."
        yield Problem(place, message, "Correct the diagnosis or the date of birth.")


def _sex(sex: str, wanted: Codes, facts: Facts) -> Iterator[Problem]:
    place = facts.where(wanted)[0]
    code = named(facts.codes[place - 1])
    if not facts.coded.sex:
        yield Problem(place, f"{code} is for {sex} patients; the sex is not known.", "", Severity.NOT_CHECKED)
    elif facts.coded.sex != sex:
        message = f"{code} is for {sex} patients; the patient is recorded as {facts.coded.sex}."
        fix = "Correct the diagnosis or the recorded sex; leave both when they are right."
        yield Problem(place, message, fix, _SEX_ENFORCED.on(facts.coded.on))


def _perinatal(wanted: Codes, facts: Facts) -> Iterator[Problem]:
    place = facts.where(wanted)[0]
    code = named(facts.codes[place - 1])
    if facts.days is None:
        message = f"{code} starts in the first {_PERINATAL_DAYS} days; the date of birth is not known."
        yield Problem(place, message, "", Severity.NOT_CHECKED)
    elif facts.days > _PERINATAL_DAYS:
        grown = (facts.years or 0) >= _ADULT and not _LASTING.matches(facts.codes[place - 1])
        message = f"{code} is of the perinatal period; the patient is {facts.days:,} days old."
        fix = "Keep it only when the condition has lasted since birth."
        yield Problem(place, message, fix, WARNING if grown else INFORMATION)


def _rules() -> Iterator[Rule]:
    severities = {"newborn": ERROR, "pediatric": WARNING, "maternity": ERROR, "adult": WARNING}
    for name, severity in severities.items():
        yield Rule(
            section="MCE.4", name=name, title=f"A diagnosis of the {name} list against the patient's age",
            severity=severity, on=_LISTS[name], check=partial(_age, name, _LISTS[name]), manual=_MANUAL,
        )  # fmt: skip
    for sex in ("female", "male"):
        yield Rule(
            section="MCE.5", name=f"{sex}-only", title=f"A diagnosis of {sex} patients against the recorded sex",
            severity=WARNING, on=_LISTS[sex], check=partial(_sex, sex, _LISTS[sex]), manual=_MANUAL,
        )  # fmt: skip
    perinatal = codes("P")
    yield Rule(
        section="I.C.16.a.4", name="after-the-perinatal-period",
        title="A perinatal condition is coded later in life only while it lasts",
        severity=INFORMATION, on=perinatal, check=partial(_perinatal, perinatal),
    )  # fmt: skip


RULES = tuple(_rules())
