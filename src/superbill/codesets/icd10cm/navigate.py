"""Walking the Alphabetic Index as a coder does: main term, subterms, see, see also, and codes verified in the book.

The Index alone is never the answer (guidelines I.B.1): every code that it gives is looked up in the codes in force.
"""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date

import msgspec
from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.index import CELLS, INDEX
from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Store

_COLUMNS = "id, parent, level, title, modifiers, see, see_also, code, manifestation, path"
_ROW = f"SELECT {_COLUMNS} FROM term"  # noqa: S608 - a constant
_PARENTHESES = re.compile(r"\s*\([^)]*\)")
_WAYS = 4  # lines of one name that are tried: enough for every reference of the book that can be resolved
_NEC = re.compile(r"\s+(nec|nos)$")
_CODES_ALONE = re.compile(r"[A-Z][0-9][0-9A-Z]")


class Line(Struct, frozen=True):
    """One line of a book. `code` and `manifestation` as printed ("S52.50-" goes on); `cells` as (column, code)."""

    id: int
    parent: int
    level: int
    title: str
    modifiers: str
    see: str
    see_also: str
    code: str
    manifestation: str
    path: str
    cells: tuple[tuple[str, str], ...] = ()


class Reached(Struct, frozen=True):
    """How far a path led: the last line that it names, and the steps that no line under it goes by."""

    line: Line
    rest: tuple[str, ...]


class Verified(Struct, frozen=True):
    """What a printed code leads to in the codes of the day: the code itself, and the billable codes it may end in.

    `found` None: there is no such code on the day. `ends` has the code itself when it may be billed.
    """

    printed: str
    found: Code | None
    ends: tuple[Code, ...]


class Navigator:
    """One of the books of the Index on a day. `exact` is False when another release stands in for the day's own."""

    def __init__(self, store: Store, on: date, book: str = INDEX) -> None:
        """Raises Refused when the store has no release of the book."""
        answer = store.nearest(book, on)
        if answer is None:
            raise Refused(
                "The store holds no Alphabetic Index." if book == INDEX else f"The store holds no {book}.",
                fix="Import the official XML: superbill codesets import FILE.",
            )
        self.book = book
        self.release: Release = answer.opened.release
        self.exact = answer.exact
        self._file: sqlite3.Connection = answer.opened.connection

    def main_terms(self, beginning: str, limit: int = 50) -> list[Line]:
        """Main terms whose title begins with these letters, in the order of the book."""
        like = _escaped(beginning) + "%"
        sql = f"{_ROW} WHERE parent = 0 AND title LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?"
        return self._lines(sql, (like, limit))

    def line(self, identity: int) -> Line | None:
        """The line of that number."""
        return next(iter(self._lines(f"{_ROW} WHERE id = ?", (identity,))), None)

    def under(self, line: Line) -> list[Line]:
        """The subterms directly under a line."""
        return self._lines(f"{_ROW} WHERE parent = ? ORDER BY id", (line.id,))

    def leading_to(self, code: str) -> list[Line]:
        """The lines that print the code, with or without the dash of one that goes on."""
        wanted = schema.dotted(schema.undotted(code))
        sql = f"{_ROW} WHERE code IN (?, ?, ?) ORDER BY id"
        return self._lines(sql, (wanted, f"{wanted}-", f"{wanted}.-"))

    def at(self, path: str) -> list[Line]:
        """The lines that a path names ("Disease, lung, obstructive"); [] when none does.

        A step may skip levels, as the book's own cross-references do ("Fracture, radius" stands under "traumatic").
        """
        return [reached.line for reached in self.reach(path) if not reached.rest]

    def reach(self, path: str) -> "list[Reached]":
        """How far a path leads from each main term that it may begin with; [] when it begins with none."""
        steps = [step for step in map(_plain, path.split(",")) if step and not step.startswith("by ")]
        if not steps:
            return []
        sql = f"{_ROW} WHERE parent = 0 AND title LIKE ? ESCAPE '\\' ORDER BY id"
        mains = self._lines(sql, (f"{_escaped(steps[0])}%",))
        starts = [main for main in mains if steps[0] in _names(main.title)] or mains[:1]
        reached = [self._descend(start, steps[1:]) for start in starts]
        return sorted(reached, key=lambda each: len(each.rest))

    def _descend(self, start: Line, steps: list[str]) -> "Reached":
        """The line that the steps lead to; where several go by a name, the one from which they lead on furthest."""
        if not steps:
            return Reached(start, ())
        ways = [self._descend(line, steps[1:]) for line in self._called(start, steps[0])]
        return min(ways, key=lambda reached: len(reached.rest), default=Reached(start, tuple(steps)))

    def _called(self, line: Line, step: str) -> list[Line]:
        """The lines under this one that go by the name, higher levels first, at most a few. Lines stand in preorder:
        all that is under one has the numbers up to the next line of its level."""
        sql = "SELECT min(id) FROM term WHERE id > ? AND level <= ?"
        (end,) = self._file.execute(sql, (line.id, line.level)).fetchone()
        sql = f"{_ROW} WHERE id > ? AND id < ? AND title LIKE ? ESCAPE '\\' ORDER BY level, id"
        below = self._lines(sql, (line.id, end or 1 << 40, f"%{_escaped(step.partition(' ')[0])}%"))
        named = [each for each in below if step in _names(each.title)]
        return (named or [each for each in below if _plain(each.title).startswith(step)])[:_WAYS]

    def follow(self, line: Line) -> "list[Reached]":
        """Where "see" and "see also" lead in this book, as far as they do; [] for codes, or "condition"."""
        found: list[Reached] = []
        for reference in (*line.see.split(";"), *line.see_also.split(";")):
            if reference.strip() and not _CODES_ALONE.match(reference.strip()):
                found += self.reach(reference)[:1]
        return found

    def _lines(self, sql: str, values: tuple[object, ...]) -> list[Line]:
        rows = self._file.execute(sql, values).fetchall()
        return [msgspec.structs.replace(Line(*row), cells=self._cells(row[0])) for row in rows]

    def _cells(self, term: int) -> tuple[tuple[str, str], ...]:
        columns = CELLS.get(self.book)
        if columns is None:
            return ()
        rows = self._file.execute("SELECT place, code FROM cell WHERE term = ? ORDER BY place", (term,))
        return tuple((columns[place], code) for place, code in rows)


def verified(printed: str, book: CodeBook) -> Verified:
    """The printed code looked up in the codes of the day, with every billable code under it."""
    plain = schema.undotted(printed.rstrip("-").rstrip("."))
    found = book.code(plain)
    if found is None:
        return Verified(printed, None, ())
    return Verified(printed, found, tuple(_ends(found, book)))


def _ends(code: Code, book: CodeBook) -> Iterator[Code]:
    if code.billable:
        yield code
    for below in book.under(code.code):
        yield from _ends(below, book)


def _escaped(text: str) -> str:
    """The text for LIKE … ESCAPE, its own % and _ meant as they are."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _plain(text: str) -> str:
    return _NEC.sub("", " ".join(_PARENTHESES.sub("", text).split()).casefold())


def _names(title: str) -> set[str]:
    """The forms under which a line is called: "Fracture, pathological" and each of "Abdomen, abdominal"."""
    plain = _plain(title)
    return {plain, *(part.strip() for part in plain.split(","))}
