"""Fixtures for everything that touches a database: `database` gives each test an empty one, on both kinds."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from msgspec import Struct

from superbill.app.boot import connect, prepare
from tests.databases import PostgresServer, SqliteFiles

prepare()  # from here on tests may import the app's modules at their top

# No test measures time: a busy machine draws its examples slowly, and nothing is wrong with that.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class Database(Struct, frozen=True):
    """The database that the app is connected to. `address` is what a user would give as --db."""

    address: str
    vendor: str


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database, the app connected to it; the test runs on SQLite and on PostgreSQL."""
    kind = "sqlite_files" if request.param == "sqlite" else "postgres_server"
    maker: SqliteFiles | PostgresServer = request.getfixturevalue(kind)
    with maker.fresh() as address:
        connect(address)
        yield Database(address, maker.vendor)


@pytest.fixture
def sqlite_database(sqlite_files: SqliteFiles) -> Iterator[Database]:
    """The same on SQLite alone, for what only a file can do."""
    with sqlite_files.fresh() as address:
        connect(address)
        yield Database(address, "sqlite")


@pytest.fixture
def practice(database: Database) -> Any:
    """A practice, opened in the database of the test."""
    from superbill.app.practices.actions import open_practice

    return open_practice("lakeside", "Lakeside Family Medicine")


@pytest.fixture
def system(practice: Any) -> Any:
    """The program itself, working in the practice."""
    from superbill.app.accounts.actors import system_actor

    return system_actor(practice.pk)
