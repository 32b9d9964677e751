"""Reads what makes Medicare's prices differ by place: the GPCI file, and the conversion factors of anesthesia.

GPCI (Addendum E of the physician fee schedule, CSV or XLSX): a title, then contractor (MAC), state, locality number,
locality name and the indices of work, practice expense and malpractice; notes stand under the table. A locality number
is unique only within its contractor and state. ANES: contractor, locality, name and the conversion factor, since 2026
one for qualifying participants in advanced payment models and one for all others; in dollars as CSV and XLSX, in cents
without a point as text of fixed width.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.codesets.grid import Header, column, grid, top
from superbill.codesets.mpfs.schema import ANESTHESIA, INDICES, number, repeats, year_in
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

_MAC = re.compile(r"\d{5}", re.ASCII)
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)
_INDICES = Header(
    (r".*\(MAC\).*|.*contractor.*", "state", r"locality(?: number| code)?"),
    {
        "mac": column(r".*\(MAC\).*|.*contractor.*"),
        "state": column("state"),
        "locality": column("locality(?: number| code)?"),
        "name": column("locality name"),
        "work": column(r"(?:20\d\d )?(?:PW|work) GPCI(?!.*without).*"),
        "practice": column(r"(?:20\d\d )?PE GPCI.*"),
        "malpractice": column(r"(?:20\d\d )?MP GPCI.*"),
    },
)
_INDEX_TABLE = """CREATE TABLE gpci (
    mac TEXT NOT NULL, state TEXT NOT NULL, locality TEXT NOT NULL, name TEXT NOT NULL, work TEXT NOT NULL,
    practice TEXT NOT NULL, malpractice TEXT NOT NULL, PRIMARY KEY (mac, state, locality)) WITHOUT ROWID"""
_FACTOR_TABLE = """CREATE TABLE factor (
    mac TEXT NOT NULL, locality TEXT NOT NULL, name TEXT NOT NULL, factor TEXT NOT NULL, qualifying TEXT NOT NULL,
    PRIMARY KEY (mac, locality)) WITHOUT ROWID"""
_FACTOR_LINE = re.compile(r"(\d{5})\s+(\d{2})\s+(\S.*?)\s+([\d.]+)(?:\s+([\d.]+))?\s*", re.ASCII)


class GpciLayout:
    """The geographic practice cost indices of a year."""

    title = "MPFS geographic indices (GPCI)"
    systems: tuple[str, ...] = (INDICES,)

    def recognizes(self, source: Source) -> bool:
        """By a header with contractor, state, locality and the word GPCI."""
        return any(_INDICES.ends_in(row) and "GPCI" in " ".join(row).upper() for row in top(source))

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row whose contractor, locality or index is none, or a locality again."""
        if repeats(source, store, self.systems):
            return
        rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        for place, told in _INDICES.rows(source):
            if not told["state"] and not told["locality"]:
                continue  # a note
            key = (*_keyed(told["mac"], told["locality"], place), told["state"].upper())
            if key in rows:
                raise Refused(f"has locality {' '.join(key)} again.", place=place, fix="Get the file anew.")
            indices = [str(number(told[name], place, f"{name} index")) for name in ("work", "practice", "malpractice")]
            if any(not 0 < Decimal(index) < 5 for index in indices):
                raise Refused(f"has indices {', '.join(indices)}.", place=place, fix="Get the file anew.")
            rows[key] = (key[0], key[2], key[1], told["name"].rstrip("* "), *indices)
        if not rows:
            raise Refused("has no locality.", place=source.name, fix="Get the file anew.")
        table = Table("gpci", _INDEX_TABLE, sorted(rows.values()))
        yield Draft(release=_of_year(INDICES, source, effective), tables=(table,))


class AnesthesiaFactorLayout:
    """The conversion factors of anesthesia services of a year, by locality."""

    title = "MPFS anesthesia conversion factors (ANES)"
    systems: tuple[str, ...] = (ANESTHESIA,)

    def recognizes(self, source: Source) -> bool:
        """By a header of contractor, locality, name and factor, or first lines of fixed width that are all such."""
        rows = top(source)
        if any(_factor_places(row) for row in rows):
            return True
        lines = source.data[:2_000].decode("latin-1").splitlines()[:3]
        return len(lines) == 3 and all(_FACTOR_LINE.fullmatch(line) for line in lines)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row whose contractor, locality or factor is none, or a locality again."""
        if repeats(source, store, self.systems):
            return
        rows: dict[tuple[str, str], tuple[str, ...]] = {}
        for place, mac, locality, name, factor, qualifying in _factors(source):
            key = _keyed(mac, locality, place)
            dollars = [_dollars(text, place) for text in (factor, qualifying or factor)]
            if key in rows:
                raise Refused(f"has locality {' '.join(key)} again.", place=place, fix="Get the file anew.")
            rows[key] = (*key, name.rstrip("* "), *dollars)
        if not rows:
            raise Refused("has no locality.", place=source.name, fix="Get the file anew.")
        table = Table("factor", _FACTOR_TABLE, sorted(rows.values()))
        yield Draft(release=_of_year(ANESTHESIA, source, effective), tables=(table,))


def _keyed(mac: str, locality: str, place: str) -> tuple[str, str]:
    mac = mac.zfill(5)  # a sheet drops the zero in front
    if not _MAC.fullmatch(mac) or not _NUMBER.fullmatch(locality):
        raise Refused(
            f"has contractor {mac[:10]!r} and locality {locality[:10]!r}.", place=place, fix="Get the file anew."
        )
    return mac, locality.zfill(2)


def _of_year(system: str, source: Source, effective: date | None) -> Release:
    told = " ".join(cell for row in top(source)[:4] for cell in row)
    year = effective.year if effective else year_in(source.name.rpartition("/")[2], told)
    if year is None:
        raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
    return Release(
        system=system, version=str(year), effective=effective or date(year, 1, 1), until=date(year, 12, 31),
        source=source.name, sha256=source.sha256,
    )  # fmt: skip


def _factor_places(cells: list[str]) -> tuple[int, int] | None:
    """Where the factor of most clinicians and that of qualifying ones stand, where this row is the header."""
    names = [" ".join(cell.lower().split()) for cell in cells]
    if len(names) < 4 or "contractor" not in names[0] or not names[1].startswith("locality"):
        return None
    there = [at for at, name in enumerate(names) if at > 1 and re.search(r"\bcf\b|conversion factor|anes", name)]
    others = [at for at in there if re.search(r"non[- ]?q|non[- ]?apm", names[at])]
    qualifying = [at for at in there if at not in others and re.search(r"qualif|\bqp\b|apm", names[at])]
    plain = others or [at for at in there if at not in qualifying]
    return (plain[0], (qualifying or plain)[0]) if plain else None


def _factors(source: Source) -> Iterator[tuple[str, str, str, str, str, str]]:
    if not any(_factor_places(row) for row in top(source)):
        for at, line in enumerate(western(source).splitlines(), 1):
            found = _FACTOR_LINE.fullmatch(line)
            if found is None and _MAC.match(line):
                raise Refused("is no record of this layout.", place=f"{source.name}:{at:,}", fix="Get the file anew.")
            if found:
                yield f"{source.name}:{at:,}", found[1], found[2], found[3], found[4], found[5] or ""
        return
    places: tuple[int, int] | None = None
    for place, cells in grid(source):
        if places is None:
            places = _factor_places(cells)
        elif len(cells) > max(places) and cells[1]:
            yield place, cells[0], cells[1], cells[2], cells[places[0]], cells[places[1]]


def _dollars(text: str, place: str) -> str:
    value = number(text, place, "conversion factor")
    if "." not in text and value >= 100:
        value /= 100  # the text of fixed width has cents
    if not 5 < value < 100:
        raise Refused(f"has {text[:10]!r} as conversion factor.", place=place, fix="Get the file anew.")
    return str(value)
