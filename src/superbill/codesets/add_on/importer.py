"""Reads Medicare's add-on code edits: which primary codes an add-on code may stand beside. Fixed width or a workbook.

Fixed width (1-based columns): 1 type; 2-6 add-on code; 7-13 its deletion; 14-18 primary code, CCCCC for those that the
contractor defines; 19-25 its deletion; 26-32 first and 33-39 last day of the edit; 40-97 special instruction. Days are
year and day of the year (2026091 is 1 April 2026). The workbook has the same in columns, under a notice and a header.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from superbill.codesets.grid import Header, column
from superbill.codesets.quarterly import Quarter, named_quarter, workbook_begins
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "add-on-codes"
CONTRACTOR = "CCCCC"
"""Stands for the primary codes that each contractor defines for itself."""
_LINE = re.compile(
    r"[123][0-9A-Z]\d{3}[0-9A-Z](?:\d{7}| {7})[0-9A-Z]{5}(?:\d{7}| {7})\d{7}(?:\d{7}| {0,7}).*", re.ASCII
)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d{3})", re.ASCII)
_FIELDS = {
    "AOC_Edit_Type": (1, 1), "Add-On_Code": (2, 6), "AOC_DelDT": (7, 13), "Primary_Code": (14, 18),
    "Primary_Code_DelDT": (19, 25), "AOC_Edit_EffDT": (26, 32), "AOC_Edit_DelDT": (33, 39),
    "Special_Instruction_Notes": (40, 97),
}  # fmt: skip
"""The columns as the workbook names them, and where they stand in the text."""
_LEAST = 32  # the last column without which a line says nothing; blanks at its end may be cut
_HEADER = Header(
    (r"aoc_edit_type", r"add-on_code"),
    {name: column(re.escape(name) + r"(?:[ _]?\(?julian\)?)?") for name in _FIELDS},
)
_NOTICE = 30  # lines before the first edit
_ANEW = "Get the file anew."
_CREATE = """CREATE TABLE addon (
    code TEXT NOT NULL, "primary" TEXT NOT NULL, kind INTEGER NOT NULL, first TEXT NOT NULL, last TEXT,
    instruction TEXT NOT NULL, PRIMARY KEY (code, "primary", first)) WITHOUT ROWID"""

Row = tuple[str, str, int, str, str | None, str]


class AddOnTextLayout:
    """Add-on code edits of fixed width."""

    title = "NCCI add-on code edits (fixed width)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By a line of the layout among the first: nothing else has two codes and a day where it has them."""
        lines = source.data[:6_000].decode("latin-1").splitlines()[:_NOTICE]
        return any(_LINE.fullmatch(line) for line in lines)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with line and column for a broken line, days that overlap, or a wrong quarter."""
        yield _draft(source, effective, _lines(source))


class AddOnSheetLayout:
    """Add-on code edits as a workbook."""

    title = "NCCI add-on code edits (XLSX)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By the words of its header."""
        return workbook_begins(source, b"AOC_Edit_Type", b"Add-On_Code")

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """As the text. Nothing where the text of the same archive was taken in already: it says the same."""
        archive = source.name.rpartition("/")[0]
        taken = [release.source.rpartition("/")[0] for release in store.releases(SYSTEM)]
        if not (archive and archive in taken):
            yield _draft(source, effective, _HEADER.rows(source))


def _lines(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    begun = False
    lines = source.text("latin-1").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        place = f"{source.name}:{number:,}"
        if not line.strip("\x1a "):
            continue
        if not begun and not _LINE.fullmatch(line):
            continue  # a notice
        begun = True
        if len(line) < _LEAST:
            raise Refused(f"has {len(line)} columns.", place=place, fix="The file is cut or changed; get it anew.")
        yield place, {name: line[first - 1 : last].strip() for name, (first, last) in _FIELDS.items()}


def _draft(source: Source, effective: date | None, rows: Iterator[tuple[str, dict[str, str]]]) -> Draft:
    quarter = named_quarter(source, effective)
    kept: dict[tuple[str, str], list[tuple[Row, str]]] = {}
    for place, told in rows:
        row = _row(told, place, quarter)
        kept.setdefault(row[:2], []).append((row, place))
    if not kept:
        raise Refused("has no add-on code.", place=source.name, fix=_ANEW)
    for edits in kept.values():
        _apart(edits)
    # CMS publishes the table when it changes, at least once a year: it holds until the next.
    release = Release(
        system=SYSTEM, version=str(quarter), effective=effective or quarter.first, source=source.name,
        sha256=source.sha256,
    )  # fmt: skip
    sorted_rows = sorted(row for edits in kept.values() for row, _ in edits)
    return Draft(release=release, tables=(Table("addon", _CREATE, sorted_rows),))


def _row(told: dict[str, str], place: str, quarter: Quarter) -> Row:
    kind, code, primary = told["AOC_Edit_Type"], told["Add-On_Code"], told["Primary_Code"]
    if kind not in ("1", "2", "3"):
        raise Refused(f"has {kind[:20]!r} in 'AOC_Edit_Type': 1, 2 or 3 is due.", place=place, fix=_ANEW)
    if not _CODE.fullmatch(code):
        raise Refused(f"has {code[:20]!r} in 'Add-On_Code', where a code is due.", place=place, fix=_ANEW)
    if primary != CONTRACTOR and not _CODE.fullmatch(primary):
        raise Refused(f"has {primary[:20]!r} in 'Primary_Code', where a code is due.", place=place, fix=_ANEW)
    if primary == code:
        raise Refused(f"makes {code} its own primary.", place=place, fix=_ANEW)
    first = _day(told, "AOC_Edit_EffDT", place)
    if first is None:
        raise Refused(f"has no 'AOC_Edit_EffDT' for {code}.", place=place, fix=_ANEW)
    if first > quarter.last:
        raise Refused(
            f"begins on {first}, after the end of {quarter}: the file is of a later quarter.", place=place,
            fix="Keep the name of the published file, or give its first day with --effective.",
        )  # fmt: skip
    ends = [_day(told, name, place) for name in ("AOC_DelDT", "Primary_Code_DelDT", "AOC_Edit_DelDT")]
    edit_ends = ends[2]
    if edit_ends is not None and edit_ends < first:
        raise Refused(f"ends on {edit_ends}, before it begins on {first}.", place=place, fix=_ANEW)
    last = min((day for day in ends if day is not None), default=None)
    instruction = " ".join(told["Special_Instruction_Notes"].split())
    return code, primary, int(kind), first.isoformat(), None if last is None else last.isoformat(), instruction


def _day(told: dict[str, str], name: str, place: str) -> date | None:
    text = told[name]
    if text in ("", "0", "0000000"):
        return None
    found = _DAY.fullmatch(text)
    if found and int(found[1]) >= 1990:
        day = date(int(found[1]), 1, 1) + timedelta(int(found[2]) - 1)
        if day.year == int(found[1]):
            return day
    raise Refused(f"has {text[:20]!r} in {name!r}: year and day of the year are due.", place=place, fix=_ANEW)


def _apart(edits: list[tuple[Row, str]]) -> None:
    """Raises Refused where two edits of a pair are in force on the same days; on one day the newer takes its place."""
    ordered = sorted(edits, key=lambda edit: edit[0][3])
    for ((_, _, _, _, last, _), _), ((code, primary, _, first, _, _), place) in pairwise(ordered):
        if last is None or first < last:
            raise Refused(f"has {code} with {primary} twice, on days that overlap.", place=place, fix=_ANEW)
