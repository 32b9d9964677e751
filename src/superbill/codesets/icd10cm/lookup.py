"""ICD-10-CM by the date of service: codes, where they stand in the Tabular List, and the notes that hold for them."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.targets import Target
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Store


class Code(Struct, frozen=True, gc=False):
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


class Branch(Struct, frozen=True):
    """A chapter, block or code of the tree: `level` 0 for what was asked for first, its name as people write it."""

    level: int
    kind: str
    name: str
    title: str
    billable: bool


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
        self.store = store
        self.on = on
        self.release: Release = codes.opened.release
        self.notes_release: Release = notes.opened.release
        self.exact = codes.exact
        self.notes_exact = notes.exact
        self.codes_file: sqlite3.Connection = codes.opened.connection
        self.notes_file: sqlite3.Connection = notes.opened.connection
        self._codes: dict[str, Code] = {}
        self._under: dict[str, tuple[Code, ...]] = {}
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def code(self, code: str) -> Code | None:
        """The code, with or without its dot, as it stands on the day; None when there is none."""
        try:
            return self._codes[code]
        except KeyError:
            return self._read(code)

    def _read(self, code: str) -> Code | None:
        """From the file; only codes that are there are remembered, so that memory ends with the book."""
        row = self.codes_file.execute(
            "SELECT code, title, billable, parent, ord FROM code WHERE code = ?", (schema.undotted(code),)
        ).fetchone()
        if row is None:
            return None
        found = self._codes[row[0]] = _code(row)
        self._codes[found.code] = found
        return found

    def under(self, code: str) -> tuple[Code, ...]:
        """The codes directly under this one, in the order of the book."""
        plain = schema.undotted(code)
        found = self._under.get(plain)
        if found is None:
            rows = self.codes_file.execute(
                "SELECT code, title, billable, parent, ord FROM code WHERE parent = ? ORDER BY ord", (plain,)
            )
            found = tuple(map(_code, rows))
            if found:
                self._under[plain] = found
        return found

    def branches(self, node: str, depth: int) -> Iterator[Branch]:
        """What is under a chapter ("9"), block ("I20-I25") or code, `depth` levels deep, in the order of the book;
        "" for the chapters. Nothing for a node that is not there."""
        for kind, name, title, billable in self._nodes_under(node):
            yield Branch(0, kind, name, title, billable)
            if depth > 1:
                for below in self.branches(name, depth - 1):
                    yield Branch(below.level + 1, below.kind, below.name, below.title, below.billable)

    def _nodes_under(self, node: str) -> list[tuple[str, str, str, bool]]:
        """Codes as the code list has them (their seventh characters too), all else as the Tabular List has it."""
        if self.code(node) is not None:
            return [("code", each.code, each.title, each.billable) for each in self.under(node)]
        rows = self.notes_file.execute(
            "SELECT kind, id, title FROM node WHERE parent = ? ORDER BY ord", (node.upper(),)
        ).fetchall()
        found = []
        for kind, name, title in rows:
            code = self.code(name) if kind == "code" else None
            found.append((kind, schema.dotted(name) if code else name, title, bool(code and code.billable)))
        return found

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
