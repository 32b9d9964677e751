"""Reads the health care provider taxonomy as the NUCC publishes it (a CSV file, twice a year).

The text is the NUCC's and may be used under its notice; nothing of it ships with Superbill. A version is named in the
file's name: nucc_taxonomy_240.csv is 24.0. Versions .0 take effect on 1 April of their year, versions .1 on 1 October.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import astuple

from superbill.codesets.csv_rows import numbered
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "taxonomy"
COLUMNS = (
    "Code", "Grouping", "Classification", "Specialization", "Definition", "Notes", "Display Name", "Section",
)  # fmt: skip
_SHAPE = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_VERSION = re.compile(r"taxonomy_(\d\d)([01])(?!\d)", re.IGNORECASE)
_CREATE = (
    "CREATE TABLE taxonomy (code TEXT PRIMARY KEY, grouping TEXT NOT NULL, classification TEXT NOT NULL, "
    "specialization TEXT NOT NULL, definition TEXT NOT NULL, notes TEXT NOT NULL, name TEXT NOT NULL, "
    "section TEXT NOT NULL) WITHOUT ROWID"
)


class TaxonomyCode(Struct, frozen=True):
    """One kind of provider. `name` is the NUCC's display name; `section` says individual or group of them."""

    code: str
    grouping: str
    classification: str
    specialization: str
    definition: str
    notes: str
    name: str
    section: str


def is_taxonomy_code(code: str) -> bool:
    """Whether `code` has the form of one: ten digits and capital letters, of which the last is X."""
    return _SHAPE.fullmatch(code) is not None


def read(stream: BinaryIO, name: str = "taxonomy") -> Iterator[TaxonomyCode]:
    """The rows of the file. Raises Refused with the line: other columns, a code misshapen or twice, not UTF-8."""
    return _rows(Source(name, stream.read()))


def _rows(source: Source) -> Iterator[TaxonomyCode]:
    rows = numbered(io.StringIO(source.text(), newline=""), source.name)
    _, header = next(rows, ("", []))
    if tuple(cell.strip() for cell in header) != COLUMNS:
        raise Refused("has not the columns of the NUCC's file.", place=f"{source.name}:1", fix="Get nucc_taxonomy.csv.")
    seen: set[str] = set()
    for place, cells in rows:
        if len(cells) != len(COLUMNS):
            raise Refused(f"has {len(cells)} columns, not {len(COLUMNS)}.", place=place, fix="Get the file anew.")
        row = TaxonomyCode(*(cell.strip() for cell in cells))
        if not is_taxonomy_code(row.code):
            raise Refused(f"{row.code!r} is no taxonomy code.", place=place, fix="Get the file anew.")
        if row.code in seen:
            raise Refused(f"{row.code} comes twice.", place=place, fix="Get the file anew.")
        seen.add(row.code)
        yield row


class TaxonomyLayout:
    """The NUCC's CSV file."""

    title = "NUCC provider taxonomy"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its first line."""
        first = source.data[:400].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip()
        return first.replace(b'"', b"") == ",".join(COLUMNS).encode()

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused where a row is wrong, and where neither the file's name nor `effective` tells the day."""
        version = _VERSION.search(source.name)
        if version is None and effective is None:
            raise Refused(
                "does not tell its version in its name.", place=source.name, fix="Say from which day it is in force."
            )
        told = date(2000 + int(version[1]), 10 if version[2] == "1" else 4, 1) if version else None
        day = effective or told
        assert day is not None, "refused above"
        release = Release(
            system=SYSTEM, version=f"{version[1]}.{version[2]}" if version else day.isoformat(), effective=day,
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        rows = sorted(_rows(source), key=lambda row: row.code)
        yield Draft(release=release, tables=(Table("taxonomy", _CREATE, [astuple(row) for row in rows]),))
