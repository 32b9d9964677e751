"""Medically unlikely edits by code and day: the most units of it that are believed."""

from datetime import date

from msgspec import Struct

from superbill.codesets.mue.importer import SETTINGS, system
from superbill.codesets.release import Release
from superbill.codesets.store import Opened, Store

LINE, DAY_POLICY, DAY_CLINICAL = 1, 2, 3
"""MUE adjudication indicators: an edit of the claim line; of the day, by policy; of the day, by what is likely."""


class Most(Struct, frozen=True, gc=False):
    """The most units of a code. `indicator` (MAI): 1 on a line, 2 and 3 on a day, over all lines.

    What is above a 2 is impossible by law or policy; above a 3 it is denied and may be won by appeal with records.
    `rationale` in CMS's words.
    """

    code: str
    units: int
    indicator: int
    rationale: str


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
        self._days: dict[date, Opened | None] = {}
        self._known: dict[str, dict[str, Most | None]] = {}

    def __bool__(self) -> bool:
        """Whether the store has a release of it."""
        return bool(self._store.releases(system(self.setting)))

    def release(self, on: date) -> Release | None:
        """The release in force on the day, None where there is none."""
        opened = self._on(on)
        return None if opened is None else opened.release

    def most(self, code: str, on: date) -> Most | None:
        """The most units of the code on the day (of service); None without an MUE, or without a table for the day."""
        opened = self._on(on)
        if opened is None:
            return None
        known = self._known.setdefault(opened.release.name, {})
        try:
            return known[code]
        except KeyError:
            row = opened.connection.execute(
                "SELECT code, units, indicator, rationale FROM most WHERE code = ?", (code,)
            ).fetchone()
            found = None if row is None else Most(*row)
            if row is not None or len(known) < 100_000:  # what is no code at all must not fill the memory
                known[code] = found
            return found

    def _on(self, on: date) -> Opened | None:
        try:
            return self._days[on]
        except KeyError:
            opened = self._store.in_force(system(self.setting), on)
            self._days[on] = opened
            return opened
