"""Remittance advice remark codes (RARC, X12 external code source 411): the detail behind a CARC, in our own words."""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables


class Remark(Struct, frozen=True):
    """One RARC. A supplemental remark explains an adjustment; an alert only informs and adjusts nothing."""

    code: str
    meaning: str
    kind: Literal["supplemental", "alert"]


@cache
def all_remarks() -> dict[str, Remark]:
    """Every RARC on file, by code."""
    return {
        row["code"]: Remark(row["code"], row["meaning"], cast("Literal['supplemental', 'alert']", row["kind"]))
        for row in tables.rows(__package__, "remarks.csv")
    }


def remark(code: str) -> Remark | None:
    """The remark with this RARC, or None when it is not on file."""
    return all_remarks().get(code)
