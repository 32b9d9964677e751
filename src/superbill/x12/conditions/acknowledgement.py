"""When the 999, 997 and 824 must say more."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.tree import Loop

# OTI01 of what was refused or has errors, and is not merely a batch that holds such items.
_NEEDS_REASONS = frozenset(("IE", "IR", "TE", "TR"))


def set_has_errors(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The transaction set was not simply accepted: IK501 or AK501 other than A. Its answer names an error."""
    return segment.acknowledgment not in ("", "A")


def some_sets_were_refused(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The group was accepted in part (AK901 P): at least one transaction set is answered by itself."""
    return loop.result is not None and loop.result.acknowledgment == "P"


def reasons_are_due(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The application refused the item or transaction set, or took it with errors (OTI01): it tells them."""
    return loop.original is not None and loop.original.acknowledgment in _NEEDS_REASONS
