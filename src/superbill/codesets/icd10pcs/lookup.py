"""ICD-10-PCS as of a day of discharge: a code, the codes under a beginning, and a code built character by character.

What is valid is what the order file has, always: tables, definitions and our own words only say what values mean.
"""

import sqlite3
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10cm.order import PCS as SYSTEM
from superbill.codesets.icd10pcs import definitions, labels
from superbill.codesets.icd10pcs import tables as official
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Store

LENGTH = 7
_AFTER = "~"  # sorts behind every character of a code
_FIRST = "SELECT code FROM code WHERE billable AND code >= ? AND code < ? ORDER BY code LIMIT 1"
_UNDER = "SELECT code, title FROM code WHERE billable AND code >= ? AND code < ? ORDER BY code"


class PcsCode(Struct, frozen=True):
    """A code of seven characters, which may be reported, or the header of three of a table, which may not."""

    code: str
    title: str
    short: str
    billable: bool


class Value(Struct, frozen=True):
    """A character that may come next, what it is called, and what it means ("" where the name says all)."""

    character: str
    label: str
    meaning: str = ""


class Built(Struct, frozen=True):
    """A code on its way: the values chosen, the axis that is next with its valid values, and the code once whole."""

    prefix: str
    chosen: tuple[Value, ...]
    axis: str
    values: tuple[Value, ...]
    code: PcsCode | None


class PcsBook:
    """ICD-10-PCS in force on one day. `exact` is False when no release is, and the nearest stands in."""

    def __init__(self, store: Store, on: date) -> None:
        """Raises Refused when the store has no ICD-10-PCS."""
        codes = store.nearest(SYSTEM, on)
        if codes is None:
            raise Refused(
                "The store holds no ICD-10-PCS.", fix="Import the order file: superbill codesets import FILE."
            )
        self.on = on
        self.release: Release = codes.opened.release
        self.exact = codes.exact
        self._codes = codes.opened.connection
        self._tables = _connection(store, official.SYSTEM, on)
        self._definitions = _connection(store, definitions.SYSTEM, on)
        self._titles: dict[str, dict[str, str]] = {}
        self._rows: dict[str, list[dict[int, dict[str, str]]]] = {}
        self._values: dict[str, tuple[Value, ...]] = {}

    def code(self, code: str) -> PcsCode | None:
        """The code or table header as it stands on the day; None when there is none."""
        row = self._codes.execute(
            "SELECT code, title, short, billable FROM code WHERE code = ?", (normal(code),)
        ).fetchone()
        return None if row is None else PcsCode(row[0], row[1], row[2], bool(row[3]))

    def valid(self, code: str) -> bool:
        """Whether the code may be reported for a discharge on the day."""
        found = self.code(code)
        return found is not None and found.billable

    def complete(self, prefix: str) -> tuple[PcsCode, ...]:
        """Every code that begins with `prefix`, by code; () when none does."""
        plain = normal(prefix)
        rows = self._codes.execute(
            "SELECT code, title, short, billable FROM code WHERE billable AND code >= ? AND code < ? ORDER BY code",
            (plain, plain + _AFTER),
        )
        return tuple(PcsCode(code, title, short, True) for code, title, short, _ in rows)

    def values(self, prefix: str) -> tuple[Value, ...]:
        """The values that may follow `prefix`, each on the way to a code. () after a whole code, or where none is."""
        plain = normal(prefix)
        found = self._values.get(plain)
        if found is None:
            found = self._values[plain] = tuple(self._value(plain, character) for character in self._next(plain))
        return found

    def axis(self, prefix: str) -> str:
        """What the character after `prefix` says: "Body Part"; "" after a whole code."""
        return labels.axis(normal(prefix))

    def build(self, prefix: str = "") -> Built:
        """The code as far as `prefix` chooses it. Raises Refused at the first character that leads nowhere."""
        plain = normal(prefix)
        chosen: list[Value] = []
        for at, character in enumerate(plain):
            options = self.values(plain[:at])
            value = next((each for each in options if each.character == character), None)
            if value is None:
                may = ", ".join(each.character for each in options)
                raise Refused(
                    f"{character} is no {self.axis(plain[:at]).lower() or 'further character'} after {plain[:at]!r}.",
                    fix=f"Choose of {may}." if may else "The code is whole before it.",
                )
            chosen.append(value)
        whole = self.code(plain) if len(plain) == LENGTH else None
        return Built(plain, tuple(chosen), self.axis(plain), self.values(plain), whole)

    def _next(self, prefix: str) -> list[str]:
        """The next characters, by leaps over the codes: as many look-ups as there are values."""
        found: list[str] = []
        start, end, at = prefix, prefix + _AFTER, len(prefix)
        while at < LENGTH and (row := self._codes.execute(_FIRST, (start, end)).fetchone()) is not None:
            character = row[0][at]
            found.append(character)
            start = prefix + character + _AFTER
        return found

    def _value(self, prefix: str, character: str) -> Value:
        own = labels.own_words(prefix, character)
        label = self._official(prefix, character)
        if not label:
            label = self._heading(prefix, character) if 0 < len(prefix) < 3 else ""
        if not label and own is None:
            label = labels.told_apart(self._table(prefix[:3]), prefix, character)
        label = label or (own.label if own else "")
        return Value(character, label or "the only value", self._meaning(prefix + character, label, own))

    def _official(self, prefix: str, character: str) -> str:
        """The label in the tables, of a row that has all of `prefix`; "" without tables or such a row."""
        if self._tables is None:
            return ""
        pos = len(prefix) + 1
        if pos <= 3:
            like = prefix + character
            row = self._tables.execute(
                "SELECT label FROM label WHERE tbl >= ? AND tbl < ? AND row = 0 AND pos = ? LIMIT 1",
                (like, like + _AFTER, pos),
            ).fetchone()
            return str(row[0]) if row else ""
        for row in self._rows_of(prefix[:3]):
            if all(prefix[at - 1] in row.get(at, ()) for at in range(4, pos)) and character in row.get(pos, ()):
                return row[pos][character]
        return ""

    def _rows_of(self, tbl: str) -> list[dict[int, dict[str, str]]]:
        found = self._rows.get(tbl)
        if found is None:
            rows: dict[int, dict[int, dict[str, str]]] = {}
            assert self._tables is not None, "asked only where there are tables"
            for row, pos, character, label in self._tables.execute(
                "SELECT row, pos, character, label FROM label WHERE tbl = ? AND row > 0 ORDER BY row, pos", (tbl,)
            ):
                rows.setdefault(row, {}).setdefault(pos, {})[character] = label
            found = self._rows[tbl] = list(rows.values())
        return found

    def _table(self, tbl: str) -> dict[str, str]:
        """The titles of a table's codes."""
        found = self._titles.get(tbl)
        if found is None:
            found = self._titles[tbl] = dict(self._codes.execute(_UNDER, (tbl, tbl + _AFTER)))
        return found

    def _heading(self, prefix: str, character: str) -> str:
        """Body system or operation by the headers of the tables ("Imaging, Veins, Plain Radiography")."""
        like = prefix[:2] if len(prefix) == 2 else prefix + character
        rows = self._codes.execute(
            "SELECT code, title FROM code WHERE NOT billable AND code >= ? AND code < ? ORDER BY code",
            (like, like + _AFTER),
        ).fetchall()
        system, operations = labels.headings([title for _, title in rows], prefix[:1])
        if len(prefix) == 1:
            return system
        return next((op for (code, _), op in zip(rows, operations, strict=True) if code == prefix + character), "")

    def _meaning(self, code: str, label: str, own: labels.Words | None) -> str:
        """By the definitions, else by the tables, else in our own words."""
        pos = len(code)
        if self._definitions is not None:
            row = self._definitions.execute(
                "SELECT definition, explanation, includes FROM meaning WHERE section = ? AND pos = ? AND label = ?",
                (code[0], pos, label),
            ).fetchone()
            if row is not None:
                said = ". ".join(part for part in row[:2] if part)
                return said or f"Includes: {row[2]}"
        if self._tables is not None and pos == 3:
            row = self._tables.execute("SELECT text FROM definition WHERE tbl = ?", (code,)).fetchone()
            if row is not None:
                return str(row[0])
        return own.meaning if own else ""


def normal(text: str) -> str:
    """A code, or the beginning of one, as releases keep it: upper case, no blanks."""
    return "".join(text.split()).upper()


def _connection(store: Store, system: str, on: date) -> sqlite3.Connection | None:
    answer = store.nearest(system, on)
    return answer.opened.connection if answer else None


@lru_cache(maxsize=16)
def book(store: Store, on: date) -> PcsBook:
    """The book of a store for a day; the same one for the same question."""
    return PcsBook(store, on)
