"""One measurement in a process of its own: `python -m bench.x12_tasks TASK FILE` prints what it took as JSON.

Each task prepares what is not to be measured and gives the work: a function that says how many claims it saw. CPU is
that of the work alone, modules imported; the caller sees the whole process.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[], int]


def claims_in(path: Path) -> int:
    """How many claims a file has; a line at a time, for what is read here counts in the peak of memory."""
    with path.open("rb") as stream:
        return sum(line.startswith((b"CLM*", b"CLP*")) for line in stream)


def floor(path: Path) -> Work:
    """Reading, segments split, elements split, all kept: the least that any reader of X12 in Python does."""

    def work() -> int:
        gc.disable()
        data = path.read_bytes()
        kept = [segment.split("*") for segment in data.decode("latin-1").split("~\n")]
        return sum(each[0] in ("CLM", "CLP") for each in kept)

    return work


def kept(path: Path) -> Work:
    """The whole file as a typed tree."""
    from superbill.x12 import read

    claims = claims_in(path)

    def work() -> int:
        with path.open("rb") as stream:
            tree = list(read(stream))
        return claims * len(tree)

    return work


def _records(path: Path) -> Iterator[Any]:
    from superbill.x12 import Record, stream

    with path.open("rb") as source:
        yield from (each for each in stream(source) if isinstance(each, Record))


def streamed(path: Path) -> Work:
    """One typed claim at a time."""
    import superbill.x12  # noqa: F401 -- importing it is not to be measured

    return lambda: sum(1 for _ in _records(path))


def checked(path: Path) -> Work:
    """Read and validated, SNIP types 1 to 5."""
    from superbill.x12 import validate

    claims = claims_in(path)

    def work() -> int:
        with path.open("rb") as stream:
            findings = validate(stream)
        assert not findings, findings[:3]
        return claims

    return work


def rendered(path: Path) -> Work:
    """The tree that was read, written again."""
    from superbill.x12 import read
    from superbill.x12.render import render

    data, claims = path.read_bytes(), claims_in(path)
    tree = list(read(data))

    def work() -> int:
        assert render(tree) == data
        return claims

    return work


def fresh(path: Path) -> Work:
    """A tree made here, without a text of its own, written for the first time."""
    from msgspec.structs import replace

    from superbill.x12 import Transaction, read
    from superbill.x12.render import render
    from superbill.x12.standard.base import Segment

    def made(part: Any) -> Any:
        if isinstance(part, Segment):
            return replace(part, raw="")
        return type(part)(tuple(map(made, part.body)), part.shape)

    data, claims = path.read_bytes(), claims_in(path)
    tree = list(read(data))
    for group in [group for interchange in tree for group in interchange.groups]:
        group.body[:] = [replace(each, root=made(each.root)) if isinstance(each, Transaction) else each
                         for each in group.body]  # fmt: skip

    def work() -> int:
        assert render(tree) == data
        return claims

    return work


def documents(path: Path) -> Work:
    """Every claim as the document that the rest of the house works with."""
    from superbill.x12 import read_835, read_claims

    def work() -> int:
        with path.open("rb") as stream:
            if "837" in path.name:
                return sum(1 for _ in read_claims(stream))
            return sum(len(remittance.claims) for _, remittance in read_835(stream))

    return work


def _batch() -> dict[str, Any]:
    from datetime import UTC, datetime

    from superbill.claims.model import Contact
    from superbill.x12.model import Envelope, Submitter

    envelope = Envelope(
        sender_id="SUBMITTERID", receiver_id="RECEIVERID", interchange_control_number=1, group_control_number=1,
        created=datetime(2026, 8, 21, 12, tzinfo=UTC), usage="T",
    )  # fmt: skip
    submitter = Submitter(
        name="EXAMPLE BILLING SERVICE", id="SUBMITTERID", contact=Contact(name="EDI DESK", phone="6145550100"),
        receiver_name="EXAMPLE CLEARINGHOUSE", receiver_id="RECEIVERID",
    )  # fmt: skip
    return {"envelope": envelope, "submitter": submitter, "reference": "1"}


def claims_rendered(path: Path) -> Work:
    """Documents to a file."""
    from superbill.x12 import read_claims, write
    from superbill.x12.documents import claim_write

    claims = list(read_claims(BytesIO(path.read_bytes())))
    return lambda: write([claim_write.batch(claims, **_batch())], proven=False).count(b"CLM*")


def claims_written(path: Path) -> Work:
    """Documents to a file that is proven to be valid."""
    from superbill.x12 import read_claims, write_837p

    claims = list(read_claims(BytesIO(path.read_bytes())))
    return lambda: write_837p(claims, **_batch()).count(b"CLM*")


def charged(records: Iterator[Any]) -> tuple[int, int]:
    """How many claims, and what they charge: some work on each of them."""
    count = total = 0
    for record in records:
        count += 1
        total += record.unit.body[0].charge
    return count, total


def one_process(path: Path) -> Work:
    """The charges of all claims added up."""
    return lambda: charged(_records(path))[0]


def two_processes(path: Path) -> Work:
    """The same through two processes."""
    from superbill.x12.parallel import map_parts

    def work() -> int:
        with path.open("rb") as stream:
            return sum(count for count, _ in map_parts(stream, charged, processes=2))

    return work


TASKS: dict[str, Callable[[Path], Work]] = {
    task.__name__: task
    for task in (
        floor, kept, streamed, checked, rendered, fresh, documents, claims_rendered, claims_written, one_process,
        two_processes,
    )
}  # fmt: skip


def main(tasks: dict[str, Callable[[Path], Work]], task: str, path: str) -> None:
    """Print what one task took; exits with 3 where what it needs is not installed."""
    try:
        work = tasks[task](Path(path))
    except ImportError as problem:
        sys.exit(3 if print(problem, file=sys.stderr) is None else 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu, refused, seen = time.perf_counter(), time.process_time(), "", 0
    try:
        seen = work()
    except Exception as problem:  # a peer may refuse the file; the table says so
        refused = f"{type(problem).__name__}: {problem}"[:300]
    took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "before": before}
    print(json.dumps({**took, "seen": seen, "refused": refused}))


if __name__ == "__main__":
    main(TASKS, *sys.argv[1:3])
