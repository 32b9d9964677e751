"""Occurrence span codes: events with a first and last day (NUBC; UB-04 form locators 35 and 36), in our own words."""

from datetime import date
from functools import cache

from superbill.codesets import listed
from superbill.codesets.listed import ListedCode

SYSTEM = "occurrence_span"


@cache
def all_occurrence_spans() -> dict[str, ListedCode]:
    """Every span on file, by code."""
    return listed.read(__package__, SYSTEM)


def span(code: str, on: date | None = None) -> ListedCode | None:
    """The span with this code, or None when there is none, or none on the day `on`."""
    return listed.valid_on(all_occurrence_spans().get(code), on)
