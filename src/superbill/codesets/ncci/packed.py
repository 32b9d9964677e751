"""The edits of one column-1 code, packed: eleven bytes each, sorted, so that one is found without unpacking the rest.

A record is the column-2 code (5), first day (2), last day (2, all ones for none), the modifier indicator with the mark
"in existence before 1996" (1), and the number of the rationale (1). Days count from 1990-01-01. All of 2.6 million
pairs are thus 29 MB; as Python objects they would be some 700.
"""

from collections.abc import Iterator
from datetime import date, timedelta

_ZERO = date(1990, 1, 1)
_OPEN = 0xFFFF
_OLD = 0x80  # the mark in the byte of the indicator
WIDTH = 11
CODE = 5

Raw = tuple[str, date, date | None, int, bool, int]
"""Column-2 code, first day, last day (None: none), modifier indicator, in existence before 1996, rationale's number."""


def number_of(day: date) -> int:
    """The day as it is packed. Raises ValueError for one before 1990 or after 2169."""
    number = (day - _ZERO).days
    if not 0 <= number < _OPEN:
        raise ValueError(f"{day} can't be packed")
    return number


def tail(effective: date, deleted: date | None, indicator: int, old: bool, rationale: int) -> bytes:
    """What stands behind the code in a record. Raises ValueError for a day or a number that doesn't fit."""
    last = _OPEN if deleted is None else number_of(deleted)
    return b"".join(
        (
            number_of(effective).to_bytes(2, "big"),
            last.to_bytes(2, "big"),
            (indicator | (_OLD if old else 0)).to_bytes(1, "big"),
            rationale.to_bytes(1, "big"),
        )
    )


def unpack(record: bytes) -> Raw:
    """One record."""
    last = int.from_bytes(record[7:9], "big")
    return (
        record[:CODE].decode("ascii"),
        _ZERO + timedelta(int.from_bytes(record[5:7], "big")),
        None if last == _OPEN else _ZERO + timedelta(last),
        record[9] & ~_OLD,
        bool(record[9] & _OLD),
        record[10],
    )


def records(packed: bytes) -> Iterator[bytes]:
    """Each record of a packed column-1 code, in its order."""
    for at in range(0, len(packed), WIDTH):
        yield packed[at : at + WIDTH]


def find(packed: bytes, code: bytes) -> list[bytes]:
    """The records with this column-2 code, oldest first: a bisection over the records."""
    low, high = 0, len(packed) // WIDTH
    while low < high:
        middle = (low + high) // 2
        at = middle * WIDTH
        if packed[at : at + CODE] < code:
            low = middle + 1
        else:
            high = middle
    found = []
    at = low * WIDTH
    while packed[at : at + CODE] == code:
        found.append(packed[at : at + WIDTH])
        at += WIDTH
    return found


def in_force_for(record: bytes) -> tuple[int, int] | None:
    """The first and last day of a record as packed; None for one that never was in force.

    CMS marks a pair that was deleted as of its first day with modifier indicator 9.
    """
    first, last = int.from_bytes(record[5:7], "big"), int.from_bytes(record[7:9], "big")
    return None if record[9] & ~_OLD == 9 or first == last else (first, last)
