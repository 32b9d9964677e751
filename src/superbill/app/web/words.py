"""States and money movements in the words of people: what is, since when, and what happens next by itself."""

from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.codesets.carc.lookup import reason as carc
from superbill.codesets.rarc.lookup import remark
from superbill.forms.statement import LineEvent
from superbill.ledger.entry import Reason
from superbill.money import dollars


class Word(Struct, frozen=True):
    """A state as shown: a shape, a word, and whether it is trouble; never colour alone. `next` says what follows."""

    shape: str
    text: str | Promise
    tone: str = ""
    next: str | Promise = ""


CLAIM_STATES = {
    "held": Word("■", "held", "trouble", "Mend what the findings say, then check the claim again."),
    "ready": Word("○", "ready", "", "Goes out with the next batch."),
    "sent": Word("◔", "sent", "", "Waiting for the receiver's 999 and 277CA."),
    "accepted": Word("◑", "accepted", "", "Waiting for the payer's 835."),
    "rejected": Word("■", "rejected", "trouble", "Correct it and send it as a new claim: no payer has judged it."),
    "paid": Word("●", "paid", "", ""),
    "partly_denied": Word("◆", "partly denied", "trouble", "Correct it, appeal, or write the refused lines off."),
    "denied": Word("■", "denied", "trouble", "Correct it, appeal, or write it off; until then the payer owes it."),
    "reversed": Word("◇", "reversed", "", "Waiting for the payer's corrected answer."),
}
VISIT_STATES = {
    "imported": Word("○", "to be coded", "", "Coding is next."),
    "coded": Word("◔", "coded", "", "A claim is built next."),
    "held": Word("■", "held", "trouble", "Somebody has to mend what the findings say."),
    "not_billable": Word("–", "not billable", "", "Nothing follows; the findings say why."),
    "billed": Word("●", "billed"),
}
PAYMENT_STATES = {
    "posted": Word("●", "posted"),
    "held": Word("■", "held", "trouble", "Nothing of it is posted until somebody decides."),
    "unmatched": Word("◆", "unmatched", "trouble", "Find the claim that it pays."),
    "waiting": Word("◔", "waiting for its rest", "", "Posts by itself when the rest of the payment comes."),
    "part": Word("◑", "part of another", "", "Posted with the payment that it is a part of."),
    "voided": Word("◇", "taken back", "", "Nothing of it stands; its file can be posted again."),
    "set_aside": Word("–", "set aside", "", "Its money stays in suspense until it is taken up."),
    "to_return": Word("◔", "to go back", "", "A refund to the payer is due."),
    "returned": Word("●", "went back"),
}
BATCH_STATES = {
    "prepared": Word("○", "written, not sent yet"),
    "sent": Word("◔", "sent, not acknowledged yet"),
    "acknowledged": Word("●", "taken in by the receiver (999)"),
    "rejected": Word("■", "refused by the receiver (999)", "trouble"),
}
FILE_STATES = {
    "received": Word("○", "kept, to be worked on"),
    "processed": Word("●", "done"),
    "held": Word("■", "held", "trouble", "Somebody has to mend what the findings say, then it is tried again."),
}
# States that a figure of Today counts together: its link opens exactly what it counts.
CLAIM_GROUPS = {
    "went-out": ("sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed"),
    "answered": ("paid", "partly_denied", "denied", "reversed"),
    "paid-or-in-part": ("paid", "partly_denied"),
}
VISIT_GROUPS = {"coded-or-billed": ("coded", "billed")}
JOB_STATES = {
    "waiting": Word("○", _("waiting"), "", _("Begins by itself when the work before it is done.")),
    "running": Word("◔", _("under way")),
    "done": Word("●", _("done")),
    "failed": Word("■", _("failed"), "trouble"),
    "stopped": Word("–", _("stopped")),
}
DROP_STATES = {
    "waiting": Word("○", _("not brought in yet"), "", _("Somebody looks at it, and brings it in or discards it.")),
    "done": Word("●", _("brought in")),
    "discarded": Word("–", _("discarded")),
}
STATES = {
    "claim": CLAIM_STATES, "visit": VISIT_STATES, "payment": PAYMENT_STATES, "batch": BATCH_STATES, "job": JOB_STATES,
    "file": FILE_STATES, "drop": DROP_STATES,
}  # fmt: skip
ORDINALS = {"P": "primary", "S": "secondary", "T": "tertiary"}
CLAIM_KINDS = {
    "professional": _("professional"), "institutional": _("institutional"), "dental": _("dental"),
}  # fmt: skip
SEVERITIES = {
    "error": Word("■", "holds it", "trouble"),
    "warning": Word("▲", "look at it"),
    "information": Word("○", "for information"),
    "not checked": Word("–", "could not be checked"),
}
CLAIM_FREQUENCY = {
    "0": "no payment asked", "1": "original", "2": "interim, first", "3": "interim, continuing", "4": "interim, last",
    "5": "late charges", "7": "replacement", "8": "void", "9": "final",
}  # fmt: skip


def state(kind: str, value: str) -> Word:
    """The word for a state of a claim, visit, payment or batch."""
    return STATES[kind].get(value) or Word("?", value)


def happened(events: Iterable[LineEvent]) -> list[str]:
    """What happened to a line, a sentence each, in order; events that cancel each other out are left out."""
    return [sentence for event in _net(events) if (sentence := _sentence(event))]


def code_of(reason: Reason) -> str:
    """A reason's codes as payers write them: "CO-97, N130"."""
    head = f"{reason.group}-{reason.code}" if reason.group and reason.code else reason.code
    return ", ".join(part for part in (head, *reason.remarks) if part)


def meaning(reason: Reason) -> str:
    """Our own words for the reason and its remarks; "" when nothing is on file."""
    found = carc(reason.code)
    words = [found.meaning if found else "", *(known.meaning for code in reason.remarks if (known := remark(code)))]
    return "; ".join(_lowered(word.rstrip(".")) for word in words if word)


def _lowered(words: str) -> str:
    """Without the capital of a sentence; abbreviations keep theirs."""
    return words if words[1:2].isupper() else words[0].lower() + words[1:]


def _net(events: Iterable[LineEvent]) -> Iterator[LineEvent]:
    left = list(events)
    for event in list(left):
        if event.amount < 0:
            opposite = next((one for one in left if _undoes(event, one)), None)
            if opposite is not None:
                left.remove(opposite)
                left.remove(event)
    return iter(left)


def _undoes(event: LineEvent, other: LineEvent) -> bool:
    same = (event.kind, event.payer, event.reason, event.to) == (other.kind, other.payer, other.reason, other.to)
    return same and event.amount == -other.amount


_FORGIVEN = {"write-off": "Written off", "charity": "Forgiven as charity", "bad debt": "Written off as bad debt"}


def _sentence(event: LineEvent) -> str:
    amount, back = dollars(abs(event.amount)), event.amount < 0
    who, why = event.payer or "The payer", _why(event.reason)
    match event.kind:
        case "payment":
            return f"{who} took back {amount}." if back else f"{who} paid {amount}."
        case "discount":
            return f"{'Put back' if back else 'Taken off'}: {amount}{why}."
        case "denial":
            return f"{who} {'took back the refusal of' if back else 'refused'} {amount}{why}."
        case "patient share":
            return f"{'No longer the patient’s' if back else 'Patient’s share'}: {amount}{why}."
        case "passed on":
            return f"{amount} {'taken back from' if back else 'passed on to'} {event.to or 'the next payer'}."
        case "patient payment":
            return f"Patient {'was given back' if back else 'paid'} {amount}."
        case "write-off" | "charity" | "bad debt":
            what = {"charity": "Charity", "bad debt": "Bad debt"}.get(event.kind, "Write-off")
            return f"{what} undone: {amount}{why}." if back else f"{_FORGIVEN[event.kind]}: {amount}{why}."
    return ""


def _why(reason: Reason) -> str:
    codes, words = code_of(reason), meaning(reason)
    if not codes:
        return ""
    return f", {words} ({codes})" if words else f" ({codes})"
