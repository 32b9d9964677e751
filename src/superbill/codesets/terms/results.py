"""Results in words: "elevated ALT", "low B12", "mammogram abnormal", composed from a table of tests when the terms are
made."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

TABLE = Path(__file__).with_name("results.yaml")
_WORDS = {
    "high": ("elevated", "high", "increased", "raised", "elevation", "rising"),
    "low": ("low", "decreased", "reduced", "diminished"),
    "abnormal": ("abnormal", "abnormality", "abnormal finding", "abnormal findings", "abnormal result", "irregular"),
    "positive": ("positive", "reactive", "detected"),
}
"""How notes call a result, by direction; their order doesn't matter ("ALT elevated")."""


class Result(Struct, frozen=True, forbid_unknown_fields=True):
    """One test: its names, and the code of its result in each direction, "" where that is no condition."""

    names: tuple[str, ...]
    high: str = ""
    low: str = ""
    abnormal: str = ""
    positive: str = ""


@cache
def results() -> tuple[Result, ...]:
    """The table; raises msgspec.ValidationError naming the place when it departs from the schema."""
    return msgspec.yaml.decode(TABLE.read_bytes(), type=tuple[Result, ...])


def phrases() -> Iterator[tuple[str, str]]:
    """Every phrase that the table makes, with its code."""
    for result in results():
        for direction, words in _WORDS.items():
            code = getattr(result, direction)
            for name in result.names if code else ():
                for word in words:
                    yield f"{word} {name}", code
                    if direction != "positive" and "level" not in name:
                        yield f"{word} {name} level", code
