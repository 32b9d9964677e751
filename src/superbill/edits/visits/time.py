"""Edits on the time of visits: prolonged and critical care, psychotherapy, and what stands beside a visit."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.professional import MEDICARE, PROFESSIONAL, minutes_told, on_file, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import line
from superbill.pricing.code_ranges import CodeRanges

_CRITICAL, _CRITICAL_MORE = "99291", "99292"
_CRITICAL_FROM, _CRITICAL_FIRST, _HALF_HOUR = 30, 74, 30
_COMPLEXITY = "G2211"
_OFFICE = services("99202-99205 99211-99215 99341-99350")
# Beside these a visit with 25 keeps its complexity since 2025: vaccines, wellness visits, Part B's preventive services.
_PREVENTIVE = services(
    "G0008-G0010 90460-90474 90480 90476-90759 91300-91399 G0402 G0438-G0439 G0101-G0105 G0121 G0106 G0120 G0117-G0118"
    " G0123-G0148 G0296 G0328 G0432-G0435 G0442-G0447 G0473 G0475-G0476 G0499 G0513-G0514 G0108-G0109 G0270-G0271 G0136"
    " Q0091 77063 77067 77078-77081 82270 80061 82465 83718 84478 82947 82950-82951 84153 97802-97804 99406-99407 99497"
)
# First and last minute of psychotherapy by code, alone and beside a visit.
_PSYCHOTHERAPY = {
    **dict.fromkeys(("90832", "90833"), (16, 37)),
    **dict.fromkeys(("90834", "90836"), (38, 52)),
    **dict.fromkeys(("90837", "90838"), (53, 1440)),
}


class _Beside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    beside: str
    since: date = date.min
    until: date = date.max


def _bases() -> dict[str, tuple[tuple[_Beside, CodeRanges], ...]]:
    text = files("superbill.edits.visits").joinpath("time.yaml").read_bytes()
    found: dict[str, tuple[tuple[_Beside, CodeRanges], ...]] = {}
    for one in msgspec.yaml.decode(text, type=tuple[_Beside, ...]):
        found[one.code] = (*found.get(one.code, ()), (one, services(one.beside)))
    return found


_BASES = _bases()


@rule(
    "visits.base-missing",
    ERROR,
    source="CPT prolonged and critical care; CY 2021, 2023, 2024 and 2026 physician fee schedule final rules",
    why="Time beyond a visit, and what adds to one, is paid beside that visit only.",
    forms=PROFESSIONAL,
    codes=_BASES,
)
def base_missing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Prolonged care, critical care beyond the first hour and complexity stand beside their visit of the same day.

    Where the table of add-on codes is installed and has the code, that decides.
    """
    table = ctx.reference.add_ons
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        bases = _BASES.get(code)
        if bases is None or day is None or (table is not None and table.add_on(code, day) is not None):
            continue
        there = [one.procedure.code for one in claim.lines if one.service.start == day]
        there += [one.line.procedure.code for one in ctx.history.on(day) if on_file(one.past)]
        for told, codes in bases:
            if told.since <= day <= told.until and not any(base in codes for base in there):
                message = f"{code} stands without its visit."
                fix = f"Bill it beside {' or '.join(told.beside.split())}, or leave it out."
                yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "visits.critical-minutes",
    ERROR,
    source="CPT critical care 99291, 99292; Claims Processing Manual ch. 12 §30.6.12; CY 2023 final rule (104 minutes)",
    forms=PROFESSIONAL,
    codes=(_CRITICAL,),
)
def critical_minutes(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Critical care has 30 minutes, and a further unit for each half hour beyond 74, where a note tells the minutes.

    CPT counts a further unit from its first minute beyond 74; Medicare when its 30 minutes are full (104).
    """
    for service in claim.lines:
        if service.procedure.code != _CRITICAL:
            continue
        minutes = minutes_told(service)
        if minutes is None:
            continue
        if minutes < _CRITICAL_FROM:
            message = f"Critical care of {minutes} minutes is under 30."
            yield Problem(line(service.number, "procedure"), message, "Bill the visit of the place instead.")
            continue
        beyond = max(minutes - _CRITICAL_FIRST, 0)
        most = beyond // _HALF_HOUR if ctx.payer.kind == "medicare" else -(-beyond // _HALF_HOUR)
        more = [
            one
            for one in claim.lines
            if one.procedure.code == _CRITICAL_MORE and one.service.start == service.service.start
        ]
        billed = sum(one.units for one in more)
        if billed > most:
            message = f"{minutes} minutes give {most} units of 99292; {billed} are billed."
            yield Problem(line(more[0].number, "units"), message, f"Bill {most} units." if most else "Leave it out.")


@rule(
    "visits.critical-once",
    ERROR,
    source="CPT 99291: once a day, even where the time is not continuous; Claims Processing Manual ch. 12 §30.6.12",
    forms=PROFESSIONAL,
    when="several_lines",
    codes=(_CRITICAL,),
)
def critical_once(claim: Claim) -> Iterator[Problem]:
    """The first hour of critical care is billed once a day."""
    seen: set[tuple[date | None, str]] = set()
    for service in claim.lines:
        if service.procedure.code == _CRITICAL:
            who = service.rendering.npi if service.rendering else ""
            key = (service.service.start, who)
            if key in seen:
                message = "99291 stands twice on one day."
                yield Problem(line(service.number, "procedure"), message, "Bill 99292 for the further time.")
            seen.add(key)


@rule(
    "visits.psychotherapy-minutes",
    ERROR,
    source="CPT psychotherapy: 16 to 37, 38 to 52, 53 minutes and more",
    forms=PROFESSIONAL,
    codes=_PSYCHOTHERAPY,
)
def psychotherapy_minutes(claim: Claim) -> Iterator[Problem]:
    """Psychotherapy is coded by its minutes, where the line's note tells them."""
    for service in claim.lines:
        span = _PSYCHOTHERAPY.get(service.procedure.code)
        minutes = minutes_told(service) if span else None
        if span is None or minutes is None or span[0] <= minutes <= span[1]:
            continue
        message = f"{service.procedure.code} is for {span[0]} minutes or more, not {minutes}."
        if minutes > span[1]:
            message = f"{service.procedure.code} is for {span[1]} minutes at most, not {minutes}."
        yield Problem(line(service.number, "procedure"), message, "Use the code for the minutes of the session.")


def _modified(lines: tuple[ServiceLine, ...], day: date | None) -> bool:
    return any(
        "25" in one.procedure.modifiers and one.service.start == day and one.procedure.code in _OFFICE for one in lines
    )


@rule(
    "visits.complexity-with-25",
    ERROR,
    source="CY 2024 and CY 2025 physician fee schedule final rules; CMS MLN MM13473",
    why="Medicare pays no G2211 beside a visit with 25, since 2025 but for vaccines and preventive services.",
    since=date(2024, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=("25",),
    codes=(_COMPLEXITY,),
)
def complexity_with_25(claim: Claim) -> Iterator[Problem]:
    """G2211 doesn't stand beside a visit with 25, unless what was done besides is a vaccine or preventive service."""
    for service in claim.lines:
        day = service.service.start
        if service.procedure.code != _COMPLEXITY or day is None or not _modified(claim.lines, day):
            continue
        others = [
            one.procedure.code
            for one in claim.lines
            if one.service.start == day and one.procedure.code != _COMPLEXITY and one.procedure.code not in _OFFICE
        ]
        if day.year >= 2025 and others and all(code in _PREVENTIVE for code in others):
            continue
        message = "G2211 stands beside a visit with 25."
        yield Problem(line(service.number, "procedure"), message, "Leave G2211 out, or 25 where it is not needed.")
