"""Chart to posted money on the Synthea bundles: encounters a CPU second, by stage, peak memory, growth from 1× to 10×.

The floor is the cheapest program that touches the same data: it parses every resource as plain JSON, formats one line
of text per encounter, and inserts as many journal rows into SQLite in one transaction per bundle.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.corpus import BUNDLES, copies


def run_path(folder: Path, out: Path) -> dict[str, Any]:
    """One `superbill demo --from folder`, pinned to one core: what it says itself, CPU seconds, peak memory in MB."""
    command = [sys.executable, "-m", "superbill", "demo", "--from", str(folder), "--out", str(out), "--json"]
    command += ["--shift-dates", "1826", "--no-pdf"]
    # Compiled modules are kept, as they are on any machine that runs a program twice.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=kept)
    os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, f"the run failed: {status}"
    return {**said, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}


def run_floor(folder: Path, rows_per_encounter: int) -> tuple[float, int]:
    """CPU seconds of the floor, and how many encounters it saw."""
    start = time.process_time()
    encounters = 0
    with tempfile.TemporaryDirectory() as place:
        books = sqlite3.connect(Path(place) / "floor.db")
        books.execute("PRAGMA journal_mode=WAL")
        books.execute("PRAGMA synchronous=FULL")
        books.execute("CREATE TABLE posting (entry INTEGER, account TEXT, amount INTEGER, line TEXT)")
        with (Path(place) / "floor.837").open("w") as out:
            for bundle in sorted(folder.glob("*.json.gz")):
                visits = [
                    entry["resource"]
                    for entry in json.loads(gzip.decompress(bundle.read_bytes()))["entry"]
                    if entry["resource"]["resourceType"] == "Encounter"
                ]
                encounters += len(visits)
                out.writelines(f"CLM*{visit['id']}*100***11:B:1*Y*A*Y*Y~\n" for visit in visits)
                rows = [
                    (n, "insurance", 1, visit["id"])
                    for n, visit in enumerate(visits)
                    for _ in range(rows_per_encounter)
                ]
                with books:
                    books.executemany("INSERT INTO posting VALUES (?, ?, ?, ?)", rows)
        books.close()
    return time.process_time() - start, encounters


# Chart to posted money; statements, copies of the files and the proof come after, the start of Python before.
POSTED = frozenset({"import", "code", "claims", "payers", "send", "receive", "secondary"})


def row(times: int, result: dict[str, Any], floor: float) -> str:
    """One size of the data: the whole process, the stages from chart to posted, and the floor."""
    visits, cpu = result["summary"]["visits"], result["cpu"]
    posted = sum(stage["cpu"] for stage in result["stages"] if stage["name"] in POSTED)
    return (
        f"{times:>3}×  {visits:>7,} encounters  process {cpu:7.2f} CPU s {visits / cpu:6.0f} enc/s  "
        f"chart to posted {posted:7.2f} CPU s {visits / posted:6.0f} enc/s  {result['memory']:5.0f} MB  "
        f"floor {floor:6.2f} CPU s  ratio {cpu / floor:5.1f}"
    )


def main(sizes: Sequence[int] = (1, 2, 5, 10)) -> None:
    """Print the table that docs/benchmarks.md shows; the stages are those of 1×."""
    if not BUNDLES.is_dir():
        print(f"pipeline: skipped, {BUNDLES} is not here")
        return
    with tempfile.TemporaryDirectory() as place:
        for times in sizes:
            folder = copies(Path(place) / f"data{times}", times)
            result = run_path(folder, Path(place) / f"out{times}")
            visits, postings = result["summary"]["visits"], result["summary"]["postings"]
            floor, seen = run_floor(folder, max(1, postings // max(1, visits)))
            assert seen == visits, (seen, visits)
            print(row(times, result, floor), flush=True)
            for stage in result["stages"] if times == 1 else ():
                print(f"      {stage['name']:<14} {stage['items']:>7,} items  {stage['cpu']:7.2f} CPU s")


if __name__ == "__main__":
    main()
