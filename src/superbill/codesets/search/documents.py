"""What is searched: one document for each code of a book, from the releases in force and our lexicon.

Codes that differ by their seventh character only are one document: what the character adds is the same few words for
thousands of codes, so it is kept apart and chosen when an answer is written.
"""

import sqlite3
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from superbill.codesets.icd10cm import schema
from superbill.codesets.search.schema import KINDS
from superbill.codesets.search.words import DEFAULT, tokens

TITLE, INCLUSION, LEXICON, INDEX = KINDS
_LEFT_OUT = frozenset(("Ca in situ", "Uncertain", "Unspecified"))
_VARIES = frozenset(("left", "right", "bilateral", "trimester"))


class Phrase(NamedTuple):
    """One way to say what a code stands for: its kind, and the words."""

    kind: str
    text: str


class Document(NamedTuple):
    """A code to be found. `parent` is the number of the document above, -1 for none. `extensions` are the seventh
    characters with what each adds to the title, () for a code that is whole."""

    code: str
    title: str
    billable: bool
    parent: int
    extensions: tuple[tuple[str, str], ...]
    phrases: list[Phrase]


class Area(NamedTuple):
    """A chapter or block: its first and last document."""

    name: str
    first: int
    last: int


class Corpus:
    """All documents of one code system, in the order of its book, and where each code is."""

    def __init__(self, rows: list[tuple[str, str, bool, str]]) -> None:
        """`rows`: code, the code above ("" for none), whether it may be billed, title."""
        children: defaultdict[str, list[tuple[str, bool, str]]] = defaultdict(list)
        for code, parent, billable, title in rows:
            children[parent].append((code, bool(billable), title))
        self.documents: list[Document] = []
        self.place: dict[str, int] = {}
        rolled: set[str] = set()
        for code, parent, billable, title in rows:
            if code in rolled:
                continue
            extensions = _extensions(title, children.get(code, []))
            number = self.place[code] = len(self.documents)
            if extensions:
                for child, _, _ in children[code]:
                    rolled.add(child)
                    self.place[child] = number
            above = self.place.get(parent, -1)
            self.documents.append(
                Document(code, title, bool(billable), above, extensions, [Phrase(TITLE, title)])
            )  # fmt: skip
        self.areas: list[Area] = []

    def say(self, code: str, kind: str, text: str) -> bool:
        """Adds a phrase to a code, with or without dot; whether the system has the code."""
        number = self.place.get(schema.undotted(code))
        if number is None:
            return False
        phrase = Phrase(kind, text)
        if phrase not in self.documents[number].phrases:
            self.documents[number].phrases.append(phrase)
        return True

    def say_under(self, start: str, kind: str, text: str) -> bool:
        """Adds a phrase to the code, or where there is none such to every code that begins so; whether any does."""
        if self.say(start, kind, text):
            return True
        found = bisect_left(self._sorted, start), bisect_left(self._sorted, start + "\x7f")
        for code in self._sorted[slice(*found)]:
            self.say(code, kind, text)
        return found[0] < found[1]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.place)

    def under(self) -> dict[int, list[int]]:
        """The documents directly under each."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number, document in enumerate(self.documents):
            found[document.parent].append(number)
        return dict(found)


def table_of(codes: sqlite3.Connection) -> list[tuple[str, str, bool, str]]:
    """The rows of a release that has the table of codes (code, ord, parent, billable, short, title)."""
    return codes.execute("SELECT code, parent, billable, title FROM code ORDER BY ord").fetchall()


def _extensions(title: str, children: list[tuple[str, bool, str]]) -> tuple[tuple[str, str], ...]:
    """What seventh characters add to the title, where that is all the children are."""
    if len(children) < 2:
        return ()
    start = f"{title}, "
    if not all(billable and len(code) == 7 and said.startswith(start) for code, billable, said in children):
        return ()
    return tuple((code[6], said[len(start) :]) for code, _, said in children)


def add_tabular(corpus: Corpus, tabular: sqlite3.Connection) -> None:
    """The inclusion terms of ICD-10-CM, and where its chapters and blocks begin and end."""
    rows = tabular.execute(
        "SELECT node, kind, text FROM note WHERE kind IN (?, ?) ORDER BY id", (schema.INCLUSION_TERM, schema.INCLUDES)
    )
    for node, _, text in rows:
        corpus.say(node, INCLUSION, text)
    parents = {node: (parent, kind) for node, parent, kind in tabular.execute("SELECT id, parent, kind FROM node")}
    reach: dict[str, tuple[int, int]] = {}
    for number, document in enumerate(corpus.documents):
        node = parents.get(document.code[:3], ("", ""))[0]
        while node:
            first, _ = reach.get(node, (number, number))
            reach[node] = (first, number)
            node = parents.get(node, ("", ""))[0]
    corpus.areas = [Area(name, first, last) for name, (first, last) in sorted(reach.items())]


def add_index(corpus: Corpus, index: sqlite3.Connection) -> None:
    """The entries of the Alphabetic Index that give a code, each with its main term and subterms."""
    columns = {row[1] for row in index.execute("PRAGMA table_info(term)")}
    if not {"code", "path"} <= columns:
        return
    modifiers = "modifiers" if "modifiers" in columns else "''"
    for code, path, extra in index.execute(
        f"SELECT code, path, {modifiers} FROM term WHERE code IS NOT NULL AND code != '' ORDER BY id"  # noqa: S608 - a constant
    ):
        corpus.say(code.rstrip("-."), INDEX, f"{path} ({extra})" if extra else path)


def add_table(corpus: Corpus, table: sqlite3.Connection, columns: tuple[str, ...]) -> None:
    """The cells of the tables of neoplasms or of drugs and chemicals: each the line with the name of its column.

    What is in situ, uncertain or unspecified is left to the titles: said of every site, it draws "ca" and "mass" away.
    """
    rows = table.execute(
        "SELECT cell.code, cell.place, path FROM cell JOIN term ON term.id = cell.term ORDER BY cell.rowid"
    )
    for code, place, path in rows:
        if columns[place] not in _LEFT_OUT:
            corpus.say(code.rstrip("-."), INDEX, f"{path} {columns[place].casefold()}")


def _varies(title: str) -> bool:
    return not _VARIES.isdisjoint(title.casefold().replace(",", " ").split())


class Leading(NamedTuple):
    """A term of the lexicon: what it means in the words of the code set, and where it leads (codes without dots)."""

    term: str
    kind: str
    means: str
    codes: tuple[str, ...]


def add_lexicon(corpus: Corpus, entries: Iterable[Leading]) -> None:
    """The terms that lead to a code, said of that code; and what they mean, when that's more than the title says.

    A term that leads to the code of an unspecified side or trimester is said of the code above too, for those below it.
    """
    varied = {document.parent for document in corpus.documents if _varies(document.title)}
    for entry in entries:
        for code in entry.codes:
            number = corpus.place.get(code)
            if number is None:
                continue
            corpus.say(code, LEXICON, entry.term)
            above = corpus.documents[number].parent
            title = corpus.documents[number].title
            if above in varied and ("unspecified" in title.casefold() or not _varies(title)):
                corpus.say(corpus.documents[above].code, LEXICON, entry.term)
            known = {token.stem for token in tokens(title)}
            if any(token.stem not in known and token.mark != DEFAULT for token in tokens(entry.means)):
                corpus.say(code, LEXICON, entry.means)


def default_under(corpus: Corpus, usual: dict[int, float]) -> Iterator[tuple[int, int]]:
    """For each document that can't be billed, the one below it that is meant when nothing more is said."""
    under = corpus.under()
    best: dict[int, int] = {}

    def rank(number: int) -> tuple[float, ...]:
        title = corpus.documents[number].title.casefold()
        own = max((usual.get(each, 0.0) for each in (number, best.get(number, number))), default=0.0)
        plain = "unspecified" in title and not title.startswith("other")
        return (not _varies(title), own, plain, "without" in title, -title.count("other"), -len(title), -number)

    for number in range(len(corpus.documents) - 1, -1, -1):
        document = corpus.documents[number]
        below = under.get(number, [])
        if not below or document.billable or document.extensions:
            continue
        chosen = max(below, key=rank)
        best[number] = best.get(chosen, chosen)
    yield from sorted(best.items())
