"""What a condition becomes once it is history or a relative's, and the words for sites of malignancies."""

import re
from functools import cache

from msgspec import Struct

from superbill.coding.reading.tables import table


class Becomes(Struct, frozen=True, forbid_unknown_fields=True):
    """The table becomes.yaml: codes by the beginning of a condition's code; words for sites by the code of the site."""

    history: dict[str, str]
    family: dict[str, str]
    sites: dict[str, str]


@cache
def _read() -> Becomes:
    return table("superbill.coding.suggest.data", "becomes.yaml", Becomes)


def history_of(code: str) -> str:
    """The code of a malignancy once it is history; "" for another condition (guidelines I.C.2.m)."""
    return next((new for start, new in _read().history.items() if code.startswith(start)), "")


def family_history_of(code: str) -> str:
    """The code for a condition that a relative has; "" where there is none of its own (guidelines I.C.21.c.4)."""
    return next((new for start, new in _read().family.items() if code.startswith(start)), "")


@cache
def sites() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sites of primary malignancies: where their codes begin, and how notes say them."""
    return tuple((code, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for code, words in _read().sites.items())
