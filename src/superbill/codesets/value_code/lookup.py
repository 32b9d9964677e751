"""Value codes: amounts and numbers of an institutional claim (NUBC; UB-04 form locators 39 to 41), in our own words."""

from datetime import date
from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

SYSTEM = "value_code"
Measure = Literal["money", "number"]


class ValueCode(Struct, frozen=True):
    """One value code. `measure` tells whether its value is an amount of money or a number (visits, grams, an area)."""

    code: str
    name: str
    measure: Measure
    valid: Period
    note: str = ""


@cache
def all_value_codes() -> dict[str, ValueCode]:
    """Every value code on file, by code."""
    return {
        row["code"]: ValueCode(
            row["code"], row["name"], cast("Measure", row["measure"]), tables.period(row), row["note"]
        )
        for row in tables.rows(__package__, "codes.csv")
    }


def value_code(code: str, on: date | None = None) -> ValueCode | None:
    """The value code with this code, or None when there is none, or none on the day `on`."""
    found = all_value_codes().get(code)
    return found if found and (on is None or on in found.valid) else None
