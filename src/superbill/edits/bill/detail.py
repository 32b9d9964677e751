"""What the rules of this family share: the decorator of their form, and the claim's institutional part."""

from functools import partial

from superbill.claims.institutional import InstitutionalDetail
from superbill.claims.model import Claim
from superbill.edits.rule import rule

bill_rule = partial(rule, forms=("institutional",), when="institutional")
INTERIM = frozenset({"2", "3"})
"""Frequencies of a bill with more to come: interim first and continuing."""
WHOLE_OR_LAST = frozenset({"1", "4"})
"""Frequencies of a bill that ends the stay."""
HOSPITAL_STAYS = frozenset({"11", "18", "41"})
"""Facility types of a hospital's inpatient bill: acute, swing bed, religious nonmedical."""


def detail_of(claim: Claim) -> InstitutionalDetail:
    """The institutional part; the rules here are asked only where there is one."""
    assert claim.institutional is not None
    return claim.institutional


def days_billed(claim: Claim) -> int | None:
    """Days of a stay in the statement: the day of discharge or death doesn't count, the last day of a patient who
    stays on does (Medicare Benefit Policy Manual ch. 3 §20.1). None without both days.
    """
    period = claim.service
    if period.start is None or period.end is None:
        return None
    stays_on = detail_of(claim).discharge_status == "30"
    nights = (period.end - period.start).days + stays_on
    return max(nights, 1)
