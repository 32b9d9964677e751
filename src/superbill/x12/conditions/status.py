"""When the 276 and 277 must say more, and what they may say only then."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop


def request_is_about_subscriber(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No dependent follows: the subscriber is the patient, whose claims stand here and whose birth date is told."""
    return not loop.dependents


def no_line_tells_date(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No service line of the claim has a date, so that the claim must have one."""
    return not any(line.service_date for line in loop.lines)


def receiver_has_no_providers(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The answer ends at the information receiver: the status is that of all that was asked."""
    return not loop.providers


def provider_has_no_subscribers(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The answer ends at the provider: the status is that of all that was asked for this provider."""
    return not loop.subscribers
