"""What people do about refusals."""

from superbill.app.denials.appealing import OUTCOMES, Filing, decide_appeal, file_appeal
from superbill.app.denials.routes import (
    ASKED,
    GIVEN_UP,
    ask_to_give_up,
    bill_patient,
    correct_claim,
    give_up,
    signed_notice,
    tell,
)
from superbill.app.denials.steps import NotThisDenial

__all__ = [
    "ASKED",
    "GIVEN_UP",
    "OUTCOMES",
    "Filing",
    "NotThisDenial",
    "ask_to_give_up",
    "bill_patient",
    "correct_claim",
    "decide_appeal",
    "file_appeal",
    "give_up",
    "signed_notice",
    "tell",
]
