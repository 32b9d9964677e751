"""Refusals in the words of the people who work them."""

from django.utils.translation import gettext_lazy as _

from superbill.app.web.words import Word

WORK = {
    "front_desk": _("front desk"),
    "coder": _("coder"),
    "biller": _("biller"),
    "provider": _("clinician"),
    "nobody": _("nobody"),
}
ROUTES = {
    "corrected_claim": _("corrected claim"),
    "appeal": _("appeal"),
    "reopening": _("ask to reopen"),
    "documents": _("send documents"),
    "other_payer": _("bill another payer"),
    "patient": _("bill the patient"),
    "write_off": _("write off"),
    "wait": _("wait"),
    "none": _("nothing"),
}
_STATES = {
    "open": ("■", _("to be worked"), "trouble"),
    "waiting": ("◔", _("asked the payer"), ""),
    "corrected": ("◑", _("corrected claim under way"), ""),
    "in_appeal": ("◑", _("appeal under way"), ""),
    "overturned": ("●", _("won, not paid yet"), ""),
    "exhausted": ("◆", _("every appeal used"), "trouble"),
}
STEPS = {
    "appeal": _("Appeal filed"),
    "decision": _("Appeal decided"),
    "reopening": _("Reopening asked for"),
    "documents": _("Documents sent"),
    "peer_to_peer": _("Physicians spoke"),
    "corrected": _("Corrected claim opened"),
    "written_off": _("Written off"),
    "patient_billed": _("Billed to the patient"),
    "note": _("Note"),
}
OUTCOMES = {
    "overturned": _("won in full"),
    "partly": _("won in part"),
    "upheld": _("refused again"),
    "dismissed": _("not heard"),
    "withdrawn": _("withdrawn"),
}
TOLD = {"note": _("Note"), "documents": _("Documents sent"), "reopening": _("Reopening asked for"),
        "peer_to_peer": _("Physicians spoke")}  # fmt: skip


def state(value: str) -> Word:
    """Where a refusal stands, as shape and word."""
    shape, text, tone = _STATES[value]
    return Word(shape, str(text), tone)
