"""The rows of an official delimited file, with the line each ends on; what the csv module can't read is refused."""

import csv
from collections.abc import Iterable, Iterator

from superbill.codesets.release import Refused


def numbered(lines: Iterable[str], name: str, delimiter: str = ",") -> Iterator[tuple[str, list[str]]]:
    """Each row with its place ("DXCCSR.csv:1,204"). Raises Refused: a quote that is never closed, most often."""
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in rows:
            yield f"{name}:{rows.line_num:,}", cells
    except csv.Error as problem:
        raise Refused(f"{problem}.", place=f"{name}:{rows.line_num:,}", fix="Get the file anew.") from problem


def long_cells(lines: Iterator[list[str]], limit: int) -> Iterator[list[str]]:
    """The rows of a CSV reader, each read under a cell limit of its own: other readers keep theirs."""
    while True:
        before = csv.field_size_limit(limit)
        try:
            cells = next(lines, None)
        finally:
            csv.field_size_limit(before)
        if cells is None:
            return
        yield cells
