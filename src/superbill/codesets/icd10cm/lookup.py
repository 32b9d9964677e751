"""ICD-10-CM by the date of service: codes, where they stand in the Tabular List, and the notes that hold for them."""

import sqlite3
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.targets import Target
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Store


class Code(Struct, frozen=True):
    """One code of a release: `code` with its dot, `parent` likewise ("" for a category), whether it may be billed."""

    code: str
    title: str
    billable: bool
    parent: str
    order: int


class Note(Struct, frozen=True):
    """One item of the Tabular List. `node` is where it stands (chapter "1", block "A00-A09", or a code without dot);
    `kind` one of `schema.NOTE_KINDS`; `targets` the codes that it names, () when a program can read none."""

    node: str
    kind: str
    text: str
    targets: tuple[Target, ...] = ()


class CodeBook:
    """The codes and notes in force on one day. Answers come from memory once asked: releases never change.

    `exact` is False when no release is in force on the day and the nearest stands in; `notes_exact` likewise for the
    Tabular List, which is published apart (the newest one before the day holds until the next is imported).
    """

    def __init__(self, store: Store, on: date) -> None:
        """Raises Refused when the store has no ICD-10-CM at all."""
        codes, notes = store.nearest(schema.CODES, on), store.nearest(schema.TABULAR, on)
        if codes is None or notes is None:
            raise Refused("The store holds no ICD-10-CM.", fix="Import a release: superbill codesets import FILE.")
        self.on = on
        self.release: Release = codes.opened.release
        self.notes_release: Release = notes.opened.release
        self.exact = codes.exact
        self.notes_exact = notes.exact
        self.codes_file: sqlite3.Connection = codes.opened.connection
        self.notes_file: sqlite3.Connection = notes.opened.connection
        self._codes: dict[str, Code | None] = {}
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def code(self, code: str) -> Code | None:
        """The code, with or without its dot, as it stands on the day; None when there is none."""
        try:
            return self._codes[code]
        except KeyError:
            return self._codes.setdefault(code, self._read(schema.undotted(code)))

    def _read(self, plain: str) -> Code | None:
        row = self.codes_file.execute(
            "SELECT code, title, billable, parent, ord FROM code WHERE code = ?", (plain,)
        ).fetchone()
        return None if row is None else _code(row)

    def under(self, code: str) -> tuple[Code, ...]:
        """The codes directly under this one, in the order of the book."""
        rows = self.codes_file.execute(
            "SELECT code, title, billable, parent, ord FROM code WHERE parent = ? ORDER BY ord",
            (schema.undotted(code),),
        )
        return tuple(_code(row) for row in rows)

    def above(self, code: str) -> tuple[str, ...]:
        """The nodes whose notes hold for the code, innermost first: itself, its codes above, block, chapter.

        A code newer than the Tabular List hangs under the longest code that the list has.
        """
        plain = schema.undotted(code)
        found = self._above.get(plain)
        if found is None:
            found = self._above[plain] = tuple(self._climb(plain))
        return found

    def _climb(self, plain: str) -> list[str]:
        path: list[str] = []
        node = plain
        while node:
            row = self.notes_file.execute("SELECT parent, kind FROM node WHERE id = ?", (node,)).fetchone()
            if row is None:
                node = node[:-1] if len(node) > 3 else ""
                continue
            path.append(node)
            node = row[0]
        return path

    def notes(self, node: str) -> tuple[Note, ...]:
        """The notes that stand at the node itself, in the order of the book."""
        found = self._notes.get(node)
        if found is None:
            found = self._notes[node] = tuple(self._read_notes(node))
        return found

    def _read_notes(self, node: str) -> list[Note]:
        rows = self.notes_file.execute("SELECT id, kind, text FROM note WHERE node = ? ORDER BY id", (node,)).fetchall()
        targets: dict[int, list[Target]] = {}
        for note, *target in self.notes_file.execute(
            "SELECT note, first, last, characters FROM target WHERE note IN (SELECT id FROM note WHERE node = ?)",
            (node,),
        ):
            targets.setdefault(note, []).append(Target(*target))
        return [Note(node, kind, text, tuple(targets.get(identity, ()))) for identity, kind, text in rows]

    def notes_over(self, code: str) -> tuple[Note, ...]:
        """Every note that holds for the code, its own first, the chapter's last."""
        return tuple(note for node in self.above(code) for note in self.notes(node))


def _code(row: tuple[str, str, int, str, int]) -> Code:
    code, title, billable, parent, order = row
    return Code(schema.dotted(code), title, bool(billable), schema.dotted(parent), order)


@lru_cache(maxsize=64)
def book(store: Store, on: date) -> CodeBook:
    """The book of a store for a day; the same one for the same question."""
    return CodeBook(store, on)
