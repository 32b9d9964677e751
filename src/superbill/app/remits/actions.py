"""Remittances are posted: whole, or not at all, and once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import content_key, encoded
from superbill.app.remits.lookup import SentClaims
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow, RemittanceState
from superbill.app.rows import found, insert, insert_one, update
from superbill.app.work import Work, action
from superbill.findings import Finding, Place, Severity
from superbill.remits.model import ClaimOutcome, PostingPlan, SentClaim
from superbill.remits.plan import plan_posting
from superbill.x12.model import Remittance, RemittanceClaim


class Plan(Protocol):
    """How a remittance becomes entries: `superbill.remits.plan.plan_posting`."""

    def __call__(
        self, remittance: Remittance, *, payer: str, find: Callable[[RemittanceClaim], SentClaim | None], source: str
    ) -> PostingPlan: ...


class PostingResult(Struct, frozen=True, kw_only=True):
    """What became of one remittance. `already`: it was posted before and nothing was done now."""

    id: int
    held: bool = False
    already: bool = False
    entries: int = 0
    outcomes: tuple[ClaimOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()


def post_remittance(
    actor: Actor,
    remittance: Remittance,
    *,
    payer_key: str,
    at: datetime,
    received_file: int | None = None,
    plan: Plan = plan_posting,
) -> PostingResult:
    """Post one 835 transaction: entries, claim states, its rows and the audit event in one transaction.

    The same document again is left alone when it is posted, and planned anew when it was held. Another document
    with the trace number and originator of a posted one is held with a finding. Raises KeyConflict, DatabaseUnusable.
    """
    with action(actor, Permission.POST_REMITTANCE, "post remittance", at) as work:
        hold_journal(work.scope)
        doc = encoded(remittance)
        key = content_key(doc)
        known, state = next(found(work.scope, RemittanceRow, "content_key", [key], "id", "state"), (None, ""))
        if known is not None and state == RemittanceState.POSTED:
            return PostingResult(id=known, already=True)
        sent = SentClaims(work.scope, payer_key, remittance.claims)
        planned = _same_trace(work, remittance) or plan(
            remittance, payer=payer_key, find=sent.find, source=source_of(remittance)
        )
        row = _row(remittance, doc, payer_key, received_file, planned)
        if known is None:
            row_id = insert_one(RemittanceRow, ("practice_id", "content_key", *_ROW), (work.practice_id, key, *row))
        else:
            row_id = known
            update(RemittanceRow, _ROW, [(*row, row_id)])
            work.scope.rows(RemittanceClaimRow).filter(remittance_id=row_id).delete()
        counts = write_entries(work, () if planned.held else planned.entries)
        _store_claims(work, row_id, remittance, planned, sent)
        if not planned.held:
            _move_claims(work, remittance, planned, sent)
        posted = _state(planned).value
        work.note("remittance", row_id, entries=counts.posted, claims=len(remittance.claims), state=posted)
        return PostingResult(
            id=row_id,
            held=planned.held,
            entries=counts.posted,
            outcomes=planned.outcomes,
            findings=planned.findings,
        )


def source_of(remittance: Remittance) -> str:
    """What names this payment in the journal: originator and trace number, as the bank and the payer know it."""
    return f"835:{remittance.originator_id}:{remittance.trace_number}"


def _same_trace(work: Work, remittance: Remittance) -> PostingPlan | None:
    columns = ("originator_id", "trace_number")
    posted = found(work.scope, RemittanceRow, "source", [source_of(remittance)], *columns, state=RemittanceState.POSTED)
    if (remittance.originator_id, remittance.trace_number) not in posted:
        return None
    finding = Finding(
        rule="remit.trace-number-again",
        severity=Severity.ERROR,
        where=Place(element="TRN02"),
        message=f"Payment {remittance.trace_number} is posted already, with other content. Nothing was posted.",
        why="A payer gives each payment its own trace number; the same number with other figures can't be both.",
        fix="Ask the payer which of the two is right. If this one is, have the posted one reversed first.",
        source="835 TR3, TRN02",
    )
    return PostingPlan(held=True, findings=(finding,))


_ROW = (
    "payer_key", "trace_number", "originator_id", "source", "payment_amount", "payment_date", "doc",
    "received_file_id", "state", "findings",
)  # fmt: skip


def _row(
    remittance: Remittance, doc: str, payer_key: str, file: int | None, planned: PostingPlan
) -> tuple[object, ...]:
    return (
        payer_key, remittance.trace_number, remittance.originator_id, source_of(remittance),
        remittance.payment_amount, remittance.payment_date, doc, file, _state(planned).value,
        encoded(planned.findings),
    )  # fmt: skip


def _state(planned: PostingPlan) -> RemittanceState:
    return RemittanceState.HELD if planned.held else RemittanceState.POSTED


_COLUMNS = (
    "practice_id", "remittance_id", "claim_id", "position", "control_number", "status", "payer_control_number",
    "charge", "paid", "state", "outcome", "bill_next", "findings",
)  # fmt: skip


def _store_claims(work: Work, row_id: int, remittance: Remittance, planned: PostingPlan, sent: SentClaims) -> None:
    outcomes = {outcome.position: outcome for outcome in planned.outcomes}
    rows = []
    for position, claim in enumerate(remittance.claims):
        outcome = outcomes.get(position)
        kind = "held" if planned.held or outcome is None else outcome.state
        state = kind if kind in ("held", "unmatched") else RemittanceClaimState.POSTED.value
        rows.append(
            (
                work.practice_id, row_id, sent.row_id(claim), position, claim.control_number, claim.status,
                claim.payer_control_number, claim.charge, claim.paid, state, outcome.state if outcome else "held",
                bool(outcome and outcome.bill_next and not planned.held), encoded(outcome.findings if outcome else ()),
            )
        )  # fmt: skip
    insert(RemittanceClaimRow, _COLUMNS, rows)


def _move_claims(work: Work, remittance: Remittance, planned: PostingPlan, sent: SentClaims) -> None:
    """Each claim takes the state of its last posted outcome, and the payer's control number."""
    last: dict[int, tuple[str, str]] = {}
    for outcome in planned.outcomes:
        answered = remittance.claims[outcome.position]
        row_id = sent.row_id(answered)
        if row_id is not None and outcome.state not in ("held", "unmatched"):
            last[row_id] = (outcome.state, answered.payer_control_number)
    known = dict(found(work.scope, ClaimRow, "id", last, "id", "payer_control_number"))
    changes: Sequence[tuple[object, ...]] = [
        (state, work.at, number or known[row_id], row_id) for row_id, (state, number) in sorted(last.items())
    ]
    update(ClaimRow, ("state", "state_since", "payer_control_number"), changes)
