"""What a condition can't do without, what it waits for, and what it need not find out twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from superbill.x12.tree import Loop

Condition = TypeVar("Condition", bound=Callable[..., Any])
Found = TypeVar("Found")


def given(*parts: str) -> Callable[[Condition], Condition]:
    """A condition that holds only where all these parts of its loop are there: it isn't asked where one is not."""

    def mark(condition: Condition) -> Condition:
        vars(condition)["needs"] = parts
        return condition

    return mark


def sign(*places: str, of: Callable[[Any], object]) -> Callable[[Condition], Condition]:
    """A condition that holds only where a segment has a sign `of` it: it isn't asked about a loop that has none.

    `places` say which segments: of the loop ("claim"), or of loops in it ("lines.service"). Segments are looked at as
    they are read, so that an ordinary claim costs nothing; those that come again to the letter are known already. The
    sign may be there without the condition holding, but never the other way round.
    """

    def mark(condition: Condition) -> Condition:
        vars(condition).update(places=places, sign=of)
        return condition

    return mark


def once(find: Callable[[Loop], Found]) -> Callable[[Loop], Found]:
    """`find`, remembered for the loop last asked about: the same one and no equal, for to compare loops costs as much.

    What is asked again for each line of a claim is found once: a claim may have thousands of lines.
    """
    last: tuple[Loop, Found] | None = None

    @wraps(find)
    def found(loop: Loop) -> Found:
        nonlocal last
        known = last
        if known is None or known[0] is not loop:
            last = known = loop, find(loop)
        return known[1]

    return found
