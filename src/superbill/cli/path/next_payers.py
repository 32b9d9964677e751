"""Claims to the secondary and tertiary payers, from what the earlier ones decided."""

from datetime import datetime

from superbill.app.claims.actions import ClaimDraft, OpenCounts, open_next_claim
from superbill.app.claims.queries import NextBilling, claims_to_bill_next
from superbill.cli.output import Stages
from superbill.cli.path.checking import check_claim
from superbill.cli.path.claims import added
from superbill.cli.session import Session
from superbill.findings import Finding
from superbill.remits.secondary import secondary_claim, waiting_payer
from superbill.site import payer_lookup


def bill_next_payers(session: Session, stages: Stages, *, at: datetime) -> tuple[OpenCounts, list[Finding]]:
    """Open a claim for every answer whose next payer is due; findings name those that can't be made."""
    counts, findings, drafts = OpenCounts(), [], []
    for waiting in claims_to_bill_next(session.scope):
        made = _draft(session, waiting, at)
        if isinstance(made, ClaimDraft):
            drafts.append(made)
        else:
            findings += made
    if drafts:
        counts = added(counts, open_next_claim(session.actor, drafts, at=at))
        stages.step("Secondary", len(drafts))
    return counts, findings


def _draft(session: Session, waiting: NextBilling, at: datetime) -> ClaimDraft | list[Finding]:
    stored, payers = waiting.stored, payer_lookup(session.site)
    claim = secondary_claim(stored.claim, waiting.answer, waiting.remittance.payment_date, payers)
    if isinstance(claim, list):
        return claim
    later = waiting_payer(claim)
    after = payers(later.payer.id) if later else None
    return ClaimDraft(
        encounter=stored.encounter_id,
        claim=claim,
        payer_key=stored.next_payer,
        next_payer=after.key if after else "",
        findings=check_claim(session, stored.next_payer, claim, at.date()),
    )
