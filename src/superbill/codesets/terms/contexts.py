"""What of the dictionary a note may not say just so: phrases that name no condition, words that never are one, and
words that are one only in capitals or in a line of their own. Read from contexts.yaml when the terms are made."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

TABLE = Path(__file__).with_name("contexts.yaml")

Names = Literal["test", "procedure", "therapy", "measurement", "device", "vaccine", "site", "person", "time", "word"]
"""What a phrase names that is no condition."""


class Contexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The table. `phrases`: by what they name. `never`: terms that lead nowhere in a note. `capitals`: abbreviations
    that are words, or other abbreviations, in lower case. `running`: abbreviations of two letters that may stand
    anywhere in capitals; all others only in a line of their own. `alone`: terms that count only there.
    `linked`: terms of two conditions that are one only where "with" or the like stands between them.

    `followers`: after a term of one word or an abbreviation these make it the name of something else ("HIV test",
    "depression scale"); `swallowers` do so after any term ("low sodium diet"). `after` and `before`: by word,
    neighbours with which it is something else ("RA sat").
    """

    phrases: dict[Names, tuple[str, ...]]
    never: tuple[str, ...]
    capitals: tuple[str, ...]
    running: tuple[str, ...]
    alone: tuple[str, ...]
    linked: tuple[str, ...]
    followers: tuple[str, ...]
    swallowers: tuple[str, ...]
    before: dict[str, tuple[str, ...]]
    after: dict[str, tuple[str, ...]]


@cache
def contexts() -> Contexts:
    """The table; raises msgspec.ValidationError naming the place when it departs from the schema."""
    return msgspec.yaml.decode(TABLE.read_bytes(), type=Contexts)
