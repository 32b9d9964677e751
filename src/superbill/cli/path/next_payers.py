"""Claims to the secondary and tertiary payers, from what the earlier ones decided."""

from datetime import datetime
from itertools import islice

from superbill.app.claims.actions import ClaimDraft, OpenCounts, open_next_claim
from superbill.app.claims.queries import NextBilling, claims_to_bill_next, patients_of
from superbill.cli.output import Stages
from superbill.cli.path.checking import checked, context_of
from superbill.cli.path.claims import added
from superbill.cli.path.known import Known
from superbill.cli.session import Session
from superbill.edits.authorization.taking import take_numbers
from superbill.findings import Finding
from superbill.remits.secondary import secondary_claim, waiting_payer
from superbill.site import payer_lookup

_AT_ONCE = 500


def bill_next_payers(session: Session, stages: Stages, *, at: datetime) -> tuple[OpenCounts, list[Finding]]:
    """Open a claim for every answer whose next payer is due; findings name those that can't be made."""
    counts, findings, drafts = OpenCounts(), [], []
    due = claims_to_bill_next(session.scope)
    while some := list(islice(due, _AT_ONCE)):
        patients = patients_of(session.scope, (waiting.stored.encounter_id for waiting in some))
        known = Known(session, patients.values())
        for waiting in some:
            made = _draft(session, waiting, at, known, patients[waiting.stored.encounter_id])
            if isinstance(made, ClaimDraft):
                drafts.append(made)
            else:
                findings += made
    if drafts:
        counts = added(counts, open_next_claim(session.actor, drafts, at=at))
        stages.step("Secondary", len(drafts))
    return counts, findings


def _draft(
    session: Session, waiting: NextBilling, at: datetime, known: Known, patient: int
) -> ClaimDraft | list[Finding]:
    stored, payers = waiting.stored, payer_lookup(session.site)
    claim = secondary_claim(stored.claim, waiting.answer, waiting.remittance.payment_date, payers)
    if isinstance(claim, list):
        return claim
    later = waiting_payer(claim)
    after = payers(later.payer.id) if later else None
    facts = known.of(patient, stored.next_payer, claim)
    context = context_of(session, stored.next_payer, at.date(), facts=facts)
    claim, taken = take_numbers(claim, context)
    return ClaimDraft(
        encounter=stored.encounter_id,
        claim=claim,
        payer_key=stored.next_payer,
        next_payer=after.key if after else "",
        findings=(*taken, *checked(session, claim, context)),
    )
