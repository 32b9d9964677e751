"""Condition codes of an institutional claim (NUBC; UB-04 form locators 18 to 28), in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "condition_code"


@cache
def all_condition_codes() -> dict[str, ListedCode]:
    """Every condition on file, by code."""
    return listed.read(__package__, SYSTEM)


def condition(code: str, on: date | None = None) -> ListedCode | None:
    """The condition with this code, or None when there is none, or none on the day `on`."""
    return listed.valid_on(all_condition_codes().get(code), on)
