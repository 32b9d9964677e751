"""What remittances ask a person to do."""

from collections.abc import Iterator
from datetime import date, timedelta

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.remits.models import RemittanceClaimState, RemittanceState
from superbill.app.remits.queries.provider_level import provider_balances
from superbill.app.remits.queries.waiting import open_answers, open_remittances
from superbill.app.worklists.items import Wanted
from superbill.money import dollars

_SOON = timedelta(days=7)
_REST = timedelta(days=10)  # the parts of a payment come within a few days of each other, or not at all
_FORWARDED = timedelta(days=90)  # what was carried forward and not taken by then is asked about


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """Answers without a claim, refunds due to payers, payments that are held or wait for their rest, and balances
    between payers and the practice. What was set aside is left alone."""
    yield from _answers(scope)
    yield from _remittances(scope)
    yield from _provider_level(scope, on)


def _answers(scope: Scope) -> Iterator[Wanted]:
    states = (RemittanceClaimState.HELD.value, RemittanceClaimState.UNMATCHED.value)
    for one in open_answers(scope, states=(*states, RemittanceClaimState.TO_RETURN.value)):
        due_back = one.state == RemittanceClaimState.TO_RETURN
        said = f"{dollars(one.paid)} of payment {one.trace_number} is to go back to {one.payer_key}: {one.why}"
        why = one.findings[0].message if one.findings else "It could not be posted."
        yield Wanted(
            key=f"remits:answer:{one.id}",
            kind="refund to payer" if due_back else "remittance exception",
            subject_kind="answer",
            subject=one.id,
            amount=abs(one.paid),
            due=one.paid_on + _SOON,
            why=said if due_back else f"Payment {one.trace_number}, claim {one.control_number}: {why}",
            role=Role.POSTER.value,
            rank=abs(one.paid),
            facts=f"{one.state} {one.paid}",
        )


def _remittances(scope: Scope) -> Iterator[Wanted]:
    for one in open_remittances(scope):
        waits = one.state == RemittanceState.WAITING
        since = one.since.date() if one.since else one.payment_date
        yield Wanted(
            key=f"remits:remittance:{one.id}",
            kind="payment in parts" if waits else "held payment",
            subject_kind="remittance",
            subject=one.id,
            amount=one.payment_amount,
            due=since + (_REST if waits else _SOON),
            why=one.findings[0].message if one.findings else f"Payment {one.trace_number} is not posted.",
            role=Role.POSTER.value,
            rank=one.payment_amount,
            facts=one.state,
        )


def _provider_level(scope: Scope, on: date) -> Iterator[Wanted]:
    # A reference often holds a patient's account or member number: the task tells it only by its first entry.
    for one in provider_balances(scope):
        theirs = one.open > 0
        what = "will be taken by" if theirs else "was taken by"
        months = (on - one.since).days // 30
        age = f" for {months} months" if months > 1 else ""
        do = "Check that a payment takes it" if theirs else "Ask the payer for which claim"
        also = " The same amount is open the other way round: perhaps one matter." if one.opposite else ""
        yield Wanted(
            key=f"remits:provider-level:{one.entry}",
            kind="balance with payer",
            subject_kind="entry",
            subject=one.entry,
            amount=abs(one.open),
            due=one.since + (_FORWARDED if theirs else _SOON),
            why=f"{dollars(abs(one.open))} {what} {one.payer_key} beside its claims, open{age}. {do}.{also}",
            role=Role.POSTER.value,
            rank=abs(one.open),
            facts=str(one.open),
        )
