"""When the 278 must say more, and what it may say only then."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop

_ADMISSION = "AR"
_FOLLOW_UPS = frozenset(("1", "2", "3", "4", "N", "R", "S"))  # appeals, cancel, extension, reconsideration, renewal …
_CERTIFIED = frozenset(("A1", "A6"))  # in total, modified
_REFUSED = "A3"
_SENT = frozenset(("BM", "EL", "EM", "FX"))  # by mail, electronically, by e-mail, by fax


def review_is_about_subscriber(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No dependent follows: the patient event is the subscriber's."""
    return loop.dependent is None


def patient_is_admitted(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """UM01 asks for an admission: its date is told."""
    return loop.review is not None and loop.review.category == _ADMISSION


def previous_review_is_unnamed(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """UM02 goes back to an earlier review, and no administrative number says to which."""
    if loop.review is None or loop.previous_administrative_number is not None:
        return False
    return loop.review.certification_type in _FOLLOW_UPS


def event_is_decided_as_whole(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """Neither was the event rejected, nor any of its services decided or rejected: the decision stands here."""
    decided = any(service.decision or service.validations for service in loop.services)
    return not loop.validations and not decided


def service_is_certified(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """HCR01 certifies, in total or modified: the certification has a number."""
    return segment.action in _CERTIFIED


def service_is_refused(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """HCR01 refuses to certify: it says why."""
    return bool(segment.action == _REFUSED)


def report_is_sent(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """PWK02 says that a report is sent, by whatever way: it has a control number."""
    return segment.transmission in _SENT
