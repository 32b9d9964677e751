"""Many notes through the engine: notes a second, memory, and what a second process brings. `--notes 10000` for all."""

import argparse
import os
import resource
import time
from collections.abc import Sequence
from datetime import date
from multiprocessing import get_context
from typing import NamedTuple

from bench.coding import gold
from superbill.codesets.store import Store, open_default
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

VISIT = Visit(on=date(2026, 5, 1))
_STEP = 1_000
"""Notes after which memory is measured."""


class Run(NamedTuple):
    """What one process did: codes given, CPU seconds, and its greatest memory (MB) after every step."""

    codes: int
    cpu: float
    memory: tuple[float, ...]


def texts(count: int) -> list[str]:
    """The visit notes over and over, each time with another line, so that nothing remembered of one helps the next."""
    known = [entry["text"] for entry in gold()]
    return [f"{known[number % len(known)]}\nNote {number}." for number in range(count)]


_store: list[Store] = []


def ready() -> None:
    """In each process once: the terms and the book."""
    _store[:] = [open_default()]
    suggest("Hypertension.", _store[0], VISIT)


def coded(notes: Sequence[str]) -> Run:
    """Codes the notes one after the other."""
    codes, memory = 0, []
    begun = time.process_time()
    for first in range(0, len(notes), _STEP):
        codes += sum(len(suggest(text, _store[0], VISIT).diagnoses) for text in notes[first : first + _STEP])
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return Run(codes, time.process_time() - begun, tuple(memory))


def spread(notes: Sequence[str], processes: int) -> tuple[float, list[Run]]:
    """Wall seconds with so many processes, each warm before the clock starts, and what each did."""
    with get_context("spawn").Pool(processes, initializer=ready) as pool:
        pool.map(coded, [notes[:20]] * processes, chunksize=1)
        begun = time.perf_counter()
        runs = pool.map(coded, [notes[number::processes] for number in range(processes)], chunksize=1)
        return time.perf_counter() - begun, runs


def main(count: int = 2000) -> None:
    """Prints a line for each number of processes."""
    notes = texts(count)
    walls = {}
    for processes in (1, 2):
        walls[processes], runs = spread(notes, processes)
        memory = ", ".join(f"{each:.0f}" for each in runs[0].memory)
        codes, cpu = sum(run.codes for run in runs), sum(run.cpu for run in runs)
        print(
            f"{count:,} notes, processes: {processes}: {walls[processes]:.1f} s wall, {cpu:.1f} s CPU, "
            f"{count / walls[processes]:.0f} notes a second, {codes:,} codes; after every {_STEP:,} {memory} MB"
        )
    load = os.getloadavg()[0]
    print(f"two processes: {walls[1] / walls[2]:.2f} times as fast, with {load:.1f} processes on this machine")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=2000)
    main(parser.parse_args().notes)
