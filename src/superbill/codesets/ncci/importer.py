"""Reads the NCCI procedure-to-procedure (PTP) edits of Medicare: tab-delimited text or the same as a workbook.

CMS publishes one table for practitioners (ccipra) and one for outpatient hospitals (ccioph) each quarter, each in
several files f1, f2 …; every file is a release of its own, and the look-up joins those of one quarter.

Layout (Latin-1): a notice, a title, a header that may run over several lines, then one pair to a line: column 1,
column 2, "*" if it existed before 1996, first day, last day ("*" for none), modifier indicator (0 not allowed, 1
allowed, 9 not applicable: deleted as of its first day), rationale. Pairs that ended long ago are in it: a file answers
for every day up to the end of its quarter.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from operator import itemgetter

from msgspec import Struct

from superbill.codesets.grid import grid
from superbill.codesets.ncci import packed
from superbill.codesets.quarterly import Quarter, named_quarter, same_archive, workbook_begins
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SETTINGS = ("practitioner", "hospital")
PARTS = 4
"""In how many files CMS publishes each table."""
_FILE = re.compile(r"cci(pra|oph)[ _-]?v\d+r\d+(?:[ _-]?f(\d))?", re.IGNORECASE)
_SETTING = {"pra": "practitioner", "oph": "hospital"}
_COLUMNS = {
    "column 1": re.compile(r"column 1\b"),
    "column 2": re.compile(r"column 2\b"),
    "in existence prior to 1996": re.compile(r".*prior to 1996"),
    "effective date": re.compile(r"effective ?date"),
    "deletion date": re.compile(r"deletion ?date"),
    "modifier": re.compile(r"modifier\b"),
    "rationale": re.compile(r".*rationale"),
}
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_HEADER = 60  # lines before the first pair
_ANEW = "Get the file anew."
_CREATE_EDITS = "CREATE TABLE column1 (code TEXT PRIMARY KEY, packed BLOB NOT NULL)"
_CREATE_RATIONALE = "CREATE TABLE rationale (number INTEGER PRIMARY KEY, text TEXT NOT NULL)"
_CREATE_EXTENT = "CREATE TABLE extent (pairs INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL)"

Columns = dict[str, int]
Rows = Iterator[tuple[int, list[str]]]


def system(setting: str, part: int = 0) -> str:
    """The slug of one file of a table: "ncci-ptp-practitioner-f1"; without a part, of a table in one file."""
    return f"ncci-ptp-{setting}-f{part}" if part else f"ncci-ptp-{setting}"


SYSTEMS = tuple(system(setting, part) for setting in SETTINGS for part in range(PARTS + 1))


class PtpTextLayout:
    """PTP edits as text."""

    title = "NCCI procedure-to-procedure edits (text)"
    systems: tuple[str, ...] = SYSTEMS

    def recognizes(self, source: Source) -> bool:
        """By the words of its header, which stand apart by tabs."""
        head = " ".join(source.data[:8_000].decode("latin-1").replace("\t", " | ").lower().split())
        return head.count("column 1") > 0 and "| column 2" in head and "edit rationale" in head

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with line and column for a broken row, a missing column, overlapping days, a wrong quarter."""
        yield _draft(source, effective, lambda: _text_rows(source))


class PtpSheetLayout:
    """PTP edits as a workbook."""

    title = "NCCI procedure-to-procedure edits (XLSX)"
    systems: tuple[str, ...] = SYSTEMS

    def recognizes(self, source: Source) -> bool:
        """By the words of its header."""
        return workbook_begins(source, b"Column 1", b"Column 2", b"Edit Rationale")

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """As the text. Nothing where the text of the same archive was taken in already: it says the same."""
        if not same_archive(source, (release.source for release in store.releases())):
            yield _draft(source, effective, lambda: enumerate((cells for _, cells in grid(source)), 1))


class _Read(Struct):
    """What is gathered while a file is read: records by column-1 code, the rationales, each ending of a row once."""

    groups: dict[str, list[bytes]]
    rationales: dict[str, int]
    tails: dict[tuple[str, ...], bytes]


def _draft(source: Source, effective: date | None, rows: Callable[[], Rows]) -> Draft:
    name = source.name.rpartition("/")[2]
    told = _FILE.search(name) or _FILE.search(source.name)
    if told is None:
        raise Refused(
            "doesn't say whether its edits are those of practitioners or of hospitals.", place=source.name,
            fix="Keep the name under which CMS publishes the file: ccipra-… or ccioph-….",
        )  # fmt: skip
    setting, part = _SETTING[told[1].lower()], int(told[2] or 0)
    if part > PARTS:
        raise Refused(
            f"is part f{part}; the table has been in {PARTS}.", place=source.name,
            fix="If CMS publishes more parts now, report it: a table without one would tell of too few pairs.",
        )  # fmt: skip
    quarter = named_quarter(source, effective)
    read = _Read({}, {}, {})
    columns, begun = _gather(rows(), source, quarter, read)
    pairs = sum(len(group) for group in read.groups.values())
    if not pairs:
        raise Refused("has no pair of codes.", place=f"{source.name}:{begun:,}", fix=_ANEW)
    edits = []
    for code in sorted(read.groups):
        group = sorted(read.groups.pop(code))
        _apart(code, group, lambda: _places(rows(), columns), source)
        edits.append((code, b"".join(group)))
    release = Release(
        system=system(setting, part), version=str(quarter), effective=effective or quarter.first,
        until=quarter.last, source=source.name, sha256=source.sha256,
    )  # fmt: skip
    rationales = [(number, text) for text, number in read.rationales.items()]
    return Draft(
        release=release,
        tables=(
            Table("column1", _CREATE_EDITS, edits),
            Table("rationale", _CREATE_RATIONALE, rationales),
            Table("extent", _CREATE_EXTENT, [(pairs, edits[0][0], edits[-1][0])]),
        ),
    )


def _text_rows(source: Source) -> Rows:
    """Lines of cells. The header is read as CSV, for a cell of it may be quoted and run over lines; pairs are not."""
    text = source.text("latin-1")
    head = text[: 400 * _HEADER]
    reader = csv.reader(io.StringIO(head, newline=""), delimiter="\t")
    begun = 0
    try:
        for cells in reader:
            if _is_pair(cells):
                break
            begun = reader.line_num
            yield begun, cells
    except csv.Error as problem:
        raise Refused(f"{problem}.", place=f"{source.name}:{reader.line_num:,}", fix=_ANEW) from problem
    lines = text.replace("\r\n", "\n").split("\n")
    for number in range(begun, len(lines)):
        yield number + 1, lines[number].split("\t")


def _is_pair(cells: list[str]) -> bool:
    """Whether a row is one of the table, be it a broken one: two codes, or a day, neither of which a header has."""
    codes = len(cells) > 1 and all(_CODE.fullmatch(cell.strip()) for cell in cells[:2])
    return codes or any(_DAY.fullmatch(cell.strip()) for cell in cells)


def _gather(rows: Rows, source: Source, quarter: Quarter, read: _Read) -> tuple[Columns, int]:
    """Every pair into `read`; where its columns stand, and the row of the first pair."""
    head: list[list[str]] = []
    for begun, cells in rows:
        if _is_pair(cells):
            break
        head.append(cells)
        if begun > _HEADER:
            raise Refused("has no pair of codes after its header.", place=f"{source.name}:{begun:,}", fix=_ANEW)
    else:
        raise Refused("has no pair of codes.", place=source.name, fix=_ANEW)
    columns = _columns(head, source)
    pick = itemgetter(*columns.values())
    _add(begun, cells, pick, source, quarter, read)
    groups, tails, add = read.groups, read.tails, _add
    known: set[str] = set()
    for number, cells in rows:
        try:
            one, two, *ending = pick(cells)
            record = tails[tuple(ending)]
        except (IndexError, KeyError):
            if any(cell.strip("\x1a \t\r") for cell in cells):
                add(number, cells, pick, source, quarter, read)
            continue
        if two in known and one in groups and one != two:
            groups[one].append(two.encode() + record)
        else:
            add(number, cells, pick, source, quarter, read)
            if len(two) == packed.CODE:  # else it has blanks around it
                known.add(two)
    return columns, begun


def _columns(head: list[list[str]], source: Source) -> Columns:
    """Where each column stands. A header of several lines is read from top to bottom."""
    first = next((at for at, cells in enumerate(head) if any(_bare(cell) == "column 1" for cell in cells)), None)
    below = [] if first is None else head[first:]
    width = max((len(cells) for cells in below), default=0)
    names = [_bare(" ".join(cells[at] for cells in below if at < len(cells))) for at in range(width)]
    columns = {}
    for name, called in _COLUMNS.items():
        at = next((at for at, words in enumerate(names) if called.match(words)), None)
        if at is None:
            row = len(head) if first is None else first + 1
            raise Refused(
                f"has no column {name!r}.", place=f"{source.name}:{row:,}",
                fix="Get the file anew; if CMS changed its layout, report it.",
            )  # fmt: skip
        columns[name] = at
    return columns


def _bare(text: str) -> str:
    return " ".join(text.lower().split())


def _add(
    number: int, cells: list[str], pick: Callable[[list[str]], tuple[str, ...]], source: Source, quarter: Quarter,
    read: _Read,
) -> None:  # fmt: skip
    """One row, looked at cell by cell. Raises Refused with row and column."""
    place = f"{source.name}:{number:,}"
    try:
        picked = pick(cells)
    except IndexError:
        raise Refused(f"has {len(cells)} columns, not {len(_COLUMNS)}.", place=place, fix=_ANEW) from None
    bare = [cell.strip() for cell in picked]
    for name, code in (("column 1", bare[0]), ("column 2", bare[1])):
        if not _CODE.fullmatch(code):
            raise Refused(f"has {code[:20]!r} in {name}, where a code is due.", place=place, fix=_ANEW)
    if bare[0] == bare[1]:
        raise Refused(f"pairs {bare[0]} with itself.", place=place, fix=_ANEW)
    ending = tuple(picked[2:])
    if ending not in read.tails:
        read.tails[ending] = _tail(bare[2:], place, quarter, read.rationales)
    read.groups.setdefault(bare[0], []).append(bare[1].encode() + read.tails[ending])


def _tail(cells: list[str], place: str, quarter: Quarter, rationales: dict[str, int]) -> bytes:
    old, first, last, indicator, why = cells
    if old not in ("", "*"):
        raise Refused(f"has {old[:20]!r} in 'in existence prior to 1996': * or nothing.", place=place, fix=_ANEW)
    effective = _day(first, "effective date", place)
    deleted = None if last in ("*", "") else _day(last, "deletion date", place)
    if deleted is not None and deleted < effective:
        raise Refused(f"ends on {deleted}, before it begins on {effective}.", place=place, fix=_ANEW)
    if effective > quarter.last:
        raise Refused(
            f"begins on {effective}, after the end of {quarter}: the file is of a later quarter.", place=place,
            fix="Keep the name of the published file, or give its first day with --effective.",
        )  # fmt: skip
    if indicator not in ("0", "1", "9"):
        raise Refused(f"has {indicator[:20]!r} in 'modifier': 0, 1 or 9 is due.", place=place, fix=_ANEW)
    text = " ".join(why.strip('"').split())
    if text not in rationales:
        if len(rationales) == 256:
            raise Refused(f"has rationale {text[:40]!r}, the 257th that differs.", place=place, fix=_ANEW)
        rationales[text] = len(rationales)
    return packed.tail(effective, deleted, int(indicator), old == "*", rationales[text])


def _day(text: str, column: str, place: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        if day is not None:
            packed.number_of(day)
            return day
    except ValueError:
        pass  # no such day in the calendar, or none that NCCI can have
    raise Refused(f"has {text[:20]!r} in {column!r}: a day as YYYYMMDD is due.", place=place, fix=_ANEW)


def _apart(
    one: str, group: list[bytes], places: Callable[[], Iterable[tuple[str, str, int]]], source: Source
) -> None:  # fmt: skip
    """Raises Refused where two edits of a pair are in force on the same days.

    One that ends on the day on which the next begins gives way to it; what never was in force is in nobody's way.
    """
    if len({record[: packed.CODE] for record in group}) == len(group):
        return
    before: bytes = b""
    end = 0
    for record in group:
        days = packed.in_force_for(record)
        if days is None:
            continue
        two = record[: packed.CODE]
        if two == before and days[0] < end:
            code = two.decode()
            rows = [number for first, second, number in places() if (first, second) == (one, code)]
            raise Refused(
                f"has {one} with {code} twice, on days that overlap (rows {', '.join(f'{row:,}' for row in rows)}).",
                place=f"{source.name}:{rows[-1]:,}", fix=_ANEW,
            )  # fmt: skip
        before, end = two, days[1]


def _places(rows: Rows, columns: Columns) -> Iterator[tuple[str, str, int]]:
    """Each pair with its row, read again: only asked for where something is wrong."""
    one, two = columns["column 1"], columns["column 2"]
    for number, cells in rows:
        if len(cells) > max(one, two):
            yield cells[one].strip(), cells[two].strip(), number
