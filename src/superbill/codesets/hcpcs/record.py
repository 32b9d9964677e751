"""One code or modifier of HCPCS Level II as a release keeps it, whichever layout it came in."""

import re
from datetime import date

from msgspec import Struct
from msgspec.structs import astuple

from superbill.codesets.release import Refused
from superbill.codesets.sqlite_file import Table

SYSTEM = "hcpcs"
NUMBERS = "hcpcs-numbers"
CODE = re.compile(r"[A-V]\d{4}", re.ASCII)
MODIFIER = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_COLUMNS = """(
    code TEXT PRIMARY KEY, title TEXT NOT NULL, short TEXT NOT NULL, pricing TEXT NOT NULL,
    multiple_pricing TEXT NOT NULL, coverage TEXT NOT NULL, statute TEXT NOT NULL, cross_references TEXT NOT NULL,
    betos TEXT NOT NULL, types_of_service TEXT NOT NULL, added TEXT, changed TEXT, terminated TEXT,
    action TEXT NOT NULL) WITHOUT ROWID"""


class Record(Struct, frozen=True, kw_only=True):
    """A code or modifier. `terminated` is the last day on which it may be used; None while it is in use.

    `pricing`: pricing indicators of two characters each ("00": not priced separately by Part B). `coverage`: C the
    contractor's judgment, D special instructions, I not payable, M not covered, S not covered by statute. `betos`:
    Berenson-Eggers type of service. `types_of_service`: one character each. `added`, `changed`: ISO days; `action`:
    what was done then (A add, D discontinue, N none, ...).
    """

    code: str
    title: str
    short: str
    pricing: str
    multiple_pricing: str
    coverage: str
    statute: str
    cross_references: str
    betos: str
    types_of_service: str
    added: str | None
    changed: str | None
    terminated: str | None
    action: str


def table(name: str, records: list[Record]) -> Table:
    """The table of codes or of modifiers, by code."""
    rows = sorted(astuple(record) for record in records)
    return Table(name, f"CREATE TABLE {name} {_COLUMNS}", rows)


def day(text: str, place: str) -> str | None:
    """A day written 20190101 as ISO, None for blanks. Raises Refused for what is no day."""
    plain = text.strip().removesuffix(".0")
    if not plain:
        return None
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:])).isoformat()
    except ValueError:
        raise Refused(f"has {plain!r} where a day is due.", place=place, fix="Get the file anew.") from None
