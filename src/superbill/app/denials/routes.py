"""The other ways on from a refusal: a corrected claim, a question to the payer, the patient, giving it up."""

from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.transfers import transfer_to_patient
from superbill.app.billing.write_offs import WriteOff, ask_to_forgive, forgive
from superbill.app.claims.opening import ClaimDraft, open_corrected_claim
from superbill.app.denials.models import StepKind
from superbill.app.denials.queries.steps import StepFacts
from superbill.app.denials.steps import (
    NotThisDenial,
    must_not_be_to_come,
    refused_lines,
    standing_denial,
    step_there,
    write_step,
)
from superbill.app.practices.queries import policy
from superbill.app.work import Work, action
from superbill.denials.model import Denial
from superbill.ledger.entry import Entry
from superbill.ledger.reasons import WRITE_OFFS
from superbill.site.appeals import PayerRules

ASKED = {
    "reopening": StepKind.REOPENING,
    "documents": StepKind.DOCUMENTS,
    "peer_to_peer": StepKind.PEER_TO_PEER,
    "note": StepKind.NOTE,
}
GIVEN_UP = tuple(reason.code for reason in WRITE_OFFS.values() if reason.side == "insurance")


def tell(actor: Actor, control_number: str, what: str, text: str, on: date, *, at: datetime) -> int:
    """Write down that a reopening was asked for, documents were sent, a physician spoke with the payer's, or a note.

    The same words on the same day are one step. Raises NotThisDenial for another word than these, or without text.
    """
    with action(actor, Permission.WORK_DENIALS, "tell about denial", at) as work:
        kind = ASKED.get(what)
        if kind is None:
            raise NotThisDenial(f"{what!r}: tell of one of {', '.join(ASKED)}")
        if not text.strip():
            raise NotThisDenial(f"{control_number}: say what was {'asked' if kind is StepKind.REOPENING else 'done'}")
        must_not_be_to_come(control_number, on, at)
        about = standing_denial(work, control_number, on)
        same = next((s for s in about.refusal.own_steps if (s.kind, s.on, s.text) == (kind.value, on, text)), None)
        if same is not None:
            return same.row
        place = len(about.refusal.own_steps) + 1
        key = f"{kind.value}:{about.refusal.control_number}:{place}"
        return write_step(work, about.refusal, kind, on, key, StepFacts(lines=refused_lines(about), text=text))


def correct_claim(actor: Actor, control_number: str, draft: ClaimDraft, on: date, *, at: datetime) -> int:
    """Open the corrected version of the refused claim (frequency 7, or 8 to take it back); the new claim's row.

    Raises NotThisDenial while a later version is under way; NotThisClaim as `open_corrected_claim` does.
    """
    with action(actor, Permission.BILL, "correct denied claim", at) as work:
        about = standing_denial(work, control_number, on)
        if about.state == "corrected":
            later = about.refusal.versions[-1]
            raise NotThisDenial(
                f"{control_number}: {later.control_number} is {later.state} already; wait for its answer"
            )
        row = open_corrected_claim(actor, about.refusal.claim, draft, at=at)
        facts = StepFacts(lines=refused_lines(about), text=draft.claim.control_number)
        key = f"corrected:{draft.claim.control_number}"
        if step_there(work, key) is None:
            write_step(work, about.refusal, StepKind.CORRECTED, on, key, facts)
        return row


def give_up(actor: Actor, control_number: str, reason: str, on: date, *, note: str = "", at: datetime) -> Entry:
    """Write off what stands refused of a claim, all of it, as one entry.

    Raises NotThisDenial for a reason that does not fit a payer's balance; OverLimit above what the actor may forgive
    alone (`ask_to_give_up` then leaves it for a second person).
    """
    with action(actor, Permission.WRITE_OFF, "give up denial", at) as work:
        hold_journal(work.scope)
        about = _given_up(work, control_number, reason, on)
        key = _settling_key(about, StepKind.WRITTEN_OFF)
        what = WriteOff(lines=refused_lines(about), reason=reason, note=note)
        entry = forgive(actor, what, key, on, at=at)
        facts = StepFacts(lines=what.lines, text="; ".join(part for part in (reason, note) if part), entry=entry.key)
        write_step(work, about.refusal, StepKind.WRITTEN_OFF, on, key, facts)
        return entry


def ask_to_give_up(actor: Actor, control_number: str, reason: str, on: date, *, note: str = "", at: datetime) -> str:
    """Leave what `give_up` would write off for a second person; the number of the approval. Nothing is posted yet.

    The same refusal asks once. Raises NotThisDenial as `give_up` does.
    """
    with action(actor, Permission.WRITE_OFF, "ask to give up denial", at) as work:
        hold_journal(work.scope)
        about = _given_up(work, control_number, reason, on)
        what = WriteOff(lines=refused_lines(about), reason=reason, note=note or control_number)
        return ask_to_forgive(actor, what, _settling_key(about, StepKind.WRITTEN_OFF), on, at=at)


def _given_up(work: Work, control_number: str, reason: str, on: date) -> Denial:
    """The denial, where it can be given up for this reason now."""
    if reason not in GIVEN_UP:
        raise NotThisDenial(f"{reason!r}: a refusal is given up for one of {', '.join(GIVEN_UP)}")
    about = standing_denial(work, control_number, on)
    _must_not_wait(about)
    return about


def bill_patient(actor: Actor, control_number: str, why: str, on: date, *, note: str = "", at: datetime) -> Entry:
    """Make what stands refused the patient's, as one entry; only where law and contract let it (billing.transfers):
    group PR, the lack of coverage, or a notice that the patient signed before (modifier GA on the claim, or told).

    Raises NotPossible with the reason why not; NotThisDenial for a signed notice that nothing tells of.
    """
    with action(actor, Permission.TRANSFER, "bill patient for denial", at) as work:
        hold_journal(work.scope)
        about = standing_denial(work, control_number, on)
        _must_not_wait(about)
        if why == "signed-notice" and not (signed_notice(about) or note.strip()):
            raise NotThisDenial(
                f"{control_number}: no line carries modifier GA; say which signed notice there is and where it is kept"
            )
        key = _settling_key(about, StepKind.PATIENT_BILLED)
        lines = refused_lines(about)
        rules = policy(work.scope).payers.get(about.refusal.payer, PayerRules())
        entry = transfer_to_patient(
            actor, lines, about.refusal.payer, why, key, on, reason=note, payer_kind=rules.kind, at=at
        )
        facts = StepFacts(lines=lines, text="; ".join(part for part in (why, note) if part), entry=entry.key)
        write_step(work, about.refusal, StepKind.PATIENT_BILLED, on, key, facts)
        return entry


def signed_notice(about: Denial) -> bool:
    """Whether every refused line was billed with the notice that the patient signed (modifier GA)."""
    return all("GA" in line.modifiers for line in about.refusal.lines)


def _settling_key(about: Denial, kind: StepKind) -> str:
    """Names this settlement: the same refusal settled again after an undoing is another event."""
    place = sum(step.kind == kind.value for step in about.refusal.steps) + 1
    return f"{kind.value}:{about.refusal.key}:{place}"


def _must_not_wait(about: Denial) -> None:
    number = about.refusal.control_number
    if about.state == "in_appeal":
        raise NotThisDenial(f"{number}: an appeal is under way; withdraw it first: superbill appeal decide {number}")
    if about.state == "corrected":
        raise NotThisDenial(f"{number}: a corrected claim is under way; wait for its answer")
