"""A term as it is kept."""

from typing import Protocol

from msgspec import Struct

LEXICON, TITLE, INCLUSION, INDEX = range(4)
"""Where a term comes from, the one to be preferred first."""

CAPITALS, ALONE, EXACT, LINKED = 1, 2, 4, 8
"""Conditions of a term, added up: written in capitals; alone in its line or at the head of a short one; written in
just these letters, large and small ("PsA" is not "PSA"); with its "with" ("anxiety with depression" is one thing,
"anxiety and depression" are two)."""


class Word(Protocol):
    """One word of a sentence: its span in the text, in lower case, and its stem."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def word(self) -> str: ...
    @property
    def stem(self) -> str: ...


class Term(Struct, frozen=True, array_like=True, gc=False):
    """One way to say something: as written where it comes from; the dotted codes or categories it leads to, the most
    usual first; its source; the lexicon's kind.

    A phrase that names no condition ("stress test") has no codes, the kind "phrase", and in `means` what it names; for
    a drug `means` is its class and use in words. `only` adds up the conditions under which it is a term. `surfaces`:
    the words that a term of one word may be written as, in lower case; () for one of more words.
    """

    text: str
    codes: tuple[str, ...]
    source: int
    kind: str
    only: int = 0
    means: str = ""
    surfaces: tuple[str, ...] = ()

    @property
    def capitals(self) -> bool:
        """Is it a term in capitals only ("ED", "PAD")?"""
        return bool(self.only & CAPITALS)


class Kept(Struct, frozen=True, array_like=True):
    """What a file of terms holds. `known`: the terms by their form; `also`: those of one word that share the stem of
    another. `sided`: by form and side, what is a condition of its own on one side. `turned`: from stems in
    alphabetical order to the form that has them, where that is another. `company`: the other stems of the terms that a
    stem is of. `phrases`: words of the longest phrase by its first stem. The rest: contexts;
    `spelled`: the words of which terms for conditions are, for misspelt ones."""

    known: dict[str, Term]
    also: dict[str, tuple[Term, ...]]
    sided: dict[str, dict[str, Term]]
    turned: dict[str, str]
    company: dict[str, str]
    phrases: dict[str, int]
    followers: tuple[str, ...]
    swallowers: tuple[str, ...]
    before: dict[str, tuple[str, ...]]
    after: dict[str, tuple[str, ...]]
    spelled: str = ""
