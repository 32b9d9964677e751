"""When an enrollment (834) must say more, and what it may say only then."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop

_ADDITION = "021"
_COBRA = "C"
_CORRECTED = "74"


def member_is_added(_loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """INS03 adds the member: birth date and sex are told."""
    detail = above[0].detail
    return detail is not None and detail.maintenance_type == _ADDITION


def has_cobra(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """INS05 is C, coverage continued under COBRA: the event that led to it is told."""
    return bool(segment.benefit_status == _COBRA)


def name_is_corrected(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """NM101 of loop 2100A is 74, a name that corrects one sent before: loop 2100B tells that one."""
    name = loop.person and loop.person.name
    return name is not None and name.entity == _CORRECTED
