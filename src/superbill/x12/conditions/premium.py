"""When a premium payment (820) must say more."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop


def payment_is_not_by_person(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No person is paid for by name: what is paid for the organization as a whole is told."""
    return not loop.individuals
