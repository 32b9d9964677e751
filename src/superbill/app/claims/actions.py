"""What people do with claims."""

from superbill.app.claims.answers import (
    AnswerCounts,
    Received,
    finish_file,
    receive_file,
    record_277ca,
    record_999,
    record_ta1,
)
from superbill.app.claims.follow_up import keep_paper, mark_mailed, resend
from superbill.app.claims.hands import assign_claims, note_on_claims
from superbill.app.claims.opening import (
    ClaimChanged,
    ClaimDraft,
    NotThisClaim,
    OpenCounts,
    SelfPayDraft,
    bill_self_pay,
    open_claims,
    open_corrected_claim,
    open_next_claim,
    release_held,
)
from superbill.app.claims.overrides import override_findings
from superbill.app.claims.sending import BatchNumbers, mark_sent, prepare_batch

__all__ = [
    "AnswerCounts",
    "BatchNumbers",
    "ClaimChanged",
    "ClaimDraft",
    "NotThisClaim",
    "OpenCounts",
    "Received",
    "SelfPayDraft",
    "assign_claims",
    "bill_self_pay",
    "finish_file",
    "keep_paper",
    "mark_mailed",
    "mark_sent",
    "note_on_claims",
    "open_claims",
    "open_corrected_claim",
    "open_next_claim",
    "override_findings",
    "prepare_batch",
    "receive_file",
    "record_277ca",
    "record_999",
    "record_ta1",
    "release_held",
    "resend",
]
