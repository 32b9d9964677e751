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
    "held": Word("■", _("held"), "trouble", _("Mend what the findings say, then check the claim again.")),
    "ready": Word("○", _("ready"), "", _("Goes out with the next batch.")),
    "sent": Word("◔", _("sent"), "", _("Waiting for the receiver's 999 and 277CA.")),
    "accepted": Word("◑", _("accepted"), "", _("Waiting for the payer's 835.")),
    "rejected": Word(
        "■", _("rejected"), "trouble", _("Correct it and send it as a new claim: no payer has judged it.")
    ),
    "paid": Word("●", _("paid")),
    "partly_denied": Word("◆", _("partly denied"), "trouble", _("Correct it, appeal, or write the refused lines off.")),
    "denied": Word(
        "■", _("denied"), "trouble", _("Correct it, appeal, or write it off; until then the payer owes it.")
    ),
    "reversed": Word("◇", _("reversed"), "", _("Waiting for the payer's corrected answer.")),
}
VISIT_STATES = {
    "imported": Word("○", _("to be coded"), "", _("Coding is next.")),
    "coded": Word("◔", _("coded"), "", _("A claim is built next.")),
    "held": Word("■", _("held"), "trouble", _("Somebody has to mend what the findings say.")),
    "not_billable": Word("–", _("not billable"), "", _("Nothing follows; the findings say why.")),
    "billed": Word("●", _("billed")),
}
PAYMENT_STATES = {
    "posted": Word("●", _("posted")),
    "held": Word("■", _("held"), "trouble", _("Nothing of it is posted until somebody decides.")),
    "unmatched": Word("◆", _("unmatched"), "trouble", _("Find the claim that it pays.")),
    "waiting": Word("◔", _("waiting for its rest"), "", _("Posts by itself when the rest of the payment comes.")),
    "part": Word("◑", _("part of another"), "", _("Posted with the payment that it is a part of.")),
    "voided": Word("◇", _("taken back"), "", _("Nothing of it stands; its file can be posted again.")),
    "set_aside": Word("–", _("set aside"), "", _("Its money stays in suspense until it is taken up.")),
    "to_return": Word("◔", _("to go back"), "", _("A refund to the payer is due.")),
    "returned": Word("●", _("went back")),
}
BATCH_STATES = {
    "prepared": Word("○", _("written, not sent yet")),
    "sent": Word("◔", _("sent, not acknowledged yet")),
    "acknowledged": Word("●", _("taken in by the receiver (999)")),
    "rejected": Word("■", _("refused by the receiver (999)"), "trouble"),
}
FILE_STATES = {
    "received": Word("○", _("kept, to be worked on")),
    "processed": Word("●", _("done")),
    "held": Word("■", _("held"), "trouble", _("Somebody has to mend what the findings say, then it is tried again.")),
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
ORDINALS = {"P": _("primary"), "S": _("secondary"), "T": _("tertiary")}
CLAIM_KINDS = {
    "professional": _("professional"), "institutional": _("institutional"), "dental": _("dental"),
}  # fmt: skip
SEVERITIES = {
    "error": Word("■", _("holds it"), "trouble"),
    "warning": Word("▲", _("look at it")),
    "information": Word("○", _("for information")),
    "not checked": Word("–", _("could not be checked")),
}
CLAIM_FREQUENCY = {
    "0": _("no payment asked"), "1": _("original"), "2": _("interim, first"), "3": _("interim, continuing"),
    "4": _("interim, last"), "5": _("late charges"), "7": _("replacement"), "8": _("void"), "9": _("final"),
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


# What a kind of event is said as, and as what when it takes an earlier one back.
_SAID = {
    "payment": (_("%(who)s paid %(amount)s."), _("%(who)s took back %(amount)s.")),
    "discount": (_("Taken off: %(amount)s%(why)s."), _("Put back: %(amount)s%(why)s.")),
    "denial": (_("%(who)s refused %(amount)s%(why)s."), _("%(who)s took back the refusal of %(amount)s%(why)s.")),
    "patient share": (_("Patient’s share: %(amount)s%(why)s."), _("No longer the patient’s: %(amount)s%(why)s.")),
    "passed on": (_("%(amount)s passed on to %(to)s."), _("%(amount)s taken back from %(to)s.")),
    "patient payment": (_("Patient paid %(amount)s."), _("Patient was given back %(amount)s.")),
    "write-off": (_("Written off: %(amount)s%(why)s."), _("Write-off undone: %(amount)s%(why)s.")),
    "charity": (_("Forgiven as charity: %(amount)s%(why)s."), _("Charity undone: %(amount)s%(why)s.")),
    "bad debt": (_("Written off as bad debt: %(amount)s%(why)s."), _("Bad debt undone: %(amount)s%(why)s.")),
}


def _sentence(event: LineEvent) -> str:
    if event.kind not in _SAID:
        return ""
    told = {
        "amount": dollars(abs(event.amount)),
        "who": event.payer or _("The payer"),
        "to": event.to or _("the next payer"),
        "why": _why(event.reason),
    }
    return str(_SAID[event.kind][event.amount < 0]) % told


def _why(reason: Reason) -> str:
    codes, words = code_of(reason), meaning(reason)
    if not codes:
        return ""
    return f", {words} ({codes})" if words else f" ({codes})"
