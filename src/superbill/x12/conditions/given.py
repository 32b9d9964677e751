"""What a condition can't do without."""

from collections.abc import Callable
from typing import Any, TypeVar

Condition = TypeVar("Condition", bound=Callable[..., Any])


def given(*parts: str) -> Callable[[Condition], Condition]:
    """A condition that holds only where all these parts of its loop are there: it isn't asked where one is not."""

    def mark(condition: Condition) -> Condition:
        vars(condition)["needs"] = parts
        return condition

    return mark
