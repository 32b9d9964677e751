"""What several families ask of a service: who performed it, on which days, and which earlier ones stand beside it."""

from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context, PastClaim, PastLine

_VOID = "8"
_REFUSED = frozenset({"denied", "rejected", "reversed"})
"""States of earlier claims for which nobody paid or will."""
_LONGEST = 366  # days of one line that are looked at


def performer(claim: Claim, line: ServiceLine) -> str:
    """The NPI of who performed a line: the facility's on an institutional claim, else the rendering provider's.

    Where nobody is named apart, the billing provider performed it (837P TR3, loop 2310B).
    """
    if claim.institutional is not None:
        return claim.billing.npi
    rendering = line.rendering or claim.rendering
    return (rendering.npi if rendering is not None else "") or claim.billing.npi


def first_day(claim: Claim, line: ServiceLine) -> date | None:
    """The first day of a line; of one without a day of its own, that of the claim where it has only one."""
    if line.service.start is not None:
        return line.service.start
    whole = claim.service
    return whole.start if whole.start == (whole.end or whole.start) else None


def last_day(claim: Claim, line: ServiceLine) -> date | None:
    """The last day of a line, no more than a year after its first."""
    first = first_day(claim, line)
    end = line.service.end
    if first is None or end is None or end < first:
        return first
    return end if (end - first).days < _LONGEST else first


def common_day(claim: Claim, one: ServiceLine, two: ServiceLine) -> date | None:
    """The first day on which both lines are served, None where they share none."""
    a, b = first_day(claim, one), first_day(claim, two)
    if a == b or a is None or b is None:
        return a if b is not None else None
    later = max(a, b)
    end_one, end_two = last_day(claim, one), last_day(claim, two)
    return later if end_one is not None and end_two is not None and later <= min(end_one, end_two) else None


def stands(past: PastClaim) -> bool:
    """Whether an earlier claim is paid or may still be: not refused, and not a void."""
    return past.state not in _REFUSED and past.claim.frequency != _VOID


def earlier(claim: Claim, context: Context, day: date) -> Iterator[PastLine]:
    """Lines of the same day on earlier claims to the same payer that stand, without those that are on this claim.

    Only claims of the same kind: what a hospital bills and what its physicians bill is held to tables of their own.
    """
    mine = {line.control_number for line in claim.lines if line.control_number}
    for one in context.history.on(day):
        past = one.past.claim
        if past.payer.id != claim.payer.id or past.kind != claim.kind or not stands(one.past):
            continue
        if one.line.control_number not in mine:
            yield one
