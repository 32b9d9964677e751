"""What people do with remittances and their answers."""

from superbill.app.remits.payments import NotPossible, source_of
from superbill.app.remits.posting import Plan, PostingResult, accept_remittance, post_remittance

__all__ = [
    "NotPossible",
    "Plan",
    "PostingResult",
    "accept_remittance",
    "post_remittance",
    "source_of",
]
