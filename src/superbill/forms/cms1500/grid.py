"""Where each box of the CMS-1500 (02/12) prints: `grid.csv`, ten characters an inch, six lines an inch.

Columns count from 1 at 0.3 in from the left edge of the sheet, lines from 1 at 1/3 in from its top: the print
positions of the 02/12 form. A check box has one row per answer, keyed "box=ANSWER".
"""

from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.codesets import tables

PITCH = 7.2  # points a column: ten an inch
LEADING = 12.0  # points a line: six an inch
LEFT = 21.6  # points from the sheet's left edge to column 1: three columns
TOP = 24.0  # points from the sheet's top edge to line 1: two lines
COLUMNS = 79
LINES = 62

# The modifiers of a line in one string, for screens and screen readers; paper has them in D.m1 to D.m4.
_SAID_ELSEWHERE = "D.modifiers"


class UnknownBox(ValueError):
    """A key or an answer that the form has no place for."""


class Place(Struct, frozen=True, kw_only=True):
    """One row of the grid. `first` and `last` column both included.

    `kind` money may close up dollars and cents when they need the room and is never cut; phone sets the area code
    apart; check prints an X.
    """

    box: str
    line: int
    first: int
    last: int
    align: Literal["left", "right"] = "left"
    kind: Literal["text", "money", "phone", "check"] = "text"

    @property
    def width(self) -> int:
        return self.last - self.first + 1

    def fit(self, value: str) -> str | None:
        """`value` as it prints here, cut at the width; None when no part of it may print (money too large)."""
        if self.kind == "check":
            return "X"
        if self.kind == "phone" and len(value) == 10 and value.isdigit():
            value = f"{value[:3]} {value[3:]}"
        if self.kind == "money" and len(value) > self.width:
            value = value.replace(" ", "")
            if len(value) > self.width:
                return None  # a cut amount would be a wrong amount
        text = value[: self.width]
        return text.rjust(self.width) if self.align == "right" else text


@cache
def places() -> dict[str, Place]:
    """All places by key."""
    return {row["box"]: msgspec.convert(row, Place, strict=False) for row in tables.rows(__package__, "grid.csv")}


def place_of(key: str, value: str) -> Place | None:
    """Where `key` prints; None when its content prints under other keys.

    Raises UnknownBox when the form has no such box, or no such answer in it.
    """
    table = places()
    found = table.get(key) or table.get(f"{key}={value}")
    if found is None and not key.endswith(_SAID_ELSEWHERE):
        raise UnknownBox(f"the CMS-1500 has no place for {key} {value!r}")
    return found
