"""What every test in a browser needs: where Chromium is, a page that remembers complaints, keys, the axe rules."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from msgspec import Struct

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
needs_chromium = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine (Debian: apt-get install chromium)"
)
# `pytestmark = BROWSER`: one process runs them all, so that they share a demo, a server and a browser.
BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser"), needs_chromium]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
RUN = [sys.executable, "-m", "superbill"]
PRACTICE = "lakeland"
SHAPES: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "zoomed": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
}
# Nothing under way: no request of htmx, nothing being swapped in, the document there, two frames drawn since.
_SETTLED = """() => document.readyState === "complete"
    && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
    && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""


class Served(Struct, frozen=True):
    """A running `superbill serve`: its address, the demo's passwords by name, its folder, and its database, as a user
    would give it as --db."""

    address: str
    passwords: dict[str, str]
    folder: Path
    db: str

    def __iter__(self) -> Iterator[Any]:
        """(address, passwords)."""
        return iter((self.address, self.passwords))


class Watched:
    """A page, and everything that its console and its content policy complained of."""

    def __init__(self, browser: Any, **how: Any) -> None:
        self.page = browser.new_context(**how).new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._note)
        self.address = ""

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before a picture came: nothing is wrong
            self.complaints.append(f"failed: {request.url}")

    def _note(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def sign_in(self, address: str, name: str, password: str) -> None:
        """As a person does it; the page is then the first room's."""
        self.address = address
        self.page.goto(f"{address}/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("navigation", name="Rooms").wait_for()
        settled(self.page)

    def go(self, path: str, practice: str = PRACTICE) -> Any:
        """The page of the practice at `path` ("claims?state=denied")."""
        answer = self.page.goto(f"{self.address}/p/{practice}/{path}")
        settled(self.page)
        return answer

    def close(self) -> None:
        """The window with its cookies goes."""
        self.page.context.close()


def settled(page: Any) -> None:
    """Wait until nothing is under way."""
    page.wait_for_timeout(20)
    page.wait_for_function(_SETTLED)


def keys(page: Any, *strokes: str) -> None:
    """Press keys one after the other, each when what the one before it began is done.

    "g c" is g, then c; "Enter", "Tab", "Control+Enter" as Playwright names them; "'text" types text into the field.
    """
    for stroke in strokes:
        if stroke.startswith("'"):
            page.keyboard.type(stroke[1:])
        else:
            for key in stroke.split(" "):
                page.keyboard.press(key)
        settled(page)


def serious(page: Any, rules: list[str] | None = None) -> list[tuple[str, str, str]]:
    """What axe finds serious or critical on the page, by these rules or all: rule, impact, first place.

    Of a long table the first rows are enough: the others are made alike.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    if page.evaluate("typeof axe === 'undefined'"):  # once for a page, however often it is judged
        page.evaluate(AXE)
    context = {"exclude": [["tbody tr:nth-child(n+9)"]]}
    found = page.evaluate("([context, options]) => axe.run(context, options)", [context, options])["violations"]
    return [
        (one["id"], one["impact"], str(one["nodes"][0]["target"][0]))
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def sideways(page: Any) -> int:
    """By how many pixels the page is wider than the screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(wide, 0)


def _interruptible() -> None:
    """A run of the tests in the background ignores Ctrl-C, and its children would with it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(folder: Path, *options: str, db: str = "") -> Iterator[Served]:
    """`superbill serve` on the demo in `folder`, in its own process, as a person starts it; ended as by Ctrl-C.

    `db`: the database's address where it is not the file in the folder.
    """
    passwords = folder / "passwords"
    given = ["--site", str(folder / "site.toml"), "--password-file", str(passwords), "--demo-users"] if db else []
    db = db or str(folder / "superbill.db")
    server = subprocess.Popen(
        [*RUN, "serve", "--db", db, *given, "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        cwd=folder.parent, preexec_fn=_interruptible,
    )  # fmt: skip
    try:
        assert server.stdout and server.stderr
        found, said = None, ""
        while found is None and select.select([server.stdout], [], [], 300)[0] and (line := server.stdout.readline()):
            said += line
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, said + (server.stderr.read() if server.poll() is not None else "")
        known = dict(row.split() for row in passwords.read_text().splitlines())
        yield Served(found[0], known, folder, db)
    finally:
        server.send_signal(signal.SIGINT)
        said, erred = server.communicate(timeout=30)
    assert "Stopped." in said
    assert server.returncode == 0
    assert erred == ""
