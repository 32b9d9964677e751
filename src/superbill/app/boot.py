"""Opening the database: `connect` is called once, before anything of the app is imported or used."""

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction

from superbill.app.places import BUSY_SECONDS, BadAddress, database_settings, is_postgres, shown, sqlite_path

ROOMS_PREFIX = "superbill.app."
_MIGRATING = 7_382_901  # any number, the same in every release
_opened = 0


class DatabaseUnusable(Exception):
    """The database can't be opened or brought up to date; the message names the place and the fix."""


def prepare() -> None:
    """Load the app's tables without touching a database; after it, modules of the app may be imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superbill.app.settings")
    django.setup()


def connect(db: str, *, create: bool = True) -> None:
    """Point the app at a SQLite file or a postgresql:// URL and bring its tables up to date.

    Calling it again points the whole process at another database (tests run both in one process so); call it from
    the main thread while nothing else uses the old one. `create=False` refuses a SQLite file that is not there.
    Raises DatabaseUnusable.
    """
    try:
        entry = database_settings(db)
    except BadAddress as error:
        raise DatabaseUnusable(f"--db: not a database URL: {_first_line(error)} Use {_URL_SHAPE}") from None
    if not is_postgres(db):
        _check_file(sqlite_path(db), create=create)
    prepare()
    disconnect()
    settings.DATABASES[DEFAULT_DB_ALIAS] = entry
    connections.settings = connections.configure_settings(settings.DATABASES)
    global _opened
    _opened += 1
    try:
        connections[DEFAULT_DB_ALIAS].ensure_connection()
        _migrate(db)
    except Error as error:
        disconnect()
        raise DatabaseUnusable(_explained(db, error)) from error


def opened() -> int:
    """How many databases this process was pointed at so far: what is remembered of one says nothing of the next."""
    return _opened


def disconnect() -> None:
    """Close this thread's connection, if one is open."""
    if "default" in connections and hasattr(connections._connections, DEFAULT_DB_ALIAS):  # type: ignore[attr-defined]  # asgiref's Local
        connections[DEFAULT_DB_ALIAS].close()
        del connections[DEFAULT_DB_ALIAS]


def secret_key(file: Path) -> str:
    """The signing key of a local server: from settings, else from `file`, made there (mode 600) the first time."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        pass  # none is set: a local server makes its own
    if not file.exists():
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(made, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(48))
    settings.SECRET_KEY = file.read_text("ascii").strip()
    return str(settings.SECRET_KEY)


_URL_SHAPE = "postgresql://user@host:5432/database, or the path of a SQLite file."


def _check_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise DatabaseUnusable(f"{path}: is a folder. Name a file in it, such as {path / 'superbill.db'}.")
    if not path.exists():
        if not create:
            raise DatabaseUnusable(f"{path}: no such database. Check --db, or make one with superbill import --db.")
        if not path.parent.is_dir():
            raise DatabaseUnusable(f"{path}: the folder {path.parent} does not exist. Make it, or name another --db.")
        if not os.access(path.parent, os.W_OK):
            raise DatabaseUnusable(f"{path}: no permission to write in {path.parent}. Name another --db.")
        return
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK):
        raise DatabaseUnusable(
            f"{path}: no permission to write. Give yourself write permission on the file and its folder, or copy it."
        )
    with path.open("rb") as file:
        start = file.read(16)
    if start and start != b"SQLite format 3\x00":
        raise DatabaseUnusable(f"{path}: is not a database. Nothing was changed. Check --db.")


def _migrate(db: str) -> None:
    """Run what is pending. A database that a newer release has changed is refused rather than half understood."""
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    from superbill.app.new_database import is_new, make_tables

    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    loader = executor.loader
    ours = {app.label for app in _apps() if app.name.startswith(ROOMS_PREFIX)}
    known = set(loader.disk_migrations or {})
    newer = sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations or {} if app in ours and (app, name) not in known
    )
    if newer:
        raise DatabaseUnusable(
            f"{shown(db)}: was written by a newer Superbill ({newer[-1]}). Upgrade: pip install -U superbill."
        )
    if executor.migration_plan(loader.graph.leaf_nodes()):
        connection = connections[DEFAULT_DB_ALIAS]
        # All or none: Django notes some migrations as done only after their commit, and a program that is stopped in
        # between could never open the database again. SQLite changes tables only with foreign keys off, and turns
        # them off only outside of a transaction.
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                _wait_for_others(connection)
                executor = MigrationExecutor(connection)
                if is_new():
                    make_tables(executor)
                elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
                    call_command("migrate", verbosity=0, interactive=False)
        finally:
            connection.enable_constraint_checking()


def _wait_for_others(connection: Any) -> None:
    """Servers that start at the same time bring the tables up to date one after the other. SQLite waits by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MIGRATING])


def _apps() -> Any:
    from django.apps import apps

    return apps.get_app_configs()


_SQLITE_FIXES = {
    "SQLITE_NOTADB": "is not a database. Nothing was changed. Check --db.",
    "SQLITE_CORRUPT": "is damaged. Restore a backup; superbill doctor tells whether one is whole.",
    "SQLITE_READONLY": "can't be written. Give yourself write permission on the file and its folder.",
    "SQLITE_CANTOPEN": "can't be opened. Check the path and your permissions.",
    "SQLITE_BUSY": f"was in use by another program for {BUSY_SECONDS} seconds. Try again when it has finished.",
    "SQLITE_FULL": "can't grow: the disk is full. Nothing was half-written; free some space and run again.",
    "SQLITE_IOERR": "could not be read or written by the disk. Nothing was half-written; check space and the disk.",
}


def explain_sqlite(path: str, error: BaseException | None) -> str | None:
    """The place and the fix for what SQLite reported, or None when it is none of the known troubles."""
    name = getattr(error, "sqlite_errorname", "") if isinstance(error, sqlite3.Error) else ""
    fix = next((fix for start, fix in _SQLITE_FIXES.items() if name.startswith(start)), None)
    return f"{path}: {fix}" if fix else None


def _explained(db: str, error: Error) -> str:
    if not is_postgres(db):
        return explain_sqlite(shown(db), error.__cause__) or f"{shown(db)}: {_first_line(error)}"
    text = _first_line(error)
    if "does not exist" in text and "database" in text:
        return f"{shown(db)}: {text} Make it first: createdb {database_settings(db)['NAME']}."
    if "permission denied" in text:
        return f"{shown(db)}: {text} Superbill needs a role that may create tables in this database."
    return f"{shown(db)}: {text} Check that the server runs and that the address and password are right."


def _first_line(error: BaseException) -> str:
    line = (str(error).strip().splitlines() or ["unknown error"])[-1].strip()
    return line if line.endswith(".") else line + "."
