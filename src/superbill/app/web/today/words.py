"""Tasks in words: what is to be done, and why, as the page says it."""

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

KINDS = {
    "denial": _("Denial"),
    "appeal answer": _("Appeal not answered"),
    "overturn not paid": _("Appeal won, not paid"),
    "rejected claim": _("Rejected claim"),
    "silent claim": _("No answer to a claim"),
    "silent file": _("File not acknowledged"),
    "paper claim": _("Claim to mail"),
    "next payer": _("Next payer can’t be billed"),
    "payer changed": _("Payer took its answer back"),
    "claim status": _("Payer wants something"),
    "remittance exception": _("Payment without a claim"),
    "refund to payer": _("Refund to a payer"),
    "held payment": _("Payment on hold"),
    "payment in parts": _("Payment in parts"),
    "balance with payer": _("Balance with a payer"),
    "patient credit": _("Patient paid too much"),
    "payer credit": _("Payer paid too much"),
    "unapplied money": _("Money on no line"),
    "refund to send": _("Refund to send"),
    "refund approval": _("Refund to approve"),
    "stale check": _("Check not cashed"),
    "write-off approval": _("Write-off to approve"),
    "plan default": _("Payment plan broken"),
    "plan missed": _("Instalment missed"),
    "stale placement": _("Long with the agency"),
    "returned mail": _("Mail came back"),
    "no address": _("No address"),
    "guardian unknown": _("Guardian unknown"),
    "collections candidate": _("Last reminder passed"),
    "question to answer": _("Question to answer"),
    "dispute to answer": _("Dispute to answer"),
    "patient silent": _("Patient has not answered"),
    "confirm match": _("Bank match to confirm"),
    "missing ERA": _("Money without an 835"),
    "missing EFT": _("835 without its money"),
    "duplicate": _("Paid twice?"),
    "unknown": _("Unknown money"),
    "money out": _("Money left the bank"),
    "in transit": _("Deposit on its way"),
    "not cleared": _("Return not drawn"),
    "not deposited": _("Check not deposited"),
    "stale match": _("Match to undo"),
    "deposit changed": _("Deposit changed"),
    "bank line twice": _("Bank line twice"),
    "emergency access": _("Charts opened in an emergency"),
}
# What the command line calls by its commands is a button here. The longest first.
_COMMANDS = (
    ("superbill claim correct mends it, superbill followup resend sends it as it is.", "Correct it, or send it again."),
    ("if it is not there, superbill followup resend.", "if it is not there, send the claim again."),
    ("superbill followup resend sends the claims again.", "send the claims again."),
    ("superbill followup resend with the proof", "send it again with the proof"),
    ("superbill followup mailed says that it is gone", "say when it is gone"),
    ("superbill followup print makes the PDF", "print it"),
    ("Ask with superbill inquiry send", "Ask the payer (276)"),
    (", with superbill bank match.", "."),
)
HAPPENED = {
    "opened": _("Opened by itself"),
    "reopened": _("Open again"),
    "assigned": _("Given to"),
    "noted": _("Note"),
    "snoozed": _("Put off"),
    "done": _("Done"),
    "closed": _("Closed: its cause is gone"),
}


def what(kind: str) -> str:
    """What is to be done."""
    return str(KINDS.get(kind, kind[:1].upper() + kind[1:]))


def why(text: str, payer: str = "", name: str = "") -> str:
    """Why it is here: without commands of the command line, days as people write them, the payer by its name."""
    for command, said in _COMMANDS:
        text = text.replace(command, said)
    if payer and name:
        text = re.sub(rf"(?<![\w-]){re.escape(payer)}(?![\w-])", lambda _found: name, text)
    return _DAY.sub(_day, text)


def _day(found: re.Match[str]) -> str:
    try:
        day = date.fromisoformat(found[0])
    except ValueError:
        return found[0]
    return f"{day.day} {day:%b %Y}"
