"""Preventive visits: whether one was done, its code by age, and Medicare's own."""

import re

from superbill.coding.em.categories import medicare
from superbill.coding.em.view import Hit, View, Zone

AGE_BANDS = ((1, 1), (5, 2), (12, 3), (18, 4), (40, 5), (65, 6), (999, 7))
"""Completed years below which the last digit of 9938x (new) and 9939x (established) applies (CPT)."""

_YEARS = re.compile(r"\b(\d{1,3})[\s-]*(?:years?|yrs?|y)[\s.-]*(?:old\b|o\b)", re.IGNORECASE)
_MONTHS = re.compile(r"\b(\d{1,2})[\s-]*(months?|weeks?|days?)[\s-]*old\b", re.IGNORECASE)
_A_YEAR = {"m": 12.0, "w": 52.0, "d": 365.0}
_OPENING = 4000
_NOT_ONE = (
    "part of", "during", "due for", "schedule", "last ", "return", "next", "at her", "at his", "prior", "previous",
    "recent",
)  # fmt: skip
_LOOK_BACK = 40


def age_of(view: View) -> float | None:
    """Years: the visit's, else as the opening of the note says."""
    if view.visit.age is not None:
        return view.visit.age
    opening = view.text[:_OPENING]
    years = _YEARS.search(opening)
    if years and int(years[1]) < 125:
        return float(years[1])
    months = _MONTHS.search(opening)
    return int(months[1]) / _A_YEAR[months[2][0].casefold()] if months else None


def checkup(view: View) -> Hit | None:
    """Where the note says that this visit is a preventive examination, not that one is due or was."""
    sentences = view.reading.outline.sentences
    for hit in view.said("checkup", "medicare_checkup", zones=(Zone.HISTORY, Zone.PLAN)):
        before = view.text[max(sentences[hit.sentence].start, hit.start - _LOOK_BACK) : hit.start].casefold()
        planned = any(word in before for word in _NOT_ONE)
        if not planned and (hit.zone is Zone.HISTORY or hit.start < len(view.text) // 2 or _first_of_plan(view, hit)):
            return hit
    return None


def _first_of_plan(view: View, hit: Hit) -> bool:
    """The first thing that the assessment says."""
    first = next((place for place, zone in enumerate(view.zones) if zone is Zone.PLAN), None)
    return first is not None and hit.sentence <= first + 1


def code(age: float, *, new: bool) -> str:
    """9938x for a new, 9939x for an established patient."""
    digit = next(digit for limit, digit in AGE_BANDS if age < limit)
    return f"99{38 if new else 39}{digit}"


def medicare_codes(view: View) -> tuple[str, ...]:
    """The Medicare wellness visit that the words point to; both annual codes where they don't say which
    (42 CFR 410.15, 410.16)."""
    if not medicare(view.visit):
        return ()
    if view.first("welcome"):
        return ("G0402",)
    return ("G0438",) if view.first("first_wellness") else ("G0438", "G0439")
