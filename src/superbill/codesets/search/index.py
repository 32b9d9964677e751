"""Asks a search file: one SQLite connection, and what was read of it kept for the next key stroke."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from superbill.codesets.search import schema

_MOST_KEPT = 2000
_MOST_DOCUMENTS = 4000
"""So many stems and documents are kept in memory: some 20 MB."""


class Stem(NamedTuple):
    """A stem: how telling it is, and the documents that have it, by `schema.FIELDS`."""

    idf: float
    fields: tuple[array[int] | None, ...]


class Phrase(NamedTuple):
    """A phrase of a document: its kind (a place in schema.KINDS), what its words cost, and its marked stems."""

    kind: int
    cost: float
    stems: tuple[str, ...]


class Document(NamedTuple):
    """What is known of a document for ranking: see `schema.DOC`."""

    number: int
    code: str
    extension: int
    above: tuple[int, ...]
    leads: int
    phrases: tuple[Phrase, ...]


class Term(NamedTuple):
    """One sense of a term of the lexicon; `leads` are documents with the seventh character meant ("" for none)."""

    key: str
    term: str
    kind: str
    means: tuple[str, ...]
    said: str
    leads: tuple[tuple[int, str], ...]


class Index:
    """The search file behind a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        found = dict(connection.execute("SELECT name, data FROM bytes"))
        self.prior: bytes = found["prior"]
        self.billable: bytes = found["billable"]
        self._documents: dict[int, Document] = {}
        self._stems: dict[str, Stem | None] = {}
        self.extension = lru_cache(maxsize=512)(self._extension)
        self.prefixed = lru_cache(maxsize=512)(self._prefixed)
        self.nearby = lru_cache(maxsize=512)(self._nearby)

    def _rows(self, statement: str, values: Iterable[object]) -> list[tuple]:  # type: ignore[type-arg]
        given = list(values)
        marks = ",".join("?" * len(given))
        return self.connection.execute(statement.replace("(*)", f"({marks})"), given).fetchall()

    def stem(self, stem: str) -> Stem | None:
        """The stem, None when no document has it."""
        try:
            return self._stems[stem]
        except KeyError:
            if len(self._stems) >= _MOST_KEPT:
                self._stems = {}
            columns = ", ".join(schema.FIELDS)
            row = self.connection.execute(
                f"SELECT idf, {columns} FROM stem WHERE stem = ?",  # noqa: S608 - constants
                (stem,),
            ).fetchone()
            found = None if row is None else Stem(row[0], tuple(_numbers(each) for each in row[1:]))
            self._stems[stem] = found
            return found

    def documents(self, numbers: Iterable[int]) -> dict[int, Document]:
        """The documents of these numbers. Those of the last key strokes are at hand."""
        given = set(numbers)
        found = {number: self._documents[number] for number in given & self._documents.keys()}
        missing = sorted(given - found.keys())
        if missing:
            rows = self._rows("SELECT id, code, extension, above, leads, phrases FROM doc WHERE id IN (*)", missing)
            read = {row[0]: _document(row) for row in rows}
            found.update(read)
            kept = self._documents if len(self._documents) + len(read) <= _MOST_DOCUMENTS else {}
            self._documents = kept | read  # a new one: another thread may be reading the old
        return found

    def leads(self, number: int) -> str:
        """The code that is meant when a heading is asked for and nothing more is said."""
        (leads,) = self.connection.execute("SELECT leads FROM doc WHERE id = ?", (number,)).fetchone()
        code, extension = self.connection.execute("SELECT code, extension FROM doc WHERE id = ?", (leads,)).fetchone()
        choices = self.extension(extension)
        return str(code).ljust(6, "X") + choices[0][0] if choices else str(code)

    def siblings(self, numbers: Iterable[int]) -> list[int]:
        """The documents that hang under the same parent as one of these."""
        rows = self._rows(
            "SELECT id FROM doc WHERE parent >= 0 AND parent IN (SELECT parent FROM doc WHERE id IN (*))"
            " ORDER BY id LIMIT 200",
            numbers,
        )
        return [row[0] for row in rows]

    def number(self, code: str) -> int | None:
        """The document of a code without dot; that of the code above for one made by a seventh character."""
        for each in (code, code[:6].rstrip("X")):
            row = self.connection.execute("SELECT id FROM doc WHERE code = ?", (each,)).fetchone()
            if row is not None:
                return int(row[0])
        return None

    def _extension(self, number: int) -> tuple[tuple[str, frozenset[str]], ...]:
        """The seventh characters of a set, each with the stems that it adds."""
        (said,) = self.connection.execute("SELECT said FROM extension WHERE id = ?", (number,)).fetchone()
        return tuple((character, frozenset(stems.split())) for character, stems in msgspec.json.decode(said))

    def terms(self, keys: Iterable[str]) -> list[Term]:
        """The senses of every term whose stems are one of the keys, in the order of the lexicon."""
        rows = self._rows(
            "SELECT key, term, kind, means, said, leads FROM term WHERE key IN (*) ORDER BY id", keys
        )  # fmt: skip
        return [
            Term(key, term, kind, tuple(means.split()), said, tuple(_lead(each) for each in leads.split()))
            for key, term, kind, means, said, leads in rows
        ]

    def known(self, words: Iterable[str]) -> set[str]:
        """Those of the words that stand in the code set or in the lexicon."""
        return {row[0] for row in self._rows("SELECT word FROM word WHERE word IN (*)", words)}

    def compounds(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Words that the code set writes with a hyphen: "gastroesophageal" → gastro, esophageal."""
        rows = self._rows("SELECT joined, parts FROM compound WHERE joined IN (*)", words)
        return {joined: parts.split() for joined, parts in rows}

    def _prefixed(self, start: str, most: int) -> tuple[str, ...]:
        """The stems of the most frequent words that begin so."""
        rows = self.connection.execute(
            "SELECT stem FROM word WHERE word >= ? AND word < ?"
            " GROUP BY stem ORDER BY sum(frequency) DESC, stem LIMIT ?",
            (start, start + "\x7f", most),
        )
        return tuple(row[0] for row in rows)

    def _nearby(self, word: str) -> tuple[tuple[str, str, float], ...]:
        """Known words that a slip of the keys may have been meant for: word, stem, likeness 0 to 1; best first."""
        from superbill.codesets.search.slips import grams, likeness

        own = grams(word)
        shared: Counter[int] = Counter()
        for (numbers,) in self._rows("SELECT words FROM gram WHERE gram IN (*)", sorted(own)):
            shared.update(_numbers(numbers) or ())
        least = len(own) // 2 - 1
        likely = [number for number, count in shared.most_common(80) if count >= least]
        rows = self._rows("SELECT word, stem, frequency FROM word WHERE id IN (*)", likely)
        found = [(likeness(word, known), frequency, known, stem) for known, stem, frequency in rows]
        found = sorted((each for each in found if each[0] > 0), key=lambda each: (-each[0], -each[1], each[2]))
        return tuple((known, stem, like) for like, _, known, stem in found[:4])

    def titled(self, hashed: int) -> list[str]:
        """The codes of a title, those that can be billed first."""
        rows = self.connection.execute("SELECT code FROM title WHERE hash = ? ORDER BY heading, code", (hashed,))
        return [row[0] for row in rows]

    def area(self, name: str) -> tuple[int, int] | None:
        """The first and last document of a chapter, block or code (without dot); None when there is none."""
        row = self.connection.execute("SELECT first, last FROM area WHERE name = ?", (name,)).fetchone()
        if row is None:
            row = self.connection.execute(
                "SELECT min(id), max(id) FROM doc WHERE code >= ? AND code < ?", (name, name + "\x7f")
            ).fetchone()
        return None if row[0] is None else (row[0], row[1])

    def text(self, number: int, place: int) -> str:
        """A phrase as it is written."""
        row = self.connection.execute("SELECT text FROM phrase WHERE doc = ? AND place = ?", (number, place)).fetchone()
        return "" if row is None else str(row[0])


def _numbers(blob: bytes | None) -> array[int] | None:
    if blob is None:
        return None
    found = array("I")
    found.frombytes(blob)
    return found


def _lead(text: str) -> tuple[int, str]:
    number, _, character = text.partition(":")
    return int(number), character


def _document(row: tuple[int, str, int, str, int, str]) -> Document:
    number, code, extension, above, leads, phrases = row
    lines = [line.split() for line in phrases.split("\n")]
    return Document(
        number, code, extension, tuple(map(int, above.split())), leads,
        tuple(Phrase(int(line[0]), float(line[1]), tuple(line[2:])) for line in lines),
    )  # fmt: skip
