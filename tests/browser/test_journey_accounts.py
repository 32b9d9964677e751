"""Why do I owe this? Answered, promised by the month, given back with a second person: with the keyboard alone."""

import re

from tests.browser_support import BROWSER, keys

pytestmark = BROWSER
HARMLESS = "Autofocus processing was blocked"  # Chromium's, of the dialog before one is signed out


def answers(page):
    keys(page, "g a")
    page.get_by_role("heading", name="Accounts", exact=True).wait_for()
    page.get_by_role("link", name="Questions").focus()
    keys(page, "Enter")
    page.get_by_role("heading", name="Questions and disputes").wait_for()
    keys(page, "j")
    keys(page, "Enter")
    page.get_by_role("heading", name="Dispute 1").wait_for()
    assert re.search(r"paid \$[\d,.]+", page.inner_text(".why"))
    page.get_by_label("Words").focus()
    page.keyboard.type("Your plan took its payment back: coverage had ended. We are asking them again.")
    page.get_by_role("button", name="Write it down").focus()
    keys(page, "Enter")
    page.get_by_text("Written down.").wait_for()


def promises(watched):
    """A payment plan over what is owed: shown first, then made, then taken back."""
    page = watched.page
    watched.go("accounts?state=owing")
    page.get_by_role("link", name="STRAND, Yvonne").focus()
    keys(page, "Enter")
    page.get_by_role("heading", name="STRAND, Yvonne").wait_for()
    keys(page, "l")
    page.get_by_label("Months").wait_for()
    keys(page, "Enter")
    page.get_by_role("heading", name="What would change").wait_for()
    assert page.locator(".preview tbody tr").count() == 6
    page.locator("button:focus", has_text="Make plan").wait_for()
    keys(page, "Enter")
    page.get_by_role("heading", name="Payment plan PP").wait_for()
    keys(page, "u")
    page.get_by_text("The plan is no more").wait_for()


def asks_for_a_refund(watched):
    """Money on account is given back, if a second person agrees."""
    page = watched.page
    watched.go("accounts?state=money")
    page.get_by_role("link", name="AUMONT, Celeste").focus()
    keys(page, "Enter")
    page.get_by_role("heading", name="AUMONT, Celeste").wait_for()
    keys(page, "p")
    page.get_by_label("Amount", exact=True).first.fill("150")
    page.get_by_label("Check or authorization number").fill("2077")
    keys(page, "Enter")
    page.locator("button:focus", has_text="Take payment").wait_for()
    keys(page, "Enter")
    page.get_by_text("$150.00 taken, receipt R").wait_for()
    keys(page, "r")
    page.get_by_label("Why it is given back").wait_for()
    page.get_by_label("Why it is given back").fill("moved away")
    keys(page, "Enter")
    page.get_by_text(re.compile("Refund RF\\d+ waits for a second person")).wait_for()


def test_a_poster_answers_and_asks_and_a_manager_approves(enter, served_alone):
    watched = enter(served_alone, "poster")
    answers(watched.page)
    promises(watched)
    asks_for_a_refund(watched)
    assert [one for one in watched.complaints if HARMLESS not in one] == []
    manager = enter(served_alone, "manager")
    page = manager.page
    manager.go("approvals")
    keys(page, "j")
    keys(page, "Enter")
    page.get_by_role("heading", name="Refund RF").wait_for()
    keys(page, "1")
    page.locator("button:focus", has_text="Approve").wait_for()
    keys(page, "Enter")
    page.get_by_text("Approved. It goes out when somebody issues the check.").wait_for()
    assert [one for one in manager.complaints if HARMLESS not in one] == []
