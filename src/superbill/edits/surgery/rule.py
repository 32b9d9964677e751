"""Edits on global surgery: what a visit or procedure near an operation has to say to be paid.

The days are Medicare's; most other payers follow it, so that for them a finding is a warning.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, scheduled
from superbill.edits.professional import PROFESSIONAL, SURGERY, VISITS, error_for, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.edits.surgery.package import DAYS_AFTER, MAJOR, MINOR, PACKAGES, around, before, covers, operations
from superbill.findings import line

_CLAIMS = "Claims Processing Manual ch. 12"
_CRITICAL = services("99291-99292")
_SAME_DAY = frozenset({"25", "57", "24", "FT"})
_AFTER = frozenset({"24", "FT"})
_AGAIN = frozenset({"58", "78", "79"})
_ONE = timedelta(1)
_DENY = ("medicare", "medicaid")


def _is_visit(code: str) -> bool:
    return code in VISITS or code in _CRITICAL


def _visits(claim: Claim, said: frozenset[str]) -> Iterator[tuple[ServiceLine, date]]:
    """Visits that have a day and none of the modifiers."""
    for service in claim.lines:
        day = service.service.start
        if day is not None and _is_visit(service.procedure.code) and said.isdisjoint(service.procedure.modifiers):
            yield service, day


@rule(
    "surgery.visit-on-day-of-minor",
    ERROR,
    source=f"{_CLAIMS} §30.6.6.B, §40.1.B; NCCI Policy Manual, chapter I §D",
    why="The visit to decide on a minor procedure is in its price; another one is paid with 25.",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    codes=_is_visit,
)
def visit_on_day_of_minor(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A visit on the day of a minor procedure (000 or 010 days) that stands apart has 25."""
    if around(claim, ctx).global_days.isdisjoint(MINOR):
        return
    for service, day in _visits(claim, _SAME_DAY):
        found = [one for one in operations(claim, service, ctx, day, day) if one.global_days in MINOR]
        if found:
            message = f"{service.procedure.code} stands on the day of {found[0].code} without 25."
            fix = "Add 25 where the visit was more than the procedure needs; else leave it out."
            yield Problem(line(service.number, "modifiers"), message, fix, error_for(ctx, *_DENY, "commercial"))


@rule(
    "surgery.visit-before-major",
    ERROR,
    source=f"{_CLAIMS} §30.6.6.C, §40.1.A, §40.2.A.4",
    why="The day before a major operation and its day are in its price, but for the visit that decided on it (57).",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    codes=_is_visit,
)
def visit_before_major(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A visit on the day of a major operation (090 days) or the day before that decided on it has 57."""
    if MAJOR not in around(claim, ctx).global_days:
        return
    for service, day in _visits(claim, frozenset({"57", "24", "FT"})):
        found = [one for one in operations(claim, service, ctx, day, day + _ONE) if one.global_days == MAJOR]
        if found:
            when = "on the day of" if found[0].day == day else "on the day before"
            message = f"{service.procedure.code} stands {when} {found[0].code} without 57."
            fix = "Add 57 where the visit decided on the operation; else leave it out."
            yield Problem(line(service.number, "modifiers"), message, fix, error_for(ctx, *_DENY, "commercial"))


@rule(
    "surgery.visit-after",
    ERROR,
    source=f"{_CLAIMS} §40.1, §40.2.A.7, §40.4",
    why="Aftercare is in the price of the operation; a visit for something else is paid with 24.",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    codes=_is_visit,
)
def visit_after(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A visit in the 10 or 90 days after an operation by the same specialty of the group has 24, or is aftercare."""
    if around(claim, ctx).global_days.isdisjoint(DAYS_AFTER):
        return
    for service, day in _visits(claim, _AFTER):
        found = [one for one in operations(claim, service, ctx, before(day), day - _ONE) if covers(one, day)]
        if found:
            one = found[0]
            message = (
                f"{service.procedure.code} stands {(day - one.day).days} days after {one.code} of {one.day},"
                f" whose aftercare ends {one.last_day}."
            )
            fix = "Add 24 where it was for something else; aftercare is 99024 at no charge."
            yield Problem(line(service.number, "modifiers"), message, fix, error_for(ctx, *_DENY))


@rule(
    "surgery.procedure-after",
    ERROR,
    source=f"{_CLAIMS} §40.1, §40.2.A.5, §40.2.A.6, §40.4",
    why="A procedure in the days after an operation is denied unless it says how the two belong together.",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    codes=SURGERY.__contains__,
)
def procedure_after(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A procedure in the days after an operation says that it was staged (58), a return (78) or unrelated (79)."""
    mine = scheduled(claim, ctx)
    if mine.global_days.isdisjoint(PACKAGES) or around(claim, ctx).global_days.isdisjoint(DAYS_AFTER):
        return
    for service, found in mine.lines:
        day = service.service.start
        if found is None or found.global_days not in PACKAGES or day is None:
            continue
        if not _AGAIN.isdisjoint(service.procedure.modifiers) or "55" in service.procedure.modifiers:
            continue
        if service.procedure.code not in SURGERY:
            continue
        earlier = [one for one in operations(claim, service, ctx, before(day), day - _ONE) if covers(one, day)]
        if earlier:
            one = earlier[0]
            message = (
                f"{service.procedure.code} stands {(day - one.day).days} days after {one.code} of {one.day}"
                " without 58, 78 or 79."
            )
            fix = "Add 58 (planned or more extensive), 78 (return for a complication) or 79 (unrelated)."
            yield Problem(line(service.number, "modifiers"), message, fix, error_for(ctx, *_DENY))


@rule(
    "surgery.nothing-before",
    WARNING,
    source=f"{_CLAIMS} §40.2.A.5 to §40.2.A.7",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    when="history",
    modifiers=_AGAIN | {"24"},
)
def nothing_before(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """24, 58, 78 and 79 stand on what follows an operation within its days."""
    said = _AGAIN | {"24"}
    if said.isdisjoint(claim.modifiers):
        return
    for service, _ in scheduled(claim, ctx).lines:
        named, day = said.intersection(service.procedure.modifiers), service.service.start
        if not named or day is None:
            continue
        earlier = operations(claim, service, ctx, before(day), day)
        if not any(covers(one, day) or one.day == day for one in earlier):
            message = f"{min(named)} stands on {service.procedure.code}; no operation before it is on file."
            fix = "Check the date; remove the modifier where nothing was done before by this group."
            yield Problem(line(service.number, "modifiers"), message, fix)
