"""A claim is edited by a person: mended in place before it is sent, afterwards in a new version."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.claims.actions import ClaimDraft, NotThisClaim, open_corrected_claim, release_held
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import StoredClaim, later_version
from superbill.app.denials.actions import correct_claim
from superbill.app.denials.queries import denial
from superbill.app.documents import content_key, encoded
from superbill.app.path.checking import check_stored, check_version
from superbill.app.session import Session
from superbill.claims.changing import changed
from superbill.claims.cob import corrected
from superbill.claims.cob import void as voided
from superbill.claims.model import Claim
from superbill.findings import Finding, errors

OPEN = (ClaimState.HELD, ClaimState.READY)
WAITING = (ClaimState.SENT, ClaimState.ACCEPTED)


class Saved(Struct, frozen=True, kw_only=True):
    """What an edit came to: the claim it is in, its findings, and whether it is ready to go out."""

    control_number: str
    findings: tuple[Finding, ...]
    ready: bool


def mark_of(one: StoredClaim) -> str:
    """Changes when the claim does: what a form that was begun on it carries."""
    return content_key(f"{one.state}\0{encoded(one.claim)}")[:16]


def why_not(session: Session, one: StoredClaim) -> str:
    """Why a claim can't be edited now; "" where it can."""
    if one.state in WAITING:
        return f"{one.control_number} is under way: wait for the payer's answer, then correct it."
    if later := later_version(session.scope, one.id):
        return f"{one.control_number} has a later version, {later}. Work on that one."
    return ""


def as_edited(one: StoredClaim, claim: Claim) -> Claim:
    """The claim that an edit of `one` makes: itself before it is sent, after a rejection a new original, after the
    payer's decision a replacement (frequency 7)."""
    if one.state in OPEN:
        return claim
    fresh = corrected(claim, one.payer_control_number, one.claim.version + 1, {})
    if one.state == ClaimState.REJECTED:  # it never reached the payer's system: there is nothing to replace
        first = "1" if one.claim.frequency in ("7", "8") else one.claim.frequency
        return replace(fresh, frequency=first, payer_control_number="")
    return fresh


def check_edit(session: Session, one: StoredClaim, claim: Claim) -> tuple[Finding, ...]:
    """What every edit finds on the edited claim, as it would be saved."""
    if one.state in OPEN:
        ((_, findings),) = check_stored(session, [replace(one, claim=claim)])
        return findings
    return check_version(session, one, claim)


def save_edit(
    session: Session, one: StoredClaim, claim: Claim, *, keep_held: bool = False
) -> Saved | tuple[Finding, ...]:
    """Save the edited claim (`as_edited`) of `one`, which is what the person began from.

    A new version that has an error is opened only with `keep_held`; else its findings are given and nothing was done.
    Raises NotThisClaim where somebody else has changed the claim since.
    """
    findings = check_edit(session, one, claim)
    wrong = errors(findings)
    if one.state in OPEN:
        release_held(session.actor, [(one.id, claim, findings)], at=session.at, began={one.id: encoded(one.claim)})
        return Saved(control_number=claim.control_number, findings=findings, ready=not wrong)
    if wrong and not keep_held:
        return findings
    draft = ClaimDraft(
        encounter=one.encounter_id, claim=claim, payer_key=one.payer_key, next_payer=one.next_payer, findings=findings
    )
    _open(session, one, draft, session.today)
    return Saved(control_number=claim.control_number, findings=findings, ready=not wrong)


def void_claim(session: Session, one: StoredClaim) -> Saved | tuple[Finding, ...]:
    """Take back a claim that its payer has decided (frequency 8); findings where it can't be sent."""
    if one.state in (*OPEN, *WAITING, ClaimState.REJECTED):
        raise NotThisClaim(f"{one.control_number} is {one.state}. Only what its payer has decided can be voided.")
    claim = voided(one.claim, one.payer_control_number, one.claim.version + 1)
    return save_edit(session, one, claim)


def _open(session: Session, one: StoredClaim, draft: ClaimDraft, on: date) -> None:
    refused = denial(session.scope, one.control_number, on)
    if refused is not None and refused.state not in ("corrected", "in_appeal"):
        correct_claim(session.actor, one.control_number, draft, on, at=session.at)  # leaves the denials' desk with it
    else:
        open_corrected_claim(session.actor, one.id, draft, at=session.at)


def fixed(one: StoredClaim, rule: str) -> Claim | None:
    """An unsent claim with the changes that the first finding of `rule` offers; None where none does, or where they
    would change what is on the books."""
    for finding in one.findings:
        if finding.rule == rule and finding.changes and finding.override is None:
            claim = changed(one.claim, finding.changes)
            if _charged(claim) == _charged(one.claim):
                return claim
    return None


def _charged(claim: Claim) -> list[tuple[str, int]]:
    return [(line.control_number, line.charge) for line in claim.lines]
