"""Medically unlikely edits by code and day: the most units of it that are believed."""

from datetime import date

from msgspec import Struct

from superbill.codesets.mue.importer import SETTINGS, system
from superbill.codesets.release import Release
from superbill.codesets.store import Opened, Store

LINE, DAY_POLICY, DAY_CLINICAL = 1, 2, 3
"""MUE adjudication indicators: an edit of the claim line; of the day, by policy; of the day, by what is likely."""
_MOST_KEPT = 100_000
"""Answers that a quarter keeps: what is no code at all must not fill the memory."""


class Most(Struct, frozen=True, gc=False):
    """The most units of a code. `indicator` (MAI): 1 on a line, 2 and 3 on a day, over all lines.

    What is above a 2 is impossible by law or policy; above a 3 it is denied and may be won by appeal with records.
    `rationale` in CMS's words.
    """

    code: str
    units: int
    indicator: int
    rationale: str


class Quarter(dict[str, Most | None]):
    """The most units of each code of one release, read when first asked for: `quarter[code]`, None without an MUE."""

    def __init__(self, opened: Opened | None) -> None:
        super().__init__()
        self._opened = opened

    @property
    def release(self) -> Release | None:
        """The release, None where the store has none for the day: then no code has an MUE."""
        return None if self._opened is None else self._opened.release

    def __missing__(self, code: str) -> Most | None:
        if self._opened is None:
            return None
        row = self._opened.connection.execute(
            "SELECT code, units, indicator, rationale FROM most WHERE code = ?", (code,)
        ).fetchone()
        found = None if row is None else Most(*row)
        if found is not None or len(self) < _MOST_KEPT:
            self[code] = found
        return found


class UnitTable:
    """The MUE of one setting ("practitioner", "hospital", "dme"), every quarter that is in the store.

    A table has the units of its own quarter alone, so the quarter of the service decides. Answers come from memory
    once asked: releases never change. Raises ValueError for a setting that is none.
    """

    def __init__(self, store: Store, setting: str) -> None:
        if setting not in SETTINGS:
            raise ValueError(f"{setting!r} is no setting of MUE; there are {', '.join(SETTINGS)}")
        self.setting = setting
        self._store = store
        self._days: dict[date, Quarter] = {}
        self._quarters: dict[str, Quarter] = {}

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every release of it in the store, oldest first."""
        return self._store.releases(system(self.setting))

    def on(self, day: date) -> Quarter:
        """The most units by the release in force on the day (of service)."""
        try:
            return self._days[day]
        except KeyError:
            opened = self._store.in_force(system(self.setting), day)
            name = "" if opened is None else opened.release.name
            found = self._days[day] = self._quarters.setdefault(name, Quarter(opened))
            return found

    def most(self, code: str, on: date) -> Most | None:
        """The most units of the code on the day; None without an MUE, or without a table for the day."""
        return self.on(on)[code]
