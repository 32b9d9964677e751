"""Reads the file that tells a ZIP code's Medicare contractor and pricing locality.

Layout (ZIP5 and ZIP9, CMS manual 100-04, ch. 15 § 20.1.6; text of 80 columns, 1-based): 1-2 state, 3-7 ZIP code, 8-12
contractor (MAC), 13-14 pricing locality, 15 rural indicator (blank urban, R rural, B super rural), 21 plus-four flag
(1: the ZIP code lies in more than one locality, see ZIP9), 22-25 the four further digits in ZIP9, 76-80 year and
quarter.
"""

import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.mpfs.schema import LONG_ZIP_CODES, ZIP_CODES, quarter_end
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

_LINE = re.compile(
    r"(?P<state>[A-Z]{2})(?P<zip>\d{5})(?P<mac>\d{5})(?P<locality>\d{2})(?P<rural>[ RB]).{5}(?P<split>[ 01])"
    r"(?P<four>\d{4}|[^\d]...).{50}(?P<year>20\d\d)(?P<quarter>[1-4])\s*",
    re.ASCII,
)
_CREATE = """CREATE TABLE zip (
    zip TEXT NOT NULL, four TEXT NOT NULL, state TEXT NOT NULL, mac TEXT NOT NULL, locality TEXT NOT NULL,
    rural TEXT NOT NULL, split INTEGER NOT NULL, PRIMARY KEY (zip, four)) WITHOUT ROWID"""


class ZipLocalityLayout:
    """ZIP code to carrier locality."""

    title = "ZIP code to Medicare locality (ZIP5, ZIP9)"
    systems: tuple[str, ...] = (ZIP_CODES, LONG_ZIP_CODES)

    def recognizes(self, source: Source) -> bool:
        """By its first line."""
        return _LINE.fullmatch(source.data[:90].decode("latin-1").partition("\n")[0]) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that is no record, of another quarter, or has a ZIP code again."""
        rows: dict[tuple[str, str], tuple[str | int, ...]] = {}
        told: set[tuple[int, int]] = set()
        for at, line in enumerate(western(source).splitlines(), 1):
            if not line.strip("\x1a "):
                continue
            place = f"{source.name}:{at:,}"
            found = _LINE.fullmatch(line)
            if found is None:
                raise Refused(
                    "is no record of this layout.", place=place, fix="The file is cut or changed; get it anew."
                )
            told.add((int(found["year"]), int(found["quarter"])))
            four = found["four"] if found["four"].isdecimal() else ""
            key = (found["zip"], four)
            if key in rows or len(told) > 1:
                why = f"has ZIP code {'-'.join(filter(None, key))} again" if key in rows else "is of another quarter"
                raise Refused(f"{why}.", place=place, fix="Get the file anew.")
            rows[key] = (
                *key, found["state"], found["mac"], found["locality"], found["rural"].strip(),
                int(found["split"] == "1"),
            )  # fmt: skip
        if not told:
            raise Refused("has no ZIP code.", place=source.name, fix="Get the file anew.")
        year, quarter = told.pop()
        day = effective or date(year, 3 * quarter - 2, 1)
        release = Release(
            system=LONG_ZIP_CODES if any(four for _, four in rows) else ZIP_CODES,
            version=f"{day.year}Q{(day.month + 2) // 3}", effective=day, until=quarter_end(day), source=source.name,
            sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("zip", _CREATE, sorted(rows.values(), key=str)),))
