"""The codes that a note of the Tabular List names, as ranges that a program can match.

"(E11.-)" is every code under E11; "(J00-J22)" every code from J00 to J22 and under; "(I20.0)" the code and what is
under it.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_REFERENCE = re.compile(rf"({_CODE})(?:\.?-)?(?:\s?-\s?({_CODE}))?(?:\.?-)?")
_PARENTHESIS = re.compile(r"\(([^()]*)\)")


class Target(Struct, frozen=True):
    """Codes from `first` to `last`, both without dots and with all codes under them. `characters` narrows them:
    "" all."""

    first: str
    last: str
    characters: str = ""

    def matches(self, code: str) -> bool:
        """Whether the code (without its dot) is among them."""
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last


def parse(text: str) -> tuple[Target, ...]:
    """The codes named in the parentheses of a note; () when it names none that a program can read."""
    return tuple(_targets(text))


def _targets(text: str) -> Iterator[Target]:
    for inside in _PARENTHESIS.findall(text):
        for first, last in _REFERENCE.findall(inside):
            yield Target(first.replace(".", ""), (last or first).replace(".", ""))
