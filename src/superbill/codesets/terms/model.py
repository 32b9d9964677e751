"""A term as it is kept."""

from typing import Protocol

from msgspec import Struct

LEXICON, TITLE, INCLUSION, INDEX = range(4)
"""Where a term comes from, the one to be preferred first."""


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


class Term(Struct, frozen=True, array_like=True):
    """One way to say something: as written where it comes from; the dotted codes or categories it leads to, the most
    usual first; its source; the lexicon's kind; whether it is a term in capitals only ("ED", "PAD")."""

    text: str
    codes: tuple[str, ...]
    source: int
    kind: str
    capitals: bool
