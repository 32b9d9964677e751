"""The last day on which a payer takes a claim."""

from datetime import date, timedelta

from superbill.claims.model import Claim
from superbill.site import PayerEntry


def filing_deadline(claim: Claim, entry: PayerEntry | None) -> date | None:
    """The last day to file `claim`, by the payer's limits in the site file; None where no limit is known.

    Counted from the last day of service, or from discharge; of a claim to a later payer from the last payment before
    it, where the payer counts so; of a replacement or void by the limit for corrections, where there is one.
    """
    if entry is None:
        return None
    last = claim.service.end or claim.service.start
    days = entry.filing_limit_days
    if claim.frequency in ("7", "8") and entry.correction_limit_days is not None:
        days = entry.correction_limit_days
    elif entry.secondary_limit_days is not None and (paid := _last_payment(claim)) is not None:
        last, days = paid, entry.secondary_limit_days
    return last + timedelta(days=days) if last is not None and days is not None else None


def _last_payment(claim: Claim) -> date | None:
    told = [other.paid_on for other in claim.other_insurance if other.paid_on is not None]
    told += [each.paid_on for line in claim.lines for each in line.adjudications if each.paid_on is not None]
    return max(told, default=None)
