"""A payer's answer about a claim in plain words."""

from superbill.app.claims.words import meaning
from superbill.money import dollars
from superbill.x12.inquiry_model import ClaimReply


def said(reply: ClaimReply) -> str:
    """What the payer says, its most important status first; what it has paid, when, and under which number."""
    parts = [meaning(code).rstrip(".") for code in reply.statuses] or ["No status"]
    if reply.paid:
        on = f" on {reply.payment_date or reply.finalized}" if reply.payment_date or reply.finalized else ""
        trace = f", payment {reply.payment_trace}" if reply.payment_trace else ""
        parts.append(f"{dollars(reply.paid)} paid{on}{trace}")
    elif reply.finalized:
        parts.append(f"decided on {reply.finalized}")
    return ". ".join(parts) + "."
