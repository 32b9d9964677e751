"""Reads Medicare's medically unlikely edits (MUE): the most units of a code, as CSV or the same as a workbook.

Layout: some lines of notice, then the header "HCPCS/CPT Code", "Practitioner Services MUE Values" (or "Outpatient
Hospital Services …", "DME Supplier Services …"), "MUE Adjudication Indicator", "MUE Rationale"; one code to a line. The
indicator is a digit with its meaning: "2 Date of Service Edit: Policy". The quarter stands in the file's name alone.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from superbill.codesets.grid import Header, column, grid
from superbill.codesets.quarterly import is_workbook, named_quarter, same_archive, workbook_begins
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SETTINGS = {"practitioner": "practitioner", "hospital": "outpatient hospital", "dme": "dme supplier"}
"""Our names of the tables, and what their headers call them."""
_HEADER = Header(
    (r"hcpcs ?/ ?cpt codes?", r".*mue values?"),
    {
        "code": column(r"hcpcs ?/ ?cpt codes?"),
        "MUE values": column(r"mue values?"),
        "MUE adjudication indicator": column(r"mue adjudication indicator"),
        "MUE rationale": column(r"mue rationale"),
    },
)
_HEAD = re.compile(rb"HCPCS/\s*CPT Code.{0,80}MUE Values", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_NOTICE = 40  # rows before the header
_ANEW = "Get the file anew."
_CREATE = """CREATE TABLE most (
    code TEXT PRIMARY KEY, units INTEGER NOT NULL, indicator INTEGER NOT NULL, rationale TEXT NOT NULL) WITHOUT ROWID"""


def system(setting: str) -> str:
    """The slug of a table: "mue-practitioner"."""
    return f"mue-{setting}"


class MueLayout:
    """The MUE table of one setting."""

    title = "Medically unlikely edits (CSV, XLSX)"
    systems: tuple[str, ...] = tuple(system(setting) for setting in SETTINGS)

    def recognizes(self, source: Source) -> bool:
        """By the words of its header."""
        if is_workbook(source):
            return workbook_begins(source, b"CPT Code", b"MUE Values")
        return _HEAD.search(source.data[:8_000]) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row for a code, units or indicator that is none, or a code that comes again.

        Nothing from a workbook where the CSV of the same archive was taken in already: it says the same.
        """
        if is_workbook(source) and same_archive(source, (release.source for release in store.releases())):
            return
        setting = _setting(source)
        quarter = named_quarter(source, effective)
        release = Release(
            system=system(setting), version=str(quarter), effective=effective or quarter.first, until=quarter.last,
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("most", _CREATE, _rows(source)),))


def _setting(source: Source) -> str:
    for place, cells in islice(grid(source), _NOTICE):
        if _HEADER.ends_in(cells):
            told = " ".join(cells[1].lower().split())
            for setting, called in SETTINGS.items():
                if told.startswith(called):
                    return setting
            raise Refused(
                f"has units of {cells[1][:40]!r}, none of practitioners, outpatient hospitals or DME suppliers.",
                place=place, fix="Only Medicare's three tables are taken in.",
            )  # fmt: skip
    raise Refused("has no header that says whose units these are.", place=source.name, fix=_ANEW)


def _rows(source: Source) -> list[tuple[str, int, int, str]]:
    rows: dict[str, tuple[str, int, int, str]] = {}
    for place, told in _HEADER.rows(source):
        code, units, indicator = told["code"], told["MUE values"], told["MUE adjudication indicator"]
        if not _CODE.fullmatch(code):
            raise Refused(f"has {code[:20]!r} in column 1, where a code is due.", place=place, fix=_ANEW)
        if not (units.isascii() and units.isdecimal()):
            raise Refused(f"has {units[:20]!r} in 'MUE values' of {code}: a number is due.", place=place, fix=_ANEW)
        if indicator[:1] not in ("1", "2", "3") or indicator[1:2].isdigit():
            raise Refused(
                f"has {indicator[:40]!r} in 'MUE adjudication indicator' of {code}: 1, 2 or 3 is due.", place=place,
                fix=_ANEW,
            )  # fmt: skip
        if code in rows:
            raise Refused(f"has {code} again.", place=place, fix=_ANEW)
        rows[code] = (code, int(units), int(indicator[0]), " ".join(told["MUE rationale"].split()))
    if not rows:
        raise Refused("has no code.", place=source.name, fix=_ANEW)
    return [rows[code] for code in sorted(rows)]
