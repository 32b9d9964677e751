"""Reads the yearly conversion table (XLSX): the codes that came since 2015, from when, and what stood for them before.

Layout: a first row of explanation, a header "Current code assignment | Effective | Previous Code(s) Assignment", then
rows. The year alone is 1 October of the year listed; several previous codes are separated by commas or "and".
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from superbill.codesets.icd10cm import schema
from superbill.codesets.release import Refused, Release, fiscal_year
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "icd10cm-conversion"
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.?[0-9A-Z]{1,4})?")  # the table forgets a dot now and then
_PART = re.compile(rf"({_CODE.pattern})(?:\s*-\s*({_CODE.pattern}))?")
# together: 1 when the previous codes of the row stood side by side for what the new one says alone.
_CREATE = """CREATE TABLE conversion (
    code TEXT NOT NULL, effective TEXT NOT NULL, previous TEXT NOT NULL, together INTEGER NOT NULL)"""
_NOTHING = "None"  # no code stood for it before
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INDEXES = (
    "CREATE INDEX conversion_code ON conversion (code)",
    "CREATE INDEX conversion_previous ON conversion (previous)",
)
_MARK = b"xl/workbook.xml"


class ConversionLayout:
    """The conversion table: one release with rows (code, first day, previous code, together), each previous
    code its own row."""

    title = "ICD-10-CM conversion table (XLSX)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By the header in the first sheet."""
        if source.data[:4] != b"PK\x03\x04" or _MARK not in source.data:
            return False
        try:
            rows = _rows(source)[:5]
        except CalamineError:
            return False
        return any(str(row[0]).startswith("Current code") for row in rows if row)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for a row whose code, day or previous code can't be read."""
        day = effective or effective_from_name(source.name)
        if day is None:
            raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
        release = Release(
            system=SYSTEM, version=str(fiscal_year(day)), effective=day, source=source.name, sha256=source.sha256
        )
        yield Draft(
            release=release, tables=(Table("conversion", _CREATE, sorted(set(_conversions(source)))),), after=_INDEXES
        )


def _rows(source: Source) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(source.data)).get_sheet_by_index(0).to_python()


def _conversions(source: Source) -> Iterator[tuple[str, str, str, int]]:
    begun = False
    for number, row in enumerate(_rows(source), 1):
        cells = [str(cell).strip() for cell in row]
        if not begun:
            begun = cells[:1] == ["Current code assignment"] or cells[0].startswith("Current code")
            continue
        if not any(cells):
            continue
        cells += [""] * (3 - len(cells))
        place = f"{source.name}:{number:,}"
        previous = [""] if cells[2] == _NOTHING else list(_previous(cells[2]))
        if not _CODE.fullmatch(cells[0]) or not previous:
            raise Refused("has no code, or none before it.", place=place, fix="Get the file anew.")
        first, together = _day(row[1], place), int(" and " in cells[2])
        for code in previous:
            yield schema.undotted(cells[0]), first.isoformat(), code, together


def _previous(text: str) -> Iterator[str]:
    """The codes of a cell without dots; "H02.101-H02.106" is every one by its last character."""
    for first, last in _PART.findall(text):
        start = schema.undotted(first)
        end = schema.undotted(last) if last else start
        if start[:-1] != end[:-1]:
            yield from (start, end)
            continue
        for character in _CHARACTERS[_CHARACTERS.index(start[-1]) : _CHARACTERS.index(end[-1]) + 1]:
            yield start[:-1] + character


def _day(cell: object, place: str) -> date:
    """A year is 1 October of it; a text such as "April 1, 2023" or a date cell is that day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and 2000 < cell < 2100:
        return date(int(cell), 10, 1)
    year = re.fullmatch(r"\s*(20\d\d)\s*", str(cell))
    found = date(int(year[1]), 10, 1) if year else effective_from_name(str(cell))
    if found is None:
        raise Refused(f"has no day that can be read ({cell}).", place=place, fix="Get the file anew.")
    return found
