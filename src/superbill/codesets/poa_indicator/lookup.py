"""Whether a diagnosis was present on admission (NUBC; UB-04 form locator 67), in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "poa_indicator"


@cache
def all_indicators() -> dict[str, ListedCode]:
    """Every indicator on file, by code."""
    return listed.read(__package__, SYSTEM)


def indicator(code: str, on: date | None = None) -> ListedCode | None:
    """The indicator with this code, or None when there is none, or none on the day of discharge `on`."""
    return listed.valid_on(all_indicators().get(code), on)
