"""Procedures against the patient's age on the day, by ages.csv: what the code says of itself, or Medicare's coverage.

Preventive visits, newborn care, counseling and critical care have rules of their own.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.claims.model import Claim
from superbill.codesets import tables
from superbill.edits.context import Context
from superbill.edits.professional import PROFESSIONAL, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import Severity, line
from superbill.pricing.code_ranges import CodeRanges


class _Ages(Struct, frozen=True):
    """Ages for which a code is: `first` to `last`, both included, in completed years or in days of life."""

    codes: CodeRanges
    first: int
    last: int
    unit: str
    severity: Severity
    payers: frozenset[str]
    since: date
    note: str


_AGES = tuple(
    _Ages(
        services(row["codes"]),
        int(row["first"]),
        int(row["last"]),
        row["unit"],
        Severity(row["severity"]),
        frozenset(row["payers"].split()),
        tables.day(row["from"]) or date.min,
        row["note"],
    )
    for row in tables.rows("superbill.edits.clinical", "ages.csv")
)


@lru_cache(16_384)
def _of(code: str) -> tuple[_Ages, ...]:
    return tuple(ages for ages in _AGES if code in ages.codes)


def _age(born: date, day: date, unit: str) -> int:
    if unit == "days":
        return (day - born).days
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@rule(
    "clinical.procedure-age",
    ERROR,
    source="ages of the codes themselves (CPT, HCPCS Level II); 42 CFR 410.34, 410.37, 410.39; NCD 210.14",
    why="A code for an age is denied for another (CARC 6).",
    forms=PROFESSIONAL,
    codes=lambda code: bool(_of(code)),
)
def procedure_age(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A procedure is for the patient's age on the day."""
    born = claim.patient.birth_date
    if born is None:
        return
    for service in claim.lines:
        day = service.service.start
        if day is None or day < born:
            continue
        for ages in _of(service.procedure.code):
            if day < ages.since or (ages.payers and ctx.payer.kind not in ages.payers):
                continue
            age = _age(born, day, ages.unit)
            if not ages.first <= age <= ages.last:
                message = f"{service.procedure.code} is {ages.note}; the patient is {age} {ages.unit} old."
                fix = "Check the birth date; use the code for the patient's age."
                yield Problem(line(service.number, "procedure"), message, fix, ages.severity)
