"""Frequency edits: a service that the payer pays only so often, against the patient's earlier claims.

What other practices did is not in our history: no finding is no promise. Lines with GA, GX, GY or GZ expect the denial.
"""

from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context, PastClaim
from superbill.edits.frequency.limits import Limit, ages, first_day_after, limits
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, line

_SOURCE = "Claims Processing Manual ch. 18; 42 CFR 410 subpart B; each limit's own source in its message"
_CARC = "CARC 119: benefit maximum for this time period has been reached; CARC 149: lifetime maximum"
_UNPAID = frozenset({"denied", "rejected", "reversed", "voided", "held"})
_EXPECTED = frozenset({"GA", "GX", "GY", "GZ"})
_CODES = frozenset(limits())
_ADVANCE = "Don't bill it to the payer before then; an advance notice (ABN) and GA let the patient decide."
_FIRST_WELLNESS, _LATER_WELLNESS = "G0438", "G0439"
_FIRST_YEAR = frozenset({"G0402", "G0438", "G0439"})


def age_on(born: date | None, day: date | None) -> int | None:
    """Completed years on a day; None when one is not known, or the birth lies after."""
    if born is None or day is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _counts(past: PastClaim, claim: Claim) -> bool:
    return past.state not in _UNPAID and past.claim.frequency != "8" and past.claim.payer.id == claim.payer.id


def _holds(limit: Limit, claim: Claim, service: ServiceLine, ctx: Context) -> bool:
    """Whether the limit is one for this payer, day, patient and diagnosis."""
    day = service.service.start
    if ctx.payer.kind not in limit.payers or day is None or (limit.from_ is not None and day < limit.from_):
        return False
    if limit.ages is not None:
        years = age_on(claim.patient.birth_date, day)
        if years is None or not limit.ages[0] <= years <= limit.ages[1]:
            return False
    if not limit.when_diagnosis and not limit.unless_diagnosis:
        return True
    codes = [each.code for each in claim.diagnoses]
    if limit.when_diagnosis:
        return any(code.startswith(limit.when_diagnosis) for code in codes)
    return not any(code.startswith(limit.unless_diagnosis) for code in codes)


def _earlier(limit: Limit, claim: Claim, ctx: Context, day: date) -> list[date]:
    """The days before this one on which what the limit counts was billed, in order."""
    found = [
        one.line.service.start
        for code in limit.counted
        for one in ctx.history.of(code)
        if one.line.service.start is not None and one.line.service.start < day and _counts(one.past, claim)
    ]
    found += [
        one.service.start
        for one in claim.lines
        if one.procedure.code in limit.counted and one.service.start is not None and one.service.start < day
    ]
    return sorted(found)


def _asked(claim: Claim, ctx: Context) -> Iterator[tuple[ServiceLine, Limit, list[date], date]]:
    """Each line with each of its limits, and the days that count against it."""
    if not ctx.history.claims and claim.service.start == claim.service.end:
        return
    known = limits()
    for service in claim.lines:
        day = service.service.start
        for limit in known.get(service.procedure.code, ()) if day is not None else ():
            if day is None or not _EXPECTED.isdisjoint(service.procedure.modifiers):
                continue
            if _holds(limit, claim, service, ctx):
                earlier = _earlier(limit, claim, ctx, day)
                if earlier:
                    yield service, limit, earlier, day


@rule("frequency.too-soon", ERROR, source=_SOURCE, why=_CARC, codes=_CODES)
def too_soon(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """So many full months have passed after the month of the last service as the payer asks for."""
    for service, limit, earlier, day in _asked(claim, ctx):
        if limit.months is None:
            continue
        again = first_day_after(earlier[-1], limit.months)
        if day < again:
            message = (
                f"{service.procedure.code} ({limit.name}) was last done {earlier[-1].isoformat()}; it is paid again "
                f"from {again.isoformat()} ({limit.source})."
            )
            yield Problem(line(service.number, "procedure"), message, _ADVANCE, limit.severity)


@rule("frequency.lifetime", ERROR, source=_SOURCE, why=_CARC, codes=_CODES)
def lifetime(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What the payer pays once, or so many times, in a lifetime was not billed as often before."""
    for service, limit, earlier, _ in _asked(claim, ctx):
        if limit.lifetime is not None and len(earlier) >= limit.lifetime:
            often = "once" if limit.lifetime == 1 else f"{limit.lifetime} times"
            message = (
                f"{service.procedure.code} ({limit.name}) is paid {often} in a lifetime; it was billed for "
                f"{earlier[-1].isoformat()} ({limit.source})."
            )
            if service.procedure.code == _FIRST_WELLNESS:
                fix, changes = "Bill G0439, a later wellness visit.", _later_wellness(claim, ctx, service)
            else:
                fix, changes = _ADVANCE, ()
            yield Problem(line(service.number, "procedure"), message, fix, limit.severity, changes)


def _later_wellness(claim: Claim, ctx: Context, service: ServiceLine) -> tuple[Change, ...]:
    """A first wellness visit after a first one can only be a later one; only where its charge is known."""
    day, procedure = service.service.start, service.procedure
    price = ctx.price(_LATER_WELLNESS, procedure.modifiers, day) if ctx.price is not None and day is not None else None
    if price is None or service.units != 1:
        return ()
    at = claim.lines.index(service)
    return (
        Change("replace", f"/lines/{at}/procedure/code", _LATER_WELLNESS),
        Change("replace", f"/lines/{at}/charge", price),
    )


@rule("frequency.per-year", ERROR, source=_SOURCE, why=_CARC, codes=_CODES)
def per_year(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What the payer pays so many times a year was not billed as often since 1 January."""
    for service, limit, earlier, day in _asked(claim, ctx):
        if limit.year is None:
            continue
        this_year = [each for each in earlier if each.year == day.year]
        if len(this_year) >= limit.year:
            message = (
                f"{service.procedure.code} ({limit.name}) is paid {limit.year} times a year; in {day.year} it was "
                f"billed {len(this_year)} times before ({limit.source})."
            )
            yield Problem(line(service.number, "procedure"), message, _ADVANCE, limit.severity)


@rule("frequency.age", ERROR, source=_SOURCE, payers=("medicare",), codes=frozenset(ages()))
def age(claim: Claim) -> Iterator[Problem]:
    """A screening is paid from one age on, and some up to another."""
    for service in claim.lines:
        band = ages().get(service.procedure.code)
        day = service.service.start
        years = age_on(claim.patient.birth_date, day) if band is not None else None
        if band is None or day is None or years is None or not _EXPECTED.isdisjoint(service.procedure.modifiers):
            continue
        first, last = band.first.on(day), band.last.on(day)
        if (first is not None and years < first) or (last is not None and years > last):
            span = f"from {first}" if last is None else f"from {first} to {last}"
            message = f"{service.procedure.code} is paid {span} years of age ({band.source}); the patient is {years}."
            yield Problem(
                line(service.number, "procedure"), message, "Check the birth date; else bill it with GA or GZ."
            )


@rule(
    "frequency.first-medicare-year",
    WARNING,
    source="42 CFR 410.15(a), 410.16(a); Claims Processing Manual ch. 18 §80, §140",
    payers=("medicare",),
    codes=_FIRST_YEAR,
    when="coverage",
)
def first_medicare_year(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """In the first twelve months of Part B the visit is G0402; afterwards G0438 and G0439."""
    starts = [one.period.start for one in ctx.coverage or () if one.payer_id == claim.payer.id and one.period.start]
    if not starts:
        return
    begins = min(starts)
    ends = first_day_after(begins, 11) if begins.day == 1 else None
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        if code not in _FIRST_YEAR or day is None or ends is None:
            continue
        if (code == "G0402") != (day < ends):
            when = "within" if day < ends else "after"
            message = f"{code} is billed {when} the first twelve months of coverage, which began {begins.isoformat()}."
            fix = "Bill G0402." if day < ends else "Bill G0438, or G0439 after an earlier wellness visit."
            yield Problem(line(service.number, "procedure"), message, fix)
