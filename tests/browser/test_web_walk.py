"""A walk through the pages in Chromium, against the real server on the demo's database: what a person would do."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
needs_chromium = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine (Debian: apt-get install chromium)"
)
RUN = [sys.executable, "-m", "superbill"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's database, and its log-ins' passwords."""
    out = tmp_path_factory.mktemp("demo") / "out"
    subprocess.run([*RUN, "demo", "--out", str(out), "--no-pdf", "--json"], check=True, capture_output=True)
    return out


def _interruptible():
    """A run of the tests in the background ignores Ctrl-C, and its children would with it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def served(demo):
    """The address of `superbill serve`, in its own process, as a person starts it."""
    passwords = demo / "passwords"
    arguments = ["serve", "--db", str(demo / "superbill.db"), "--port", "0"]
    server = subprocess.Popen(
        [*RUN, *arguments, "--demo-users", "--password-file", str(passwords)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=_interruptible,
    )  # fmt: skip
    ready, _, _ = select.select([server.stdout], [], [], 60)
    first = server.stdout.readline() if ready else ""
    found = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert found, first + (server.stderr.read() if server.poll() is not None else "")
    yield found[0], dict(row.split() for row in passwords.read_text().splitlines())
    server.send_signal(signal.SIGINT)
    said, erred = server.communicate(timeout=20)
    assert "Stopped." in said
    assert server.returncode == 0
    assert erred == ""


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Watched:
    """A page, and everything that its console and its content policy complained of."""

    def __init__(self, browser, **how):
        self.page = browser.new_context(**how).new_page()
        self.page.set_default_timeout(20_000)
        self.complaints = []
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("response", self._note)

    def _note(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def sign_in(self, address, name, password):
        self.page.goto(address)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("navigation", name="Rooms").wait_for()


@needs_chromium
def test_a_biller_goes_from_the_figures_to_one_patients_journal(chromium, served):
    address, passwords = served
    watched = Watched(chromium, viewport={"width": 1440, "height": 900})
    page = watched.page
    watched.sign_in(address, "biller", passwords["biller"])
    assert re.search(r"ledger balanced: \d+ entries, 0 unbalanced", page.inner_text("main"))
    page.get_by_role("link", name="denied").first.click()
    page.locator("tbody tr a").first.click()
    assert re.search(r"refused \$[\d,.]+", page.inner_text("table.lines"))
    assert "835" in page.inner_text(".life")
    page.get_by_role("link", name="837").click()
    assert "CLM*" in page.inner_text("table.x12")
    page.go_back()
    page.get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("link", name="Journal").click()
    assert "insurance payment" in page.inner_text("table.journal") or "denial" in page.inner_text("table.journal")
    page.get_by_label("Account, claim or family name").fill("A1001")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Visit A1001").wait_for()
    assert page.inner_text(".prose").strip()
    assert "A1001" not in page.evaluate("document.cookie")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.goto(f"{address}/p/lakeland/claims")
    assert "/sign-in" in page.url
    assert watched.complaints == []


@needs_chromium
def test_who_may_less_sees_less(chromium, served):
    address, passwords = served
    for name, rooms in (("coder", ["Visits"]), ("frontdesk", ["Visits", "Accounts"])):
        watched = Watched(chromium)
        watched.sign_in(address, name, passwords[name])
        assert watched.page.locator(".rail a").all_inner_texts() == rooms
        assert watched.complaints == []
        assert watched.page.goto(f"{address}/p/lakeland/claims").status == 403


SHAPES = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "zoomed": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
}


@needs_chromium
@pytest.mark.parametrize("shape", SHAPES)
def test_every_page_fits_reads_and_complains_of_nothing(chromium, served, shape):
    address, passwords = served
    watched = Watched(chromium, **SHAPES[shape])
    page = watched.page
    watched.sign_in(address, "biller", passwords["biller"])
    todo = ["today", "visits", "claims", "payments", "accounts", "visits/A1001", "claims/A1001P1", "claims/A1001P1/837"]
    todo += ["payments/1", "accounts/1", "accounts/1/journal", "claims?state=denied"]
    for path in todo:
        page.goto(f"{address}/p/lakeland/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["impact"]) for one in found if one["impact"] in ("serious", "critical")] == [], path
        assert page.locator("h1").count() == 1, path
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page"
    assert watched.complaints == []


def test_answers_come_from_this_machine_alone_and_carry_their_headers(served):
    address, _ = served
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{address}/sign-in", headers={"Host": "evil.example"}))
    assert refused.value.code == 400
    with urllib.request.urlopen(f"{address}/sign-in") as answer:
        page = answer.read()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    sheet = re.search(rb"/static/[0-9a-f]{12}/app\.css", page)
    with urllib.request.urlopen(address + sheet[0].decode()) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(page) + len(answer.read()) < 40_000


def serve(*arguments):
    return subprocess.run([*RUN, "serve", *arguments], capture_output=True, text=True, timeout=60)


def test_without_a_database_it_says_what_to_do_first(tmp_path):
    done = serve("--db", str(tmp_path / "none.db"))
    assert done.returncode == 2
    assert "make demo" in done.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_taken_port_is_told(served, demo):
    done = serve("--db", str(demo / "superbill.db"), "--port", served[0].rpartition(":")[2])
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_key_and_passwords_are_for_their_owners_eyes(served, demo):
    for name in ("superbill.key", "passwords"):
        assert Path(demo / name).stat().st_mode & 0o077 == 0
    rows = (demo / "passwords").read_text().split("\n")
    assert len({row.split()[1] for row in rows if row}) == 3
