"""The command line in tests: run here or in a process of its own, on the bundled clinic or a part of it.

`main` runs a command in this process, as fast as it gets. `child` runs it in a forked process that a signal may stop
at a counted step; nothing of the parent's database connection is shared.
"""

import fcntl
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from superbill.app.boot import disconnect
from superbill.app.partners import partner
from superbill.app.path.deciding import decide_all, read_decisions
from superbill.app.session import open_session
from superbill.cli import main as cli

ROOT = Path(__file__).parents[1]
CLINIC = ROOT / "src" / "superbill" / "demo" / "clinic"
PRICES = ROOT / "src" / "superbill" / "demo" / "charge_master.csv"
# Medicare with a supplement, a reversal, a rejection, a denial, a cancelled visit and one that is held.
PATIENTS = ("p01", "p05", "p26", "p40", "p41", "p47")


class Ended(Struct, frozen=True):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The document of `--json`."""
        return json.loads(self.out)


def main(*args: object) -> Ended:
    """Run `superbill ARGS` in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: int | str | None = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli([str(arg) for arg in args])
        except SystemExit as stop:
            code = stop.code
    disconnect()
    assert isinstance(code, int)
    return Ended(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def ok(*args: object, code: int = 0) -> Ended:
    """The same, and it has to end with `code`."""
    ended = main(*args)
    assert ended.code == code, (
        f"superbill {' '.join(map(str, args))}: {ended.code}\n{ended.out[-2000:]}{ended.err[-2000:]}"
    )
    return ended


def child(*args: object, before: Callable[[], None] | None = None) -> Ended:
    """Run `superbill ARGS` in a forked process; `before` prepares that process (limits, a signal to come)."""
    disconnect()
    out_read, out_write = os.pipe()
    process = os.fork()
    if not process:
        code = 70
        try:
            os.close(out_read)
            os.dup2(out_write, 1)
            os.dup2(out_write, 2)
            sys.stdout = sys.stderr = os.fdopen(out_write, "w", encoding="utf-8", closefd=False)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
            if before is not None:
                before()
            cli([str(arg) for arg in args])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException as error:  # a child says it and ends; it never runs the parent's tests
            print(f"Traceback: {error!r}")  # its only way to tell
        finally:
            sys.stdout.flush()
            os._exit(code)
    os.close(out_write)
    with os.fdopen(out_read, encoding="utf-8") as said:
        text = said.read()
    _, status = os.waitpid(process, 0)
    return Ended(os.waitstatus_to_exitcode(status), text, text)


class Steps:
    """Counts what a process does to database and disk; may signal the process at one of the steps."""

    def __init__(self, record: Path | None = None, *, stop_at: int = 0, kind: int = 0) -> None:
        self.record, self.stop_at, self.kind, self.count = record, stop_at, kind, 0

    def __call__(self) -> None:
        from django.db.backends.utils import CursorWrapper

        for name in ("execute", "executemany"):
            self._count_calls(CursorWrapper, name)
        sys.addaudithook(self._hook)

    def _count_calls(self, kind: type, name: str) -> None:
        real = getattr(kind, name)

        def counted(*args: Any, **options: Any) -> Any:
            self._step()
            return real(*args, **options)

        setattr(kind, name, counted)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("os.rename", "os.link") or (event == "open" and isinstance(args[1], str) and "w" in args[1]):
            self._step()

    def _step(self) -> None:
        self.count += 1
        if self.count == self.stop_at:
            os.kill(os.getpid(), self.kind)

    def write(self) -> None:
        """Leave the count where the parent finds it."""
        if self.record is not None:
            self.record.write_text(str(self.count), "ascii")


def site(folder: Path, *patients: str) -> Path:
    """A folder with the site file, its prices, the payers' rules, and charts of these patients of the clinic."""
    charts = folder / "charts"
    charts.mkdir(parents=True)
    shutil.copy(CLINIC / "site.toml", folder)
    shutil.copy(CLINIC / "payers.toml", folder)
    shutil.copy(PRICES, folder)
    shutil.copy(CLINIC / "charts" / "_directory.json", charts)
    for patient in patients:
        (file,) = (CLINIC / "charts").glob(f"{patient}-*.json")
        shutil.copy(file, charts)
    return folder


def demo_args(folder: Path, out: Path) -> list[object]:
    """The demo on the charts that `site` made."""
    options = ["--site", folder / "site.toml", "--payers", folder / "payers.toml", "--no-pdf", "--json"]
    return ["demo", "--from", folder / "charts", "--out", out, *options]


def fold(database: Path) -> None:
    """Everything of a SQLite database in its one file, so that it may be copied."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def shared_folder(basetemp: Path, name: str) -> Path:
    """A folder that all test processes of this run share; it is not there yet."""
    return (basetemp.parent if "PYTEST_XDIST_WORKER" in os.environ else basetemp) / name


@contextmanager
def made_once(folder: Path) -> Iterator[bool]:
    """Whether the block is to fill `folder`: True for the first test process that comes, False once it is filled."""
    done = folder.with_name(folder.name + ".done")
    with folder.with_name(folder.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def columns(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on a SQLite database, read past the app."""
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def story(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything on the books and on its way that must not depend on how often a run was stopped."""
    return {
        "entries": columns(database, "SELECT number, key, kind FROM billing_journalentry ORDER BY number"),
        "balances": columns(database, "SELECT * FROM billing_linebalance ORDER BY line_id"),
        "claims": columns(database, "SELECT control_number, state, charge FROM claims_claimrow ORDER BY id"),
        "batches": columns(database, "SELECT file_name, sha256, state FROM claims_batch ORDER BY id"),
        "received": columns(database, "SELECT name, sha256, outcome FROM claims_receivedfile ORDER BY name"),
        "statements": columns(database, "SELECT number, amount FROM statements_statement ORDER BY number"),
        "receipts": columns(database, "SELECT number, key, amount, state FROM billing_receipt ORDER BY number"),
        "refunds": columns(database, "SELECT number, key, amount, state FROM billing_refund ORDER BY number"),
        "plans": columns(database, "SELECT number, key, amount, state FROM billing_paymentplan ORDER BY number"),
        "deposits": columns(database, "SELECT number, kind, amount, state FROM deposits_deposit ORDER BY number"),
        "bank": columns(database, "SELECT line, amount, state FROM deposits_banklinerow ORDER BY line"),
        "tasks": columns(database, "SELECT key, kind, state, why FROM worklists_workitem ORDER BY key"),
    }


def segments(data: bytes) -> list[str]:
    """An X12 file (element separator *, terminator ~) as segments."""
    return [part.strip() for part in data.decode().split("~") if part.strip()]


def interchange(parts: Sequence[str]) -> bytes:
    """Segments as a file."""
    return ("~\n".join(parts) + "~\n").encode()


BILLED = ("--date", "2026-11-15")
KEYS = "SELECT key FROM billing_journalentry ORDER BY number"
WORKED_ON = ("x.db", "unsent.db", "site.toml", "charge_master.csv", "835.x12")


def sent_claims(basetemp: Path) -> Path:
    """A folder with claims sent and accepted (x.db), the payer's 835 not yet posted, and the claims before (unsent.db).

    Made once for all test processes.
    """
    folder = shared_folder(basetemp, "cli-sent")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, "p01", "p05")
            db, exchange = folder / "x.db", f"simulated:{folder / 'exchange'}"
            ok("import", folder / "charts", "--db", db)
            ok("code", "--db", db, code=1)  # two visits are told by their notes alone
            decide_all(open_session(str(db), folder / "site.toml"), read_decisions(CLINIC / "decisions.json"))
            main("claim", "build", *BILLED, "--db", db)
            fold(db)
            shutil.copy(db, folder / "unsent.db")
            ok("batch", "send", "--to", exchange, *BILLED, "--db", db)
            ok("batch", "receive", "--from", exchange, *BILLED, "--db", db)
            with partner(str(db), exchange, None, datetime(2026, 12, 20, 12, tzinfo=UTC)) as payers:
                ((_, data),) = payers.receive()
            (folder / "835.x12").write_bytes(data)
            fold(db)
    return folder


def work_copy(sent: Path, folder: Path) -> Path:
    """What `sent_claims` made, in a folder of one's own."""
    for name in WORKED_ON:
        shutil.copy(sent / name, folder)
    return folder


def visits_billed(db: Path) -> list[tuple[Any, ...]]:
    """What is charged for each visit, by the chart's own id; and that nothing was charged twice."""
    keys = columns(db, KEYS)
    assert len(keys) == len(set(keys))
    charged = "SELECT e.source_id, e.state, COUNT(l.id), SUM(l.charge) FROM encounters_encounterrow e"
    return columns(db, f"{charged} LEFT JOIN billing_chargeline l ON l.encounter_id = e.id GROUP BY e.id ORDER BY 1")
