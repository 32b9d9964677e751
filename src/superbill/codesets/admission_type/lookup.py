"""Type of admission or visit (NUBC; UB-04 form locator 14, CL101), in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "admission_type"


@cache
def all_admission_types() -> dict[str, ListedCode]:
    """Every type on file, by code."""
    return listed.read(__package__, SYSTEM)


def admission_type(code: str, on: date | None = None) -> ListedCode | None:
    """The type with this code, or None when there is none, or none on the day of admission `on`."""
    return listed.valid_on(all_admission_types().get(code), on)
