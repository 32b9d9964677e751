"""The cells of an official table, whichever way it comes: comma or tab delimited text, or the first sheet of XLSX.

Publishers put a title and notices above the header, spread the header over several lines, and repeat column names.
`Header` finds the columns all the same: each name is what stands above one another in its column.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook

from superbill.codesets.csv_rows import numbered
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.western import western

_TOP = 25
"""Lines in which a header is looked for."""
_HEAD = 16_000
"""Bytes of a delimited file that hold its top."""


def grid(source: Source) -> Iterator[tuple[str, list[str]]]:
    """Each row with its place ("PPRRVU26_JAN.xlsx:1,204"), every cell stripped text.

    Raises Refused for bytes that are neither text nor a workbook.
    """
    if is_workbook(source):
        yield from _sheet(source)
        return
    yield from _delimited(western(source), source.name)


def top(source: Source) -> list[list[str]]:
    """The first lines, to recognize a layout by; [] for what can't be read as a table."""
    try:
        if is_workbook(source):
            return [cells for _, cells in islice(_sheet(source), _TOP)]
        text = source.data[:_HEAD].decode("cp1252", "replace")
        return [cells for _, cells in islice(_delimited(text, source.name), _TOP)]
    except (Refused, CalamineError):
        return []


def is_workbook(source: Source) -> bool:
    """Whether it is XLSX."""
    return source.data[:4] == b"PK\x03\x04" and b"xl/workbook.xml" in source.data


def _sheet(source: Source) -> Iterator[tuple[str, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(source.data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as problem:
        raise Refused("is no workbook that can be read.", place=source.name, fix="Download it again.") from problem
    for number, row in enumerate(rows, 1):
        yield f"{source.name}:{number:,}", [_plain(cell) for cell in row]


def _plain(cell: object) -> str:
    """A cell as text; what was typed as a number without its needless ".0" and the noise of binary fractions."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10f}".rstrip("0")
    return str(cell).strip()


def _delimited(text: str, name: str) -> Iterator[tuple[str, list[str]]]:
    first = text[:_HEAD]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    for place, cells in numbered(io.StringIO(text, newline=""), name, delimiter):
        yield place, [cell.strip() for cell in cells]


class Column(Struct, frozen=True):
    """A column by its name. `nth`: which of those with such a name, from 0; `needed`: a file without it is refused."""

    name: re.Pattern[str]
    nth: int = 0
    needed: bool = True


def column(pattern: str, nth: int = 0, *, needed: bool = True) -> Column:
    """A column whose name, of all header lines joined by blanks, ends in what the pattern matches; case is nothing."""
    return Column(re.compile(rf"(?:.* )?(?:{pattern})", re.IGNORECASE | re.DOTALL), nth, needed)


class Header:
    """Where the columns of a table are.

    `line` is the pattern of the header's last line, cell by cell from the left; `lines` over how many it may spread.
    """

    def __init__(self, line: Sequence[str], columns: Mapping[str, Column], *, lines: int = 1) -> None:
        self._lines = lines
        self._line = [re.compile(pattern, re.IGNORECASE) for pattern in line]
        self._columns = columns

    def ends_in(self, cells: Sequence[str]) -> bool:
        """Whether this line is the header's last."""
        return len(cells) >= len(self._line) and all(
            pattern.fullmatch(" ".join(cell.split())) for pattern, cell in zip(self._line, cells, strict=False)
        )

    def among(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether one of the rows ends a header."""
        return any(self.ends_in(row) for row in rows)

    def places(self, rows: Sequence[Sequence[str]], place: str) -> dict[str, int]:
        """Column → position, by the last lines of `rows`. Raises Refused for a column that is needed and not there."""
        names = joined(rows[-self._lines :])
        found: dict[str, int] = {}
        for key, wanted in self._columns.items():
            there = [at for at, name in enumerate(names) if wanted.name.fullmatch(name)]
            if len(there) > wanted.nth:
                found[key] = there[wanted.nth]
            elif wanted.needed:
                raise Refused(f"has no column for {key}.", place=place, fix="Get the file anew, whole and unchanged.")
        return found

    def rows(self, source: Source) -> Iterator[tuple[str, dict[str, str]]]:
        """The rows under the header, each a dictionary of its named cells; empty rows and the lines above left out.

        So are notes: one cell of prose. A column that the file lacks and that is not needed is "". Raises Refused with
        the row that ends before a column that is needed, or goes on behind the header's last.
        """
        above: list[list[str]] = []
        places: dict[str, int] = {}
        least = most = 0
        for place, cells in grid(source):
            if not places:
                above.append(cells)
                if self.ends_in(cells):
                    places = self.places(above, place)
                    least = 1 + max(places[key] for key, wanted in self._columns.items() if wanted.needed)
                    most = len(cells)
                continue
            told = [cell for cell in cells if cell]
            if not told or (len(told) == 1 and " " in told[0]):
                continue
            if len(cells) < least or any(cells[most:]):
                raise Refused(
                    f"has {len(cells)} cells, the header {most}.",
                    place=place,
                    fix="The file is cut or broken; get it anew.",
                )
            found = {key: cells[at] if at < len(cells) else "" for key, at in places.items()}
            yield place, {key: found.get(key, "") for key in self._columns}
        if not places:
            raise Refused("has no header.", place=source.name, fix="Get the file anew.")


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """What stands above one another in each column, joined by blanks."""
    width = max((len(row) for row in rows), default=0)
    stacks = ([row[at] for row in rows if at < len(row) and row[at]] for at in range(width))
    return [" ".join(" ".join(stack).split()) for stack in stacks]
