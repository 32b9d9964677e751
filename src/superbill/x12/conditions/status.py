"""When the 276 and 277 must say more, and what they may say only then."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop


def _is_lowest(loop: Loop) -> bool:
    """HL04 says that no level follows below this one. (Streaming hands on what is below: it can't be looked for.)"""
    return loop.level is not None and loop.level.child == "0"


def request_is_about_subscriber(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No dependent follows: the subscriber is the patient, whose claims stand here and whose birth date is told."""
    return _is_lowest(loop)


def no_line_tells_date(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No service line of the claim has a date, so that the claim must have one."""
    return not any(line.service_date for line in loop.lines)


def receiver_has_no_providers(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The answer ends at the information receiver: the status is that of all that was asked."""
    return _is_lowest(loop)


def provider_has_no_subscribers(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The answer ends at the provider: the status is that of all that was asked for this provider."""
    return _is_lowest(loop)
