"""What kind of service a procedure code is, and who bills it in a hospital. Ranges of code numbers, our own table."""

from functools import cache, lru_cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables

Billing = Literal["same", "26", "93010", "hospital", "never"]


class Kind(Struct, frozen=True):
    """`name` of the kind; `facility`: how a professional bills it in a hospital.

    same: no difference; 26: the professional component; 93010: that code instead; hospital: it is on the
    hospital's bill only; never: on no professional claim of ours, wherever it was done.
    """

    name: str
    facility: Billing


OTHER = Kind("other", "same")


@cache
def _ranges() -> tuple[tuple[str, str, str, Kind], ...]:
    """Narrow ranges before wide ones, so that the first that holds a code is the most exact."""
    found = [
        (row["system"], row["first"], row["last"], Kind(row["kind"], cast("Billing", row["facility"])))
        for row in tables.rows("superbill.coding.data", "kinds.csv")
    ]
    return tuple(sorted(found, key=lambda row: (row[1] != row[2], _width(row[1], row[2]))))


def _width(first: str, last: str) -> int:
    return int(last[1:4]) * 10 - int(first[1:4]) * 10 + (ord(last[0]) - ord(first[0])) * 10_000


@lru_cache(maxsize=65_536)
def kind_of(system: str, code: str) -> Kind:
    """The kind of a CPT or HCPCS code; OTHER for one in no range."""
    for range_system, first, last, kind in _ranges():
        letter = code[-1:].isalpha()
        if range_system == system and first <= code <= last and letter == first[-1:].isalpha():
            return kind
    return OTHER
