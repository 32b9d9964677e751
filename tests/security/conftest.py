"""What these tests share."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm
from msgspec import Struct
from tests.databases import PostgresServer, SqliteFiles
from tests.web_routes import ROOMS, ROUTES
from tests.web_samples import Office, one_of_everything, site_of

from superbill.app.accounts.actors import system_actor
from superbill.app.boot import connect
from superbill.app.practices.actions import open_practice
from superbill.app.web.claims import sending


class Furnished(Struct, frozen=True):
    """A database, kept for copies, with a practice in which every address finds something; what the routes send."""

    maker: SqliteFiles | PostgresServer
    office: Office
    bodies: dict[str, Any]


def furnished(maker: SqliteFiles | PostgresServer, folder: Path) -> Furnished:
    """Made once for each kind of database: it takes longer than most tests that look at it."""
    with maker.lasting("office") as address:
        connect(address)
        practice = open_practice("lakeside", "Lakeside Family Medicine")
        system = system_actor(practice.pk)
        made = one_of_everything(system, practice, folder)
        for room in ROOMS.values():
            if hasattr(room, "keys"):
                made.keys.update(room.keys(system, made, folder))
    return Furnished(maker, made, deepcopy({name: one.body for name, one in ROUTES.items() if one.body}))


@pytest.fixture(scope="session")
def sqlite_office(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnished(sqlite_files, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def postgres_office(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnished(postgres_server, tmp_path_factory.mktemp("office"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A practice in which every address finds something, in a database of the test's own, the app connected to it."""
    made: Furnished = request.getfixturevalue(f"{request.param}_office")
    monkeypatch.setattr(sending, "PATIENCE", 0.0)  # nobody is there who does jobs
    for name, body in made.bodies.items():
        body_of_route = ROUTES[name].body
        assert body_of_route is not None
        body_of_route.clear()
        body_of_route.update(deepcopy(body))
    with made.maker.copy("office") as address:
        connect(address)
        site_of(made.office.practice, tmp_path)
        yield Office(made.office.practice, dict(made.office.keys))


@pytest.fixture
def quick_passwords(monkeypatch):
    """Passwords hashed in no time: these tests are about who gets in, not about how long guessing takes."""
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    for kept in (get_hashers, get_hashers_by_algorithm):
        kept.cache_clear()
    yield
    for kept in (get_hashers, get_hashers_by_algorithm):
        kept.cache_clear()
