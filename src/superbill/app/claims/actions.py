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
from superbill.app.claims.opening import (
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
    "ClaimDraft",
    "NotThisClaim",
    "OpenCounts",
    "Received",
    "SelfPayDraft",
    "bill_self_pay",
    "finish_file",
    "keep_paper",
    "mark_mailed",
    "mark_sent",
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
