"""Our own reasons for forgiving and moving balances: their codes in the journal and their words. Pure."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from superbill.ledger.accounts import Account

Side = Literal["patient", "insurance", "either"]


class OwnReason(Struct, frozen=True, kw_only=True):
    """One reason. `told` is for the books, `patient_text` for the patient; `side`: whose balance it may forgive."""

    code: str
    told: str
    patient_text: str
    account: Account = Account.WRITE_OFF
    side: Side = "either"


def _by_code(*reasons: OwnReason) -> Mapping[str, OwnReason]:
    return {reason.code: reason for reason in reasons}


WRITE_OFFS = _by_code(
    OwnReason(
        code="small-balance",
        told="balance too small to collect",
        patient_text="We do not collect amounts this small.",
        side="patient",
    ),
    OwnReason(code="courtesy", told="courtesy", patient_text="We took this off as a courtesy to you.", side="patient"),
    OwnReason(code="hardship", told="hardship", patient_text="We took this off to help you out."),
    OwnReason(code="administrative", told="our own mistake", patient_text="We took this off: the mistake was ours."),
    OwnReason(
        code="timely-filing",
        told="the payer's filing limit had passed",
        patient_text="We took this off: your plan was billed too late, which is not your fault.",
        side="insurance",
    ),
    OwnReason(
        code="no-authorization",
        told="authorization was missing",
        patient_text="We took this off: your plan's approval was missing, which is not your fault.",
        side="insurance",
    ),
    OwnReason(
        code="denied",
        told="refused, and an appeal is not worth it",
        patient_text="Your plan did not pay this and we do not ask you for it.",
        side="insurance",
    ),
    OwnReason(code="prompt-pay", told="discount for paying at once", patient_text="Your discount for paying at once."),
    OwnReason(code="self-pay", told="self-pay discount", patient_text="Our discount for patients without insurance."),
    OwnReason(
        code="charity",
        told="financial need",
        patient_text="Our financial assistance program pays for this.",
        account=Account.CHARITY,
        side="patient",
    ),
    OwnReason(
        code="bad-debt",
        told="could not be collected",
        patient_text="We have closed this amount as uncollected. It can still be paid.",
        account=Account.BAD_DEBT,
        side="patient",
    ),
)

TO_PATIENT = _by_code(
    OwnReason(
        code="not-covered", told="the plan does not cover it", patient_text="Your plan does not cover this service."
    ),
    OwnReason(
        code="coverage-ended",
        told="no coverage on the day of service",
        patient_text="Your plan says that you were not covered on that day.",
    ),
    OwnReason(
        code="plan-paid-patient",
        told="the plan paid the patient",
        patient_text="Your plan sent this payment to you instead of us.",
    ),
    OwnReason(
        code="no-answer-from-patient",
        told="the plan waits for an answer from the patient",
        patient_text="Your plan is waiting for information from you and has not paid.",
    ),
    OwnReason(
        code="signed-notice",
        told="the patient agreed in writing to pay",
        patient_text="You agreed in writing to pay for this if your plan did not.",
    ),
    OwnReason(code="patient-share", told="the patient's share", patient_text="This is your share of the cost."),
)
# Agreements that let a provider bill a patient for what the plan's contract makes the provider's own loss.
SIGNED = frozenset({"signed-notice", "coverage-ended", "plan-paid-patient"})


def words(code: str) -> str:
    """A reason of ours in plain words for the books; the code itself when it is another's."""
    known = WRITE_OFFS.get(code) or TO_PATIENT.get(code)
    return known.told if known else code


def patient_words(code: str) -> str:
    """A reason of ours as a patient should read it; "" when the code is not ours."""
    known = WRITE_OFFS.get(code) or TO_PATIENT.get(code)
    return known.patient_text if known else ""


# Payers whose patients owe no more than the plan's own cost sharing, and why.
_HELD_HARMLESS = {
    "medicaid": "Medicaid's payment is payment in full but for its own cost sharing (42 CFR 447.15)",
    "workers_compensation": "a work injury is the employer's insurer's to pay, not the patient's",
}


def refusal_to_bill_patient(reason: str, *, groups: frozenset[str], payer_kind: str = "", permitted: bool) -> str:
    """Why a payer's balance may not become the patient's for `reason`; "" when it may.

    `groups` are the claim adjustment groups under which it was refused: CO is the provider's own loss under its
    contract, so it takes a signed notice or the lack of the coverage itself, and a person who is `permitted`.
    """
    if reason not in TO_PATIENT:
        return f"{reason or 'no reason'}: give one of {', '.join(TO_PATIENT)}"
    if payer_kind in _HELD_HARMLESS and reason not in ("patient-share", "coverage-ended"):
        return f"{_HELD_HARMLESS[payer_kind]}; only its own cost sharing, or no coverage at all, makes it the patient's"
    if "CO" in groups and reason not in SIGNED:
        return f"the payer refused it under group CO, the contract's; only {', '.join(sorted(SIGNED))} lets you bill it"
    if "CO" in groups and not permitted:
        return "the payer refused it under group CO, the contract's; that needs a person who may approve"
    return ""
