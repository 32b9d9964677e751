"""A walk through the pages in Chromium, against the real server on the demo's database: what a person would do."""

import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.browser_support import RUN, Watched, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@needs_chromium
def test_a_biller_goes_from_the_figures_to_one_patients_journal(chromium, served):
    address, passwords = served
    watched = Watched(chromium, viewport={"width": 1440, "height": 900})
    page = watched.page
    watched.sign_in(address, "biller", passwords["biller"])
    page.get_by_role("link", name="Figures").click()
    page.locator(".proof").wait_for()
    assert re.search(r"ledger balanced: \d+ entries, 0 unbalanced", page.inner_text("main"))
    page.get_by_role("link", name="denied").first.click()
    page.get_by_role("heading", name="Claims").wait_for()
    page.locator("tbody th a").first.click()
    page.get_by_role("heading", name=re.compile("^Claim A")).wait_for()
    assert re.search(r"refused \$[\d,.]+", page.inner_text("table.lines"))
    assert "835" in page.inner_text(".life")
    page.get_by_role("link", name="X12", exact=True).click()
    assert "CLM*" in page.inner_text("table.x12")
    page.go_back()
    page.get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("link", name="Journal", exact=True).click()
    assert "insurance payment" in page.inner_text("table.journal") or "denial" in page.inner_text("table.journal")
    page.get_by_label("Account, claim or family name").fill("A1001")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Visit A1001").wait_for()
    assert page.inner_text(".prose").strip()
    assert "A1001" not in page.evaluate("document.cookie")
    page.locator(".menu.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.goto(f"{address}/p/lakeland/claims")
    assert "/sign-in" in page.url
    assert watched.complaints == []


@needs_chromium
def test_who_may_less_sees_less(chromium, served):
    address, passwords = served
    for name, rooms in (
        ("coder", ["Today", "Register", "Coding"]),
        ("frontdesk", ["Today", "Register", "Coding", "Accounts"]),
    ):
        watched = Watched(chromium)
        watched.sign_in(address, name, passwords[name])
        assert watched.page.locator(".rail a").all_inner_texts() == rooms
        assert watched.complaints == []
        assert watched.page.goto(f"{address}/p/lakeland/claims").status == 403


@needs_chromium
def test_the_demos_patient_comes_to_a_bill_of_their_own(chromium, served):
    address, passwords = served
    page = Watched(chromium, viewport={"width": 390, "height": 844}).page
    page.goto(f"{address}/my")
    page.get_by_label("Your e-mail or name").fill("patient")
    page.get_by_label("Password").fill(passwords["patient"])
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("my bill|owe this")).click()
    assert re.search(r"\$[1-9]", page.inner_text("main"))


@needs_chromium
def test_the_first_stop_of_the_keyboard_skips_to_the_page(enter, served):
    watched = enter(served, "biller")
    page = watched.page
    watched.go("claims")
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
    assert "--demo" in done.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_taken_port_is_told(served):
    done = serve("--db", str(served.folder / "superbill.db"), "--port", served.address.rpartition(":")[2])
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_key_and_passwords_are_for_their_owners_eyes(demo):
    for name in ("superbill.key", "passwords"):
        assert Path(demo / name).stat().st_mode & 0o077 == 0
    rows = (demo / "passwords").read_text().split("\n")
    assert len({row.split()[1] for row in rows if row}) == 8


def test_the_tests_in_a_browser_run_in_one_process(request):
    """Else each process makes a demo and a server of its own: a runner may keep no groups together, and say nothing."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@browser")
