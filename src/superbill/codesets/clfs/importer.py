"""Reads the clinical laboratory fee schedule of a quarter.

Layout (CSV or XLSX, public use file): some lines of title, a header YEAR, HCPCS, MOD, EFF_DATE, INDICATOR, RATE,
SHORTDESC, LONGDESC, EXTENDEDLONGDESC, then one code, with or without a modifier, to a row. INDICATOR is N for a
national rate, L for a local one. EFF_DATE is eight digits. A rate of zero means that the contractor prices the test.
Descriptors are the AMA's: they are left behind.
"""

import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.grid import Header, column, top
from superbill.codesets.mpfs.schema import CODE, number, quarter_end, repeats
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "clfs"
_HEADER = Header(
    ("year", "hcpcs", "mod", "eff_date"),
    {
        "year": column("year"),
        "code": column("hcpcs"),
        "modifier": column("mod"),
        "since": column("eff_date"),
        "indicator": column("indicator"),
        "rate": column("rate"),
    },
)
_QUARTERS = (
    re.compile(r"(?<!\d)(?P<year>\d\d)clab(?:q(?P<quarter>[1-4]))", re.IGNORECASE),
    re.compile(r"CY(?P<year>20\d\d)[ _-]*Q(?P<quarter>[1-4])", re.IGNORECASE),
    re.compile(r"(?P<year>20\d\d)[ _-]*Q(?:uarter *)?(?P<quarter>[1-4])(?!\d)", re.IGNORECASE),
    re.compile(r"Q(?:uarter *)?(?P<quarter>[1-4])[ ,_-]*(?P<year>20\d\d)", re.IGNORECASE),
)
_CREATE = """CREATE TABLE test (
    code TEXT NOT NULL, modifier TEXT NOT NULL, since TEXT NOT NULL, indicator TEXT NOT NULL, rate TEXT NOT NULL,
    PRIMARY KEY (code, modifier)) WITHOUT ROWID"""


class LaboratoryLayout:
    """The laboratory fee schedule as CSV or XLSX."""

    title = "Clinical laboratory fee schedule (CLFS)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        return _HEADER.among(top(source))

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row whose code, day or rate is none, or a code and modifier again."""
        if repeats(source, store, self.systems):
            return
        rows: dict[tuple[str, str], tuple[str, ...]] = {}
        years: set[str] = set()
        for place, told in _HEADER.rows(source):
            if not told["code"]:
                continue  # a notice under the table
            key = (told["code"], told["modifier"])
            if not CODE.fullmatch(key[0]) or len(key[1]) not in {0, 2} or key in rows:
                again = " again" if key in rows else ""
                raise Refused(
                    f"has code {key[0][:10]!r}, modifier {key[1][:5]!r}{again}.", place=place, fix="Get the file anew."
                )
            years.add(told["year"])
            rows[key] = (*key, _day(told["since"], place), told["indicator"], str(number(told["rate"], place, "rate")))
        title = " ".join(cell for row in top(source)[:5] for cell in row)
        day = effective or _first_day(source.name.rpartition("/")[2], title)
        if not rows or day is None:
            why = "has no code." if not rows else "doesn't say its quarter."
            raise Refused(why, place=source.name, fix="Get the file anew, or give the first day with --effective.")
        if effective is None and years != {str(day.year)}:
            raise Refused(
                f"is named for {day.year} but has rows of {', '.join(sorted(years))[:40]}.", place=source.name,
                fix="See that it is the file of the quarter; --effective says the first day.",
            )  # fmt: skip
        release = Release(
            system=SYSTEM, version=f"{day.year}Q{(day.month + 2) // 3}", effective=day, until=quarter_end(day),
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("test", _CREATE, sorted(rows.values())),))


def _first_day(*told: str) -> date | None:
    for text in told:
        for pattern in _QUARTERS:
            found = pattern.search(text)
            if found:
                return date(int(found["year"]) % 2000 + 2000, 3 * int(found["quarter"]) - 2, 1)
    return None


def _day(text: str, place: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(f"has {text[:12]!r} as first day.", place=place, fix="Get the file anew.") from None
