"""Files that CMS publishes anew each quarter: which quarter they are of, and what their workbooks begin with.

The files of the National Correct Coding Initiative tell their quarter only in their names, each kind in its own way:
"medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip" (NCCI versions: 32.2 is the third quarter of 2026),
"MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", "AOC_V2026Q3-MCR.xlsx", "add-code-edits-medicare-effective-07012026".
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from superbill.codesets.release import Refused
from superbill.codesets.sources import Source

_NAMED = re.compile(r"(?<!\d)(20\d\d)[ _-]?q(\d)(?!\d)", re.IGNORECASE)
_VERSION = re.compile(r"cci(?:pra|oph)[ _-]?v(\d\d)(\d)r(\d+)", re.IGNORECASE)
_EFFECTIVE = re.compile(r"(?<![a-z])eff(?:ective)?[ _-]*(\d\d)-?(\d\d)-?(20\d\d)(?!\d)", re.IGNORECASE)
_VERSION_ZERO = 1994
"""NCCI version 30.0 began on 2024-01-01, version 24.0 on 2018-01-01: the year is 1994 years behind the number."""
_HEAD = 40_000  # bytes of a part of a workbook in which its header stands


class Quarter(Struct, frozen=True):
    """A calendar quarter, 1 to 4, of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1) - timedelta(1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def named_quarter(source: Source, effective: date | None) -> Quarter:
    """The quarter of a file: that of `effective`, else the one that its name and its archive's name tell.

    Raises Refused for a name that tells none, a fifth one, a day on which no quarter begins, or two that differ.
    """
    if effective is not None:
        return quarter_of(effective)
    told = list(dict.fromkeys(_told(source)))
    if not told:
        raise Refused(
            "doesn't say its quarter.", place=source.name,
            fix="Keep the name under which CMS publishes the file, or give the first day with --effective.",
        )  # fmt: skip
    if len(told) > 1:
        raise Refused(
            f"is named for {told[0]} and for {told[1]}: a file of the wrong quarter lies in the archive.",
            place=source.name, fix="Download it again, or give the first day with --effective if you know it.",
        )  # fmt: skip
    return told[0]


def _told(source: Source) -> Iterator[Quarter]:
    name = source.name
    for found in _NAMED.finditer(name):
        yield _quarter(int(found[1]), int(found[2]), source)
    for found in _VERSION.finditer(name):
        yield _quarter(_VERSION_ZERO + int(found[1]), int(found[2]) + 1, source)
    for found in _EFFECTIVE.finditer(name):
        month, day, year = int(found[1]), int(found[2]), int(found[3])
        if day != 1 or month not in (1, 4, 7, 10):
            raise Refused(
                f"is named for {found[1]}-{found[2]}-{found[3]}, on which no quarter begins.", place=source.name,
                fix="Keep the name under which CMS publishes the file, or give the first day with --effective.",
            )  # fmt: skip
        yield Quarter(year, (month + 2) // 3)


def _quarter(year: int, number: int, source: Source) -> Quarter:
    if not 1 <= number <= 4:
        raise Refused(
            f"is named for quarter {number} of {year}.", place=source.name, fix="Keep the name of the published file."
        )
    return Quarter(year, number)


def is_workbook(source: Source) -> bool:
    """Whether the bytes are an XLSX workbook."""
    return source.data[:4] == b"PK\x03\x04" and b"xl/workbook.xml" in source.data


def workbook_begins(source: Source, *words: bytes) -> bool:
    """Whether a workbook says all the words near its beginning.

    Cheap: a sheet of 650,000 rows takes seconds to read, its first texts a millisecond.
    """
    if not is_workbook(source):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            parts = [
                name for name in archive.namelist()
                if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet")
            ]  # fmt: skip
            said = b" ".join(_head(archive, name) for name in parts)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return False
    flat = b" ".join(said.replace(b"_x000D_", b" ").replace(b"&#10;", b" ").split())
    return all(word in flat for word in words)


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_HEAD)


def same_archive(source: Source, taken: Iterator[str]) -> bool:
    """Whether a file with the same stem, of the same archive, is among those taken in: the other form of this one."""
    stem = source.name.rpartition(".")[0]
    return "/" in source.name and any(name.rpartition(".")[0] == stem for name in taken)
