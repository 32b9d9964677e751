"""Point of origin of an admission or visit (NUBC; UB-04 form locator 15, CL102), in our own words.

With admission type 4, newborn, the same codes mean something else: how and where the child was born.
"""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "point_of_origin"
NEWBORN_SYSTEM = "newborn_origin"


@cache
def all_origins() -> dict[str, ListedCode]:
    """Every point of origin of patients who aren't newborn, by code."""
    return listed.read(__package__, SYSTEM)


@cache
def all_newborn_origins() -> dict[str, ListedCode]:
    """Every point of origin of a newborn (admission type 4), by code."""
    return listed.read(__package__, NEWBORN_SYSTEM, "newborn.csv")


def origin(code: str, on: date | None = None, *, newborn: bool = False) -> ListedCode | None:
    """The point of origin with this code, or None when there is none, or none on the day of admission `on`."""
    return listed.valid_on((all_newborn_origins() if newborn else all_origins()).get(code), on)
