"""Rows of dated releases, asked by the day: each is read from its file once and kept."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Generic, TypeVar

from superbill.codesets.store import Answer, Store

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_KEEP = 50_000
"""Rows (and keys without a row) of one release that are kept before all of it is let go."""


class ByDay(Generic[K, T]):
    """The rows of one system: `choose` finds the release for a day, `read` a row of it by its key."""

    def __init__(self, choose: Callable[[date], Answer | None], read: Callable[[Answer, K], T | None]) -> None:
        self._choose = choose
        self._read = read
        self._days: dict[date, tuple[Answer, dict[K, T | None]] | None] = {}
        self._releases: dict[tuple[str, bool], dict[K, T | None]] = {}

    def answer(self, day: date) -> Answer | None:
        """The release for the day; None without one."""
        found = self._on(day)
        return found[0] if found else None

    def row(self, key: K, day: date) -> T | None:
        """The row of the day's release; None without a release, or where it has no such key."""
        found = self._days[day] if day in self._days else self._on(day)
        if found is None:
            return None
        kept = found[1]
        if key not in kept:
            if len(kept) >= _KEEP:
                kept.clear()
            kept[key] = self._read(found[0], key)
        return kept[key]

    def _on(self, day: date) -> tuple[Answer, dict[K, T | None]] | None:
        if day not in self._days:
            answer = self._choose(day)
            if answer is None:
                self._days[day] = None
            else:
                kept = self._releases.setdefault((answer.opened.release.name, answer.exact), {})
                self._days[day] = (answer, kept)
        return self._days[day]


def same_year(store: Store, system: str, day: date) -> Answer | None:
    """The release in force on the day, else another of the same calendar year, else None.

    The last one that took effect before the day stands in; without one, the first one after it.
    """
    opened = store.in_force(system, day)
    if opened is not None:
        return Answer(opened, True)
    year = [release for release in store.releases(system) if release.effective.year == day.year]
    if not year:
        return None
    before = [release for release in year if release.effective <= day]
    first = [release for release in year if release.effective == year[0].effective]
    return Answer(store.opened((before or first)[-1]), False)


def exactly(store: Store, system: str, day: date) -> Answer | None:
    """The release in force on the day, else None."""
    opened = store.in_force(system, day)
    return Answer(opened, True) if opened else None
