"""Reads the licensee's own list of CDT codes. Superbill brings no CDT text: what a licensee imports stays in its store.

Layout: CSV, a code (D and four digits) and its descriptor to a line, further columns passed over; a header and lines of
notice may stand before the first code.
"""

import io
import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.csv_rows import numbered
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "cdt"
CODE = re.compile(r"D\d{4}", re.ASCII)
_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?\"?D\d{4}\"?,", re.MULTILINE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CREATE = "CREATE TABLE code (code TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID"


class CdtLayout:
    """The codes of a calendar year."""

    title = "CDT codes (ADA, CSV)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By a first code within its first lines."""
        return _HEAD.search(b"\n".join(source.data[:4_000].splitlines()[:6])) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that has no code, no text, or a code again."""
        told = _YEAR.search(source.name)
        day = effective or (date(int(told[1]), 1, 1) if told else None)
        if day is None:
            raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
        release = Release(
            system=SYSTEM, version=str(day.year), effective=day, until=date(day.year, 12, 31), source=source.name,
            sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("code", _CREATE, _read(source)),))


def _read(source: Source) -> list[tuple[str, str]]:
    rows: dict[str, str] = {}
    for place, cells in numbered(io.StringIO(source.text(), newline=""), source.name):
        bare = [cell.strip() for cell in cells]
        if not any(bare):
            continue
        whole = len(bare) > 1 and CODE.fullmatch(bare[0]) and bare[1]
        if not whole and not rows:
            continue
        if not whole or bare[0] in rows:
            raise Refused(
                f"repeats {bare[0]}." if whole else "has no code and text.", place=place, fix="Get the file anew."
            )
        rows[bare[0]] = bare[1]
    return sorted(rows.items())
