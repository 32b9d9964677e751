"""Occurrence codes: events with a day (NUBC; UB-04 form locators 31 to 34), in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "occurrence_code"


@cache
def all_occurrence_codes() -> dict[str, ListedCode]:
    """Every occurrence on file, by code."""
    return listed.read(__package__, SYSTEM)


def occurrence(code: str, on: date | None = None) -> ListedCode | None:
    """The occurrence with this code, or None when there is none, or none on the day `on`."""
    return listed.valid_on(all_occurrence_codes().get(code), on)
