"""Reads PPRRVU, the national relative value file of the Medicare physician fee schedule.

Layout (RVU26A, "National Physician Fee Schedule Relative Value File"): CSV or XLSX with some lines of title, a header
of several lines and one code, with or without a modifier, to a row; or ASCII text of 200 columns, "HDR" lines first.
Text columns (1-based): 1-5 code, 6-7 modifier, 58 status, 60-65 work, 67-72 non-facility and 76-81 facility practice
expense with "NA" in 73-74 and 82-83, 85-89 malpractice, 103 PC/TC, 104-106 global days, 107-115 shares of the global
package, 116 multiple procedures, 117 bilateral, 118 assistant, 119 co-surgeons, 120 team, 128-132 endoscopic base,
133-140 conversion factor, 142-143 supervision, 146-147 imaging family, 152-157 and 159-164 the practice expense and
166-171 the malpractice of the OPPS cap.

Descriptors of CPT and CDT codes are the AMA's and the ADA's: all descriptors are left behind.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.codesets.grid import Header, column, is_workbook, top
from superbill.codesets.mpfs.schema import CODE, QUALIFYING, VALUES, number, quarter, quarter_end, repeats
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

_HEADER = Header(
    ("HCPCS", "MOD"),
    {
        "code": column("HCPCS"),
        "modifier": column("MOD"),
        "status": column("(?:STATUS )?CODE"),
        "work": column("WORK RVU"),
        "nonfacility": column("NON-FAC(?:ILITY)? PE RVU"),
        "nonfacility_na": column("NA INDICATOR"),
        "facility": column("FACILITY PE RVU"),
        "facility_na": column("NA INDICATOR", 1),
        "malpractice": column("MP RVU"),
        "components": column("PCTC IND"),
        "global_days": column("GLOB(?:AL)? DAYS"),
        "pre": column("PRE OP"),
        "intra": column("INTRA OP"),
        "post": column("POST OP"),
        "multiple": column("MULT PROC"),
        "bilateral": column("BILAT SURG"),
        "assistant": column("ASST SURG"),
        "cosurgeons": column("CO- ?SURG"),
        "team": column("TEAM SURG"),
        "endoscopic_base": column("ENDO BASE"),
        "factor": column("CONV FACTOR"),
        "supervision": column("DIAGNOSTIC PROCEDURES"),
        "family": column("FAMILY INDICATOR"),
        "cap_nonfacility": column("NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT", needed=False),
        "cap_facility": column("FACILITY PE USED FOR OPPS PAYMENT AMOUNT", needed=False),
        "cap_malpractice": column("MP USED FOR OPPS PAYMENT AMOUNT", needed=False),
    },
    lines=6,
)
_FIXED = {
    "code": (1, 5), "modifier": (6, 7), "status": (58, 58), "work": (60, 65), "nonfacility": (67, 72),
    "nonfacility_na": (73, 74), "facility": (76, 81), "facility_na": (82, 83), "malpractice": (85, 89),
    "components": (103, 103), "global_days": (104, 106), "pre": (107, 109), "intra": (110, 112), "post": (113, 115),
    "multiple": (116, 116), "bilateral": (117, 117), "assistant": (118, 118), "cosurgeons": (119, 119),
    "team": (120, 120), "endoscopic_base": (128, 132), "factor": (133, 140), "supervision": (142, 143),
    "family": (146, 147), "cap_nonfacility": (152, 157), "cap_facility": (159, 164), "cap_malpractice": (166, 171),
}  # fmt: skip
_NUMBERS = (
    "work", "nonfacility", "facility", "malpractice", "pre", "intra", "post", "factor", "cap_nonfacility",
    "cap_facility", "cap_malpractice",
)  # fmt: skip
_WHOLE = 140  # the last column that every record of the text has something in
_QUALIFYING_FACTOR = {2026: Decimal("33.5675")}
"""The conversion factor of qualifying participants by year, where the file's name doesn't say whose it is."""
COLUMNS = tuple(_FIXED)
_CREATE = f"CREATE TABLE item ({', '.join(f'{name} TEXT NOT NULL' for name in COLUMNS)}, PRIMARY KEY (code, modifier))"


class RelativeValueLayout:
    """PPRRVU as CSV, XLSX or text."""

    title = "MPFS relative values (PPRRVU)"
    systems: tuple[str, ...] = (VALUES, QUALIFYING)

    def recognizes(self, source: Source) -> bool:
        """By the header of a table; by "HDR" lines above 140 columns of record in text."""
        if source.data[:3] == b"HDR":
            return _first_record(source.data[:8_000].decode("latin-1")) is not None
        rows = top(source)
        return _HEADER.among(rows) and "FACTOR" in " ".join(cell for row in rows for cell in row).upper()

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row that has no code, a number that is none, or a code and modifier again.

        Nothing where the archive has the same file in another form, and that was taken.
        """
        if repeats(source, store, self.systems):
            return
        rows = sorted(_rows(source))
        told = " ".join(cell for row in top(source)[:8] for cell in row)
        named, titled = quarter(source.name), quarter(told)
        if effective is None and named and titled and named != titled:
            raise Refused(
                f"is named for {named:%B %Y}, its title says {titled:%B %Y}.", place=source.name,
                fix="Get the file of the quarter anew, or say its first day with --effective.",
            )  # fmt: skip
        day = effective or named or titled
        if day is None:
            raise Refused("doesn't say its quarter.", place=source.name, fix="Give the first day with --effective.")
        system = QUALIFYING if _for_qualifying(source.name, rows, day) else VALUES
        release = Release(
            system=system, version=f"{day.year}Q{(day.month + 2) // 3}", effective=day, until=quarter_end(day),
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("item", _CREATE, rows),))


def _first_record(text: str) -> str | None:
    lines = (line for line in text.splitlines() if not line.startswith("HDR"))
    return next((line for line in lines if CODE.fullmatch(line[:5]) and len(line) >= _WHOLE), None)


def _rows(source: Source) -> Iterator[tuple[str, ...]]:
    told = _fixed(source) if source.data[:3] == b"HDR" else _HEADER.rows(source)
    typed = is_workbook(source)
    seen: set[tuple[str, ...]] = set()
    for place, cells in told:
        if not cells["code"] and not cells["status"]:
            continue  # notices may stand under the table
        if typed and cells["code"].isdecimal():
            cells["code"] = cells["code"].zfill(5)  # a sheet makes 100 of 00100
        row = _row(cells, place)
        if row[:2] in seen:
            raise Refused(f"has {' '.join(row[:2]).strip()} again.", place=place, fix="Get the file anew.")
        seen.add(row[:2])
        yield row
    if not seen:
        raise Refused("has no code.", place=source.name, fix="Get the file anew.")


def _fixed(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    for at, line in enumerate(western(source).splitlines(), 1):
        if line.startswith("HDR") or not line.strip("\x1a "):
            continue
        place = f"{source.name}:{at:,}"
        if len(line) < _WHOLE:
            raise Refused(f"has {len(line)} columns.", place=place, fix="The file is cut; get it anew.")
        cells = {name: line[first - 1 : last].strip() for name, (first, last) in _FIXED.items()}
        yield place, cells


def _row(cells: dict[str, str], place: str) -> tuple[str, ...]:
    if not CODE.fullmatch(cells["code"]) or len(cells["modifier"]) not in {0, 2} or len(cells["status"]) != 1:
        raise Refused(
            f"has code {cells['code'][:10]!r}, modifier {cells['modifier'][:5]!r}, status {cells['status'][:5]!r}.",
            place=place, fix="Get the file anew.",
        )  # fmt: skip
    told = dict(cells)
    for name in _NUMBERS:
        told[name] = str(number(cells[name], place, name))
    if cells["global_days"].isdecimal():
        told["global_days"] = cells["global_days"].zfill(3)  # a sheet makes 10 of 010
    for name in ("supervision", "family"):
        told[name] = cells[name].zfill(2) if cells[name] else ""
    return tuple(told[name] for name in COLUMNS)


def _for_qualifying(name: str, rows: list[tuple[str, ...]], day: date) -> bool:
    """Two files come since 2026, alike but for the factor: "…_QPP.csv" and "…_nonQPP.csv"."""
    bare = name.rpartition("/")[2].lower()
    if "qpp" in bare or "qp." in bare:
        return "nonqp" not in bare.replace("_", "").replace("-", "")
    return Decimal(rows[0][COLUMNS.index("factor")]) == _QUALIFYING_FACTOR.get(day.year)
