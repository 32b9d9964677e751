"""A poster's morning with the keyboard alone: an 835, an exception, a paper, the bank."""

import pytest
from tests.browser_support import BROWSER, keys
from tests.poster_papers import demo_claim, paid_in_full, payment, written

pytestmark = BROWSER
TRACE = "KEYSTONE778899"


def choose(page, file):
    """Open the file field that `o` leads to, and choose."""
    keys(page, "o")
    page.locator("input[type=file]:focus").wait_for()
    page.locator("input[type=file]:focus").set_input_files(str(file))


def heading(page):
    return page.locator("h1").inner_text()


@pytest.fixture(scope="module")
def file(served_alone, tmp_path_factory):
    """One claim that waits for its answer, and one under a number that is not quite ours."""
    waiting, other = demo_claim(served_alone.db, "accepted"), demo_claim(served_alone.db, "denied", "keystone")
    stray = paid_in_full(other, number=f"X{other.control_number[2:]}")
    made = tmp_path_factory.mktemp("835") / "keystone.835"
    made.write_bytes(written(payment(waiting, TRACE, [paid_in_full(waiting), stray])))
    return made


def test_a_poster_posts_undoes_resolves_keys_and_matches(served_alone, enter, file, tmp_path):
    watched = enter(served_alone, "poster")
    page = watched.page
    keys(page, "g p")
    choose(page, file)
    keys(page, "Tab", "Enter")
    assert heading(page) == "Post 835"
    assert "1 ready" in page.inner_text("main")
    assert "1 need you" in page.inner_text("main")
    keys(page, "p")
    assert TRACE in heading(page)
    assert "posted" in page.inner_text(".lead")
    keys(page, "u")
    assert "taken back" in page.inner_text(".lead")
    keys(page, "f", "p")
    assert "posted" in page.inner_text(".lead")
    # The same file once more: told, and nothing twice.
    keys(page, "g p")
    choose(page, file)
    keys(page, "Tab", "Enter")
    assert "Posting it again posts nothing" in page.inner_text("main")

    keys(page, "g p", "v e", "j", "Enter")
    assert heading(page).startswith("Answer to")
    keys(page, "p")
    assert "Posted to claim" in page.inner_text(".notices")

    keys(page, "v p", "n", "'Keystone", "Enter", "'5501", "Enter", "'11/14/2026", "Enter", "'10", "Enter")
    assert heading(page) == "Check 5501"
    keys(page, f"'{demo_claim(served_alone.db, 'denied', 'keystone').control_number}", "Enter")
    keys(page, "Escape", "j", "Enter", "'10", "Enter", "'10")
    assert page.inner_text('[data-shows="left"]') == "$0.00"
    keys(page, "Control+Enter", "Escape", "p")
    assert heading(page) == "Payment 5501"

    bank = tmp_path / "bank.csv"
    bank.write_text("Date,Description,Amount\n05/18/2026,COUNTER CREDIT,159.31\n")
    keys(page, "g p", "v b")
    choose(page, bank)
    keys(page, "Tab", "'987654321", "Enter")
    page.locator(".notices .said").wait_for()
    keys(page, "Escape", "j", "Enter")
    assert heading(page) == "Line of the bank"
    keys(page, "m")
    assert "made" in page.inner_text(".notices")
    assert watched.complaints == []
