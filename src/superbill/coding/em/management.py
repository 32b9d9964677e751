"""Management beside a visit or instead of it: transitional and chronic care, care planning, critical care."""

import re
from collections.abc import Iterator

from msgspec import Struct

from superbill.coding.em.time import critical, minutes_in
from superbill.coding.em.view import View
from superbill.coding.suggest.model import Complexity

_DAYS = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|ten|fourteen)\s+days?\s+(?:ago|after|since|post)", re.IGNORECASE
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "fourteen": 14}


class Managed(Struct, frozen=True):
    """Codes, once for each unit, why, and what is missing for them."""

    codes: tuple[str, ...] = ()
    why: str = ""
    missing: str = ""
    minutes: int | None = None


def transitional(view: View, mdm: Complexity) -> Managed:
    """99496: contact within two business days, visit within 7 days of discharge, high complexity; 99495: within 14
    days, at least moderate (CPT; CMS MLN transitional care management)."""
    discharged = view.first("discharged")
    if discharged is None or mdm not in ("moderate", "high") or view.visit.setting != "outpatient":
        return Managed()
    days, called = _days(view, discharged.sentence), view.first("called")
    if days is None or called is None:
        needed = (("the day of discharge", days), ("contact within two business days", called))
        absent = " and ".join(words for words, there in needed if there is None)
        return Managed(missing=f"For transitional care 99495/99496: {absent}.")
    if days <= 7 and mdm == "high":
        return Managed(
            ("99496",), f"contact within two business days, seen {days} days after discharge, high complexity"
        )
    if days <= 14:
        return Managed(("99495",), f"contact within two business days, seen {days} days after discharge")
    return Managed()


def _days(view: View, sentence: int) -> int | None:
    span = view.reading.outline.sentences[sentence]
    match = _DAYS.search(view.text, span.start, span.end)
    if not match:
        return None
    return _WORDS[match[1].casefold()] if match[1].casefold() in _WORDS else int(match[1])


def chronic(view: View) -> Managed:
    """Chronic care of a calendar month, by minutes: staff 99490 from 20 and 99439 for each further 20; provider 99491
    from 30 and 99437 for each further 30; complex 99487 from 60 and 99489 for each further 30 (CPT)."""
    hit = view.called("complex_care", "chronic_care")
    if hit is None:
        return Managed()
    minutes = max((each for each, *_ in _minutes_near(view, hit.sentence)), default=None)
    if minutes is None:
        return Managed(missing="For chronic care management: the minutes of the calendar month.")
    if view.called("complex_care"):
        return Managed(
            _counted(minutes, 60, 30, "99487", "99489"), f"complex chronic care, {minutes} minutes", "", minutes
        )
    if view.first("clinical_staff"):
        return Managed(
            _counted(minutes, 20, 20, "99490", "99439"), f"chronic care by staff, {minutes} minutes", "", minutes
        )
    return Managed(
        _counted(minutes, 30, 30, "99491", "99437"), f"chronic care by the provider, {minutes} minutes", "", minutes
    )


def _counted(minutes: int, first: int, each: int, base: str, further: str) -> tuple[str, ...]:
    return (base, *(further,) * ((minutes - first) // each)) if minutes >= first else ()


def planning(view: View) -> Managed:
    """Advance care planning: 99497 from 16 minutes, 99498 for each further 30 from 46 (CPT midpoint rule)."""
    for hit in view.said("care_planning"):
        for minutes, *_ in _minutes_near(view, hit.sentence):
            if minutes >= 16:
                codes = ("99497", *("99498",) * ((minutes - 16) // 30))
                return Managed(codes, f"advance care planning, {minutes} minutes", "", minutes)
    return Managed()


def critical_care(view: View, *, medicare: bool) -> Managed:
    """Critical care by its minutes, apart from procedures reported separately."""
    hits = [*view.said("critical"), *(each for each in view.headings if each.name == "critical")]
    if not hits:
        return Managed(missing="That the patient was critically ill, and the minutes of critical care.")
    for hit in hits:
        for minutes, *_ in _minutes_near(view, hit.sentence):
            codes = critical(minutes, medicare=medicare)
            missing = "" if codes else f"{minutes} minutes of critical care are below the 30 of 99291."
            return Managed(codes, f"critical care, {minutes} minutes", missing, minutes)
    return Managed(missing="The minutes of critical care, without separately reported procedures.")


def _minutes_near(view: View, sentence: int) -> Iterator[tuple[int, int, int]]:
    """The minutes of a sentence and of the one after it."""
    for place in (sentence, sentence + 1):
        if place < len(view.reading.outline.sentences):
            span = view.reading.outline.sentences[place]
            yield from minutes_in(view.text[span.start : min(span.end, span.start + 2000)])
