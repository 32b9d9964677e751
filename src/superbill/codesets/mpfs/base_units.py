"""Reads the base units of anesthesia codes, which CMS publishes by the year.

Layout (CSV, tab-delimited text or XLSX): lines of title, a header with a code and its base units, one code to a row.
Descriptors, where there are any, are left behind.
"""

import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.grid import Header, column, top
from superbill.codesets.mpfs.schema import BASE_UNITS, number, year_in
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

_CODE = re.compile(r"0[01]\d{3}", re.ASCII)
_CELL = r"(?:CPT|HCPCS|anesthesia|procedure)?[ /]*(?:HCPCS)? ?codes?"
_HEADER = Header((_CELL,), {"code": column(_CELL), "units": column(r"(?:\d{4} )?base units?.*")})
_CREATE = "CREATE TABLE base (code TEXT PRIMARY KEY, units TEXT NOT NULL) WITHOUT ROWID"


class BaseUnitLayout:
    """Anesthesia base units by code."""

    title = "Anesthesia base units"
    systems: tuple[str, ...] = (BASE_UNITS,)

    def recognizes(self, source: Source) -> bool:
        """By a header with a code and base units."""
        return any(
            _HEADER.ends_in(row) and any(re.match(r"(?:\d{4} )?base units?", cell, re.IGNORECASE) for cell in row)
            for row in top(source)
        )

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row that has no anesthesia code, no whole number of units, or a code again."""
        rows: dict[str, str] = {}
        for place, told in _HEADER.rows(source):
            code, units = told["code"].zfill(5), number(told["units"], place, "base units")
            if not _CODE.fullmatch(code) or code in rows or units != int(units) or units > 50:
                raise Refused(
                    f"has code {code[:10]!r} with {told['units'][:10]!r} base units.", place=place,
                    fix="One row for each anesthesia code (00100-01999), with whole units; get the file anew.",
                )  # fmt: skip
            rows[code] = str(int(units))
        title = " ".join(cell for row in top(source)[:4] for cell in row)
        year = effective.year if effective else year_in(source.name.rpartition("/")[2], title)
        if not rows or year is None:
            why = "has no code." if not rows else "doesn't say its year."
            raise Refused(why, place=source.name, fix="Get the file anew, or give the first day with --effective.")
        release = Release(
            system=BASE_UNITS, version=str(year), effective=effective or date(year, 1, 1), until=date(year, 12, 31),
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("base", _CREATE, sorted(rows.items())),))
