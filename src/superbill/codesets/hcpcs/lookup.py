"""HCPCS Level II as of a date of service: codes and modifiers, from whichever releases the store has.

Three official files say different things, and what is known is put together: the contractors' file has descriptions,
days and coverage; the list of numbers has every code there was up to its quarter, ended ones too; Addendum B of OPPS
has short descriptors, of codes in use. An answer names the release that decides and that of its title; what nobody
tells is None, never True.
"""

import sqlite3
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.hcpcs.record import NUMBERS, SYSTEM, Record
from superbill.codesets.opps import lookup as opps
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Opened, Store


class HcpcsCode(Struct, frozen=True, kw_only=True):
    """A code or modifier on a day.

    `in_use`: whether it may be billed on the day; None where the releases don't tell. `why` says why not, or what is
    not known. `title` is the text of the time nearest to the day, "" for none; `title_from` that release.
    `release` is what decided; `exact` is False when it is of another time and stands in. `record` is the contractors'
    file's, if it has one.
    """

    code: str
    title: str
    in_use: bool | None
    why: str
    release: Release
    exact: bool
    title_from: Release | None
    record: Record | None


class HcpcsBook:
    """HCPCS Level II on one day."""

    def __init__(self, store: Store, on: date) -> None:
        """Raises Refused when the store has neither the contractors' file nor a list of numbers."""
        self.on = on
        self._store = store
        found = [(store.nearest(system, on), system) for system in (SYSTEM, NUMBERS)]
        there = [(answer, system) for answer, system in found if answer is not None]
        if not there:
            raise Refused("The store holds no HCPCS Level II.", fix="Import the quarterly file of CMS.")
        # What is in force decides; then what says more; where nothing is, what is nearest to the day.
        exact = [each for each in there if each[0].exact]
        answer, system = exact[0] if exact else min(there, key=lambda each: _apart(each[0].opened.release, on))
        self.release: Release = answer.opened.release
        self.exact: bool = answer.exact
        self._decides: Opened = answer.opened
        self._numbers_only = system == NUMBERS
        described = store.nearest(SYSTEM, on)
        self._described: Opened | None = described.opened if described else None

    def code(self, code: str) -> HcpcsCode | None:
        """The code; None where no release that the day is answered from has it."""
        plain = code.strip().upper()
        record = self._record("code", plain)
        paid = opps.item(self._store, plain, self.on)
        listed = self._numbers_only and self._listed(plain)
        if record is None and not listed:
            return None
        in_use, why = self._state(record)
        if self._numbers_only and in_use is not False:
            in_use, why = self._by_numbers(listed, paid)
        title, title_from = self._title(record, paid)
        return HcpcsCode(
            code=plain, title=title, in_use=in_use, why=why, release=self.release, exact=self.exact,
            title_from=title_from, record=record,
        )  # fmt: skip

    def modifier(self, code: str) -> HcpcsCode | None:
        """The modifier by the contractors' file; None without one, or where it has no such modifier."""
        plain = code.strip().upper()
        record = self._record("modifier", plain)
        if record is None or self._described is None:
            return None
        in_use, why = self._state(record)
        release = self._described.release
        return HcpcsCode(
            code=plain, title=record.title, in_use=in_use, why=why, release=release,
            exact=_apart(release, self.on) == 0, title_from=release, record=record,
        )  # fmt: skip

    def _listed(self, code: str) -> bool:
        found = self._decides.connection.execute("SELECT 1 FROM code WHERE code = ?", (code,)).fetchone()
        return found is not None

    def _state(self, record: Record | None) -> tuple[bool | None, str]:
        """In use by the days of the contractors' file: a termination date is the last day on which a code may be used.

        The file tells the past too, but not what ended after its own time.
        """
        if record is None or self._described is None:
            return None, ""
        if record.added and self.on < date.fromisoformat(record.added):
            return False, f"came into use on {record.added}"
        if record.terminated and self.on > date.fromisoformat(record.terminated):
            return False, f"could be used until {record.terminated}"
        release = self._described.release
        if release.until is not None and self.on > release.until:
            return None, f"was in use in {release.version}; whether it still is isn't on file"
        return True, ""

    def _by_numbers(self, listed: bool, paid: opps.Item | None) -> tuple[bool | None, str]:
        """In use by the list of numbers, which proves that there is none such, and by Addendum B of the same year."""
        if not listed:
            return (False if self.exact else None), f"is not among the codes of {self.release.version}"
        if paid is not None and paid.release.effective.year == self.on.year and paid.status != "D":
            return True, ""
        return None, f"the list of {self.release.version} has ended codes too; whether this one is in use isn't on file"

    def _record(self, table: str, code: str) -> Record | None:
        if self._described is None:
            return None
        return _read(self._described.connection, table, code)

    def _title(self, record: Record | None, paid: opps.Item | None) -> tuple[str, Release | None]:
        """The text of the time nearest to the day: numbers are used again, and an old text would be wrong."""
        short = paid if paid and paid.short else None
        mine = self._described.release if self._described and record else None
        if record and mine and (short is None or _apart(mine, self.on) <= _apart(short.release, self.on)):
            return record.title or record.short, mine
        return (short.short, short.release) if short else ("", None)


def _read(connection: sqlite3.Connection, table: str, code: str) -> Record | None:
    select = f"SELECT * FROM {table} WHERE code = ?"  # noqa: S608 - one of the two tables of a release
    row = connection.execute(select, (code,)).fetchone()
    return None if row is None else Record(**dict(zip(Record.__struct_fields__, row, strict=True)))


def _apart(release: Release, on: date) -> int:
    """How many days lie between the release's time and the day; 0 when it is in force."""
    if on < release.effective:
        return (release.effective - on).days
    return max((on - (release.until or on)).days, 0)


@lru_cache(maxsize=16)
def book(store: Store, on: date) -> HcpcsBook:
    """The book of a store for a day; the same one for the same question."""
    return HcpcsBook(store, on)
