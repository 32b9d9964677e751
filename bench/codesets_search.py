"""The code search: how good, how fast warm, how soon from a cold process, how big; the floor beside it.

The queries are those of tests/spec/search_queries. Warm is one process that answers all of them, each as typed whole
and, for search as you type, after every letter; the quickest of some rounds counts for each question, for a machine can
only be disturbed upwards. Cold is a new process from its start to its first answer, its imports included. All are
milliseconds of CPU: nothing here waits. The floor is what a plain `LIKE` over the titles takes, which finds far less.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import yaml

from superbill.codesets.icd10cm import schema
from superbill.codesets.search import Search, prepare
from superbill.codesets.store import Store, open_default

ON = date(2026, 5, 1)
HALVES = ("tuning", "held_out")
QUERIES = Path(__file__).parents[1] / "tests" / "spec" / "search_queries"
COLD = """
from datetime import date
from pathlib import Path
import sys
from superbill.codesets.store import Store
from superbill.codesets.search import Search
Search(Store(Path(sys.argv[1])), date(2026, 5, 1)).find(sys.argv[2])
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0])
"""
TARGET_WARM, TARGET_COLD, TARGET_MEMORY = 15.0, 120.0, 120.0


def queries() -> list[dict[str, object]]:
    """Both halves."""
    return [each for half in HALVES for each in yaml.safe_load((QUERIES / f"{half}.yaml").read_text())]


def quickest(ask: Callable[[str], object], asked: Sequence[str], rounds: int) -> list[float]:
    """For each question the least milliseconds of CPU of some rounds."""
    best = [float("inf")] * len(asked)
    for _ in range(rounds):
        for place, text in enumerate(asked):
            start = time.process_time()
            ask(text)
            best[place] = min(best[place], (time.process_time() - start) * 1000)
    return best


def line(what: str, took: Sequence[float]) -> None:
    """Median, 95th percentile and worst of some milliseconds."""
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"  {what:<44} p50 {statistics.median(ordered):6.1f} ms  p95 {p95:6.1f} ms  worst {ordered[-1]:6.1f} ms")


def like(store: Store) -> Callable[[str], object]:
    """The floor: every word of the question somewhere in a title."""
    codes = store.nearest(schema.CODES, ON)
    assert codes is not None
    connection = codes.opened.connection

    def ask(text: str) -> object:
        words = text.split() or [""]
        where = " AND ".join("title LIKE ?" for _ in words)
        statement = f"SELECT code, title FROM code WHERE {where} LIMIT 10"
        return connection.execute(statement, [f"%{word}%" for word in words]).fetchall()

    return ask


def warm(store: Store, rounds: int) -> None:
    """Questions as typed, and letter by letter."""
    search = Search(store, ON)
    asked = [str(each["query"]) for each in queries()]
    letters = [text[:length] for text in asked[::5] for length in range(1, len(text) + 1)]
    whole = quickest(search.find, asked, rounds)
    floor = quickest(like(store), asked, rounds)
    line(f"{len(asked)} questions, warm  (target p95 {TARGET_WARM:g})", whole)
    line(f"{len(letters)} key strokes, warm", quickest(search.find, letters, max(1, rounds // 2)))
    line("floor: LIKE over the titles", floor)
    print(f"  {'ours to the floor, medians':<44} {statistics.median(whole) / statistics.median(floor):6.2f} ×")


def cold(folder: Path, rounds: int) -> None:
    """A new process from start to first answer, and its peak of memory."""
    for text in ("fx distal radius right", "diabetis type 2", "hypert"):
        runs = [run(COLD, str(folder), text) for _ in range(rounds)]
        empty = min(run("print(0)")[0] for _ in range(rounds))
        print(
            f"  cold, {text!r:<38} {min(runs)[0]:6.1f} ms  (target {TARGET_COLD:g}; Python alone {empty:.1f})"
            f"  {max(memory for _, memory in runs):5.1f} MB  (target {TARGET_MEMORY:g})"
        )


def run(code: str, *arguments: str) -> tuple[float, float]:
    """CPU milliseconds of a new process, its start and imports included, and the MB that it says it took at most."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        said, _ = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0, code
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took * 1000, int(said) / 1024


def main(arguments: Sequence[str] = ()) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.codesets_search", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each, the quickest counts")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        open_default(folder).close()
        store = Store(folder)
        start = time.process_time()
        path = prepare(store, ON)
        took = time.process_time() - start
        print(f"  {'search file made':<44} {took:6.1f} CPU s, {path.stat().st_size / 1e6:.1f} MB")
        store.close()
        cold(folder, given.rounds * 2)
        warm(Store(folder), given.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
