"""Enrolment edits: who bills and who renders is enrolled with the payer on the day (Context.enrolments)."""

from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim
from superbill.edits.context import Context, Enrolment
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Place, header, line

_SOURCE = "42 CFR 424.505, 424.520(d), 424.521; payer contract; CARC B7"
_ORDERING = "42 CFR 424.507: who orders or refers is enrolled with Medicare"
_FIX = "Hold the claim until the enrolment is confirmed for that day, or bill under who is enrolled."


def _problem(claim: Claim, ctx: Context, npi: str, who: str, day: date | None, where: Place) -> Iterator[Problem]:
    mine = [one for one in ctx.enrolments or () if one.npi == npi and one.payer_id in ("", claim.payer.id)]
    if day is None or any(day in one.period for one in mine):
        return
    message = f"The {who} {npi} is not enrolled with {claim.payer.name} on {day.isoformat()}{_near(mine, day)}."
    yield Problem(where, message, _FIX)


def _near(mine: list[Enrolment], day: date) -> str:
    """When the enrolment ended, or begins."""
    starts = [one.period.start for one in mine if one.period.start is not None and one.period.start > day]
    ends = [one.period.end for one in mine if one.period.end is not None and one.period.end < day]
    if starts:
        return f"; it begins {min(starts).isoformat()}"
    return f"; it ended {max(ends).isoformat()}" if ends else ""


@rule("enrolment.billing", ERROR, source=_SOURCE, when="enrolments")
def billing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The billing provider is enrolled with the payer on the first and last day of service."""
    if not claim.billing.npi:
        return
    for day in dict.fromkeys((claim.service.start, claim.service.end)):
        yield from _problem(claim, ctx, claim.billing.npi, "billing provider", day, header("billing.npi"))


@rule("enrolment.rendering", ERROR, source=_SOURCE, when="enrolments")
def rendering(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Who rendered is enrolled with the payer on the day of each line."""
    told: set[tuple[str, date | None]] = set()
    for service in claim.lines:
        who = service.rendering or claim.rendering
        key = (who.npi if who else "", service.service.start)
        if key[0] and key not in told:
            told.add(key)
            where = line(service.number, "rendering.npi")
            yield from _problem(claim, ctx, key[0], "rendering provider", key[1], where)


@rule("enrolment.referring", WARNING, source=_ORDERING, when="enrolments", payers=("medicare", "medicaid"))
def referring(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Who referred, where the practice keeps that person's enrolment, is enrolled on the day."""
    if claim.referring is None or not any(one.npi == claim.referring.npi for one in ctx.enrolments or ()):
        return
    where = header("referring.npi")
    yield from _problem(claim, ctx, claim.referring.npi, "referring provider", claim.service.start, where)
