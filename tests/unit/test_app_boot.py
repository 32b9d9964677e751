"""Opening a database: what a person gives as --db, and what they are told when it can't be used."""

import sqlite3
import stat

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from superbill.app.boot import DatabaseUnusable, connect, disconnect, secret_key
from superbill.app.places import database_settings, shown
from superbill.app.practices.actions import open_practice
from superbill.app.practices.queries import practices


@pytest.fixture(autouse=True)
def leave_no_connection():
    yield
    disconnect()


def test_connecting_makes_the_tables_once_and_keeps_what_is_there(database):
    open_practice("lakeside", "Lakeside")
    connect(database.address)
    assert [practice.key for practice in practices()] == ["lakeside"]
    open_practice("lakeside", "Lakeside Family Medicine")
    assert [practice.name for practice in practices()] == ["Lakeside Family Medicine"]


def test_models_and_migrations_say_the_same(database):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sqlite_is_opened_so_that_a_commit_is_on_the_disk(sqlite_database):
    def pragma(name):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            return cursor.fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("recursive_triggers") == 1
    assert pragma("foreign_keys") == 1


def test_connecting_elsewhere_leaves_the_first_alone(sqlite_database, tmp_path):
    open_practice("one", "One")
    connect(str(tmp_path / "other.db"))
    assert practices() == []
    connect(sqlite_database.address)
    assert len(practices()) == 1


def test_a_database_of_a_newer_release_is_refused(database):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('billing', '0999_later', '2030-01-01 00:00:00')"
        )
    with pytest.raises(DatabaseUnusable, match=r"newer Superbill \(billing\.0999_later\)"):
        connect(database.address)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path):
    file = tmp_path / "claims.csv"
    file.write_text("account,amount\nA1001,12.00\n" * 100)
    with pytest.raises(DatabaseUnusable, match=r"claims\.csv: is not a database"):
        connect(str(file))
    assert file.read_text() == "account,amount\nA1001,12.00\n" * 100


def test_a_damaged_database_is_refused(tmp_path):
    file = tmp_path / "x.db"
    file.write_bytes(b"SQLite format 3\x00" + b"\x10\x00\x02\x02" + b"\xff" * 5000)
    with pytest.raises(DatabaseUnusable, match=r"x\.db: is (damaged|not a database)"):
        connect(str(file))


@pytest.mark.parametrize(
    "name, says", [(".", "is a folder"), ("none/x.db", "does not exist"), ("missing.db", "no such database")]
)
def test_a_path_that_can_not_be_is_refused_with_the_fix(tmp_path, name, says):
    with pytest.raises(DatabaseUnusable, match=says):
        connect(str(tmp_path / name), create=False) if name == "missing.db" else connect(str(tmp_path / name))
    assert not (tmp_path / "missing.db").exists()


def test_a_locked_database_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("superbill.app.places.BUSY_SECONDS", 0)
    file = tmp_path / "busy.db"
    connect(str(file))
    disconnect()
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        connect(str(file))  # nothing to migrate: reading needs no lock
        with pytest.raises(Exception, match="locked"):
            open_practice("x", "X")
        other.execute("ROLLBACK")


@pytest.mark.postgres
def test_an_unreachable_server_says_what_to_check(tmp_path):
    with pytest.raises(DatabaseUnusable, match="Check that the server runs"):
        connect(f"postgresql://me:secret@/books?host={tmp_path}")


@pytest.mark.postgres
def test_a_missing_postgres_database_says_how_to_make_it(postgres_server):
    with postgres_server.fresh() as address, pytest.raises(DatabaseUnusable, match="createdb nosuch"):
        connect(address.replace("/tests", "/nosuch"))


def test_a_url_that_is_none_is_refused():
    with pytest.raises(DatabaseUnusable, match="not a database URL"):
        connect("postgresql://host/books?nosuch=1")


def test_a_url_is_shown_without_its_password():
    assert "secret" not in shown("postgresql://me:secret@db.example/books")
    assert database_settings("postgres://me:secret@db.example:5433/books?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql", "NAME": "books", "USER": "me", "PASSWORD": "secret",
        "HOST": "db.example", "PORT": "5433", "OPTIONS": {"connect_timeout": 10, "sslmode": "require"},
    }  # fmt: skip


def test_a_server_of_ones_own_gets_a_key_of_its_own(tmp_path, no_key):
    first = secret_key(tmp_path / "key")
    assert len(first) > 50
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    no_key()
    assert secret_key(tmp_path / "key") == first
    assert secret_key(tmp_path / "other") == first  # settings have one now
    assert not (tmp_path / "other").exists()


@pytest.fixture
def no_key():
    def forget():
        settings.SECRET_KEY = ""

    forget()
    yield forget
    forget()
