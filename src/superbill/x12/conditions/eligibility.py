"""When the 270 and 271 must say more, and what they may say only then."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop

_CANCELLATION = "01"
_NO_CHILD = "0"


def inquiry_is_cancelled(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """BHT02 cancels an earlier inquiry: only one about a spend down can be, and BHT06 says again that it was."""
    return bool(segment.purpose == _CANCELLATION)


def inquiry_is_about_subscriber(_loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """HL04 says that no dependent follows the subscriber: what is asked is asked about the subscriber."""
    level = above[0].level
    return level is not None and level.child == _NO_CHILD


def inquiry_was_answered(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """Neither the person nor a benefit of theirs was rejected: a full answer tells the person's name."""
    return not loop.validations and not any(benefit.validations for benefit in loop.benefits)


def has_related_entities(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The benefit names other entities, which LS and LE enclose, and enclose nothing else."""
    return bool(loop.related_entities)


def change_is_flagged(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """INS03 says that what is known of the person was changed: INS04 says why."""
    return bool(segment.maintenance_type)


def change_is_explained(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """INS04 says why what is known of the person was changed: INS03 says that it was."""
    return bool(segment.maintenance_reason)
