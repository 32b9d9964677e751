"""Values in force on a date. Whatever changes by law or contract is looked up by the date of service."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class Dated(Generic[T]):
    """A value that changes over time: `on(day)` gives the value in force, None before the first or after an end.

    Made from (first day, value) pairs in any order; a value of None ends the one before. Raises ValueError when
    two values start on the same day.
    """

    __slots__ = ("_days", "_values")

    def __init__(self, steps: Iterable[tuple[date, T | None]]) -> None:
        ordered = sorted(steps, key=lambda step: step[0])
        self._days = [day for day, _ in ordered]
        self._values = [value for _, value in ordered]
        for before, after in zip(self._days, self._days[1:], strict=False):
            if before == after:
                raise ValueError(f"two values take effect on {after.isoformat()}")

    def on(self, day: date) -> T | None:
        """The value in force on `day`."""
        place = bisect_right(self._days, day)
        return self._values[place - 1] if place else None

    def at(self, day: date) -> tuple[date, T | None] | None:
        """The first day of the value in force on `day`, and the value; None before the first."""
        place = bisect_right(self._days, day)
        return (self._days[place - 1], self._values[place - 1]) if place else None

    @property
    def steps(self) -> list[tuple[date, T | None]]:
        """All changes, oldest first."""
        return list(zip(self._days, self._values, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dated) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(tuple(self._days))

    def __repr__(self) -> str:
        return f"Dated({self.steps!r})"


class Period(msgspec.Struct, frozen=True, omit_defaults=True):
    """Days from `start` to `end`, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def dated_table(rows: dict[str, Any], kind: type[T]) -> Dated[T]:
    """A Dated from {ISO day: value} as YAML and TOML files write it. Raises ValueError for a day that is none."""
    return Dated(
        (date.fromisoformat(str(day)), None if value is None else msgspec.convert(value, kind))
        for day, value in rows.items()
    )
