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
from superbill.app.rows import found, insert, update
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
        rows = work.scope.rows(RemittanceRow)
        known = rows.filter(content_key=content_key(doc)).first()
        if known is not None and known.state == RemittanceState.POSTED:
            return PostingResult(id=known.pk, already=True)
        sent = SentClaims(work.scope, payer_key, remittance.claims)
        planned = _same_trace(work, remittance) or plan(
            remittance, payer=payer_key, find=sent.find, source=source_of(remittance)
        )
        row = known or RemittanceRow(practice_id=work.practice_id, content_key=content_key(doc))
        _fill(row, remittance, doc, payer_key, received_file, planned)
        row.save(force_insert=known is None)
        if known is not None:
            work.scope.rows(RemittanceClaimRow).filter(remittance=row).delete()
        counts = write_entries(work, () if planned.held else planned.entries)
        _store_claims(work, row.pk, remittance, planned, sent)
        if not planned.held:
            _move_claims(work, remittance, planned, sent)
        work.note("remittance", row.pk, entries=counts.posted, claims=len(remittance.claims), state=row.state)
        return PostingResult(
            id=row.pk,
            held=planned.held,
            entries=counts.posted,
            outcomes=planned.outcomes,
            findings=planned.findings,
        )


def source_of(remittance: Remittance) -> str:
    """What names this payment in the journal: originator and trace number, as the bank and the payer know it."""
    return f"835:{remittance.originator_id}:{remittance.trace_number}"


def _same_trace(work: Work, remittance: Remittance) -> PostingPlan | None:
    other = (
        work.scope.rows(RemittanceRow)
        .filter(trace_number=remittance.trace_number, originator_id=remittance.originator_id)
        .filter(state=RemittanceState.POSTED)
        .first()
    )
    if other is None:
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


def _fill(
    row: RemittanceRow, remittance: Remittance, doc: str, payer_key: str, file: int | None, planned: PostingPlan
) -> None:
    row.payer_key = payer_key
    row.trace_number = remittance.trace_number
    row.originator_id = remittance.originator_id
    row.source = source_of(remittance)
    row.payment_amount = remittance.payment_amount
    row.payment_date = remittance.payment_date
    row.doc = doc
    row.received_file_id = file
    row.state = RemittanceState.HELD if planned.held else RemittanceState.POSTED
    row.findings = encoded(planned.findings)


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
    known = dict(found(work.scope.rows(ClaimRow), "id", last, "id", "payer_control_number"))
    changes: Sequence[tuple[object, ...]] = [
        (state, work.at, number or known[row_id], row_id) for row_id, (state, number) in sorted(last.items())
    ]
    update(ClaimRow, ("state", "state_since", "payer_control_number"), changes)
