"""Writes a release as one read-only SQLite file: the same rows give the same bytes, and a reader never sees half."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from superbill.codesets.release import Refused, Release

ENDING = ".sqlite"
PARTIAL = ".partial-"
_RELEASE = "CREATE TABLE release (document TEXT NOT NULL)"


class Table(Struct, frozen=True):
    """One table of a release file: its name, its `CREATE TABLE` statement, and its rows in the order of writing."""

    name: str
    create: str
    rows: Iterable[tuple[Any, ...]]


class Draft(Struct, frozen=True, kw_only=True):
    """A release that is read and checked but not yet written. `after` are statements run last (indexes, FTS)."""

    release: Release
    tables: tuple[Table, ...]
    after: tuple[str, ...] = ()


def write(drafts: Iterable[Draft], folder: Path) -> list[Path]:
    """Writes the drafts of one source under their names into `folder` and gives the paths.

    All appear or none: each is written beside and flushed to the disk before the first is renamed. Same draft, same
    bytes (of one version of SQLite). Raises whatever the rows raise while they are read; nothing is left then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staged: list[tuple[Path, Path]] = []
    try:
        for draft in drafts:
            target = folder / (draft.release.name + ENDING)
            partial = folder / f"{PARTIAL}{os.getpid()}-{target.name}"
            staged.append((partial, target))
            partial.unlink(missing_ok=True)
            _fill(draft, partial)
            _to_disk(partial)
            partial.chmod(0o444)
        for partial, target in staged:
            publish(partial, target)
    finally:
        for partial, _ in staged:
            partial.unlink(missing_ok=True)
    return [target for _, target in staged]


def publish(partial: Path, target: Path) -> None:
    """Gives a finished file its name, never over another: two imports at once can't undo each other.

    Raises Refused when a file of that name, of other bytes, is there.
    """
    try:
        os.link(partial, target)
    except FileExistsError:
        if target.read_bytes() != partial.read_bytes():
            raise Refused(f"{target.name} came in from elsewhere meanwhile.", fix="Import the file again.") from None
    _to_disk(target.parent)
    partial.unlink()


def _fill(draft: Draft, path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;")
        counts: dict[str, int] = {}
        for table in draft.tables:
            connection.execute(table.create)
            counts[table.name] = _insert(connection, table)
        for statement in draft.after:
            connection.execute(statement)
        connection.execute(_RELEASE)
        document = msgspec.json.encode(msgspec.structs.replace(draft.release, rows=counts)).decode()
        connection.execute("INSERT INTO release VALUES (?)", (document,))
        connection.execute("COMMIT")
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: Table) -> int:
    rows: Iterator[tuple[Any, ...]] = iter(table.rows)
    first = next(rows, None)
    if first is None:
        return 0
    marks = ",".join("?" * len(first))
    insert = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608 - the name is a constant of an importer
    connection.execute(insert, first)
    return 1 + max(connection.executemany(insert, rows).rowcount, 0)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def connect(path: Path) -> sqlite3.Connection:
    """A read-only connection to a release file, usable from any thread. Release files never change: no locks."""
    uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def describe(connection: sqlite3.Connection) -> Release:
    """What the file says of itself. Raises sqlite3.DatabaseError or msgspec.DecodeError for a file of other kind."""
    (document,) = connection.execute("SELECT document FROM release").fetchone()
    return msgspec.json.decode(document, type=Release)
