"""Claims to the secondary and tertiary payers, from what the earlier ones decided; corrected when they decide anew."""

from datetime import date, datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.claims.actions import (
    ClaimDraft,
    OpenCounts,
    open_corrected_claim,
    open_next_claim,
    release_held,
)
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import (
    NextBilling,
    NextChange,
    StoredClaim,
    claims_to_bill_next,
    next_claims_to_correct,
    paid_out_of_turn,
    patients_of,
)
from superbill.app.path.checking import checked, context_of
from superbill.app.path.claims import added
from superbill.app.path.known import Known
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.claims.model import Claim
from superbill.edits.authorization.taking import take_numbers
from superbill.findings import Finding, Severity, header
from superbill.remits.secondary import leaves_share, same_adjudication, secondary_claim, waiting_payer
from superbill.site import payer_lookup
from superbill.x12.model import RemittanceClaim

_AT_ONCE = 500
_UNSENT = (ClaimState.HELD, ClaimState.READY)
_UNDER_WAY = (ClaimState.SENT, ClaimState.ACCEPTED)


class _Answered(Struct, frozen=True, kw_only=True):
    """A claim to make, or to make anew, for the next payer of `stored`."""

    stored: StoredClaim
    answer: RemittanceClaim
    paid_on: date
    version: int = 1


def bill_next_payers(session: Session, stages: Stages, *, at: datetime) -> tuple[OpenCounts, list[Finding]]:
    """Open a claim for every answer whose next payer is due; findings name those that can't be made.

    A claim that went to the next payer with what no longer holds is corrected: before it is sent in place, after it was
    decided by a replacement (frequency 7).
    """
    counts, findings, drafts = OpenCounts(), [], []
    due = claims_to_bill_next(session.scope, at.date())
    while some := list(islice(due, _AT_ONCE)):
        made, refused = _drafts(session, [_of(waiting) for waiting in some], at)
        drafts += made
        findings += refused
    if drafts:
        counts = added(counts, open_next_claim(session.actor, drafts, at=at))
        stages.step("Secondary", len(drafts))
    findings += correct_next_claims(session, at=at)
    return counts, findings


def draft_for(session: Session, waiting: NextBilling, at: datetime) -> ClaimDraft | list[Finding]:
    """The claim to the next payer of one answer; findings where it can't be made."""
    drafts, findings = _drafts(session, [_of(waiting)], at)
    return drafts[0] if drafts else findings


def _of(waiting: NextBilling) -> _Answered:
    return _Answered(stored=waiting.stored, answer=waiting.answer, paid_on=waiting.paid_on)


def _drafts(session: Session, some: list[_Answered], at: datetime) -> tuple[list[ClaimDraft], list[Finding]]:
    drafts, findings = [], []
    patients = patients_of(session.scope, (one.stored.encounter_id for one in some))
    known = Known(session, patients.values())
    for one in some:
        made = _draft(session, one, at, known, patients[one.stored.encounter_id])
        if isinstance(made, ClaimDraft):
            drafts.append(made)
        else:
            findings += made
    return drafts, findings


def _draft(session: Session, one: _Answered, at: datetime, known: Known, patient: int) -> ClaimDraft | list[Finding]:
    stored, payers = one.stored, payer_lookup(session.site)
    claim = secondary_claim(stored.claim, one.answer, one.paid_on, payers, version=one.version)
    if isinstance(claim, list):
        return claim
    later = waiting_payer(claim)
    after = payers(later.payer.id) if later else None
    facts = known.of(patient, stored.next_payer, claim)
    context = context_of(session, stored.next_payer, at.date(), facts=facts)
    claim, taken = take_numbers(claim, context)
    if paid := paid_out_of_turn(session.scope, stored):
        claim = replace(claim, frequency="7", payer_control_number=paid)
    entry = session.site.payer(stored.next_payer)
    return ClaimDraft(
        encounter=stored.encounter_id,
        claim=claim,
        payer_key=stored.next_payer,
        next_payer=after.key if after else "",
        on_paper=entry is not None and not entry.electronic_secondary,
        findings=(*taken, *checked(session, claim, context)),
    )


def correct_next_claims(session: Session, *, at: datetime) -> list[Finding]:
    """Bring later payers' claims in line with what the earlier payer says now; findings where a person decides."""
    findings: list[Finding] = []
    for change in next_claims_to_correct(session.scope):
        findings += _correct(session, change, at)
    return findings


def _correct(session: Session, change: NextChange, at: datetime) -> list[Finding]:
    """A claim to the next payer that does not wait for an answer is made to say what the earlier payer says now."""
    following = change.following
    if change.answer is None or not leaves_share(change.answer):
        return _stopped(session, change, at)
    again = following.state not in _UNSENT
    one = _Answered(
        stored=change.stored,
        answer=change.answer,
        paid_on=change.paid_on,
        version=following.claim.version + again,
    )
    drafts, findings = _drafts(session, [one], at)
    if not drafts:
        return findings
    (draft,) = drafts
    if same_adjudication(draft.claim, following.claim):
        return _unchanged(session, change, draft, at)
    if following.state in _UNDER_WAY:
        return [_wait(change)]
    if not again:
        kept = replace(draft.claim, frequency=following.claim.frequency)
        kept = replace(kept, payer_control_number=following.claim.payer_control_number)
        release_held(session.actor, [(following.id, kept, draft.findings)], at=at)
    else:
        open_corrected_claim(session.actor, following.id, _replacing(draft, following), at=at)
    return []


def _replacing(draft: ClaimDraft, following: StoredClaim) -> ClaimDraft:
    """After a rejection a new original; after the payer's decision a replacement of the claim that it has."""
    if following.state == ClaimState.REJECTED:
        return draft
    claim: Claim = replace(draft.claim, frequency="7", payer_control_number=following.payer_control_number)
    return replace(draft, claim=claim)


def _unchanged(session: Session, change: NextChange, draft: ClaimDraft, at: datetime) -> list[Finding]:
    """The claim says what the payer says; one that was stopped when an answer was taken back goes on."""
    following = change.following
    if any(finding.rule == _STOPPED for finding in following.findings):
        release_held(session.actor, [(following.id, following.claim, draft.findings)], at=at)
    return []


_STOPPED = "claims.cob-taken-back"


def _stopped(session: Session, change: NextChange, at: datetime) -> list[Finding]:
    """The earlier payer has taken its answer back: an unsent claim is held until another one comes."""
    following = change.following
    finding = Finding(
        rule=_STOPPED,
        severity=Severity.ERROR,
        where=header("other insurance"),
        message=f"The payer before leaves no share of claim {change.stored.control_number} any more.",
        fix="Wait for its new answer; then this claim is corrected by itself.",
        source="835 TR3, reversal and correction",
    )
    if following.state in _UNSENT and all(one.rule != _STOPPED for one in following.findings):
        release_held(session.actor, [(following.id, following.claim, (*following.findings, finding))], at=at)
    return []


def _wait(change: NextChange) -> Finding:
    return Finding(
        rule="claims.cob-changed",
        severity=Severity.WARNING,
        where=header("other insurance"),
        message=f"Claim {change.following.control_number} is under way with what the payer before no longer says.",
        fix="Wait for its answer: then it is replaced (frequency 7) by itself.",
    )
