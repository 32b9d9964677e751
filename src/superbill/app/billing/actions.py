"""What people do with money: entries by hand, payments, refunds, transfers, write-offs, plans, collections, undoing."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.agencies import agency_fee, agency_payment, close_placement, place, place_guarantor, recall
from superbill.app.billing.errors import BadAmount, NotPossible, OverLimit
from superbill.app.billing.journal import KeyConflict, PostCounts, UnknownLine, write_entries
from superbill.app.billing.parties import guarantor_party, patient_party
from superbill.app.billing.payments import Taken, apply_unapplied, reallocate, take_patient_payment, take_payment
from superbill.app.billing.plans import cancel_plan, make_plan, reinstate_plan, renegotiate_plan, review_plans
from superbill.app.billing.preview import Preview, preview, rehearse
from superbill.app.billing.refunds import (
    approve_refund,
    clear_refund,
    issue_refund,
    refuse_refund,
    request_refund,
    void_refund,
)
from superbill.app.billing.returns import return_payment, void_payment
from superbill.app.billing.small_balances import forgive_small_balances
from superbill.app.billing.standing import PaymentFacts, patient_owes, unapplied_money
from superbill.app.billing.transfers import (
    move_payment,
    move_unapplied,
    transfer_to_insurance,
    transfer_to_patient,
    transfer_to_payer,
)
from superbill.app.billing.undo import reverse, undo
from superbill.app.billing.write_offs import (
    WriteOff,
    approve_write_off,
    ask_to_forgive,
    forgive,
    forgive_or_ask,
    refuse_write_off,
    write_off,
)
from superbill.app.work import action
from superbill.ledger.entry import Entry

__all__ = [
    "BadAmount",
    "KeyConflict",
    "NotPossible",
    "OverLimit",
    "PaymentFacts",
    "PostCounts",
    "Preview",
    "Taken",
    "UnknownLine",
    "WriteOff",
    "agency_fee",
    "agency_payment",
    "apply_unapplied",
    "approve_refund",
    "approve_write_off",
    "ask_to_forgive",
    "cancel_plan",
    "clear_refund",
    "close_placement",
    "forgive",
    "forgive_or_ask",
    "forgive_small_balances",
    "guarantor_party",
    "issue_refund",
    "make_plan",
    "move_payment",
    "move_unapplied",
    "patient_owes",
    "patient_party",
    "place",
    "place_guarantor",
    "post",
    "preview",
    "reallocate",
    "recall",
    "refuse_refund",
    "refuse_write_off",
    "rehearse",
    "reinstate_plan",
    "renegotiate_plan",
    "request_refund",
    "return_payment",
    "reverse",
    "review_plans",
    "take_patient_payment",
    "take_payment",
    "transfer_to_insurance",
    "transfer_to_patient",
    "transfer_to_payer",
    "unapplied_money",
    "undo",
    "void_payment",
    "void_refund",
    "write_off",
]


def post(actor: Actor, entries: Sequence[Entry], *, at: datetime) -> PostCounts:
    """Post entries by hand or from a plan, all or none, each key once.

    Raises KeyConflict, UnknownLine, LineUnbalanced.
    """
    with action(actor, Permission.ADJUST, "post", at) as work:
        counts = write_entries(work, entries)
        work.note("entry", posted=counts.posted, already=counts.already)
        return counts
