"""Medicare's prices side by side in one run: import, lines of several kinds, and the floor, a dictionary of fees.

On Medicare's own files of July 2026. Each measurement is a process of its own, pinned to one core; of several the
quickest counts, for a machine can only be disturbed upwards. CPU seconds are of the work alone; memory is the peak of
the whole process.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pricing_tasks import DATA, FILES
from bench.quickest import measurer


class Row(NamedTuple):
    """A task of bench.pricing_tasks, what it does in words, and how many a second it must reach."""

    task: str
    words: str
    target: int = 0


ROWS = (
    Row("floor", "floor: a dictionary from code to fee"),
    Row("visits", "lines of office claims, every step explained", 30_000),
    Row("reduced", "lines that reduce one another", 30_000),
    Row("anything", "four codes of the whole schedule at random", 30_000),
    Row("first", "the same, each code for the first time"),
)
measure = measurer("pricing_tasks")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table that docs/benchmarks.md shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.pricing", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of each, the quickest counts")
    given = parser.parse_args(arguments)
    if not all((DATA / name).is_file() for name in FILES):
        print("not measured: ../shared/data/codesets is not here")
        return
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        taken = measure("take", folder, 1)  # once: a second import of the same files has nothing to do
        print(f"import of {taken['done']:,.0f} rows: {taken['cpu']:.1f} CPU s, {taken['memory']:.0f} MB")
        took = {row.task: measure(row.task, folder, given.times) for row in ROWS}
    floor = took["floor"]["done"] / took["floor"]["cpu"]
    for row in ROWS:
        mine = took[row.task]
        rate = mine["done"] / mine["cpu"]
        target = f"   (target {row.target:,})" if row.target else ""
        print(f"  {row.words:<48} {rate:12,.0f} /s {floor / rate:8.1f} × floor {mine['memory']:6.0f} MB{target}")


if __name__ == "__main__":
    main(sys.argv[1:])
