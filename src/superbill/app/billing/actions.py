"""What people do with money: entries by hand, payments, refunds, transfers, write-offs, plans, collections, undoing."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import BadAmount, NotPossible, OverLimit
from superbill.app.billing.journal import KeyConflict, PostCounts, UnknownLine, write_entries
from superbill.app.billing.parties import guarantor_party, patient_party
from superbill.app.billing.payments import Taken, apply_unapplied, reallocate, take_patient_payment, take_payment
from superbill.app.billing.preview import Preview, preview, rehearse
from superbill.app.billing.returns import return_payment, void_payment
from superbill.app.billing.standing import PaymentFacts, patient_owes, unapplied_money
from superbill.app.billing.undo import reverse, undo
from superbill.app.billing.write_offs import (
    WriteOff,
    approve_write_off,
    ask_to_forgive,
    forgive,
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
    "apply_unapplied",
    "approve_write_off",
    "ask_to_forgive",
    "forgive",
    "guarantor_party",
    "patient_owes",
    "patient_party",
    "post",
    "preview",
    "reallocate",
    "refuse_write_off",
    "rehearse",
    "return_payment",
    "reverse",
    "take_patient_payment",
    "take_payment",
    "unapplied_money",
    "undo",
    "void_payment",
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
