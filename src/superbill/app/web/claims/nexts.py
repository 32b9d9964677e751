"""What a person can do with a claim next, by its state: the ways under the digit keys, and what bars them."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.path.mending import OPEN, WAITING
from superbill.app.web.claims.queries import ClaimStory
from superbill.app.web.desk import Desk

DECIDED = ("paid", "partly_denied", "denied", "reversed")
REFUSED = ("partly_denied", "denied")


class Way(Struct, frozen=True, kw_only=True):
    """One way on: its key, what it is called, where it leads, and why."""

    key: str
    name: str
    address: str
    why: str = ""


def ways(at: Desk, story: ClaimStory, later: str) -> list[Way]:
    """The ways open to this person, numbered from 1; none on a version that was replaced but to the later one."""
    state, number = story.row.state, story.row.control_number
    if later:
        return [Way(key="1", name=_("Go to the later version"), address=_to(at, "claim", later), why=later)]
    wanted = [
        (state in OPEN, Permission.BILL, _("Correct"), "claim-correct", _("changes it in place, checked as you type")),
        (state == "rejected", Permission.BILL, _("Correct"), "claim-correct", _("a new original")),
        (state in DECIDED and bool(story.row.payer_control_number), Permission.BILL, _("Corrected claim"),
         "claim-correct", _("a replacement (frequency 7) of what the payer decided")),
        (state in REFUSED, Permission.WORK_DENIALS, _("Appeal letter"), "denial-appeal", ""),
        (state in REFUSED, Permission.WRITE_OFF, _("Write off"), "denial-write-off", ""),
        (state in DECIDED and bool(story.row.payer_control_number), Permission.BILL, _("Void"), "claim-void",
         _("takes the whole claim back (frequency 8)")),
        (state in (*WAITING, "rejected"), Permission.SEND, _("Send again"), "claim-resend",
         _("the same claim, when it was lost on the way")),
        (state in WAITING, Permission.SEND, _("Ask the payer"), "claim-inquiries", _("where it stands (276)")),
        (state in (*DECIDED, "rejected"), Permission.BILL, _("Payer order"), "claim-payers",
         _("another payer first, or the next one now")),
    ]  # fmt: skip
    there = [
        (name, address, why)
        for fits, need, name, route, why in wanted
        if fits and at.may(need) and (address := _to(at, route, number))
    ]
    return [Way(key=str(key), name=name, address=address, why=why) for key, (name, address, why) in enumerate(there, 1)]


def _to(at: Desk, route: str, number: str) -> str:
    try:
        return reverse(route, args=(at.practice.key, number))
    except NoReverseMatch:
        return ""
