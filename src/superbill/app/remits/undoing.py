"""What was posted is taken back: a whole remittance, or one of its answers. Claims get back what they were."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.billing.models import JournalEntry
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import encoded
from superbill.app.remits.chains import chains, standing_entries
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow, RemittanceState
from superbill.app.remits.next_claims import withdraw_next_claims
from superbill.app.remits.stored import moves_claim
from superbill.app.rows import found, update
from superbill.app.work import Work, action
from superbill.findings import Finding, Place, Severity
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason, reversal
from superbill.remits.identity import digest


class Undone(Struct, frozen=True, kw_only=True):
    """What an undo did: entries that took entries back, claims that got their state back, claims to next payers that
    had not gone out and were withdrawn."""

    entries: int
    claims: int
    withdrawn: int = 0


def void_remittance(actor: Actor, remittance: int, *, on: date, why: str = "", at: datetime) -> Undone:
    """Take a posted remittance (row id) back, deposit and all, on the books of the day `on`.

    Every entry that it made is reversed, what it reversed stands again, and the same file can be posted again. Raises
    NotPossible where another payment or a next payer's claim builds on it, or where money of it went back already.
    """
    with action(actor, Permission.POST_REMITTANCE, "void remittance", at) as work:
        hold_journal(work.scope)
        row = posted_remittance(work, remittance)
        answers = list(work.scope.rows(RemittanceClaimRow).filter(remittance_id=row.pk).order_by("id"))
        if any(answer.state == RemittanceClaimState.RETURNED for answer in answers):
            raise NotPossible(
                f"Money of payment {row.trace_number} was returned to the payer. Undo that first (remit reopen)."
            )
        withdrawn = withdraw_next_claims(work, _based_on(work, answers))
        entries = _reversals(work, row.source, on, why or f"payment {row.trace_number} voided")
        write_entries(work, entries)
        restored = restore_claims(work, answers)
        state = RemittanceClaimState.VOIDED.value
        update(RemittanceClaimRow, ("state", "bill_next"), [(state, False, answer.pk) for answer in answers])
        update(RemittanceRow, ("state", "since"), [(RemittanceState.VOIDED.value, work.at, row.pk)])
        work.note("remittance", row.pk, entries=len(entries), claims=restored, state="voided")
        return Undone(entries=len(entries), claims=restored, withdrawn=withdrawn)


def undo_claim(actor: Actor, answer: int, *, on: date, why: str = "", at: datetime) -> Undone:
    """Take one posted answer (row id) off its claim: its money goes to SUSPENSE and it waits among the exceptions.

    Raises NotPossible as `void_remittance` does, and for an answer that is not posted.
    """
    with action(actor, Permission.POST_REMITTANCE, "undo answer", at) as work:
        hold_journal(work.scope)
        row = answer_row(work, answer, RemittanceClaimState.POSTED)
        remittance = posted_remittance(work, row.remittance_id)
        withdrawn = withdraw_next_claims(work, _based_on(work, [row]))
        entries = take_off(work, remittance, row, on, why or f"answer to {row.control_number} undone")
        step = row.step + 1
        if row.paid:
            entries.append(into_suspense(remittance, row, step, on))
        write_entries(work, entries)
        restored = restore_claims(work, [row])
        said = (_undone(row.control_number, why),)
        changes = ("held", "held", False, encoded(said), step, "", "", row.pk)
        columns = ("state", "outcome", "bill_next", "findings", "step", "state_before", "number_before")
        update(RemittanceClaimRow, columns, [changes])
        work.note("answer", row.pk, entries=len(entries), state="held")
        return Undone(entries=len(entries), claims=restored, withdrawn=withdrawn)


def posted_remittance(work: Work, remittance: int) -> RemittanceRow:
    """The row, which must be posted."""
    row = work.scope.rows(RemittanceRow).filter(pk=remittance).first()
    if row is None:
        raise NotPossible(f"no remittance {remittance} in this practice")
    if row.state != RemittanceState.POSTED:
        raise NotPossible(f"Payment {row.trace_number} is {row.state}, not posted: there is nothing to take back.")
    return row


def answer_row(work: Work, answer: int, *states: RemittanceClaimState) -> RemittanceClaimRow:
    """The row of an answer, which must be in one of these states."""
    row = work.scope.rows(RemittanceClaimRow).filter(pk=answer).first()
    if row is None:
        raise NotPossible(f"no remittance claim {answer} in this practice")
    if row.state not in states:
        wanted = " or ".join(state.value.replace("_", " ") for state in states)
        raise NotPossible(f"The answer to {row.control_number} is {row.state.replace('_', ' ')}, not {wanted}.")
    return row


def event_name(row: RemittanceClaimRow, step: int) -> str:
    """What names the answer in entry keys the `step`th time that it is posted."""
    return row.event if step == 1 else f"{row.event}~{step}"


def into_suspense(remittance: RemittanceRow, row: RemittanceClaimRow, step: int, on: date) -> Entry:
    """The entry that holds an answer's money until somebody knows what it is for."""
    why = Reason(code="held", remarks=tuple(row.control_number.split()))
    return Entry(
        key=f"{remittance.source}:{event_name(row, step)}:suspense",
        kind="insurance payment",
        on=on,
        source=remittance.source,
        postings=(
            Posting(account=Account.SUSPENSE, amount=-row.paid, payer=remittance.payer_key, reason=why),
            Posting(account=Account.CLEARING, amount=row.paid, payer=remittance.payer_key),
        ),
    )


def take_off(
    work: Work, remittance: RemittanceRow, row: RemittanceClaimRow, on: date, memo: str, *, only: str = ""
) -> list[Entry]:
    """Reversals of all that the answer has on the books now, or `only` of one entry."""
    event = f"{remittance.source}:{row.event}"
    keys = work.scope.rows(JournalEntry).filter(source=remittance.source, key__startswith=event)
    own = [key for key in keys.values_list("key", flat=True) if key == event or key[len(event)] in ":~"]
    if only:
        own = [only]
    alive = standing_entries(work.scope, remittance.source, chains(work.scope, remittance.source, own))
    return [_reversal(entry, remittance.source, on, memo) for entry in alive]


def restore_claims(work: Work, answers: Sequence[RemittanceClaimRow]) -> int:
    """Give each claim the state that it had before these answers; a later answer's former state is handed down."""
    first: dict[int, RemittanceClaimRow] = {}
    last: dict[int, int] = {}
    for row in sorted(answers, key=lambda row: (row.status != "22", row.position)):
        if row.claim_id and row.state_before and moves_claim(row.outcome):
            first.setdefault(row.claim_id, row)
            last[row.claim_id] = row.pk
    undone = {row.pk for row in answers}
    others = (
        work.scope.rows(RemittanceClaimRow)
        .filter(claim_id__in=list(first), state=RemittanceClaimState.POSTED)
        .exclude(state_before="")
    )
    after = {}
    for other in others.order_by("-id"):
        if other.pk not in undone and other.claim_id and other.pk > last[other.claim_id]:
            after[other.claim_id] = other.pk
    down = [(row.state_before, row.number_before, after[claim]) for claim, row in first.items() if claim in after]
    update(RemittanceClaimRow, ("state_before", "number_before"), down)
    back = [(row.state_before, work.at, row.number_before, claim) for claim, row in first.items() if claim not in after]
    update(ClaimRow, ("state", "state_since", "payer_control_number"), back)
    return len(back)


def _reversals(work: Work, source: str, on: date, memo: str) -> list[Entry]:
    alive = standing_entries(work.scope, source, chains(work.scope, source))
    return [_reversal(entry, source, on, memo) for entry in alive]


def _reversal(entry: Entry, source: str, on: date, memo: str) -> Entry:
    return reversal(entry, key=f"{source}:undo:{digest(entry.key)}", on=on, memo=memo, source=source)


def _based_on(work: Work, answers: Sequence[RemittanceClaimRow]) -> list[int]:
    """Claims whose next payer is billed from these answers, and from no later one that stands."""
    ours = {row.claim_id: row.pk for row in answers if row.bill_next and row.claim_id}
    columns = ("claim_id", "id", "bill_next", "state")
    later = {
        claim
        for claim, row_id, bills, state in found(work.scope, RemittanceClaimRow, "claim_id", ours, *columns)
        if bills and state == RemittanceClaimState.POSTED and row_id > ours[claim]
    }
    return sorted(claim for claim in ours if claim not in later)


def _undone(number: str, why: str) -> Finding:
    return Finding(
        rule="remit.undone",
        severity=Severity.ERROR,
        where=Place(loop="2100", element="CLP01", field=f"claim {number}"),
        message="This answer was posted and taken back by hand." + (f" {why}" if why else ""),
        fix="Its money waits in suspense. Post it to the right claim, or return the money to the payer.",
    )
