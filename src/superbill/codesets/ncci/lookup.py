"""NCCI procedure-to-procedure edits by pair and day.

A table is in several files (f1, f2 …), each a release: a `Table` joins those of one quarter. What is asked for a pair
the first time is found in the packed records of its column-1 code; after that a dictionary answers. Of a table of 2.6
million pairs a process holds what it asked for, at most some 60 MB; the files themselves are shared between processes.
"""

import threading
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from superbill.codesets.ncci import packed
from superbill.codesets.ncci.importer import PARTS, SETTINGS, system
from superbill.codesets.release import Release
from superbill.codesets.store import Opened, Store

_MOST_BYTES = 32_000_000
"""Packed records that a table keeps: about all of it."""
_MOST_PAIRS = 250_000
"""Answers that a table keeps: some 25 MB."""
_MOST_SETS = 50_000
"""Sets of codes of one claim whose pairs a table keeps: few kinds of visits make most claims. Some 20 MB."""


class PairEdit(Struct, frozen=True, gc=False):
    """One edit of a pair: column 2 is not paid beside column 1 on the same day by the same provider.

    `indicator`: 0 no modifier bypasses it, 1 an NCCI-associated modifier may, 9 it was deleted as of its first day.
    `last` is the last day on which it holds, None for one that holds on. `rationale` in CMS's words.
    """

    column1: str
    column2: str
    first: date
    last: date | None
    indicator: int
    before_1996: bool
    rationale: str

    def holds(self, on: date) -> bool:
        """Whether it is in force on the day (of service)."""
        never = self.indicator == 9 or self.first == self.last
        return not never and self.first <= on and (self.last is None or on <= self.last)


class PairTable:
    """The edits of practitioners or of outpatient hospitals of one quarter, as far as its files are in the store.

    `missing` names the files of CMS's four that are not: their pairs are not known here.
    """

    def __init__(self, setting: str, parts: Iterable[tuple[int, Opened]]) -> None:
        found = dict(parts)
        self.setting = setting
        self.releases: tuple[Release, ...] = tuple(opened.release for opened in found.values())
        self.missing = tuple(f"f{part}" for part in range(1, PARTS + 1) if part not in found and 0 not in found)
        self._files = tuple(opened.connection for opened in found.values())
        self._rationales = tuple(
            dict(file.execute("SELECT number, text FROM rationale").fetchall()) for file in self._files
        )
        self._packed: dict[str, tuple[tuple[bytes, dict[int, str]], ...]] = {}
        self._bytes = 0
        self._seen: dict[str, dict[str, tuple[PairEdit, ...]]] = {}
        self._pairs = 0
        self._among: dict[frozenset[str], tuple[tuple[str, str], ...]] = {}
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        """The quarter: "2026Q4"."""
        return self.releases[0].version

    def covers(self, on: date) -> bool:
        """Whether the table tells of the day: all of it is there, and it goes on to the end of its quarter."""
        return not self.missing and on <= (self.releases[0].until or date.max)

    def pair(self, column1: str, column2: str, on: date) -> PairEdit | None:
        """The edit of the pair in force on the day, or None."""
        try:
            known = self._seen[column1][column2]
        except KeyError:
            known = self._read(column1, column2)
        for edit in known:
            if edit.holds(on):
                return edit
        return None

    def among(self, codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """The pairs (column 1, column 2) among the codes that ever had an edit in force, in order."""
        found = self._among.get(codes)
        if found is None:
            ordered = sorted(codes)
            found = tuple(
                (one, two)
                for one in ordered
                for two in ordered
                if one != two and any(edit.indicator != 9 for edit in self.history(one, two))
            )
            with self._lock:
                if len(self._among) >= _MOST_SETS:
                    self._among.clear()
                self._among[codes] = found
        return found

    def history(self, column1: str, column2: str) -> tuple[PairEdit, ...]:
        """Every edit of the pair there ever was, newest first; those with indicator 9 never were in force."""
        try:
            return self._seen[column1][column2]
        except KeyError:
            return self._read(column1, column2)

    @property
    def pairs(self) -> int:
        """How many rows the files have."""
        return sum(int(file.execute("SELECT pairs FROM extent").fetchone()[0]) for file in self._files)

    def _read(self, column1: str, column2: str) -> tuple[PairEdit, ...]:
        if len(column2) != packed.CODE or not column2.isascii():
            return ()
        code = column2.encode("ascii")
        edits = []
        for blob, rationales in self._blobs(column1):
            for record in packed.find(blob, code):
                _, first, last, indicator, old, why = packed.unpack(record)
                edits.append(PairEdit(column1, column2, first, last, indicator, old, rationales.get(why, "")))
        # An edit that begins on the day on which another ends takes its place: the newer is asked first.
        answer = tuple(sorted(edits, key=lambda edit: edit.first, reverse=True))
        with self._lock:
            if self._pairs >= _MOST_PAIRS:
                self._seen.clear()
                self._pairs = 0
            self._seen.setdefault(column1, {})[column2] = answer
            self._pairs += 1
        return answer

    def _blobs(self, column1: str) -> tuple[tuple[bytes, dict[int, str]], ...]:
        """The packed records of a column-1 code in each file that has some, with that file's rationales."""
        found = self._packed.get(column1)
        if found is None:
            query = "SELECT packed FROM column1 WHERE code = ?"
            rows = [file.execute(query, (column1,)).fetchone() for file in self._files]
            found = tuple((row[0], why) for row, why in zip(rows, self._rationales, strict=True) if row is not None)
            with self._lock:
                if self._bytes > _MOST_BYTES:
                    self._packed.clear()
                    self._bytes = 0
                self._packed[column1] = found
                self._bytes += sum(len(blob) for blob, _ in found)
        return found


class PairTables:
    """The tables of practitioners or of outpatient hospitals that a store has, asked by the day of service.

    A table has the days before its quarter, too, and what CMS changed for them afterwards: the newest that tells of a
    day is asked. Raises ValueError for a setting that is none.
    """

    def __init__(self, store: Store, setting: str) -> None:
        if setting not in SETTINGS:
            raise ValueError(f"{setting!r} is no setting of NCCI; there are {' and '.join(SETTINGS)}")
        quarters: dict[date, dict[int, Opened]] = {}
        for part in range(PARTS + 1):
            for release in store.releases(system(setting, part)):  # oldest first: a later revision takes the place
                quarters.setdefault(release.effective, {})[part] = store.opened(release)
        self.tables = tuple(PairTable(setting, sorted(quarters[day].items())) for day in sorted(quarters, reverse=True))
        self._days: dict[date, PairTable | None] = {}

    def on(self, day: date) -> PairTable | None:
        """The table that tells of the day; None where none does."""
        try:
            return self._days[day]
        except KeyError:
            found = next((table for table in self.tables if table.covers(day)), None)
            self._days[day] = found
            return found
