"""Claim adjustment groups (X12 external code source 974; CAS01): who bears an adjustment, in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "adjustment_group"


@cache
def all_groups() -> dict[str, ListedCode]:
    """Every group on file, by code."""
    return listed.read(__package__, SYSTEM)


def group(code: str, on: date | None = None) -> ListedCode | None:
    """The group with this code, or None when there is none, or none on the day `on`."""
    return listed.valid_on(all_groups().get(code), on)
