"""Where a database is: the text a person gives (`--db`), turned into what Django needs. No Django in here."""

from pathlib import Path
from typing import Any

POSTGRES_SCHEMES = ("postgresql://", "postgres://")
# WAL: readers never wait for the writer. FULL: a commit is on the disk. recursive_triggers: REPLACE fires triggers.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;PRAGMA cache_size=-32000"
BUSY_SECONDS = 30


class BadAddress(ValueError):
    """A database URL that can't be read."""


def is_postgres(db: str) -> bool:
    """Whether `db` names a PostgreSQL server rather than a SQLite file."""
    return db.startswith(POSTGRES_SCHEMES)


def sqlite_path(db: str) -> Path:
    """The file of a SQLite database given as a path or as sqlite:///path."""
    return Path(db.removeprefix("sqlite:///")).expanduser().absolute()


def _parts(db: str) -> dict[str, Any]:
    from psycopg import ProgrammingError  # a SQLite file does not wait for PostgreSQL's driver to load
    from psycopg.conninfo import conninfo_to_dict

    try:
        return conninfo_to_dict(db)
    except ProgrammingError as error:
        raise BadAddress(str(error)) from error


def database_settings(db: str) -> dict[str, Any]:
    """One entry of Django's DATABASES. Raises BadAddress."""
    if not is_postgres(db):
        options = {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS, "init_command": SQLITE_PRAGMAS}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(sqlite_path(db)), "OPTIONS": options}
    parts = {key: value for key, value in _parts(db).items() if value is not None}
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {django: str(parts.pop(libpq, "")) for django, libpq in named.items()}
    found["NAME"] = found["NAME"] or "superbill"
    return {"ENGINE": "django.db.backends.postgresql", **found, "OPTIONS": {"connect_timeout": 10, **parts}}


def shown(db: str) -> str:
    """`db` for messages: a URL without its password."""
    if not is_postgres(db):
        return str(sqlite_path(db))
    parts = _parts(db)
    where = parts.get("host") or "local socket"
    return f"PostgreSQL database {parts.get('dbname') or 'superbill'} on {where}"
