"""What the coding checks look at: the codes of one encounter in sequence, and the circumstances that rules ask for."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.findings import Finding, Place, Severity

Setting = Literal["outpatient", "inpatient"]
GUIDELINES = "ICD-10-CM Official Guidelines for Coding and Reporting"


class Coded(Struct, frozen=True, kw_only=True):
    """The diagnoses of one encounter, to be checked.

    `diagnoses`: ICD-10-CM codes with or without dot, in sequence: the first-listed (outpatient, guidelines section
    IV) or principal (inpatient, section II) first. `on`: date of service; day of discharge for an inpatient.
    `weeks`: completed weeks of gestation. `poa`: present-on-admission indicators, one for each diagnosis, or ().
    `procedures`: CPT, HCPCS or ICD-10-PCS codes of the encounter. `note`: the text that the codes were taken from,
    where there is one, for the checks that compare the two.
    """

    diagnoses: tuple[str, ...]
    on: date
    setting: Setting = "outpatient"
    born: date | None = None
    sex: Literal["female", "male", ""] = ""
    weeks: int | None = None
    poa: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    note: str = ""


class Context(Struct, frozen=True):
    """What every check gets: the coded encounter, its codes without dots, and the book of the day."""

    coded: Coded
    codes: tuple[str, ...]
    book: CodeBook


Check = Callable[[Context], Iterator[Finding]]


def at(position: int) -> Place:
    """The diagnosis at `position`, counted from 1."""
    return Place(field="diagnoses", position=position)


def finding(
    rule: str, severity: Severity, position: int, message: str, *, fix: str = "", source: str = "", why: str = ""
) -> Finding:
    """A finding on the diagnosis at `position` (from 1). `rule` is given without its prefix."""
    return Finding(
        rule=f"coding.icd10cm.{rule}", severity=severity, where=at(position), message=message, fix=fix, source=source,
        why=why,
    )  # fmt: skip
