"""A coder's morning and an auditor's second look, with the keyboard alone, through the real server."""

import re
import subprocess
import sys

import pytest
from tests.browser_support import BROWSER, settled

pytestmark = BROWSER
COUNT = "document.querySelectorAll('tr[data-line].{}').length"


@pytest.fixture(scope="module")
def served(served_alone):
    """A server on a demo in which eight visits wait for a coder."""
    add = [sys.executable, "-m", "tests.coding_visits", served_alone.db, str(served_alone.folder / "site.toml")]
    subprocess.run(add, check=True, capture_output=True)
    return served_alone


class Hands:
    """Somebody at a keyboard, who waits for what they see."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            settled(self.page)

    def steps(self):
        """How many steps of the draft are kept."""
        found = re.search(r"(\d+) steps? (?:is|are) kept", self.page.inner_text("#bench"))
        return int(found[1]) if found else 0

    def step(self, *keys):
        """Keys that make one step; the bench has swapped once it is kept."""
        before = self.steps()
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_function(
            "n => (document.querySelector('#trail summary')?.innerText || '').startsWith(n + ' ')", arg=str(before + 1)
        )
        settled(self.page)

    def row(self, key):
        """Walk to a row."""
        for stroke in "k" * 20 + "j" * 20:
            if self.page.evaluate("document.activeElement?.closest('[data-line]')?.id") == key:
                return
            self.page.keyboard.press(stroke)
        raise AssertionError(f"no way to {key}")

    def add(self, words, code):
        self.press("/")
        self.page.keyboard.type(words, delay=15)
        self.page.wait_for_selector(f"#found button[value$='|{code}']")
        settled(self.page)
        for _ in range(10):
            self.page.keyboard.press("ArrowDown")
            if (self.page.evaluate("document.activeElement.value") or "").endswith(f"|{code}"):
                break
        before = self.steps()
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            "n => (document.querySelector('#trail summary')?.innerText || '').startsWith(n + ' ')", arg=str(before + 1)
        )
        settled(self.page)

    def release(self):
        account = self.page.inner_text("h1 .code")
        self.press("r")
        self.page.wait_for_selector(f".notices :text('{account} is released')")
        return account

    def verdicts(self, word):
        return self.page.evaluate(COUNT.format(word))


def codes_with_a_refusal(page, hands):
    """One refused with its reason, and the level looked at."""
    hands.row("d1")
    assert page.locator("mark.on").count() > 0, "its evidence stands out"
    hands.step("d", "4")
    assert "not addressed at this visit" in page.inner_text("tr.refused")
    hands.press("u")
    page.wait_for_function("document.querySelectorAll('tr.refused').length === 0")
    hands.row("s1")
    hands.step("a")
    hands.step("A")
    return hands.release()


def codes_with_an_addition(page, hands):
    """A code added from words, and the service pointed to it."""
    hands.step("A")
    hands.add("z72.0", "Z72.0")
    added = page.locator("tr.added").get_attribute("id")
    place = page.inner_text(f"#{added} .place")
    hands.row("s1")
    pointed = f"#s1 .points button[data-key='{place}'][aria-pressed=true]"
    if page.locator("#s1 .points [aria-pressed=true]").count() == 4:
        hands.step("1")
    hands.step(place)
    page.wait_for_selector(pointed)
    hands.row(added)
    hands.step("d")
    return hands.release()


def asks_first(page, hands):
    """A query to the provider; the codes that don't depend on it are released."""
    asked = page.inner_text("h1 .code")
    page.keyboard.press("q")
    page.wait_for_selector("textarea[name=text]")
    settled(page)
    page.keyboard.type("The note names a condition without its stage. Please state the stage, if it is known.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notices :text('is asked')")
    settled(page)
    hands.step("A")
    released = hands.release()
    assert released == asked
    return released


def test_a_coder_codes_five_visits_without_touching_the_mouse(served, enter):
    watched = enter(served, "coder")
    page, hands = watched.page, Hands(watched.page)
    watched.go("visits")
    hands.press("j", "j")  # the first of them has a note in which nothing is to be coded
    page.keyboard.press("Enter")
    page.wait_for_selector("#bench")
    settled(page)

    # 1: as suggested
    assert page.locator("mark.ev").count() > 0
    hands.step("A")
    assert hands.verdicts("offered") == 0
    first = hands.release()
    assert page.inner_text("h1 .code") != first, "the next visit of the list is there"

    second = codes_with_a_refusal(page, hands)
    third = codes_with_an_addition(page, hands)
    fourth = asks_first(page, hands)
    # 5
    hands.step("A")
    fifth = hands.release()
    assert len({first, second, third, fourth, fifth}) == 5

    # and one taken back: nothing of it was lost
    page.keyboard.press("u")
    page.wait_for_selector(f".notices :text('{fifth} is yours again')")
    settled(page)
    assert page.inner_text("h1 .code") == fifth
    assert hands.verdicts("kept") > 0
    assert watched.complaints == []


def test_an_auditor_codes_a_visit_blindly_and_sees_the_first_coding_after_that(served, enter):
    watched = enter(served, "auditor")
    page = watched.page
    watched.go("coding/audits")
    page.get_by_label("How many").fill("2")
    page.get_by_label("How many").press("Enter")
    page.wait_for_url("**/coding/audits/*")
    settled(page)
    page.keyboard.press("j")
    account = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_selector("#bench")
    settled(page)
    assert page.locator("tr[data-line]").count() == page.locator("mark").count() == 0
    assert page.goto(page.url.replace(f"coding/audits/1/{account}", f"visits/{account}")).status == 200
    assert "/coding/audits/" in page.url, "the visit itself leads to the blind page"
    page.keyboard.press("/")
    page.keyboard.type("z00.00", delay=15)
    page.wait_for_selector("#found button[value$='|Z00.00']")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.added")
    settled(page)
    page.keyboard.press("r")
    page.wait_for_selector(":text('the coders differ')")
    assert page.locator("tr.differs").count() > 0
    page.get_by_label("Why", exact=True).fill("The note is of a follow-up.")
    page.get_by_label("The first coding stands").check()
    page.get_by_role("button", name="Close with what stands").press("Enter")
    page.wait_for_selector(".lead :text('closed')")
    watched.go("coding/scores")
    assert "1 visit closed" in page.inner_text("main")
    assert watched.complaints == []
