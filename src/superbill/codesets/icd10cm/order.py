"""Reads the order files of ICD-10-CM and ICD-10-PCS: every code and header in sequence, with both titles.

Layout (icd10OrderFiles.pdf of the release, 1-based columns): 1-5 order number, 7-13 code, 15 whether it may be
billed (0 header, 1 code), 17-76 short title, 78 on long title.
"""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.release import Refused, Release, fiscal_year, fiscal_year_end
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Store

PCS = "icd10pcs"
_LINE = re.compile(r"(\d{5}) ([A-Z0-9]{3,7}) +([01]) (.*)")
_CM_CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PCS_CODE = re.compile(r"[0-9A-HJ-NP-Z]{3}([0-9A-HJ-NP-Z]{4})?")
_CODE_AT, _TITLE_AT = 6, 77


class Listed(Struct, frozen=True):
    """One row of an order file."""

    code: str
    billable: bool
    short: str
    title: str


def system_of(code: str) -> str:
    """The system that a list beginning with this code is of: ICD-10-PCS begins with 001, ICD-10-CM with A00."""
    return PCS if code[:1].isdigit() else schema.CODES


class OrderLayout:
    """The order file: the whole list of a fiscal year."""

    title = "ICD-10-CM or ICD-10-PCS order file"
    systems: tuple[str, ...] = (schema.CODES, PCS)

    def recognizes(self, source: Source) -> bool:
        """By its first line, which has the order number 00001."""
        return source.data[:6] == b"00001 " and _LINE.match(source.data[:200].decode("latin-1")) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the first line that is not of the layout or out of its order."""
        rows = list(_read(source))
        day = effective or effective_from_name(source.name)
        if day is None:
            raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
        yield draft(system_of(rows[0].code), day, source, rows)


def draft(system: str, day: date, source: Source, rows: list[Listed]) -> Draft:
    """The release of a list that is in the order of the book."""
    parents = schema.parents([row.code for row in rows])
    release = Release(
        system=system, version=str(fiscal_year(day)), effective=day, until=fiscal_year_end(day), source=source.name,
        sha256=source.sha256,
    )  # fmt: skip
    table = schema.code_table(
        [(row.code, n, parents[row.code], int(row.billable), row.short, row.title) for n, row in enumerate(rows)]
    )
    return Draft(release=release, tables=(table,), after=(schema.PARENT_INDEX,))


def _read(source: Source) -> Iterator[Listed]:
    seen: set[str] = set()
    shape = _PCS_CODE if source.data[6:7].isdigit() else _CM_CODE
    for number, line in enumerate(source.text("ascii").splitlines(), 1):
        place = f"{source.name}:{number:,}"
        found = _LINE.fullmatch(line)
        if found is None or shape.fullmatch(found[2]) is None or len(line) <= _TITLE_AT:
            raise Refused(
                "is not a line of an order file.", place=place, fix="The file is cut or changed; get it anew."
            )
        if int(found[1]) != number:
            raise Refused(
                f"has the order number {found[1]}, not {number:05}.", place=place,
                fix="Lines are missing or moved; get it anew.",
            )  # fmt: skip
        if found[2] in seen:
            raise Refused(f"repeats the code {found[2]}.", place=place, fix="Get the file anew.")
        seen.add(found[2])
        yield listed(line[_CODE_AT:])


def listed(text: str) -> Listed:
    """A row from its code on, as order files and addenda both write it."""
    return Listed(text[:7].strip(), text[8] == "1", text[10:70].strip(), text[71:].strip())
