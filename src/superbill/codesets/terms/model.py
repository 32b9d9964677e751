"""A term as it is kept."""

from msgspec import Struct

LEXICON, TITLE, INCLUSION, INDEX = range(4)
"""Where a term comes from, the one to be preferred first."""


class Term(Struct, frozen=True, array_like=True):
    """One way to say something: as written where it comes from; the dotted codes or categories it leads to, the most
    usual first; its source; the lexicon's kind; whether it is a term in capitals only ("ED", "PAD")."""

    text: str
    codes: tuple[str, ...]
    source: int
    kind: str
    capitals: bool
