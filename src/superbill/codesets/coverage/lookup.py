"""Which articles of Medicare's contractors speak of a procedure in a state on a day, and what they say of a diagnosis.

Everything is asked of the newest download in the store: its rows bring their own days.
"""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from superbill.codesets.coverage import importer, packed
from superbill.codesets.store import Store
from superbill.effective import Period

_ARTICLES = 4_096  # lists kept: a practice asks for the articles of its own state and procedures
_SHOWN = 6
Outcome = Literal["covered", "second missing", "excluded", "not covered", "silent"]


class Group(Struct, frozen=True):
    """What the paragraph above a group asks (see `paragraphs.Paragraph`)."""

    partners: tuple[int, ...]
    codes: frozenset[str]
    in_words: bool


class Article(Struct, frozen=True, kw_only=True):
    """A version of an article: its days, the contractors' names, the LCDs it goes with, and its lists of diagnoses.

    `covered` and `excluded` are packed (see `packed`), b"" where there is no list.
    """

    number: int
    version: int
    title: str
    period: Period
    contractors: tuple[str, ...]
    determinations: tuple[str, ...]
    states: tuple[tuple[str, Period], ...]
    covered: bytes
    excluded: bytes
    groups: dict[int, Group]

    @property
    def name(self) -> str:
        """How people cite it: "A57759 (L33252)"."""
        lcds = ", ".join(self.determinations)
        return f"A{self.number} ({lcds})" if lcds else f"A{self.number}"

    def serves(self, state: str, on: date) -> bool:
        """Whether one of its contractors has the state on the day."""
        return any(state == each and on in period for each, period in self.states)

    def example(self, group: int) -> str:
        """Some diagnoses of a group, in words for a fix."""
        found = []
        for at in range(0, len(self.covered), packed.WIDTH):
            if int.from_bytes(self.covered[at + 7 : at + packed.WIDTH], "big") == group:
                found.append(self.covered[at : at + 7].decode("ascii").strip())
                if len(found) == _SHOWN:
                    break
        return ", ".join(f"{code[:3]}.{code[3:]}".rstrip(".") for code in found)


class Verdict(Struct, frozen=True):
    """What an article says of a procedure with some diagnoses. `diagnosis`: the one that is excluded, or that covers;
    `partners`: the groups of which one more is needed."""

    outcome: Outcome
    article: Article
    diagnosis: str = ""
    partners: tuple[int, ...] = ()


def judge(article: Article, code: str, diagnoses: Collection[str]) -> Verdict:
    """What the article says of the procedure with these diagnoses (without dots).

    A group that its paragraph gives to other procedures doesn't count, unless no group is given to this one.
    """
    there: dict[int, str] = {}
    for diagnosis in diagnoses:
        for number in packed.groups(article.covered, diagnosis):
            there.setdefault(number, diagnosis)
    own = {number for number, group in article.groups.items() if code in group.codes}
    elsewhere = {number for number, group in article.groups.items() if group.codes and code not in group.codes}
    alone: Verdict | None = None
    for number, diagnosis in there.items():
        if own and number in elsewhere:
            continue
        group = article.groups.get(number)
        if group is None or not group.partners or any(partner in there for partner in group.partners):
            return Verdict("covered", article, diagnosis)
        alone = alone or Verdict("second missing", article, diagnosis, group.partners)
    if alone is not None:
        return alone
    excluded = next((each for each in diagnoses if packed.groups(article.excluded, each)), "")
    if excluded:
        return Verdict("excluded", article, excluded)
    return Verdict("not covered" if article.covered else "silent", article)


class CoverageTable:
    """The newest download of a store, asked by procedure, state and day. Answers are remembered."""

    def __init__(self, store: Store) -> None:
        self._files = {kind.system: _newest(store, kind.system) for kind in importer.KINDS}
        self._article = lru_cache(_ARTICLES)(self._read)
        self.articles = lru_cache(65_536)(self._of_code)
        self.verdict = lru_cache(65_536)(self._judge)

    def _rows(self, system: str, select: str, *values: object) -> list[tuple[str, ...]]:
        """Rows of a file by its key."""
        file = self._files.get(system)
        if file is None:
            return []
        query = f"SELECT {select} FROM item WHERE {_WHERE[system]}"  # noqa: S608 - both are constants of this module
        return file.execute(query, values).fetchall()

    def _of_code(self, code: str, state: str) -> tuple[Article, ...]:
        """Every version of an article with the procedure by a contractor of the state, whatever the day."""
        keys = self._rows(importer.CODES, "article, version", code)
        found = (self._article(int(article), int(version)) for article, version in keys)
        return tuple(each for each in found if each is not None and any(state == served for served, _ in each.states))

    def in_force(self, code: str, state: str, on: date) -> tuple[Article, ...]:
        """The articles with the procedure that hold in the state on the day."""
        return tuple(each for each in self.articles(code, state) if on in each.period and each.serves(state, on))

    def _judge(self, code: str, state: str, on: date, diagnoses: frozenset[str]) -> Verdict | None:
        """The best of what the articles in force say; None where none has a list of diagnoses for the procedure."""
        verdicts = [judge(each, code, sorted(diagnoses)) for each in self.in_force(code, state, on)]
        order: tuple[Outcome, ...] = ("covered", "second missing", "excluded", "not covered")
        return next((each for outcome in order for each in verdicts if each.outcome == outcome), None)

    def _read(self, number: int, version: int) -> Article | None:
        rows = self._rows(importer.ARTICLES, "title, first, last", number, version)
        if not rows:
            return None
        (title, first, last), key = rows[0], f"{number}:{version}"
        issuers = [row[0] for row in self._rows(importer.ISSUERS, "value", key)]
        names = {row[0] for each in issuers for row in self._rows(importer.CONTRACTORS, "value", each)}
        return Article(
            number=number, version=version, title=title, period=_period(first, last),
            contractors=tuple(sorted(names)),
            determinations=tuple(row[0] for row in self._rows(importer.DETERMINATIONS, "DISTINCT value", key)),
            states=tuple(self._states(issuers)), covered=self._list(importer.COVERED, key),
            excluded=self._list(importer.EXCLUDED, key),
            groups={
                int(of): Group(tuple(map(int, partners.split())), frozenset(codes.split()), bool(words))
                for of, partners, codes, words in self._rows(importer.GROUPS, "number, partners, codes, in_words", key)
            },
        )  # fmt: skip

    def _states(self, issuers: Iterable[str]) -> Iterable[tuple[str, Period]]:
        for issuer in issuers:
            for state, first, last in self._rows(importer.JURISDICTIONS, "state, first, last", issuer):
                for (short,) in self._rows(importer.STATES, "value", state):
                    yield short.upper(), _period(first, last)

    def _list(self, system: str, key: str) -> bytes:
        rows = self._rows(system, "packed", key)
        return bytes(rows[0][0]) if rows else b""  # type: ignore[arg-type]  # a BLOB


_WHERE = {kind.system: "key = ?" for kind in importer.KINDS} | {
    importer.ARTICLES: "article = ? AND version = ?", importer.CODES: "code = ?",
}  # fmt: skip


def _newest(store: Store, system: str) -> sqlite3.Connection | None:
    releases = store.releases(system)
    return store.opened(releases[-1]).connection if releases else None


def _period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
