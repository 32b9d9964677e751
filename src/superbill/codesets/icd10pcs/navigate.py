"""The ICD-10-PCS Index as a way to codes: from a main term down, over its references, to codes that are valid."""

import sqlite3
from datetime import date

from msgspec import Struct

from superbill.codesets.icd10pcs.index import SYSTEM
from superbill.codesets.icd10pcs.lookup import PcsBook, PcsCode, book
from superbill.codesets.release import Refused
from superbill.codesets.store import Store

_COLUMNS = "id, level, title, path, relation, reference, code"
_LAST = "\U0010ffff"  # sorts behind every letter


class Entry(Struct, frozen=True):
    """A line of the Index. `level` is 0 for a main term; `path` its titles from there on.

    `relation`: "see" (go to the term `reference`), "use" (the value is called `reference`), or "". `code`: all seven
    characters, the first that are certain, or "".
    """

    number: int
    level: int
    title: str
    path: str
    relation: str
    reference: str
    code: str


class PcsIndex:
    """The Index nearest to a day, and the codes in force on it. `exact` is False when another year's stands in."""

    def __init__(self, store: Store, on: date) -> None:
        """Raises Refused when the store has no Index, or no codes."""
        answer = store.nearest(SYSTEM, on)
        if answer is None:
            raise Refused("The store holds no Index of ICD-10-PCS.", fix="Import its XML.")
        self.release = answer.opened.release
        self.exact = answer.exact
        self.book: PcsBook = book(store, on)
        self._connection: sqlite3.Connection = answer.opened.connection

    def main_terms(self, beginning: str = "") -> tuple[Entry, ...]:
        """The main terms that begin so, whatever the case, in the order of the book."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM term WHERE level = 0 AND path >= ? COLLATE NOCASE "  # noqa: S608 - constant
            "AND path < ? COLLATE NOCASE ORDER BY id",
            (beginning, beginning + _LAST),
        )
        return tuple(Entry(*row) for row in rows)

    def under(self, entry: Entry) -> tuple[Entry, ...]:
        """The terms directly under one, in the order of the book."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM term WHERE parent = ? ORDER BY id",  # noqa: S608 - constant
            (entry.number,),
        )
        return tuple(Entry(*row) for row in rows)

    def referred(self, entry: Entry) -> tuple[Entry, ...]:
        """Where a "see" goes: the term of this path, else the main term of its first words; () for none such."""
        if entry.relation != "see":
            return ()
        for path in (entry.reference, entry.reference.partition(",")[0]):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM term WHERE path = ? COLLATE NOCASE AND title <> '' ORDER BY id",  # noqa: S608 - constant
                (path,),
            ).fetchall()
            if rows:
                return tuple(Entry(*row) for row in rows)
        return ()

    def codes(self, entry: Entry) -> tuple[PcsCode, ...]:
        """The codes in force under the term's; () where it has none, or where all have ended since."""
        return self.book.complete(entry.code) if entry.code else ()
