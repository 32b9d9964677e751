"""Edits on tables of full size side by side in one run: import, opening, look-ups and claims, beside their floors.

The tables are made up in the official layouts (bench/edit_tables.py). Each measurement is a process of its own, pinned
to one core; of several the quickest counts, for a machine can only be disturbed upwards. CPU seconds are of the work
alone; memory is the peak of the whole process.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.quickest import measurer


class Row(NamedTuple):
    """A task of bench.edits_tasks, what it does in words, its floor, and how many a second it must reach."""

    task: str
    words: str
    floor: str
    target: int = 0


ROWS = (
    Row("floor", "floor: a dictionary of the same pairs", "floor"),
    Row("warm", "NCCI, a pair asked before", "floor"),
    Row("first", "NCCI, a pair for the first time", "floor"),
    Row("claims_floor", "floor: dictionaries of pairs and units, 4 lines", "claims_floor"),
    Row("claims_pairs", "NCCI on a claim of 4 lines", "claims_floor", 66_000),
    Row("claims_warm", "NCCI, MUE, add-on codes on a claim of 4 lines", "claims_floor"),
    Row("claims_first", "the same, visits never billed before", "claims_floor"),
    Row("claims_none", "no edit at all on a claim of 4 lines", "claims_floor"),
    Row("claims_all", "all families on a claim of 4 lines", "claims_floor", 8_000),
)
_OPEN = 0.3  # seconds
_MEMORY = 150  # MB
measure = measurer("edits_tasks")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table that docs/benchmarks.md shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.edits", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of each, the quickest counts")
    given = parser.parse_args(arguments)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        measure("write", folder, 1)
        taken = measure("take", folder, 1)  # once: a second import of the same files has nothing to do
        print(
            f"import of {taken['done']:,.0f} rows: {taken['cpu']:.1f} CPU s, {taken['done'] / taken['cpu']:,.0f} /s, "
            f"{taken['memory']:.0f} MB; {_size(folder / 'store') / 1e6:.0f} MB on disk"
        )
        opened = measure("opened", folder, given.times)
        print(
            f"opened and each table asked once: {opened['wall'] * 1000:.0f} ms (target {_OPEN * 1000:.0f}), "
            f"{opened['memory']:.0f} MB (target {_MEMORY})"
        )
        took = {row.task: measure(row.task, folder, given.times) for row in ROWS}
    for row in ROWS:
        mine = took[row.task]
        rate = mine["done"] / mine["cpu"]
        of_floor = took[row.floor]["done"] / took[row.floor]["cpu"] / rate
        target = f"   (target {row.target:,})" if row.target else ""
        print(f"  {row.words:<48} {rate:12,.0f} /s {of_floor:8.1f} × floor {mine['memory']:6.0f} MB{target}")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


if __name__ == "__main__":
    main(sys.argv[1:])
