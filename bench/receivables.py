"""Receivables on 10,000, 100,000 and 1,000,000 charge lines: aging today and on a past day, by everything; key figures,
export and rebuild; growth.

    python -m bench receivables            (SUPERBILL_BENCH_LINES=10000,100000,1000000; SUPERBILL_BENCH_DB=an address)

The database is a SQLite file in TMPDIR unless an address (postgresql://…, an empty database) is given.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

SIZES = "10000,100000,1000000"
MADE = 50_000  # so many lines are posted one by one, the rest are copies of them


def main() -> None:
    """Make each size and print what was measured."""
    sizes = [int(size) for size in os.environ.get("SUPERBILL_BENCH_LINES", SIZES).split(",")]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            measure(os.environ.get("SUPERBILL_BENCH_DB") or str(Path(folder) / f"{size}.db"), size)


def measure(address: str, lines: int) -> dict[str, float]:
    """Seconds of each step on a practice of `lines` charge lines (wall clock; the best of three for reads)."""
    from superbill.app.boot import connect

    connect(address)
    from bench.big_copies import multiply
    from bench.big_practice import AT, LAST, make
    from superbill.app.billing.rebuild import rebuild
    from superbill.app.reports.actions import refresh
    from superbill.app.reports.aging import Question, aged, lines_behind
    from superbill.app.reports.export.run import export
    from superbill.app.reports.export.verify import verify
    from superbill.app.reports.figures import CASES, figures

    found: dict[str, float] = {}
    actor: Any = None

    def made() -> None:
        nonlocal actor
        times = max(1, lines // MADE)
        actor = make(lines // times, key=f"big{lines}")
        multiply(actor, times)

    found["make"] = _once(made)
    found["derive all spells"] = _once(lambda: refresh(actor, at=AT))
    found["refresh, nothing new"] = _once(lambda: refresh(actor, at=AT))
    past = LAST - timedelta(days=500)
    for name, by in (("payer",) * 2, ("patient",) * 2, ("provider",) * 2, ("location",) * 2, ("claim",) * 2):
        for when, day in (("today", LAST), ("500 days ago", past)):
            question = Question(on=day, by=by)  # type: ignore[arg-type]  # one of its names
            found[f"aging by {name}, {when}"] = _best(lambda question=question: aged(actor.scope, question))  # type: ignore[misc]  # bound now
    question = Question(on=past, age="responsibility")
    found["aging by payer since responsible, 500 days ago"] = _best(lambda: aged(actor.scope, question))
    found["200 lines behind a number"] = _best(
        lambda: lines_behind(actor.scope, question, key="payer3", kind="insurance", place=1)
    )
    month = (LAST.replace(day=1, month=LAST.month - 1), LAST.replace(day=1) - timedelta(days=1))
    for key in CASES:
        found[f"{key}, one month"] = _once(lambda key=key: figures(actor.scope, key, *month))  # type: ignore[misc]  # bound now
    with tempfile.TemporaryDirectory() as folder:
        found["export everything as CSV"] = _once(lambda: export(actor, Path(folder) / "out", "csv", at=AT))
        found["verify the export"] = _once(lambda: verify(Path(folder) / "out"))
    found["rebuild every derived table"] = _once(lambda: rebuild(actor, at=AT))
    for name, seconds in found.items():
        print(f"{lines:>9,} lines  {name:<48} {seconds:8.3f} s", file=sys.stdout, flush=True)
    return found


def _once(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def _best(deed: Callable[[], object]) -> float:
    return min(_once(deed) for _ in range(3))
