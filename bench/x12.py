"""X12 side by side in one run: our reader, validator and writer, the floor, and the readers of other people.

Hostile input has a benchmark of its own, bench.hostile.

Each measurement is a process of its own, pinned to one core (that of two processes has two); of several the quickest
counts, for a machine can only be disturbed upwards. CPU seconds are user and system of the work alone, modules
imported; memory is the peak of the whole process, Python and modules included.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import corpus_x12
from bench.corpus import SHARED

GENERATOR = SHARED.parent / "bench" / "gen_x12.py"
# Interpreters that may have the optional peers: BENCH_PEERS names more, separated by colons.
PYTHONS = [sys.executable, *filter(None, os.environ.get("BENCH_PEERS", "").split(os.pathsep))]
NOT_INSTALLED = 3


class Took(NamedTuple):
    """What a task took: CPU and wall seconds, peak memory in MB, that before the work, claims seen, why it refused."""

    cpu: float
    wall: float
    memory: float
    before: float
    seen: int
    refused: str


class Row(NamedTuple):
    """A task, what it does in words, whose it is: ours or a peer's. `most`: claims that it can be asked to read."""

    task: str
    words: str
    module: str = "bench.x12_tasks"
    most: int = 10**9


PEERS = "bench.x12_peers"
OURS = (
    Row("floor", "floor: read, split, split, no garbage collector"),
    Row("streamed", "superbill, a claim at a time"),
    Row("kept", "superbill, the whole tree kept"),
    Row("checked", "superbill, read and validated"),
    Row("rendered", "superbill, a tree that was read written"),
    Row("fresh", "superbill, a tree made here written"),
    Row("documents", "superbill, claims as documents"),
    Row("claims_rendered", "superbill, documents to a file"),
    Row("claims_written", "superbill, documents to a proven file"),
)
# Slow ones are asked for less and their time is multiplied.
THEIRS = (
    Row("x12sdk", "x12sdk, typed models kept", PEERS, 10_000),
    Row("linuxforhealth", "linuxforhealth-x12, typed models kept", PEERS, 10_000),
    Row("pyx12_validator", "pyx12, read and validated", PEERS, 10_000),
    Row("pyx12_reader", "pyx12, segments split, envelopes checked", PEERS),
    Row("pyx12_raw", "pyx12, segments only", PEERS),
    Row("x12sdk_segments", "x12sdk, segments split", PEERS),
    Row("linuxforhealth_segments", "linuxforhealth-x12, segments split", PEERS),
    Row("badx12", "badx12, segments and elements as objects", PEERS, 10_000),
)
# (what, ours, the other, at least so many times) by transaction set; the targets.
TARGETS = {
    "837": (("read, kept", "kept", "x12sdk", 56), ("streamed", "streamed", "x12sdk", 90),
            ("validated", "checked", "pyx12_validator", 60)),
    "835": (("read, kept", "kept", "x12sdk", 26), ("streamed", "streamed", "x12sdk", 90),
            ("validated", "checked", "pyx12_validator", 60)),
}  # fmt: skip


def _environment() -> dict[str, str]:
    # Compiled modules are kept, as they are on any machine that runs a program twice.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(row: Row, path: Path, times: int, cores: int = 1) -> Took | None:
    """The quickest of some runs of a task; None where what it needs is not installed."""
    for python in PYTHONS if row.module == PEERS else PYTHONS[:1]:
        took = _measure([python, "-m", row.module, row.task, str(path)], times, cores)
        if took is not None:
            return took
    return None


def _measure(command: list[str], times: int, cores: int) -> Took | None:
    best: Took | None = None
    for _ in range(times):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment())
        os.sched_setaffinity(process.pid, set(sorted(os.sched_getaffinity(0))[:cores]))
        assert process.stdout is not None
        assert process.stderr is not None
        with process.stdout, process.stderr:
            said, complaint = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == NOT_INSTALLED:
            return None
        assert process.returncode == 0, complaint.decode()[-2000:]
        took = Took(memory=usage.ru_maxrss / 1024, **json.loads(said))
        best = took if best is None or took.cpu < best.cpu else best
    return best


def corpus(folder: Path, kind: str, claims: int) -> Path:
    """A file of so many claims: by the shared generator where there is one, else by our own."""
    path = folder / f"{kind}-{claims}.x12"
    if path.exists():
        return path
    if not GENERATOR.exists():
        return corpus_x12.write(path, kind, claims)
    name = {"837": "837p", "835": "835"}[kind]
    subprocess.run([sys.executable, str(GENERATOR), name, str(path), str(claims)], check=True)
    return path


def table(folder: Path, kind: str, claims: int, times: int, peers: int) -> None:
    """All rows of one size of one kind, and how the targets stand."""
    path = corpus(folder, kind, claims)
    print(f"\n{kind}: {claims:,} claims, {path.stat().st_size / 1e6:.1f} MB")
    took: dict[str, float] = {}
    for row in (*OURS, *THEIRS):
        own = row.module != PEERS
        if kind == "835" and row.task in ("claims_rendered", "claims_written"):
            continue
        asked = min(claims, row.most if own else min(row.most, peers))
        factor = claims / asked
        result = measure(row, corpus(folder, kind, asked), times if own or asked <= 2_000 else min(times, 2))
        if result is None:
            print(f"  {row.words:<50} not installed")
        elif result.refused:
            print(f"  {row.words:<50} failed: {' '.join(result.refused.split())[:90]}")
        else:
            cpu = took[row.task] = result.cpu * factor
            scaled = f"  measured at {asked:,}, × {factor:g}" if asked < claims else ""
            print(
                f"  {row.words:<50} {cpu:9.3f} CPU s {claims / cpu:10,.0f} claims/s {result.memory:7.0f} MB "
                f"{cpu / took['floor']:8.1f} × floor{scaled}",
                flush=True,
            )
    for what, own_task, other, least in TARGETS[kind]:
        if own_task in took and other in took:
            ratio = took[other] / took[own_task]
            print(f"  {what + ' against ' + other:<50} {ratio:9.1f} ×   (target {least} ×)")


def processes(folder: Path, kind: str, claims: int, times: int) -> None:
    """The charges of a file added up by one process and by two: seconds on the wall."""
    path = corpus(folder, kind, claims)
    one = two = float("inf")
    for _ in range(times):  # in turns, so that a disturbance meets both
        for task in ("one_process", "two_processes"):
            result = measure(Row(task, ""), path, 1, cores=2)
            assert result is not None
            assert not result.refused, result.refused
            if task == "one_process":
                one = min(one, result.wall)
            else:
                two = min(two, result.wall)
    print(
        f"  {kind}, {claims:,} claims: one {one:.2f} s, two {two:.2f} s: {one / two:.2f} ×   (target 1.8 ×)", flush=True
    )


def versions() -> None:
    """What was measured on what."""
    found = []
    for name in ("superbill", "x12sdk", "pyx12", "linuxforhealth-x12", "badx12"):
        code = f"import importlib.metadata as m; print(m.version({name!r}))"
        said = [subprocess.run([python, "-c", code], capture_output=True, text=True, check=False) for python in PYTHONS]
        found.append(f"{name} {next((each.stdout.strip() for each in said if each.stdout), 'not installed')}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; {', '.join(found)}")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the tables that docs/benchmarks.md shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.x12", description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000], help="sizes of the files")
    parser.add_argument("--peers", type=int, default=10_000, help="claims that slow peers are asked to read")
    parser.add_argument("--times", type=int, default=5, help="runs of each, the quickest counts")
    given = parser.parse_args(arguments)
    versions()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for claims in given.claims:
            for kind in TARGETS:
                table(folder, kind, claims, given.times if claims <= 10_000 else min(given.times, 3), given.peers)
        print("\ntwo processes, seconds on the wall")
        for claims in given.claims:
            for kind in TARGETS:
                processes(folder, kind, claims, given.times)


if __name__ == "__main__":
    main(sys.argv[1:])
