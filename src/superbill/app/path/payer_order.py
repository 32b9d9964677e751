"""A person decides who is billed: the next payer after a denial, or another payer first."""

from collections.abc import Sequence

from msgspec.structs import replace

from superbill.app.billing.standing import held_by_payer
from superbill.app.billing.transfers import transfer_to_payer
from superbill.app.claims.actions import ClaimDraft, open_corrected_claim, open_next_claim
from superbill.app.claims.queries import NextBilling, StoredClaim
from superbill.app.path.checking import check_version
from superbill.app.path.next_payers import draft_for
from superbill.app.session import Session
from superbill.app.work import together
from superbill.claims.inputs import PayerOnClaim
from superbill.claims.model import Claim, Subscriber
from superbill.claims.reordering import reordered
from superbill.findings import Finding


def bill_next_anyway(session: Session, waiting: NextBilling, reason: str) -> ClaimDraft | list[Finding]:
    """Bill the next payer for what this one refused, and move what it still holds to that one; findings where the
    claim can't be made, and then nothing was done."""
    draft = draft_for(session, waiting, session.at)
    if not isinstance(draft, ClaimDraft):
        return draft
    stored = waiting.stored
    with together():
        open_next_claim(session.actor, [draft], at=session.at)
        _move(session, stored, stored.next_payer, f"next:{stored.control_number}", reason)
    return draft


def bill_first(
    session: Session, one: StoredClaim, first: PayerOnClaim, subscriber: Subscriber, reason: str
) -> tuple[Claim, tuple[Finding, ...]] | list[Finding]:
    """A new claim to a payer that comes before the one billed; what that one holds moves. Findings where it can't be.

    The former claim stays as it is, replaced by this one, which is held where it has an error (the limit to file it may
    have passed). When the first payer has answered, the former first gets its
    claim: a replacement of its own if it has paid, else a new one. What it paid it takes back by a reversal.
    """
    claim = reordered(one.claim, first, subscriber, one.claim.version + 1)
    if isinstance(claim, list):
        return claim
    findings = check_version(session, replace(one, payer_key=first.key), claim)
    draft = ClaimDraft(
        encounter=one.encounter_id, claim=claim, payer_key=first.key, next_payer=one.payer_key, findings=findings
    )
    with together():
        open_corrected_claim(session.actor, one.id, draft, at=session.at)
        _move(session, one, first.key, f"first:{claim.control_number}", reason)
    return claim, findings


def _move(session: Session, one: StoredClaim, to: str, key: str, reason: str) -> None:
    lines = [line.control_number for line in one.claim.lines]
    held = held_by_payer(session.scope, lines)
    sums = [(line, sum(held.get((line, one.payer_key), {}).values())) for line in lines]
    parts: Sequence[tuple[str, int]] = [(line, amount) for line, amount in sums if amount > 0]
    if parts:
        transfer_to_payer(session.actor, parts, one.payer_key, to, key, session.today, reason=reason, at=session.at)
