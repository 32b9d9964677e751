"""The quickest of some runs of a task, each in a process of its own and pinned to one core."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def measurer(tasks: str) -> Callable[[str, Path, int], dict[str, float]]:
    """Measures tasks of the module `bench.<tasks>`: name of the task, folder to work in, how many runs.

    A machine can only be disturbed upwards: the run with the fewest CPU seconds counts.
    """

    def measure(task: str, folder: Path, times: int) -> dict[str, float]:
        best: dict[str, float] = {}
        for _ in range(times):
            process = subprocess.Popen(
                [sys.executable, "-m", f"bench.{tasks}", task, str(folder)], stdout=subprocess.PIPE, text=True
            )
            os.sched_setaffinity(process.pid, set(sorted(os.sched_getaffinity(0))[:1]))
            said, _ = process.communicate()
            assert process.returncode == 0, task
            took = json.loads(said)
            best = took if not best or took["cpu"] < best["cpu"] else best
        return best

    return measure
