"""What people do with remittances and their answers."""

from superbill.app.billing.errors import NotPossible
from superbill.app.remits.exceptions import (
    assign_answer,
    post_by_hand,
    record_sent_back,
    reopen_answer,
    send_back,
    set_answer_aside,
)
from superbill.app.remits.payments import source_of
from superbill.app.remits.posting import Plan, PostingResult, accept_remittance, dismiss_remittance, post_remittance
from superbill.app.remits.provider_level import Settlement, settle_provider_level, undo_settlement
from superbill.app.remits.undoing import Undone, undo_claim, void_remittance

__all__ = [
    "NotPossible",
    "Plan",
    "PostingResult",
    "Settlement",
    "Undone",
    "accept_remittance",
    "assign_answer",
    "dismiss_remittance",
    "post_by_hand",
    "post_remittance",
    "record_sent_back",
    "reopen_answer",
    "send_back",
    "set_answer_aside",
    "settle_provider_level",
    "source_of",
    "undo_claim",
    "undo_settlement",
    "void_remittance",
]
