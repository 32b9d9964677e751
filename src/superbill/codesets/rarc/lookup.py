"""Remittance advice remark codes (RARC, X12 external code source 411): the detail behind a CARC, in our own words."""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period


class Remark(Struct, frozen=True):
    """One RARC. A supplemental remark explains an adjustment; an alert only informs and adjusts nothing.

    `listed`: when the list took the code in, and when it was retired, where these are known.
    """

    code: str
    meaning: str
    kind: Literal["supplemental", "alert"]
    listed: Period = Period()


@cache
def all_remarks() -> dict[str, Remark]:
    """Every RARC on file, by code."""
    return {
        row["code"]: Remark(
            row["code"],
            row["meaning"],
            cast("Literal['supplemental', 'alert']", row["kind"]),
            Period(tables.day(row["start"]), tables.day(row["stop"])),
        )
        for row in tables.rows(__package__, "remarks.csv")
    }


def remark(code: str) -> Remark | None:
    """The remark with this RARC, or None when it is not on file."""
    return all_remarks().get(code)
