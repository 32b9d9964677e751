"""Reads Addendum B of the hospital outpatient prospective payment system: how each HCPCS code is paid.

Layout (CSV): some lines of title and notice, then a header, then one code to a line. Columns are found by name: "HCPCS
Code", "Short Descriptor", "SI" or "Status Indicator", "APC", "Relative Weight", "Payment Rate", "National Unadjusted
Copayment", "Minimum Unadjusted Copayment"; the first four letters of a sheet made of it may run together.

The short descriptors of CPT and CDT codes in it are the AMA's and the ADA's: they are left behind.
"""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

from superbill.codesets.csv_rows import numbered
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

SYSTEM = "opps"
_COLUMNS = {
    "code": re.compile(r"hcpcs ?code"),
    "short": re.compile(r"short ?descriptor"),
    "status": re.compile(r"si|status ?indicator"),
    "apc": re.compile(r"apc"),
    "weight": re.compile(r"relative ?weight"),
    "rate": re.compile(r"payment ?rate"),
    "copayment": re.compile(r"national unadjusted copayment"),
    "least": re.compile(r"minimum unadjusted copayment"),
    "source": re.compile(r"source"),
}
_NEEDED = ("code", "short", "status", "rate")
_CODE = re.compile(r"[0-9A-V]\d{3}[0-9AFMTU]", re.ASCII)
_LEVEL_TWO = re.compile(r"[A-CE-V]\d{4}", re.ASCII)
_STATUS = re.compile(r"[A-Z]\d?", re.ASCII)
_AMOUNT = re.compile(r"\d*\.?\d+|\d+\.", re.ASCII)
_QUARTER = re.compile(r"(20\d\d)-(\d\d)", re.ASCII)
_MONTH = re.compile(r"(January|April|July|October)[ _-]*(20\d\d)", re.IGNORECASE)
_MONTHS = {"january": 1, "april": 4, "july": 7, "october": 10}
_NOTICE = 30  # lines before the header
# weight: relative to an office visit of a clinic, "" for none. rate, copayment, least: dollars as published, "" for
# none; drugs have tenths of a cent. least: the smallest copayment that may be asked for.
LAYOUT = 2
"""Since 2 a release has relative weights."""
_CREATE = """CREATE TABLE item (
    code TEXT PRIMARY KEY, short TEXT NOT NULL, status TEXT NOT NULL, apc TEXT NOT NULL,
    rate TEXT NOT NULL, copayment TEXT NOT NULL, least TEXT NOT NULL, weight TEXT NOT NULL) WITHOUT ROWID"""


class AddendumBLayout:
    """Addendum B of a quarter."""

    title = "OPPS Addendum B (CSV)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        lines = source.data[:20_000].decode("cp1252", "replace").splitlines()[:_NOTICE]
        return any(_is_header([cell.strip('" ') for cell in line.split(",")]) for line in lines)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that has a code, a status or an amount that is none, or a code again."""
        rows, told = _read(source)
        day = effective or _day(told, source)
        if day is None:
            raise Refused("doesn't say its quarter.", place=source.name, fix="Give the first day with --effective.")
        last = (day.month + 2) // 3 * 3
        release = Release(
            system=SYSTEM, version=f"{day.year}Q{last // 3}", effective=day,
            until=date(day.year + last // 12, last % 12 + 1, 1) - timedelta(1), source=source.name,
            sha256=source.sha256, layout=LAYOUT,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("item", _CREATE, sorted(rows)),))


Row = tuple[str, str, str, str, str, str, str, str]


def _is_header(cells: list[str]) -> bool:
    bare = [" ".join(cell.lower().split()) for cell in cells]
    return all(any(_COLUMNS[name].fullmatch(cell) for cell in bare) for name in _NEEDED)


def _read(source: Source) -> tuple[list[Row], str]:
    """The rows, and what the file says of its quarter ("" for nothing)."""
    places: dict[str, int] = {}
    rows: dict[str, Row] = {}
    told = ""
    for place, cells in numbered(io.StringIO(western(source), newline=""), source.name):
        bare = [cell.strip() for cell in cells]
        if not places:
            if _is_header(bare):
                names = [" ".join(cell.lower().split()) for cell in bare]
                places = {
                    name: at for name, called in _COLUMNS.items() for at, cell in enumerate(names)
                    if called.fullmatch(cell)
                }  # fmt: skip
            else:
                told = told or " ".join(bare)
            continue
        if not any(bare):
            continue
        row = _row(bare, places, place)
        if row[0] in rows:
            raise Refused(f"has {row[0]} again.", place=place, fix="Get the file anew.")
        rows[row[0]] = row
        if "source" in places:
            told = bare[places["source"]]
    if not rows:
        raise Refused("has no code.", place=source.name, fix="Get the file anew.")
    return list(rows.values()), told


def _row(cells: list[str], places: dict[str, int], place: str) -> Row:
    if len(cells) <= max(places.values()):
        raise Refused(f"has {len(cells)} columns.", place=place, fix="Get the file anew.")
    told = {name: cells[at] for name, at in places.items()}
    if not _CODE.fullmatch(told["code"]) or not _STATUS.fullmatch(told["status"]):
        raise Refused(
            f"has code {told['code']!r} with status {told['status']!r}.", place=place, fix="Get the file anew."
        )
    short = told["short"] if _LEVEL_TWO.fullmatch(told["code"]) else ""
    return (
        told["code"], short, told["status"], told.get("apc", ""), _amount(told["rate"], place),
        _amount(told.get("copayment", ""), place), _amount(told.get("least", ""), place),
        _amount(told.get("weight", ""), place),
    )  # fmt: skip


def _amount(text: str, place: str) -> str:
    plain = text.replace("$", "").replace(",", "").strip()
    if plain in {"", "."}:
        return ""
    if not _AMOUNT.fullmatch(plain):
        raise Refused(f"has {text!r} where an amount is due.", place=place, fix="Get the file anew.")
    return plain


def _day(told: str, source: Source) -> date | None:
    quarter = _QUARTER.fullmatch(told)
    if quarter:
        return date(int(quarter[1]), int(quarter[2]), 1) if 1 <= int(quarter[2]) <= 12 else None
    month = _MONTH.search(source.name.rpartition("/")[2]) or _MONTH.search(told)
    if month:
        return date(int(month[2]), _MONTHS[month[1].lower()], 1)
    return effective_from_name(source.name)
