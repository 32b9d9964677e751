"""Remittances are posted: whole, or not at all, and each of their events once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.documents import decoded, encoded
from superbill.app.remits.lookup import SentClaims
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow, RemittanceState
from superbill.app.remits.payments import (
    Arrived,
    Known,
    Payment,
    contradicts_posted,
    source_of,
    waits,
    whole,
)
from superbill.app.remits.stored import store_claims, store_remittance
from superbill.app.rows import update
from superbill.app.work import Work, action
from superbill.findings import Finding
from superbill.remits.identity import contains, content_key
from superbill.remits.model import ClaimOutcome, PostingPlan, SentClaim
from superbill.remits.plan import only_incomplete, plan_posting
from superbill.x12.model import Remittance, RemittanceClaim


class Plan(Protocol):
    """How a remittance becomes entries: `superbill.remits.plan.plan_posting`."""

    def __call__(
        self, remittance: Remittance, *, payer: str, find: Callable[[RemittanceClaim], SentClaim | None], source: str
    ) -> PostingPlan: ...


class PostingResult(Struct, frozen=True, kw_only=True):
    """What became of one remittance. `already`: it was posted before and nothing was done now. `held`: nothing was
    posted; `waiting`, because the rest of its payment is not here yet."""

    id: int
    held: bool = False
    waiting: bool = False
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
    origin: str = "835",
    plan: Plan = plan_posting,
) -> PostingResult:
    """Post one payment with its explanation: entries, claim states, rows and the audit event in one transaction.

    `origin`: "835", or "paper" for what was keyed. What is posted already is left alone, in whatever order or parts it
    comes again; what was held, or voided, is planned anew. A part waits for the rest of its payment. Other content
    under the originator and trace number of a posted payment is held with a finding. Raises KeyConflict,
    DatabaseUnusable.
    """
    with action(actor, Permission.POST_REMITTANCE, "post remittance", at) as work:
        hold_journal(work.scope)
        key = content_key(remittance)
        arrived = Arrived(remittance=remittance, key=key, payer_key=payer_key, origin=origin, file=received_file)
        return _take(work, arrived, plan)


def accept_remittance(actor: Actor, remittance: int, *, at: datetime) -> PostingResult:
    """Post a held remittance (row id) although none of its claims is ours, or another payment has its trace number: a
    person has looked. Answers that match no claim wait in suspense. Raises NotPossible when it is not held."""
    with action(actor, Permission.POST_REMITTANCE, "accept remittance", at) as work:
        hold_journal(work.scope)
        row = work.scope.rows(RemittanceRow).filter(pk=remittance, state=RemittanceState.HELD).first()
        if row is None:
            raise NotPossible(f"remittance {remittance} is not held: there is nothing to accept")
        payment = Payment(work.scope, arrived_as(row))
        return _post(work, payment, payment.row(row.content_key), partial(plan_posting, accepted=True))


def dismiss_remittance(actor: Actor, remittance: int, why: str, *, at: datetime) -> None:
    """Put a remittance (row id) away of which nothing is posted: held, or waiting for a rest that does not come.

    It is tried again when its file comes again. Raises NotPossible without a reason, or for another state.
    """
    if not why.strip():
        raise NotPossible("Say why: whoever looks at it later has to know.")
    with action(actor, Permission.POST_REMITTANCE, "dismiss remittance", at) as work:
        hold_journal(work.scope)
        states = (RemittanceState.HELD, RemittanceState.WAITING)
        row = work.scope.rows(RemittanceRow).filter(pk=remittance, state__in=states).first()
        if row is None:
            raise NotPossible(f"remittance {remittance} is not held and does not wait: void it if it is posted")
        update(RemittanceRow, ("state", "since"), [(RemittanceState.VOIDED.value, work.at, row.pk)])
        if row.state == RemittanceState.WAITING:
            one = arrived_as(row).remittance
            sent = SentClaims(work.scope, row.payer_key, one.claims)
            store_claims(work, row.pk, one, PostingPlan(held=True), sent)
        answers = work.scope.rows(RemittanceClaimRow).filter(remittance_id=row.pk).values_list("id", flat=True)
        update(RemittanceClaimRow, ("state",), [(RemittanceClaimState.VOIDED.value, answer) for answer in answers])
        work.note("remittance", row.pk, why=why[:200], state="voided")


def arrived_as(row: RemittanceRow) -> Arrived:
    """The remittance of a row, as it came."""
    return Arrived(
        remittance=decoded(row.doc, Remittance, f"remittance {row.pk}"),
        key=row.content_key,
        payer_key=row.payer_key,
        origin=row.origin,
        file=row.received_file_id,
    )


def _take(work: Work, arrived: Arrived, plan: Plan) -> PostingResult:
    payment = Payment(work.scope, arrived)
    own = payment.row(arrived.key)
    teller = payment.whole_of(own) if own else payment.told_by(arrived.remittance)
    if teller and teller.posted:
        if own is None:
            _store_part(work, arrived, teller.id)
        return PostingResult(id=teller.id, already=True)
    if own and teller and teller.id != own.id:  # a part of a payment that was voided: the whole is posted again
        payment.arrived = replace(arrived, remittance=teller.remittance, key=teller.content_key)
        own = teller
    contradiction = payment.contradiction(own)
    if contradiction:
        return _hold(work, payment, own, contradiction, RemittanceState.HELD)
    return _post(work, payment, own, plan)


def _post(work: Work, payment: Payment, own: Known | None, plan: Plan) -> PostingResult:
    arrived = payment.arrived
    source = source_of(arrived.remittance, origin=arrived.origin, application=payment.application)
    sent = SentClaims(work.scope, arrived.payer_key, arrived.remittance.claims)
    planned = plan(arrived.remittance, payer=arrived.payer_key, find=sent.find, source=source)
    waiting = payment.waiting(own)
    if only_incomplete(planned):
        together = whole([*(row.remittance for row in waiting), arrived.remittance])
        if together is None:
            told = waits(arrived.remittance, waiting)
            state = RemittanceState.WAITING if told.findings[0].rule == "remit.waiting" else RemittanceState.HELD
            return _hold(work, payment, own, told, state)
        return _post_together(work, payment, own, together, plan)
    if planned.held:
        return _hold(work, payment, own, planned, RemittanceState.HELD, sent)
    counts = write_entries(work, planned.entries)
    row_id = store_remittance(
        work,
        arrived,
        source=source,
        application=payment.application,
        state=RemittanceState.POSTED,
        planned=planned,
        known=own.id if own else None,
    )
    store_claims(work, row_id, arrived.remittance, planned, sent)
    for row in waiting:
        _settle_part(work, row, row_id, arrived.remittance)
    work.note("remittance", row_id, entries=counts.posted, claims=len(arrived.remittance.claims), state="posted")
    return PostingResult(id=row_id, entries=counts.posted, outcomes=planned.outcomes, findings=planned.findings)


def _post_together(work: Work, payment: Payment, own: Known | None, together: Remittance, plan: Plan) -> PostingResult:
    """The last part is here: the payment is posted as one remittance, of which the parts are parts."""
    part = payment.arrived
    payment.arrived = replace(part, remittance=together, key=content_key(together))
    result = _post(work, payment, payment.row(payment.arrived.key), plan)
    if not result.held:
        if own is None:
            _store_part(work, part, result.id)
        else:
            _settle_part(work, own, result.id, together)
        return result
    # The whole can't be posted (none of its claims is ours): it is held, and the parts are told by it.
    for row in payment.waiting(None):
        _settle_part(work, row, result.id, together)
    if own is None:
        _store_part(work, part, result.id)
    return result


def _hold(
    work: Work,
    payment: Payment,
    own: Known | None,
    planned: PostingPlan,
    state: RemittanceState,
    sent: SentClaims | None = None,
) -> PostingResult:
    arrived = payment.arrived
    row_id = store_remittance(
        work,
        arrived,
        source=source_of(arrived.remittance, origin=arrived.origin),
        application=own.application if own else 0,
        state=state,
        planned=planned,
        known=own.id if own else None,
    )
    if state is RemittanceState.HELD:
        sent = sent or SentClaims(work.scope, arrived.payer_key, arrived.remittance.claims)
        store_claims(work, row_id, arrived.remittance, planned, sent)
    work.note("remittance", row_id, entries=0, claims=len(arrived.remittance.claims), state=state.value)
    return PostingResult(
        id=row_id,
        held=True,
        waiting=state is RemittanceState.WAITING,
        outcomes=planned.outcomes,
        findings=planned.findings,
    )


def _store_part(work: Work, arrived: Arrived, whole_id: int) -> None:
    one = arrived.remittance
    row_id = store_remittance(
        work,
        arrived,
        source=source_of(one, origin=arrived.origin),
        application=0,
        state=RemittanceState.PART,
        planned=PostingPlan(),
        part_of=whole_id,
    )
    work.note("remittance", row_id, part_of=whole_id, state="part")


def _settle_part(work: Work, row: Known, whole_id: int, told: Remittance) -> None:
    """A part that waited: told by what is posted now, or contradicted by it."""
    part = contains(told, row.remittance)
    state = RemittanceState.PART if part else RemittanceState.HELD
    said = () if part else (contradicts_posted(told),)
    change = (state.value, whole_id if part else None, encoded(said), work.at, row.id)
    update(RemittanceRow, ("state", "part_of_id", "findings", "since"), [change])
    if not part:
        claims = row.remittance.claims
        store_claims(
            work, row.id, row.remittance, PostingPlan(held=True), SentClaims(work.scope, row.payer_key, claims)
        )
