"""Filing limits: the last day on which a payer takes a claim, by law or by its contract.

Medicare's and Medicaid's are law. Every other limit is the payer's: days from the last service; from the payment of
the payer before it where it is second; from the last service, with a limit of its own, for a corrected claim.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header

_NEAR = 7
_MEDICAID_MONTHS = 12


class Deadline(NamedTuple):
    """The last day on which a claim is in time, the limit in words, and whether its data or the law say so."""

    day: date
    limit: str
    certain: bool = True


def year_after(day: date) -> date:
    """The same day of the next year; for 29 February the 28th (Claims Processing Manual ch. 1 §70.1)."""
    return months_after(day, 12)


@lru_cache(4_096)
def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def deadline(claim: Claim, ctx: Context) -> Deadline | None:
    """The last day for this claim; None where no limit is known."""
    last = claim.service.end
    if last is None:
        return None
    payer = ctx.payer
    if claim.frequency in ("7", "8"):
        days = payer.correction_limit if claim.frequency == "7" else None
        return None if days is None else Deadline(last + timedelta(days), f"limit of {days} days for a correction")
    if payer.kind == "medicare":
        # A professional line counts from its first day, an institutional bill from its last (ch. 1 §70.4).
        counted = last if claim.institutional is not None else claim.service.start or last
        return Deadline(year_after(counted), "calendar year")
    own = payer.filing_limit.on(last)
    if claim.subscriber.responsibility != "P":
        return _after_payment(claim, payer.secondary_limit, own)
    if own is not None:
        return Deadline(last + timedelta(own), f"limit of {own} days")
    if payer.kind == "medicaid":
        return Deadline(months_after(last, _MEDICAID_MONTHS), "limit of 12 months")
    return None


def _after_payment(claim: Claim, limit: int | None, own: int | None) -> Deadline | None:
    """Counted from the last payment before; without a limit of its own the payer's first limit is the best guess."""
    days = own if limit is None else limit
    paid = [other.paid_on for other in claim.other_insurance]
    paid += [one.paid_on for line in claim.lines for one in line.adjudications]
    known = [day for day in paid if day is not None]
    if days is None or not known:
        return None
    return Deadline(max(known) + timedelta(days), f"limit of {days} days after the other payer", limit is not None)


@rule(
    "payer.timely-filing",
    ERROR,
    source="payer contract; Medicare: 42 CFR 424.44, Claims Processing Manual ch. 1 §70; Medicaid: 42 CFR 447.45(d)",
)
def timely_filing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The payer gets the claim within its limit; the last day still counts.

    Medicare: one calendar year from the service. Medicaid: twelve months, unless its own limit is known. Behind another
    payer: from that payer's payment. A correction has a limit of its own.
    """
    found = deadline(claim, ctx)
    if found is None or ctx.today <= found.day:
        return
    late = (ctx.today - found.day).days
    message = f"The {found.limit} ended {late} day{'s' if late > 1 else ''} ago, on {found.day.isoformat()}."
    if claim.frequency == "7":
        fix = "Ask for a reconsideration, with the reason why the correction is late."
    else:
        fix = "Attach proof of timely filing, or write off as the provider's (CO-29)."
    yield Problem(header("service"), message, fix, None if found.certain else WARNING)


@rule("payer.filing-limit-near", WARNING, source="payer contract; Medicare: 42 CFR 424.44")
def filing_limit_near(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Within a week of the filing limit a claim goes first."""
    found = deadline(claim, ctx)
    if found is not None:
        left = (found.day - ctx.today).days
        if 0 <= left < _NEAR:
            message = f"The {found.limit} ends in {left} day{'' if left == 1 else 's'}, on {found.day.isoformat()}."
            yield Problem(header("service"), message, "Send this claim today.")
