"""ICD-10-CM side by side in one run: look-up by code and checks of an encounter, the floor, and another package.

Each measurement is a process of its own, pinned to one core; of several the quickest counts, for a machine can only
be disturbed upwards. CPU seconds are user and system of the work alone; memory is the peak of the whole process.
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
    """A task of bench.codesets_tasks, what it does in words, its floor, and how many a second it must reach."""

    task: str
    words: str
    floor: str
    target: int = 0


ROWS = (
    Row("floor", "floor: a dictionary from code to title", "floor"),
    Row("warm", "superbill, a code asked before", "floor", 300_000),
    Row("first", "superbill, a code for the first time", "floor"),
    Row("peer", "simple-icd-10-cm, the title of a code", "floor"),
    Row("check_floor", "floor: each pair of six codes in a set", "check_floor"),
    Row("check_warm", "superbill, check of six codes", "check_floor", 5_000),
    Row("check_first", "superbill, check of six codes for the first time", "check_floor"),
)
measure = measurer("codesets_tasks")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table that docs/benchmarks.md shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.codesets", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of each, the quickest counts")
    given = parser.parse_args(arguments)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        built = measure("prepare", folder, 1)  # in a process of its own, as its memory would count in all others
        print(f"the embedded release written once: {built['cpu']:.1f} CPU s, {built['memory']:.0f} MB")
        took = {row.task: measure(row.task, folder, given.times) for row in ROWS}
    for row in ROWS:
        mine = took[row.task]
        rate = mine["done"] / mine["cpu"]
        of_floor = took[row.floor]["done"] / took[row.floor]["cpu"] / rate
        target = f"   (target {row.target:,})" if row.target else ""
        print(
            f"  {row.words:<50} {rate:12,.0f} /s {of_floor:8.1f} × floor {mine['start']:6.2f} s before "
            f"{mine['memory']:5.0f} MB{target}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
