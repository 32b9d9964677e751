"""Receipts, refunds, approvals, plans and placements: each in the state of its last step, with the money it says."""

from django.db.models import Max, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.cases import KINDS, label
from superbill.app.billing.models import MoneyEvent, Posting, Receipt, ReceiptState, Refund, RefundState
from superbill.app.doctor.report import Notes
from superbill.app.rows import found
from superbill.ledger.accounts import Account

_LOOK = "It was changed past the app. Compare it with its entries in the journal; restore a backup."
_OUT = frozenset({RefundState.ISSUED.value, RefundState.CLEARED.value})


def check_cases(scope: Scope, notes: Notes) -> None:
    """Each case as its history says; what was taken is on the books once, what came back is not, what was sent is."""
    _check_states(scope, notes)
    _check_receipts(scope, notes)
    _check_refunds(scope, notes)


def _check_states(scope: Scope, notes: Notes) -> None:
    events = scope.rows(MoneyEvent).order_by()
    last = events.values_list("kind", "subject").annotate(last=Max("id")).values_list("last", flat=True)
    stepped = found(scope, MoneyEvent, "id", last, "kind", "subject", "state")
    states = {(kind, subject): state for kind, subject, state in stepped}
    for kind, model in KINDS.items():
        for row in scope.rows(model).order_by("id").iterator(chunk_size=2000):
            said = states.get((kind, row.pk), "not on record")
            if row.state != said:
                name = label(model, row.number)
                notes.add("case", name, f"{name} is kept as {row.state}; its last step is {said}.", _LOOK)


def _check_receipts(scope: Scope, notes: Notes) -> None:
    """What an agency keeps of a payment is part of it."""
    accounts = (Account.CASH.value, Account.FEES.value)
    named = scope.rows(Posting).filter(account__in=accounts, remarks__startswith="R").order_by()
    sums = dict(named.values_list("remarks").annotate(total=Sum("amount")))
    for row in scope.rows(Receipt).order_by("id").iterator(chunk_size=2000):
        name = label(Receipt, row.number)
        there, meant = sums.get(name, 0), row.amount if row.state == ReceiptState.TAKEN else 0
        if there != meant:
            message = f"Receipt {name} ({row.state}) is {meant} cents, the journal has {there}."
            notes.add("receipt", name, message, _LOOK)


def _check_refunds(scope: Scope, notes: Notes) -> None:
    named = scope.rows(Posting).filter(account=Account.CASH.value, entry__source__startswith="refund:").order_by()
    sums = dict(named.values_list("entry__source").annotate(total=Sum("amount")))
    for row in scope.rows(Refund).order_by("id").iterator(chunk_size=2000):
        name = label(Refund, row.number)
        there, meant = -sums.get(f"refund:{name}", 0), row.amount if row.state in _OUT else 0
        if there != meant:
            message = f"Refund {name} ({row.state}) is {meant} cents, the journal has {there}."
            notes.add("refund", name, message, _LOOK)
