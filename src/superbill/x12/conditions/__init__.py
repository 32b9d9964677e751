"""Situational rules that a program can decide, by the names by which the guides call them.

A condition looks at one place of a transaction: `loop`, in which the rule sits; `above`, the loops around it, the
innermost first; `segment`, the segment of an element's rule, None for the rule of a segment or loop. What a file
lacks is None there, so that a condition never raises: where it can't tell, it says no.

Every public function of the modules here is a condition; their names are unique over all of them.
"""

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, TypeAlias

from superbill.x12.conditions import (
    acknowledgement,
    claims,
    dental,
    eligibility,
    enrollment,
    premium,
    remittance,
    review,
    status,
)
from superbill.x12.tree import Loop

Condition: TypeAlias = Callable[[Loop, Sequence[Loop], Any], bool]

MODULES = (
    acknowledgement,
    claims,
    dental,
    eligibility,
    enrollment,
    premium,
    remittance,
    review,
    status,
)


def needs(condition: Condition) -> tuple[str, ...]:
    """Names of the loop's parts without which a condition can't hold, as `given` told; it is not asked then."""
    found: tuple[str, ...] = getattr(condition, "needs", ())
    return found


def sign_of(condition: Condition, place: str) -> Callable[[Any], object] | None:
    """What tells of a segment at that place that the condition may hold; None where it waits for no such segment."""
    found = vars(condition)
    return found["sign"] if place in found.get("places", ()) else None


def places_of(condition: Condition) -> tuple[str, ...]:
    """Where the segments are that the condition waits for, as `sign` told; () when it is to be asked anyway."""
    found: tuple[str, ...] = vars(condition).get("places", ())
    return found


def is_of_segment(condition: Condition) -> bool:
    """Whether the condition looks at nothing but its segment: the names of its parameters say so."""
    names = condition.__code__.co_varnames
    return names[:3] == ("_loop", "_above", "segment")


CONDITIONS: dict[str, Condition] = {
    name: made
    for module in MODULES
    for name, made in vars(module).items()
    if isinstance(made, FunctionType) and made.__module__ == module.__name__ and not name.startswith("_")
}
