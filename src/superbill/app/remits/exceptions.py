"""Answers that could not be posted by themselves: a person says what they are for, or that they go back.

Each of these can be undone: a posted one by `undo_claim`, the others by `reopen_answer`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded, encoded
from superbill.app.remits.lookup import claim_for
from superbill.app.remits.models import IN_QUEUE, RemittanceClaimRow, RemittanceClaimState, RemittanceRow
from superbill.app.remits.stored import moves_claim
from superbill.app.remits.undoing import Undone, answer_row, event_name, posted_remittance, take_off
from superbill.app.rows import found, update
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason
from superbill.remits.answering import Insist
from superbill.remits.model import ClaimOutcome, PostingPlan, SentClaim
from superbill.remits.plan import plan_by_hand, plan_claim
from superbill.remits.posting import LineMoney
from superbill.x12.model import Remittance

_S = RemittanceClaimState
_OPEN = (_S.HELD, _S.UNMATCHED, _S.SET_ASIDE)
_Planned = Callable[[Remittance, int, SentClaim, str], PostingPlan]


def assign_answer(
    actor: Actor, answer: int, claim: str, *, on: date, at: datetime, insist: Insist = "add"
) -> ClaimOutcome:
    """Post an answer (row id) that waits onto the claim with this control number, line by line, out of SUSPENSE.

    `insist`: where the payer has paid the claim before, "add" to that or post "instead" of it. The books of the day
    `on`. Raises NotPossible where the answer does not wait, its lines don't fit the claim's (post it by hand then), or
    there is no such claim that was sent.
    """

    def planned(remittance: Remittance, position: int, sent: SentClaim, event: str) -> PostingPlan:
        payer, source = row.payer_key, row.source
        return plan_claim(remittance, position, sent, payer=payer, source=source, event=event, insist=insist or "add")

    with action(actor, Permission.POST_REMITTANCE, "assign answer", at) as work:
        hold_journal(work.scope)
        one = answer_row(work, answer, *_OPEN)
        row = posted_remittance(work, one.remittance_id)
        return _post(work, row, one, claim, on, planned)


def post_by_hand(
    actor: Actor, answer: int, claim: str, lines: Sequence[LineMoney], *, on: date, at: datetime
) -> ClaimOutcome:
    """Post an answer (row id) that waits onto lines of a claim as a person says: per line what is paid and adjusted.

    The payments must add up to the answer's, to the cent. Raises NotPossible where they don't, for a line that is not
    the claim's, or an answer that does not wait.
    """

    def planned(remittance: Remittance, position: int, sent: SentClaim, event: str) -> PostingPlan:
        return plan_by_hand(
            remittance, position, sent, tuple(lines), payer=row.payer_key, source=row.source, event=event
        )

    with action(actor, Permission.POST_REMITTANCE, "post answer by hand", at) as work:
        hold_journal(work.scope)
        one = answer_row(work, answer, *_OPEN)
        row = posted_remittance(work, one.remittance_id)
        return _post(work, row, one, claim, on, planned)


def set_answer_aside(actor: Actor, answer: int, why: str, *, at: datetime) -> None:
    """An answer needs nothing for now; its money stays in SUSPENSE. Raises NotPossible without a reason."""
    _decide(actor, "set answer aside", answer, why, (_S.HELD, _S.UNMATCHED), _S.SET_ASIDE, at)


def send_back(actor: Actor, answer: int, why: str, *, at: datetime) -> None:
    """The money of an answer is not ours: a refund to its payer is due. Raises NotPossible where there is none."""
    _decide(actor, "send answer back", answer, why, _OPEN, _S.TO_RETURN, at)


def record_sent_back(actor: Actor, answer: int, reference: str, *, on: date, at: datetime) -> Entry:
    """The refund that was due has gone out, by the check or transfer `reference`: SUSPENSE is cleared by CASH."""
    with action(actor, Permission.REFUND, "record sent back", at) as work:
        hold_journal(work.scope)
        one = answer_row(work, answer, _S.TO_RETURN)
        row = posted_remittance(work, one.remittance_id)
        step = one.step + 1
        why = Reason(code="sent-back", remarks=(reference,) if reference else ())
        entry = Entry(
            key=f"{row.source}:{event_name(one, step)}:returned",
            kind="refund",
            on=on,
            source=row.source,
            memo=one.why,
            postings=(
                Posting(account=Account.SUSPENSE, amount=one.paid, payer=row.payer_key, reason=why),
                Posting(account=Account.CASH, amount=-one.paid, payer=row.payer_key, reason=why),
            ),
        )
        write_entries(work, [entry])
        update(RemittanceClaimRow, ("state", "step"), [(_S.RETURNED.value, step, one.pk)])
        work.note("answer", one.pk, entries=1, state=_S.RETURNED.value)
        return entry


def reopen_answer(actor: Actor, answer: int, *, on: date, at: datetime) -> Undone:
    """Take a decision back: what was set aside, is to be returned or was returned waits among the exceptions again."""
    with action(actor, Permission.POST_REMITTANCE, "reopen answer", at) as work:
        hold_journal(work.scope)
        one = answer_row(work, answer, _S.SET_ASIDE, _S.TO_RETURN, _S.RETURNED)
        row = posted_remittance(work, one.remittance_id)
        entries: list[Entry] = []
        if one.state == _S.RETURNED:
            refund = f"{row.source}:{event_name(one, one.step)}:returned"
            entries = take_off(work, row, one, on, "not sent back after all", only=refund)
            write_entries(work, entries)
        state = one.outcome if one.outcome in IN_QUEUE else _S.HELD.value
        update(RemittanceClaimRow, ("state", "why"), [(state, "", one.pk)])
        work.note("answer", one.pk, entries=len(entries), state=state)
        return Undone(entries=len(entries), claims=0)


def _decide(actor: Actor, name: str, answer: int, why: str, states: Sequence[_S], to: _S, at: datetime) -> None:
    if not why.strip():
        raise NotPossible("Say why: whoever looks at it later has to know.")
    with action(actor, Permission.POST_REMITTANCE, name, at) as work:
        hold_journal(work.scope)
        row = answer_row(work, answer, *states)
        posted_remittance(work, row.remittance_id)
        if to is _S.TO_RETURN and row.paid <= 0:
            raise NotPossible(f"The answer to {row.control_number} has no money that could go back.")
        update(RemittanceClaimRow, ("state", "why"), [(to.value, why[:200], row.pk)])
        work.note("answer", row.pk, state=to.value)


def _post(
    work: Work, row: RemittanceRow, one: RemittanceClaimRow, claim: str, on: date, planned: _Planned
) -> ClaimOutcome:
    """Out of suspense and onto the claim's lines, in one go."""
    ours = claim_for(work.scope, claim, row.payer_key)
    if ours is None:
        raise NotPossible(f"No claim {claim} that was sent is in this practice. See superbill claim list.")
    claim_id, sent, crossover = ours
    step = one.step + 1
    document = decoded(row.doc, Remittance, f"remittance {row.pk}")
    plan = planned(document, one.position, sent, event_name(one, step))
    (outcome,) = plan.outcomes
    if outcome.state in IN_QUEUE:
        said = outcome.findings[0].message if outcome.findings else ""
        raise NotPossible(f"{said} Post it by hand, line by line, or choose another claim.")
    memo = f"answer to {one.control_number} assigned to {claim}"
    moved = [replace(entry, on=on) for entry in plan.entries]
    write_entries(work, [*take_off(work, row, one, on, memo), *moved])
    before = next(found(work.scope, ClaimRow, "id", [claim_id], "state", "payer_control_number"))
    moves = moves_claim(outcome.state) and not crossover
    change = (
        _S.POSTED.value, claim_id, outcome.state, outcome.bill_next, encoded(outcome.findings), step,
        before[0] if moves else "", before[1] if moves else "", "", one.pk,
    )  # fmt: skip
    columns = (
        "state", "claim_id", "outcome", "bill_next", "findings", "step", "state_before", "number_before", "why",
    )  # fmt: skip
    update(RemittanceClaimRow, columns, [change])
    if moves:
        number = one.payer_control_number or before[1]
        update(ClaimRow, ("state", "state_since", "payer_control_number"), [(outcome.state, work.at, number, claim_id)])
    work.note("answer", one.pk, claim=claim_id, entries=len(moved), state=_S.POSTED.value)
    return outcome
