"""One demo and one server for all tests in a browser, a browser for each file; a server of its own for a file that
writes.

`served` is shared: what a test changes there, the next one sees, so tests that write use `served_alone`.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser_support import CHROMIUM, FLAGS, RUN, Served, Watched, serving
from tests.databases import PostgresServer

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo in which its people have their log-ins, made as on a fresh machine by one command.
    Nobody writes here."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    with serving(folder, "--demo"):
        pass
    return folder


@pytest.fixture(scope="session")
def postgres_demo(demo: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Path:
    """The folder of the same demo on PostgreSQL; its database is `demo`, for copies alone."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    db = postgres_server.copied("demo")
    run = [*RUN, "demo", "--db", db, "--out", str(folder), "--no-pdf"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(demo / "passwords", folder)
    with serving(folder, db=db):
        pass
    return folder


@pytest.fixture(scope="session")
def served(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`superbill serve` on a copy of the demo, for all tests."""
    with serving(_copied(demo, tmp_path_factory)) as one:
        yield one


@pytest.fixture(scope="module", params=BOTH if os.environ.get("SUPERBILL_JOURNEYS") == "both" else BOTH[:1])
def served_alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a copy for the tests of one file, which may change it. On SQLite, and with SUPERBILL_JOURNEYS=both
    on PostgreSQL too."""
    folder, db = _own_copy(request, tmp_path_factory)
    with serving(folder, db=db) as one:
        yield one


@pytest.fixture(scope="module", params=BOTH)
def own_copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """(folder, --db) of a copy that the test serves itself, on SQLite and on PostgreSQL."""
    return _own_copy(request, tmp_path_factory)


def _own_copy(request: pytest.FixtureRequest, places: pytest.TempPathFactory) -> tuple[Path, str]:
    if request.param == "sqlite":
        folder = _copied(request.getfixturevalue("demo"), places)
        return folder, str(folder / "superbill.db")
    folder = _copied(request.getfixturevalue("postgres_demo"), places)
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return folder, server.copied(f"copy_{folder.parent.name}", "demo")


def _copied(demo: Path, places: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo, places.mktemp("copy") / "out"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. It ends with its file: while it runs, its event loop runs in this thread, and what comes after in
    this process (databases, asyncio) could not work beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Enter = Callable[..., Watched]


@pytest.fixture
def enter(chromium: Any) -> Iterator[Enter]:
    """`enter(served, "biller", **shape)`: this person's page, signed in, in a window of its own, closed at the end."""
    opened: list[Watched] = []

    def signed_in(where: Served, name: str, **how: Any) -> Watched:
        watched = Watched(chromium, **(how or {"viewport": {"width": 1440, "height": 900}}))
        opened.append(watched)
        watched.sign_in(where.address, name, where.passwords[name])
        return watched

    yield signed_in
    for watched in opened:
        watched.close()
