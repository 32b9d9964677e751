"""What follows from a payer's answer about a claim (277): data by the category of its status."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from superbill.codesets.claim_status.lookup import category
from superbill.site.policy import MoneyPolicy


class Step(Struct, frozen=True, kw_only=True):
    """The next step: `name` and what a person does, "" where nothing is to be done but wait.

    `asks_again`: after the policy's `pending_days` the payer is asked once more. `accepts`: a claim without a 277CA is
    in adjudication after all. `rejects`: it was not taken.
    """

    name: str
    do: str = ""
    asks_again: bool = False
    accepts: bool = False
    rejects: bool = False


WAIT = Step(name="wait", asks_again=True)
PENDING = Step(name="wait", asks_again=True, accepts=True)
LOOK_FOR_PAYMENT = Step(
    name="find the payment",
    do="The payer says that it has decided, but no 835 has come. Look in the queue of what could not be matched, then "
    "ask the payer to send the 835 again.",
    accepts=True,
)
SEND_AGAIN = Step(
    name="send again",
    do="The payer does not have it. Check payer id and member id, then send it again with the proof of timely filing: "
    "superbill followup proof, superbill followup resend.",
)
SEND_INFORMATION = Step(
    name="send information",
    do="The payer waits for us: send what it asks for, with its claim number, before its letter's last day.",
    accepts=True,
)
MEND_QUESTION = Step(
    name="mend the question",
    do="The payer could not answer. Compare member id, birth date, provider and charge with what was billed and "
    "ask again.",
)
MEND_CLAIM = Step(name="mend the claim", do="It was not taken into adjudication: correct it and send it.", rejects=True)
TRY_LATER = Step(name="wait", asks_again=True)

# By category where it has a step of its own, else by what kind of category it is.
BY_CATEGORY: Mapping[str, Step] = {
    "A0": WAIT,
    "A1": WAIT,
    "A2": PENDING,
    "A5": PENDING,
    "E1": TRY_LATER,
    "E2": TRY_LATER,
    "F3F": Step(
        name="follow the claim on",
        do="The payer has passed it on to another one. Look for that payer's answer; bill it when none comes.",
        accepts=True,
    ),
    "P3": SEND_INFORMATION,
    "P4": Step(
        name="call the patient",
        do="The payer waits for the patient: ask him to answer his plan's letter, or it will deny the claim.",
        accepts=True,
    ),
}
BY_KIND: Mapping[str, Step] = {
    "acknowledged": WAIT,
    "rejected": MEND_CLAIM,
    "not_found": SEND_AGAIN,
    "pending": PENDING,
    "finalized": LOOK_FOR_PAYMENT,
    "request": SEND_INFORMATION,
    "error": MEND_QUESTION,
}
NOT_IN_THE_SYSTEM = frozenset({"A4"})  # by kind a rejection, but of the search: the claim itself was never there


def kind_of(code: str) -> str:
    """What a category of codesets/claim_status means; "error" for one that nobody knows, so that a person looks."""
    found = category(code)
    return "not_found" if code in NOT_IN_THE_SYSTEM else found.kind if found else "error"


def next_step(code: str) -> Step:
    """The step after an answer of this category."""
    return BY_CATEGORY.get(code) or BY_KIND[kind_of(code)]


def ask_again_on(code: str, told: date, rules: MoneyPolicy) -> date | None:
    """The day on which the payer is asked again after an answer of `told`; None where a person does something first."""
    return told + timedelta(days=rules.pending_days) if next_step(code).asks_again else None
