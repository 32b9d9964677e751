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
