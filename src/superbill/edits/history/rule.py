"""Duplicate edits: what was sent before is not sent again as new (Context.history).

A claim that was rejected (999, 277CA), reversed or voided never was; a denied one is answered, not sent anew.
"""

from collections.abc import Iterator

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context, PastClaim, PastLine
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, header, line

_EXACT = "Claims Processing Manual ch. 1 §120.2: exact duplicates; CARC 18"
_SUSPECT = "Claims Processing Manual ch. 1 §120.3: suspect duplicates; CARC 18"
_GONE = frozenset({"rejected", "reversed", "voided", "held"})
# Modifiers that say that it was done again, or apart (CPT Appendix A; NCCI Policy Manual ch. I §E).
_AGAIN = frozenset({"25", "58", "59", "76", "77", "78", "79", "91", "XE", "XP", "XS", "XU"})


def _counts(past: PastClaim, claim: Claim) -> bool:
    """Whether an earlier claim stands in the way of this one: of the same payer, and still in the world."""
    earlier = past.claim
    return (
        past.state not in _GONE
        and earlier.frequency != "8"
        and earlier.payer.id == claim.payer.id
        and earlier.kind == claim.kind
    )


def _provider(claim: Claim, service: ServiceLine) -> str:
    who = service.rendering or claim.rendering
    return (who.npi if who else "") or claim.billing.npi


def _same(one: PastLine, claim: Claim, service: ServiceLine) -> bool:
    """Whether an earlier line says the same as this one: days, code, modifiers, units, provider, tooth, place."""
    mine, past = service, one.line
    return (
        past.service == mine.service
        and past.procedure.code == mine.procedure.code
        and frozenset(past.procedure.modifiers) == frozenset(mine.procedure.modifiers)
        and past.units == mine.units
        and past.revenue_code == mine.revenue_code
        and past.dental == mine.dental
        and _provider(one.past.claim, past) == _provider(claim, mine)
    )


@rule("history.sent-before", ERROR, source=_EXACT, when="history")
def sent_before(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The same line was not sent to the same payer before; after a denial it is corrected or appealed."""
    if claim.frequency != "1":
        return
    for service in claim.lines:
        if not service.procedure.code:
            continue
        for one in ctx.history.of(service.procedure.code):
            if _counts(one.past, claim) and _same(one, claim, service):
                yield _duplicate(claim, service, one)
                break


def _duplicate(claim: Claim, service: ServiceLine, one: PastLine) -> Problem:
    earlier, state = one.past.claim, one.past.state
    message = f"{service.procedure.code} of that day was sent on claim {earlier.control_number} ({state})."
    where = line(service.number, "procedure")
    if state in ("denied", "partly_denied"):
        return Problem(where, message, "Send a corrected claim (frequency 7) or an appeal, not a new claim.")
    fix = "Don't send it again; for a change send a corrected claim, for a repeated service add 76, 77 or 91."
    only = len(claim.lines) == 1
    changes = () if only else (Change("remove", f"/lines/{claim.lines.index(service)}"),)
    # Taking a line away is safe only where the payer has paid that very line; else it may have been lost.
    return Problem(where, message, fix, None, changes if state == "paid" else ())


@rule("history.overlap", WARNING, source=_SUSPECT, when="history")
def overlap(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The days of a line don't overlap those of the same service by the same provider on an earlier claim."""
    for service in claim.lines:
        first, last = service.service.start, service.service.end or service.service.start
        if first is None or last is None or not service.procedure.code or _again(service):
            continue
        for one in ctx.history.of(service.procedure.code):
            start, end = one.line.service.start, one.line.service.end or one.line.service.start
            if start is None or end is None or end < first or start > last:
                continue
            if _counts(one.past, claim) and _provider(one.past.claim, one.line) == _provider(claim, service):
                if claim.frequency == "1" and _same(one, claim, service):
                    continue  # history.sent-before tells it
                where = line(service.number, "service")
                message = f"{service.procedure.code} overlaps a line of claim {one.past.claim.control_number}."
                yield Problem(where, message, "Correct the days; or add 76, 59 or XE where it was done again.")
                break


def _again(service: ServiceLine) -> bool:
    return not _AGAIN.isdisjoint(service.procedure.modifiers)


@rule("history.stay-overlaps", ERROR, source=_SUSPECT, when="history", forms=("institutional",))
def stay_overlaps(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An inpatient bill doesn't cover days that another bill of the same provider to the same payer covers.

    The day of discharge of the one may be the day of admission of the next.
    """
    first, last = claim.service.start, claim.service.end
    if claim.institutional is None or not claim.institutional.inpatient or first is None or last is None:
        return
    for past in ctx.history.claims:
        detail, span = past.claim.institutional, past.claim.service
        if detail is None or not detail.inpatient or span.start is None or span.end is None:
            continue
        if past.claim.billing.npi != claim.billing.npi or not _counts(past, claim) or claim.frequency in ("7", "8"):
            continue
        if span.start < last and first < span.end:
            message = f"The stay overlaps that of claim {past.claim.control_number}."
            yield Problem(header("service"), message, "Correct the statement period, or replace the earlier bill.")
