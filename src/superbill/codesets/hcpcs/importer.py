"""Reads HCPCS Level II as CMS gives it to its contractors: fixed width, the same as XLSX, or a list of numbers alone.

Fixed width (HCPC2019_CONTR_ANWEB.txt; 1-based columns): 1-5 code, or 4-5 modifier; 6-10 sequence; 11 record type (3
code, 7 modifier, 4 and 8 their continuation); 12-91 long, 92-119 short description; 120-127 pricing, 128 multiple
pricing; 171-180 statute; 205-229 cross references; 230 coverage; 257-259 BETOS; 261-265 types of service; 269-276
added, 277-284 action, 285-292 termination date; 293 action. A few lines of notice stand before the first record. The
text of a description goes on in the continuation lines; their trailing blanks may be cut.
"""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec.structs import replace
from python_calamine import CalamineError, CalamineWorkbook

from superbill.codesets.hcpcs.record import CODE, MODIFIER, NUMBERS, SYSTEM, Record, day, table
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

_LINE = re.compile(r"(?P<code>[A-V]\d{4}|   [0-9A-Z]{2})(?P<sequence>\d{5})(?P<kind>[3478]).*", re.ASCII)
_HEAD = re.compile(rb"^(?:[A-V]\d{4}|   [0-9A-Z]{2})\d{5}[37].{281,}$", re.MULTILINE)
_NOTICE = 6_000  # bytes before the first record
_WHOLE = 293  # the last column that a code's first line has something in
_STEP = 100
_CONTINUES = {"4": "3", "8": "7"}
_QUARTER = re.compile(r"(20\d\d)[ _-]?q([1-4])(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)HCPC(20\d\d)(?!\d)", re.IGNORECASE)
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = re.compile(r"HCPC(20\d\d)_(JAN|APR|JUL|OCT)", re.IGNORECASE)
_HEADER = ("HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION")
_NAMED = (
    "LONG DESCRIPTION", "SHORT DESCRIPTION", "MULT_PI", "COV", "STATUTE", "BETOS", "ADD DT", "ACT EFF DT", "TERM DT",
    "ACTION CD",
)  # fmt: skip


class ContractorLayout:
    """The contractors' file of fixed width."""

    title = "HCPCS Level II, fixed width"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By a first record after the notice."""
        return _HEAD.search(source.data[:_NOTICE]) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that is no record, out of sequence, or has a day that is none."""
        yield _draft(source, effective, _joined(_lines(source)))


class ContractorSheetLayout:
    """The same file as XLSX."""

    title = "HCPCS Level II (XLSX)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By the header, which follows a notice of some rows."""
        if source.data[:4] != b"PK\x03\x04" or b"xl/workbook.xml" not in source.data:
            return False
        try:
            return any(tuple(row[:5]) == _HEADER for row in _sheet(source)[:30])
        except CalamineError:
            return False

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row that is no record, out of sequence, or has a day that is none.

        Nothing where the text file of the same archive was taken in already: it says the same, and a little more.
        """
        archive, slash, _ = source.name.rpartition("/")
        if slash and any(release.source.startswith(archive + slash) for release in store.releases(SYSTEM)):
            return
        yield _draft(source, effective, _joined(_cells(source)))


class NumbersLayout:
    """A list of the codes in use, one to a line: numbers alone."""

    title = "HCPCS Level II, list of codes"
    systems: tuple[str, ...] = (NUMBERS,)
    _head = re.compile(rb"(?:[A-V]\d{4}\r?\n){3}")

    def recognizes(self, source: Source) -> bool:
        """By its first lines."""
        return self._head.match(source.data) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that is no code, or not behind the one before."""
        codes: list[tuple[str]] = []
        for number, line in enumerate(source.text("ascii").splitlines(), 1):
            if not CODE.fullmatch(line) or (codes and line <= codes[-1][0]):
                raise Refused(
                    f"{line[:20]!r} is no code, or out of order.", place=f"{source.name}:{number:,}", fix="Get it anew."
                )
            codes.append((line,))
        create = "CREATE TABLE code (code TEXT PRIMARY KEY) WITHOUT ROWID"
        yield Draft(release=_release(NUMBERS, source, effective), tables=(Table("code", create, codes),))


Part = tuple[str, str, int, Record]
"""Where it stands, its record type, its sequence, and what it says."""


def _draft(source: Source, effective: date | None, records: Iterable[tuple[str, Record]]) -> Draft:
    kept: dict[str, dict[str, Record]] = {"code": {}, "modifier": {}}
    for place, record in records:
        known = kept["code" if CODE.fullmatch(record.code) else "modifier"]
        if record.code in known:
            raise Refused(f"has {record.code} again.", place=place, fix="Get the file anew.")
        known[record.code] = record
    tables = tuple(table(name, list(found.values())) for name, found in kept.items())
    if not kept["code"]:
        raise Refused("has no code.", place=source.name, fix="Get the file anew.")
    return Draft(release=_release(SYSTEM, source, effective), tables=tables)


def _release(system: str, source: Source, effective: date | None) -> Release:
    """Files are of a quarter by now; up to 2019, and where the name tells no month, of a year."""
    name = source.name.rpartition("/")[2]
    quarter, month, year = _QUARTER.search(name), _MONTH.search(name), _YEAR.search(name)
    day = effective
    if day is None and quarter:
        day = date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1)
    if day is None and month:
        day = date(int(month[1]), _MONTHS[month[2].lower()], 1)
    if day is None and year:
        day = date(int(year[1]), 1, 1)
    day = day or effective_from_name(name)
    if day is None:
        raise Refused("doesn't say its quarter.", place=source.name, fix="Give the first day with --effective.")
    until = date(day.year, 12, 31) if year and not month and not effective else _quarter_end(day)
    version = str(day.year) if until.month == 12 and day.month == 1 else f"{day.year}Q{(day.month + 2) // 3}"
    return Release(
        system=system, version=version, effective=day, until=until, source=source.name, sha256=source.sha256
    )  # fmt: skip


def _quarter_end(day: date) -> date:
    last = (day.month + 2) // 3 * 3
    return date(day.year + last // 12, last % 12 + 1, 1) - timedelta(1)


def _joined(parts: Iterable[Part]) -> Iterator[tuple[str, Record]]:
    """The records, each description whole. Raises Refused where a line is missing, moved or of another code."""
    head: Part | None = None
    due = 0
    for place, kind, sequence, record in parts:
        if kind in _CONTINUES:
            if head is None or head[3].code != record.code or head[1] != _CONTINUES[kind] or sequence != due:
                raise Refused(
                    f"goes on with {record.code}, sequence {sequence}, which doesn't follow.", place=place,
                    fix="Lines are missing or moved; get the file anew.",
                )  # fmt: skip
            head = (head[0], head[1], head[2], replace(head[3], title=f"{head[3].title} {record.title}".strip()))
            due += _STEP
            continue
        if head is not None:
            yield head[0], head[3]
        if sequence != _STEP:
            raise Refused(
                f"begins {record.code} with sequence {sequence}.", place=place, fix="Lines are missing; get it anew."
            )
        head, due = (place, kind, sequence, record), 2 * _STEP
    if head is not None:
        yield head[0], head[3]


def _lines(source: Source) -> Iterator[Part]:
    begun = False
    lines = western(source).replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip("\x1a "):
        lines.pop()
    for number, line in enumerate(lines, 1):
        place = f"{source.name}:{number:,}"
        found = _LINE.fullmatch(line)
        if found is None and not begun:
            continue
        short = found is not None and found["kind"] in "37" and len(line) < _WHOLE
        if found is None or short or len(line) > 320:
            raise Refused(
                "is not a record of this layout.", place=place, fix="The file is cut or changed; get it anew."
            )
        begun = True
        yield place, found["kind"], int(found["sequence"]), _record(line, place)


def _record(line: str, place: str) -> Record:
    line = line.ljust(320)
    return Record(
        code=line[:5].strip(), title=_text(line[11:91]), short=_text(line[91:119]), pricing=_text(line[119:127]),
        multiple_pricing=line[127].strip(), coverage=line[229].strip(), statute=_text(line[170:180]),
        cross_references=_text(" ".join(line[at : at + 5] for at in range(204, 229, 5))),
        betos=line[256:259].strip(), types_of_service=_text(line[260:265]),
        added=day(line[268:276], place), changed=day(line[276:284], place), terminated=day(line[284:292], place),
        action=line[292].strip(),
    )  # fmt: skip


def _sheet(source: Source) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(source.data)).get_sheet_by_index(0)
    return [[_plain(cell) for cell in row] for row in sheet.to_python()]


def _plain(cell: object) -> str:
    """A cell as text; a day that was typed as a number too."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _cells(source: Source) -> Iterator[Part]:
    places: dict[str, int] = {}
    for number, row in enumerate(_sheet(source), 1):
        place = f"{source.name}:{number:,}"
        if not places:
            places = {head: at for at, head in enumerate(row)} if tuple(row[:5]) == _HEADER else {}
            missing = [name for name in _NAMED if places and name not in places]
            if missing:
                raise Refused(f"has no column {missing[0]!r}.", place=place, fix="Get the file anew.")
            continue
        if not any(row):
            continue
        code, sequence, kind = row[0].strip(), row[1].strip(), row[2].strip()
        known = CODE.fullmatch(code) or MODIFIER.fullmatch(code)
        if known is None or not sequence.isdecimal() or kind not in {"3", "4", "7", "8"}:
            raise Refused("is not a record of this layout.", place=place, fix="Get the file anew.")
        yield place, kind, int(sequence) * 10, _from_row(row, places, place)


def _from_row(row: list[str], places: dict[str, int], place: str) -> Record:
    told = {name: _text(row[at]) for name, at in places.items()}
    several = {
        name: " ".join(told[each] for each in (f"{name}{n}" for n in range(1, 9)) if told.get(each))
        for name in ("PRICE", "XREF", "TOS")
    }
    return Record(
        code=told["HCPC"], title=told["LONG DESCRIPTION"], short=told["SHORT DESCRIPTION"],
        pricing=several["PRICE"].replace(" ", ""), multiple_pricing=told["MULT_PI"], coverage=told["COV"],
        statute=told["STATUTE"], cross_references=several["XREF"], betos=told["BETOS"],
        types_of_service=several["TOS"].replace(" ", ""), added=day(told["ADD DT"], place),
        changed=day(told["ACT EFF DT"], place), terminated=day(told["TERM DT"], place), action=told["ACTION CD"],
    )  # fmt: skip


def _text(text: str) -> str:
    return " ".join(text.split())
