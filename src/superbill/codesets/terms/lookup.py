"""Opens the terms of a day."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from functools import lru_cache

import msgspec

from superbill.codesets import sqlite_file
from superbill.codesets.release import Release
from superbill.codesets.search.prepare import Parts, made
from superbill.codesets.store import Store
from superbill.codesets.terms.model import Term, Word

FORMAT = "2"
"""Counts up with every change of what a file holds."""


class Terms:
    """The terms of one release: `known` by their form; `longest` how many words the longest has that begins so."""

    def __init__(self, known: dict[str, Term], release: Release) -> None:
        self.known = known
        self.release = release
        self.longest: dict[str, int] = {}
        for name in known:
            first, length = name.partition(" ")[0], name.count(" ") + 1
            if length > self.longest.get(first, 0):
                self.longest[first] = length

    def at(self, name: str, text: str, words: Sequence[Word], first: int, last: int) -> Term | None:
        """The term of the form `name` for the words of a sentence from `first` to `last`, where it may stand there."""
        term = self.known.get(name)
        if term is None or (term.capitals and not text[words[first].start].isupper()):
            return None
        return term


@lru_cache(maxsize=4)
def open_terms(store: Store, on: date, say: Callable[[str], None] = lambda _: None) -> Terms:
    """The terms in force on the day; makes their file on the first use of a release or lexicon, within seconds.

    Raises Refused when the store has no ICD-10-CM, OSError when its folder can't be written to.
    """
    from superbill.codesets.terms import build

    parts = Parts(store, on)
    path = made(parts, "icd10cm-terms", lambda described: build.draft(parts, described), say, "the terms of ", FORMAT)
    with closing(sqlite_file.connect(path)) as connection:
        (data,) = connection.execute("SELECT data FROM terms").fetchone()
    return Terms(msgspec.msgpack.decode(data, type=dict[str, Term]), parts.codes.release)
