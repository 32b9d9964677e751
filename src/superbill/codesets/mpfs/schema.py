"""What the files of the Medicare physician fee schedule (MPFS) become: slugs, tables and days in force."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

VALUES = "mpfs"
"""Relative values and indicators (PPRRVU), with the conversion factor of most clinicians."""
QUALIFYING = "mpfs-qp"
"""The same with the conversion factor of qualifying participants in advanced payment models, from 2026 on."""
INDICES = "mpfs-gpci"
ANESTHESIA = "mpfs-anesthesia"
BASE_UNITS = "mpfs-base-units"
ZIP_CODES = "mpfs-zip"
LONG_ZIP_CODES = "mpfs-zip9"
"""The nine digits of ZIP codes that lie in more than one locality."""

CODE = re.compile(r"(?=.*\d)[0-9A-Z]{5}", re.ASCII)
"""A code, or what holds the place of one to come: the file of July 2026 has GXXX1."""
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = re.compile(r"(?<![a-z])(jan|apr|jul|oct)(?:uary|il|y|ober)?(?![a-z])", re.IGNORECASE)
_RELEASE = re.compile(r"rvu(\d\d)([abcd])(?![a-z])", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(?:PPRRVU|ANES|GPCI)(\d\d)(?!\d)", re.IGNORECASE)
_QUARTERS = {"a": 1, "b": 4, "c": 7, "d": 10}


def quarter(*told: str) -> date | None:
    """The first day of the quarter that a title or a file's name tells ("RVU26C", "2026 … July Release"), or None."""
    for text in told:
        release = _RELEASE.search(text)
        if release:
            return date(2000 + int(release[1]), _QUARTERS[release[2].lower()], 1)
    for text in told:
        month = _MONTH.search(text)
        year = year_in(text)
        if month and year:
            return date(year, _MONTHS[month[1].lower()], 1)
    return None


def year_in(*told: str) -> int | None:
    """The calendar year that a title or a file's name tells ("GPCI2026.csv", "PPRRVU26_JAN.txt"), or None."""
    for text in told:
        year = _YEAR.search(text)
        if year:
            return int(year[1])
        short = _SHORT_YEAR.search(text)
        if short:
            return 2000 + int(short[1])
    return None


def quarter_end(day: date) -> date:
    """The last day of the day's quarter."""
    last = (day.month + 2) // 3 * 3
    return date(day.year + last // 12, last % 12 + 1, 1) - timedelta(1)


def repeats(source: Source, store: Store, systems: Iterable[str]) -> bool:
    """Whether the archive had the same file in another form (CSV, text, XLSX), which was taken in already."""
    stem = source.name.rpartition(".")[0]
    known = (release.source for system in systems for release in store.releases(system))
    return "/" in stem and any(name != source.name and name.rpartition(".")[0] == stem for name in known)


def number(text: str, place: str, what: str) -> Decimal:
    """A plain number, not negative; "" is 0. Raises Refused with the row and the column."""
    plain = text.replace(",", "").replace("$", "").strip()
    try:
        value = Decimal(plain or 0)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise Refused(f"has {text[:20]!r} as {what}, where a number is due.", place=place, fix="Get the file anew.")
    return value
