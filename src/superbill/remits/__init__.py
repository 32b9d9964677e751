"""From a remittance to journal entries: which claim, which line, which money."""

from superbill.remits.model import ChargeLine, ClaimOutcome, PostingPlan, SentClaim, standing
from superbill.remits.plan import plan_posting

__all__ = ["ChargeLine", "ClaimOutcome", "PostingPlan", "SentClaim", "plan_posting", "standing"]
