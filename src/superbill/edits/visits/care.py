"""Edits on care between visits: transitional care after a discharge, care management by the month."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.professional import PROFESSIONAL, on_file, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import line

_CLAIMS = "Claims Processing Manual ch. 12"
# Days after the discharge within which the visit is.
_TRANSITIONAL = {"99495": 14, "99496": 7}
_THIRTY_DAYS = timedelta(29)  # the day of discharge and the 29 after it


class _Exclusion(Struct, frozen=True, forbid_unknown_fields=True):
    groups: tuple[str, ...]
    why: str
    source: str


class _Care(Struct, frozen=True, forbid_unknown_fields=True):
    once: str
    exclusive: tuple[_Exclusion, ...]


def _care() -> _Care:
    return msgspec.yaml.decode(files("superbill.edits.visits").joinpath("care.yaml").read_bytes(), type=_Care)


def _excluded(care: _Care) -> dict[str, dict[str, _Exclusion]]:
    """For each code those that exclude it in a month."""
    found: dict[str, dict[str, _Exclusion]] = {}
    for one in care.exclusive:
        groups = [group.split() for group in one.groups]
        for mine in groups:
            for theirs in groups:
                if mine is not theirs:
                    for code in mine:
                        found.setdefault(code, {}).update(dict.fromkeys(theirs, one))
    return found


_READ = _care()
_ONCE = services(_READ.once)
_EXCLUDED = _excluded(_READ)


@rule(
    "visits.transitional-once",
    ERROR,
    source=f"{_CLAIMS} §30.6.4; CPT 99495, 99496: one in 30 days after a discharge",
    forms=PROFESSIONAL,
    codes=_TRANSITIONAL,
)
def transitional_once(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Transitional care is billed once in the 30 days after a discharge, by one clinician."""
    days = [
        (one.line.service.start, one.past.claim.control_number)
        for code in _TRANSITIONAL
        for one in ctx.history.of(code)
        if on_file(one.past)
    ]
    for service in claim.lines:
        day = service.service.start
        if service.procedure.code not in _TRANSITIONAL or day is None:
            continue
        for other, number in days:
            if other is not None and abs(day - other) <= _THIRTY_DAYS:
                message = f"Transitional care of {other.isoformat()} is on claim {number}, in the same 30 days."
                yield Problem(line(service.number, "procedure"), message, "Bill a visit instead.")
                break


@rule(
    "visits.transitional-in-time",
    ERROR,
    source=f"{_CLAIMS} §30.6.4; CPT 99495 within 14 days, 99496 within 7",
    forms=PROFESSIONAL,
    codes=_TRANSITIONAL,
)
def transitional_in_time(claim: Claim) -> Iterator[Problem]:
    """The visit of transitional care is within 14 days after the discharge, of high complexity within 7."""
    if claim.discharge is None:
        return
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        limit = _TRANSITIONAL.get(code)
        if limit is not None and day is not None and (day - claim.discharge).days > limit:
            message = f"{code} is {(day - claim.discharge).days} days after the discharge; {limit} are the most."
            fix = "Use 99495 within 14 days, else bill a visit."
            yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "visits.once-a-month",
    ERROR,
    source=f"{_CLAIMS} §30.6.4; CPT care management: once a calendar month",
    forms=PROFESSIONAL,
    codes=_ONCE.__contains__,
)
def once_a_month(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Care management is billed once a calendar month, by one clinician, with one unit."""
    seen: set[tuple[str, int, int]] = set()
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        if code not in _ONCE or day is None:
            continue
        month = (code, day.year, day.month)
        before = [
            one
            for one in ctx.history.of(code)
            if on_file(one.past) and one.line.service.start and _month(one.line.service.start) == _month(day)
        ]
        if month in seen or before or service.units > 1:
            where = f"on claim {before[0].past.claim.control_number}" if before else "on this claim"
            message = f"{code} of {day.year}-{day.month:02} is already {where}."
            yield Problem(line(service.number, "procedure"), message, "Bill it once for the month.")
        seen.add(month)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


@rule(
    "visits.month-exclusive",
    ERROR,
    source="the guideline that the finding names",
    forms=PROFESSIONAL,
    codes=_EXCLUDED,
)
def month_exclusive(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A month has one kind of care management by one clinician."""
    by_month: dict[tuple[int, int], set[str]] = {}
    for service in claim.lines:
        if service.procedure.code in _EXCLUDED and service.service.start:
            by_month.setdefault(_month(service.service.start), set()).add(service.procedure.code)
    for code in _EXCLUDED if ctx.history.claims else ():
        for one in ctx.history.of(code):
            day = one.line.service.start
            if day and _month(day) in by_month and on_file(one.past):
                by_month[_month(day)].add(code)
    for service in claim.lines:
        excluded = _EXCLUDED.get(service.procedure.code)
        day = service.service.start
        if excluded is None or day is None:
            continue
        others = by_month[_month(day)] & excluded.keys()
        if others:
            told = excluded[min(others)]
            message = f"{service.procedure.code} and {min(others)} are of one month: {told.why}."
            yield Problem(line(service.number, "procedure"), message, f"Keep one of the two ({told.source}).")
