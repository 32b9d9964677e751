"""Codes against the patient's age and sex on the day of service.

A line or claim with KX passes the sex edits: Medicare and most payers take it as "verified" (Claims Processing Manual
ch. 32 §240.2). An unknown sex or birth date is the patient family's question and not checked here.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.tables import rows
from superbill.coding.checks.guidelines.codes import codes
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header, line

_MCE = "Medicare Code Editor, age and sex conflict"
# Last digit of 9938x and 9939x → first and last completed year of age (CPT preventive medicine bands, in numbers).
_PREVENTIVE = {"1": (0, 0), "2": (1, 4), "3": (5, 11), "4": (12, 17), "5": (18, 39), "6": (40, 64), "7": (65, 150)}
_NEWBORN_DAYS = 28
_NEWBORN_CARE = tuple(str(code) for code in range(99460, 99466))
_CRITICAL_DAYS = {"99468": 28, "99469": 28, "99471": 730, "99472": 730, "99475": 2191, "99476": 2191}
_COUNSELED_AGE = 18  # 90460 and 90461: through 18 years
# The editor's lists of diagnoses by sex and age, as coding/checks has them.
_LISTS = {row["list"]: codes(row["codes"]) for row in rows("superbill.coding.checks.guidelines", "age_sex.csv")}
_LIST_YEARS = {"newborn": (0, 0), "pediatric": (0, 17), "adult": (15, 124)}
_OWN_BANDS = ("Z000", "Z001", "Z38")  # have edits of their own
_PREGNANCY = ("O", "Z33", "Z34", "Z3A", "Z36", "Z37", "Z39")


class Band(NamedTuple):
    """Ages for which a diagnosis is meant, in days of life: first and last."""

    starts: tuple[str, ...]
    first: int
    last: int
    who: str


_CHILD_LAST = 6_574  # the day before the 18th birthday, at most
_AGE_BANDS = (
    Band(("Z00110",), 0, 7, "a newborn under 8 days"),
    Band(("Z00111",), 8, 28, "a newborn of 8 to 28 days"),
    Band(("Z00121", "Z00129"), 29, _CHILD_LAST, "a child of 29 days to 17 years"),
    Band(("Z38",), 0, _NEWBORN_DAYS, "a newborn at birth"),
)
_BANDED = tuple(start for band in _AGE_BANDS for start in band.starts)


def _is_preventive(code: str) -> bool:
    return code[:4] in ("9938", "9939")


def _is_pregnancy(code: str) -> bool:
    return code.startswith(_PREGNANCY) or "maternity" in _lists_of(code)


def _is_listed(code: str) -> bool:
    return bool(_lists_of(code))


def _of_one_sex(code: str) -> bool:
    return "54000" <= code <= "55899" or "56405" <= code <= "59899"


def _days(claim: Claim, day: date | None) -> int | None:
    born = claim.patient.birth_date
    return (day - born).days if born and day and day >= born else None


def _years(claim: Claim, day: date | None) -> int | None:
    born = claim.patient.birth_date
    if born is None or day is None or day < born:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@lru_cache(65_536)
def _lists_of(code: str) -> frozenset[str]:
    """The editor's lists in which a diagnosis stands."""
    return frozenset(name for name, listed in _LISTS.items() if listed.matches(code))


def _sure(service: ServiceLine) -> bool:
    return "KX" in service.procedure.modifiers


@rule(
    "clinical.preventive-age",
    ERROR,
    source="CPT preventive medicine age bands 99381–99387, 99391–99397",
    codes=_is_preventive,
)
def preventive_age(claim: Claim) -> Iterator[Problem]:
    """The preventive visit's code is the one for the patient's age on the day."""
    for service in claim.lines:
        code = service.procedure.code
        if code[:4] not in ("9938", "9939") or code[4:] not in _PREVENTIVE:
            continue
        years = _years(claim, service.service.start)
        first, last = _PREVENTIVE[code[4:]]
        if years is not None and not first <= years <= last:
            right = next(digit for digit, (low, high) in _PREVENTIVE.items() if low <= years <= high)
            message = f"{code} is for ages {first} to {last}; the patient is {years}."
            yield Problem(line(service.number, "procedure"), message, f"Use {code[:4]}{right}.")


@rule("clinical.newborn-care", ERROR, source="CPT newborn care 99460–99465: the first 28 days", codes=_NEWBORN_CARE)
def newborn_care(claim: Claim) -> Iterator[Problem]:
    """Newborn care is given in the first 28 days of life."""
    for service in claim.lines:
        days = _days(claim, service.service.start)
        if "99460" <= service.procedure.code <= "99465" and days is not None and days > _NEWBORN_DAYS:
            message = f"{service.procedure.code} is newborn care; the patient is {days} days old."
            yield Problem(line(service.number, "procedure"), message, "Bill a visit for the patient's age.")


@rule(
    "clinical.counseled-vaccine-age",
    ERROR,
    source="CPT 90460, 90461: through 18 years of age",
    codes=("90460", "90461"),
)
def counseled_vaccine_age(claim: Claim) -> Iterator[Problem]:
    """Vaccine administration with counseling is coded through 18 years of age."""
    for service in claim.lines:
        years = _years(claim, service.service.start)
        if service.procedure.code in ("90460", "90461") and years is not None and years > _COUNSELED_AGE:
            message = f"{service.procedure.code} is for patients through 18; this one is {years}."
            yield Problem(line(service.number, "procedure"), message, "Use 90471 and 90472.")


@rule("clinical.critical-care-age", ERROR, source="CPT 99468–99476: age of the patient", codes=_CRITICAL_DAYS)
def critical_care_age(claim: Claim) -> Iterator[Problem]:
    """Inpatient neonatal and pediatric critical care: 28 days, two years, six years."""
    for service in claim.lines:
        days, most = _days(claim, service.service.start), _CRITICAL_DAYS.get(service.procedure.code)
        if days is not None and most is not None and days > most:
            message = f"{service.procedure.code} is for younger patients; this one is {days} days old."
            yield Problem(line(service.number, "procedure"), message, "Use the critical care code for the age.")


@rule(
    "clinical.diagnosis-age",
    WARNING,
    diagnoses=lambda code: code.startswith(_BANDED),
    source=f"{_MCE}; ICD-10-CM tabular list at Z00.1 and Z38",
)
def diagnosis_age(claim: Claim) -> Iterator[Problem]:
    """Check-up and birth codes are for the age that they name."""
    asked = [each for each in claim.diagnoses if each.code.startswith(_BANDED)]
    days = _days(claim, claim.service.start) if asked else None
    if days is None:
        return
    for diagnosis in asked:
        for band in _AGE_BANDS:
            if diagnosis.code.startswith(band.starts) and not band.first <= days <= band.last:
                message = f"{diagnosis.code} is for {band.who}; the patient is {days // 365} years ({days} days) old."
                yield Problem(header("diagnoses"), message, "Use the code for the patient's age.")


@rule(
    "clinical.diagnosis-age-list",
    WARNING,
    diagnoses=_is_listed,
    source=f"{_MCE}: newborn, pediatric and adult diagnoses",
)
def diagnosis_age_list(claim: Claim) -> Iterator[Problem]:
    """A diagnosis of newborns is for the first year, one of children to 17, one of adults from 15 years on."""
    years: int | None = None
    for diagnosis in claim.diagnoses:
        code = diagnosis.code
        names = _lists_of(code)
        if not names or code.startswith(_OWN_BANDS):
            continue
        years = _years(claim, claim.service.start) if years is None else years
        for name in sorted(names & _LIST_YEARS.keys()):
            first, last = _LIST_YEARS[name]
            if years is not None and not first <= years <= last:
                span = "the first year" if name == "newborn" else f"ages {first} to {last}"
                message = f"{code} is a diagnosis of {span}; the patient is {years}."
                yield Problem(header("diagnoses"), message, "Check the diagnosis and the birth date.")


@rule(
    "clinical.adult-examination-age",
    WARNING,
    diagnoses=lambda code: code.startswith("Z000"),
    source=f"{_MCE}; ICD-10-CM tabular list at Z00.0",
)
def adult_examination_age(claim: Claim) -> Iterator[Problem]:
    """A general adult examination (Z00.0) is for 18 years and over; MCE counts adults from 15."""
    for diagnosis in claim.diagnoses:
        years = _years(claim, claim.service.start) if diagnosis.code.startswith("Z000") else None
        if years is not None and years < 15:
            message = f"{diagnosis.code} is for adults; the patient is {years}."
            yield Problem(header("diagnoses"), message, "Use Z00.121 or Z00.129.")


@rule("clinical.pregnancy-sex", ERROR, diagnoses=_is_pregnancy, source=f"{_MCE}; ICD-10-CM chapter 15")
def pregnancy_sex(claim: Claim) -> Iterator[Problem]:
    """Pregnancy codes are not for a male patient."""
    yield from _diagnosis_of_sex(claim, "M", _is_pregnancy, "a pregnancy code")


@rule(
    "clinical.pregnancy-age",
    WARNING,
    diagnoses=_is_pregnancy,
    source=f"{_MCE}: maternity 9 to 64 years",
    since=date(2019, 10, 1),
)
def pregnancy_age(claim: Claim) -> Iterator[Problem]:
    """Pregnancy codes are for ages 9 to 64."""
    years = _years(claim, claim.service.start)
    if years is None or 9 <= years <= 64:
        return
    for diagnosis in claim.diagnoses:
        if _is_pregnancy(diagnosis.code):
            message = f"{diagnosis.code} is a pregnancy code; the patient is {years}."
            yield Problem(header("diagnoses"), message, "Check the patient, the birth date and the code.")


@rule("clinical.female-diagnosis", WARNING, diagnoses=_is_listed, source=_MCE)
def female_diagnosis(claim: Claim) -> Iterator[Problem]:
    """Diagnoses of female organs are not for a patient recorded as male."""
    yield from _diagnosis_of_sex(
        claim,
        "M",
        lambda code: "female" in _lists_of(code) and not _is_pregnancy(code),
        "a diagnosis of female patients",
    )


@rule("clinical.male-diagnosis", WARNING, diagnoses=_is_listed, source=_MCE)
def male_diagnosis(claim: Claim) -> Iterator[Problem]:
    """Diagnoses of male organs are not for a patient recorded as female."""
    yield from _diagnosis_of_sex(claim, "F", lambda code: "male" in _lists_of(code), "a diagnosis of male patients")


def _diagnosis_of_sex(claim: Claim, sex: str, is_one: Callable[[str], bool], what: str) -> Iterator[Problem]:
    if claim.patient.sex != sex or "KX" in claim.modifiers:
        return
    recorded = "male" if sex == "M" else "female"
    for diagnosis in claim.diagnoses:
        if is_one(diagnosis.code):
            message = f"{diagnosis.code} is {what}; the patient is recorded as {recorded}."
            yield Problem(header("diagnoses"), message, "Check both; add KX where both are right.")


@rule("clinical.procedure-sex", WARNING, source=f"{_MCE}; CPT 54000–55899, 56405–59899", codes=_of_one_sex)
def procedure_sex(claim: Claim) -> Iterator[Problem]:
    """Procedures on organs of one sex are not for the other, unless verified (KX)."""
    sex = claim.patient.sex
    if sex == "U":
        return
    for service in claim.lines:
        code = service.procedure.code
        male, female = "54000" <= code <= "55899", "56405" <= code <= "59899"
        if ((male and sex == "F") or (female and sex == "M")) and len(code) == 5 and not _sure(service):
            recorded = "male" if sex == "M" else "female"
            message = f"{code} does not go with a patient recorded as {recorded}."
            yield Problem(line(service.number, "procedure"), message, "Check both; add KX where both are right.")


@rule(
    "clinical.medicare-preventive",
    WARNING,
    source="Claims Processing Manual ch. 18 §140; SSA §1862(a)(7)",
    codes=_is_preventive,
)
def medicare_preventive(claim: Claim) -> Iterator[Problem]:
    """Medicare pays no CPT preventive visit; it has its own (G0402, G0438, G0439). GY says that the biller knows."""
    if claim.payer.claim_filing_indicator not in ("MA", "MB"):
        return
    for service in claim.lines:
        if service.procedure.code[:4] in ("9938", "9939") and "GY" not in service.procedure.modifiers:
            message = f"Medicare does not cover {service.procedure.code}."
            fix = "Bill G0402, G0438 or G0439 if that was done; else add GY and bill the patient."
            yield Problem(line(service.number, "procedure"), message, fix)
