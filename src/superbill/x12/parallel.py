"""A big file through several processes: each reads parts of it, and what it makes of them comes back in file order.

A part is read with what it stands in before it, so that records are as if one process had read the whole file. Whether
that holds is proven at each cut: the reader of the part before reads on into the first unit after the cut, and both
must have it at the same place, under the same loops. Where they don't, or a file can't be cut, the rest is read here.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain, islice
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from superbill.x12.errors import X12ReadError
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.parts import SIZE, Part, parts
from superbill.x12.tree import Group, Interchange, Record, Transaction
from superbill.x12.walk import walk

T = TypeVar("T")
Made = TypeVar("Made")
Stand: TypeAlias = tuple[Any, ...]  # where a unit stands: what must be the same to both sides of a cut
_AHEAD = 3  # parts in work or waiting, per process


class Outcome(Struct, frozen=True):
    """What became of a part: the result, how many records it had, where its first stands, where the next one's does."""

    result: Any
    records: int
    begins: Stand | None
    follows: Stand | None


class _Reading:
    """One part being read."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.records = 0
        self.begins: Stand | None = None
        self.follows: Stand | None = None
        self.inner: Transaction | None = None
        self.outer: tuple[Transaction, Group, Interchange] | None = None

    def _at(self, position: int) -> int:
        """The position in the file of one in the part."""
        before = self.part.positions
        return before[position - 1] if position <= len(before) else self.part.first + position - len(before) - 1

    def _placed(self, record: Record) -> Record:
        """The record with positions of the file."""
        if self.inner is not record.transaction or self.outer is None:
            own, group, interchange = record.transaction, record.group, record.interchange
            self.inner = own
            self.outer = (
                Transaction(compiled=own.compiled, root=own.root, position=self._at(own.position)),
                Group(body=group.body, position=self._at(group.position)),
                Interchange(
                    delimiters=interchange.delimiters, ending=interchange.ending, body=interchange.body,
                    position=self._at(interchange.position),
                ),
            )  # fmt: skip
        transaction, group, interchange = self.outer
        return Record(
            unit=record.unit, above=record.above, transaction=transaction, group=group, interchange=interchange,
            position=self._at(record.position),
        )  # fmt: skip

    def __iter__(self) -> Iterator[Record]:
        part = self.part
        end = len(part.positions) + part.segments
        for read in walk(part.prefix + part.text + part.following, guides_of, units=True):
            if isinstance(read, Record):
                record = self._placed(read)
                if part.following and read.position > end:
                    self.follows = _stand(record)
                    return
                if part.inside and not self.records:
                    self.begins = _stand(record)
                self.records += 1
                yield record


def _stand(record: Record) -> Stand:
    transaction, group, interchange = record.transaction, record.group, record.interchange
    return (
        record.position, record.above, transaction.position, transaction.header, group.position, group.header,
        interchange.position, interchange.header,
    )  # fmt: skip


def _work(function: Callable[[Iterator[Record]], Any], part: Part | None) -> Outcome | None:
    """What a process does; None where the part can't be read by itself."""
    if part is None or not part.is_regular():
        return None
    reading = _Reading(part)
    try:
        records = iter(reading)
        result = function(records)
        deque(records, maxlen=0)
    except X12ReadError:
        return None
    return Outcome(result, reading.records, reading.begins, reading.follows)


@contextmanager
def _pool(processes: int) -> Iterator[Executor]:
    """Processes of our own. A fork starts at once but is safe only while there are no other threads."""
    fork = threading.active_count() == 1 and "fork" in get_all_start_methods()
    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork" if fork else "spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _ordered(pool: Executor, work: Callable[[Part | None], T], given: Iterable[Part | None], most: int) -> Iterator[T]:
    """The work done on each, in order, with at most so many under way."""
    waiting: deque[Future[T]] = deque()
    for each in given:
        waiting.append(pool.submit(work, each))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _records(source: Source) -> Iterator[Record]:
    return (read for read in walk(source, guides_of, units=True) if isinstance(read, Record))


def map_parts(
    source: Source,
    function: Callable[[Iterator[Record]], Made],
    *,
    processes: int = 2,
    executor: Executor | None = None,
    size: int = SIZE,
) -> Iterator[Made]:
    """What `function` makes of the records of each part of a file, in file order.

    For sums, tables and the like: `sum(map_parts(file, total))`, where `total` adds up the charges of the records that
    it is given. The function and what it makes go between processes, so it must be defined in a module and the result
    should be small. A part is about `size` bytes; what was found while reading is not in the records' transactions.

    `source` is bytes, text, a Path, or a binary stream that can seek, which is read from where it stands. `executor`:
    processes of yours, kept for more than one file, instead of `processes` new ones. Raises X12ReadError as reading
    here would, after the results of what comes before; and whatever the function raises.
    """
    if isinstance(source, Path):
        with source.open("rb") as opened:
            yield from map_parts(opened, function, processes=processes, executor=executor, size=size)
        return
    start = 0 if isinstance(source, (bytes, str)) else source.tell()
    done = 0
    cut = parts(source, size)
    two = tuple(islice(cut, 2))
    if len(two) == 2:
        work: Callable[[Part | None], Outcome | None] = partial(_work, function)
        with _pool(processes) if executor is None else nullcontext(executor) as pool:
            expected: Stand | None = None
            for outcome in _ordered(pool, work, chain(two, cut), _AHEAD * processes):
                if outcome is None or outcome.begins != expected:
                    break
                yield outcome.result
                done, expected = done + outcome.records, outcome.follows
            else:
                return
    if not isinstance(source, (bytes, str)):
        source.seek(start)
    yield function(islice(_records(source), done, None))


def _each(function: Callable[[Record], Made], records: Iterable[Record]) -> list[Made]:
    return list(map(function, records))


def map_units(
    source: Source,
    function: Callable[[Record], Made],
    *,
    processes: int = 2,
    executor: Executor | None = None,
) -> Iterator[Made]:
    """What `function` makes of each record of a file, in file order; all else as in map_parts.

    A record itself can be handed back, but sending it between processes takes longer than reading it.
    """
    for made in map_parts(source, partial(_each, function), processes=processes, executor=executor):
        yield from made


__all__: Sequence[str] = ("map_parts", "map_units")
