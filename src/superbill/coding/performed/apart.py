"""Why two services stand apart that are else one: 59, or XS, XE, XP for payers that ask for the reason.

CPT appendix A (59) and CMS MLN1783722: XS another structure, XE another encounter, XP another practitioner. The reason
is told only where the note gives it; without one, 59 remains.
"""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from superbill.coding.performed.again import tables
from superbill.coding.performed.model import Done
from superbill.coding.performed.spoken import Spoken

_SESSION = re.compile(
    r"\b(?:separate|second|different|another|later) (?:session|encounter|visit)\b|"
    r"\b(?:returned|came back|seen again)\b[^.;]{0,40}\b(?:today|afternoon|evening|same day|later)\b"
)
_OTHER_HANDS = re.compile(
    r"\b(?:by|with) (?:my |our )?(?:partner|colleague|another (?:physician|provider|practitioner))\b"
)
_REGION = re.compile(
    r"\b(?:right|left)\b|\b(?:scalp|forehead|temple|face|cheek|nose|ear|lip|chin|eyelid|neck|chest|breast|back|"
    r"shoulder|"
    r"arm|elbow|forearm|wrist|hand|thumb|finger|abdomen|flank|groin|buttock|hip|thigh|knee|leg|calf|shin|ankle|foot|"
    r"plantar fascia|heel|toe)s?\b"
)


def marked(found: list[Done], pairs: Iterable[tuple[Done, Done]], spoken: Spoken, payer_kind: str) -> list[Done]:
    """The services with 59 on the second of each pair, or with the reason where the payer wants it."""
    reasons: dict[tuple[str, tuple[str, ...]], str] = {}
    for beside, one in pairs:
        reason = _reason(beside, one, spoken) if payer_kind in tables().reasons_for else "59"
        reasons.setdefault((one.code, one.modifiers), reason)
    return [
        replace(one, modifiers=(*one.modifiers, reason)[:4]) if (reason := _of(one, reasons)) else one for one in found
    ]


def _of(one: Done, reasons: dict[tuple[str, tuple[str, ...]], str]) -> str:
    return "" if "59" in one.modifiers else reasons.get((one.code, one.modifiers), "")


def _reason(beside: Done, one: Done, spoken: Spoken) -> str:
    first, second = spoken.around(beside.start, beside.end)[0], spoken.around(one.start, one.end)[0]
    if _SESSION.search(second) or _SESSION.search(first):
        return "XE"
    if _OTHER_HANDS.search(second) or _OTHER_HANDS.search(first):
        return "XP"
    here, there = set(_REGION.findall(first)), set(_REGION.findall(second))
    return "XS" if here and there and here != there and first != second else "59"
