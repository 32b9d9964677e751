"""Seventh characters: the codes that they make (guidelines I.A.4 placeholder, I.A.5 seventh characters)."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_NEVER = re.compile(
    r"7th characters ([A-Z](?:(?:,| and) [A-Z])*) do not apply to codes in category (\w+) with (6th .*)"
)
_SIXTH = re.compile(r"(?:6th character|or) ([0-9A-Z])\b")


class Extension(Struct, frozen=True):
    """A seventh character and what it says."""

    character: str
    meaning: str


class Never(Struct, frozen=True):
    """Seventh characters that codes of a category can't have, by their sixth character (note at S06 since FY2018:
    who died has no subsequent encounter)."""

    category: str
    sixth: frozenset[str]
    characters: frozenset[str]

    def bars(self, code: str, character: str) -> bool:
        """Whether the code (six characters or shorter, without dot) can't have the seventh character."""
        return code.startswith(self.category) and code[5:6] in self.sixth and character in self.characters


def never(notes: Iterable[str]) -> tuple[Never, ...]:
    """The exceptions that notes of the Tabular List state."""
    found = (_NEVER.fullmatch(note) for note in notes)
    return tuple(
        Never(each[2], frozenset(_SIXTH.findall(each[3])), frozenset(re.findall(r"\b[A-Z]\b", each[1])))
        for each in found
        if each
    )


def extended(
    code: str, title: str, extensions: tuple[Extension, ...], exceptions: tuple[Never, ...] = ()
) -> Iterator[tuple[str, str]]:
    """The code with each seventh character, X put where it is shorter than six, and the titles so made."""
    if len(code) >= 7:
        return
    for extension in extensions:
        if not any(exception.bars(code, extension.character) for exception in exceptions):
            yield code.ljust(6, "X") + extension.character, f"{title}, {extension.meaning}"
