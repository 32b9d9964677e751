"""A biller works the queue with the keyboard alone: a corrected claim, an appeal, a write-off that waits."""

import re

from tests.browser_support import BROWSER, keys

pytestmark = BROWSER
HARMLESS = "Autofocus processing was blocked"  # Chromium's, of the dialog before one is signed out


def opened(page, number):
    """The refusal's page, by the queue's own link."""
    keys(page, "g d")
    page.get_by_role("heading", name="Denials", exact=True).wait_for()
    page.get_by_role("link", name=number).focus()
    keys(page, "Enter")
    page.get_by_role("heading", name=f"Denial {number}").wait_for()


def first_numbers(page, count):
    return page.locator("table[data-rows] tbody th a").all_inner_texts()[:count]


def test_a_biller_works_three_refusals(enter, served_alone):
    watched = enter(served_alone, "biller")
    page = watched.page
    # Blue Peak takes replacements: the authorization goes onto a corrected claim.
    opened(page, "A1108P1")
    assert "Authorization or notice missing" in page.inner_text("main")
    keys(page, "1")
    page.get_by_label("Prior authorization (box 23)").wait_for()
    page.get_by_label("Prior authorization (box 23)").focus()
    page.keyboard.type("PA5512")
    keys(page, "Enter")
    page.get_by_text("A1108P2 is ready: the corrected claim goes out with the next batch.").wait_for()
    # The appeal letter: shown facts, own words, filed; it can be taken back.
    opened(page, "A1174P1")
    keys(page, "2")
    page.get_by_label("Why the payer should pay").wait_for()
    assert page.evaluate("document.activeElement.name") == "because"
    page.keyboard.type("No other plan was in force on that day; the patient confirmed it in writing.")
    page.get_by_role("button", name="File the appeal").focus()
    keys(page, "Enter")
    page.get_by_text(re.compile(r"A1174P1: Redetermination filed over \$495\.00")).wait_for()
    keys(page, "u")
    page.get_by_text("A1174P1: the appeal is withdrawn.").wait_for()
    # More than a biller may forgive alone waits for a second person.
    opened(page, "A1099P1")
    keys(page, "3")
    page.get_by_label("Note for the books").wait_for()
    assert "waits for a second person" in page.inner_text("#work")
    page.get_by_label("Note for the books").focus()
    page.keyboard.type("no coverage found")
    keys(page, "Enter")
    page.get_by_text("waits for a second person as AP").wait_for()
    # A note stays on the refusal, and what is put off leaves the queue and comes back with u.
    opened(page, "A1103P1")
    keys(page, "n")
    page.get_by_label("What was done or said").wait_for()
    page.keyboard.type("Called the plan, ref 4711")
    page.get_by_role("button", name="Write down").focus()
    keys(page, "Enter")
    page.get_by_text("Called the plan, ref 4711").wait_for()
    keys(page, "s")
    page.get_by_label("Put off until").wait_for()
    page.get_by_role("button", name="Put off").focus()
    keys(page, "Enter")
    page.get_by_text("A1103P1 comes back on").wait_for()
    assert "A1103P1" not in page.inner_text("h1")
    keys(page, "u")
    page.get_by_text("1 back in the queue.").wait_for()
    assert [one for one in watched.complaints if HARMLESS not in one] == []
