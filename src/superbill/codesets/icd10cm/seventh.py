"""Seventh characters: the codes that they make (guidelines I.A.4 placeholder, I.A.5 seventh characters)."""

from collections.abc import Iterator

from msgspec import Struct


class Extension(Struct, frozen=True):
    """A seventh character and what it says."""

    character: str
    meaning: str


def _never(code: str, character: str) -> bool:
    """Note at S06: D and S do not apply where the sixth character says that the patient died (7, 8)."""
    return code.startswith("S06") and code[5:6] in ("7", "8") and character in ("D", "S")


def extended(code: str, title: str, extensions: tuple[Extension, ...]) -> Iterator[tuple[str, str]]:
    """The code with each seventh character, X put where it is shorter than six, and the titles so made."""
    if len(code) >= 7:
        return
    for extension in extensions:
        if _never(code, extension.character):
            continue
        yield code.ljust(6, "X") + extension.character, f"{title}, {extension.meaning}"
