"""Is the practice well? A number and the cases behind it, old balances, other terms, a rule tried, and who looked:
with the keyboard alone."""

import re

from tests.browser_support import BROWSER, keys
from tests.web_routes.manage import PACK

pytestmark = BROWSER
HARMLESS = "Autofocus processing was blocked"  # Chromium's, of the dialog before one is signed out
YEAR = "from=2025-01&to=2025-12"


def opens(page, name, heading):
    page.get_by_role("link", name=name, exact=True).first.focus()
    keys(page, "Enter")
    page.get_by_role("heading", name=heading).first.wait_for()


def asks_what_is_behind_a_number(watched):
    page = watched.page
    keys(page, "g m")
    page.get_by_role("heading", name="Manage").wait_for()
    page.locator("tr", has_text="Charge lag").get_by_text(re.compile(r"\d")).first.wait_for()  # the last ones come
    watched.go(f"manage/figures?{YEAR}")
    opens(page, "Denial rate, claims", "Denial rate, claims")
    assert page.locator("svg.chart").count() > 0
    page.locator("main table").last.get_by_role("link", name=re.compile(r"\d")).first.focus()
    keys(page, "Enter")
    page.get_by_role("table").get_by_text("Out of").wait_for()
    keys(page, "j", "Enter")
    assert "/claims/" in page.url


def sees_what_was_open_on_a_day_that_is_past(watched):
    page = watched.page
    watched.go("manage/receivables?on=2025-12-31")
    assert "31 Dec 2025" in page.inner_text(".head")
    page.locator("td.total a").first.focus()
    keys(page, "Enter")
    page.get_by_role("heading", name="Lines behind a balance").wait_for()
    assert page.locator("tbody tr").count() > 0


def asks_what_other_terms_would_bring(watched):
    page = watched.page
    watched.go(f"manage/contracts?{YEAR}")
    page.get_by_role("checkbox").first.focus()
    keys(page, "Space")
    page.get_by_role("button", name="What if").focus()
    keys(page, "Enter")
    page.get_by_role("heading", name=re.compile(r"What [1-9]\d* past claims would be allowed")).wait_for()


def tries_a_rule_on_past_claims_and_lets_it_count(watched):
    page = watched.page
    watched.go("manage/rules")
    page.locator("form textarea").focus()
    page.keyboard.insert_text(PACK)
    page.get_by_role("button", name="Try it").focus()
    keys(page, "Enter")
    page.get_by_text(re.compile(r"on [\d,]+ past claims\. Nothing counts yet")).wait_for()
    page.get_by_role("button", name="Let it count").focus()
    keys(page, "Enter")
    page.wait_for_url("**/manage/rules/packs/tried")
    page.get_by_role("heading", name="tried").wait_for()


def test_a_manager_looks_behind_numbers_and_tries_other_terms_and_rules(enter, served_alone):
    watched = enter(served_alone, "manager")
    asks_what_is_behind_a_number(watched)
    sees_what_was_open_on_a_day_that_is_past(watched)
    asks_what_other_terms_would_bring(watched)
    tries_a_rule_on_past_claims_and_lets_it_count(watched)
    assert [one for one in watched.complaints if HARMLESS not in one] == []


def test_an_administrator_finds_who_looked_and_takes_the_trail_along(enter, served_alone):
    watched = enter(served_alone, "administrator")
    page = watched.page
    watched.go("manage/audit")
    page.get_by_label("Person").focus()
    keys(page, "'manager", "Enter")
    page.locator("tbody tr").first.wait_for()
    assert {row.split("\t")[2] for row in page.locator("tbody tr").all_inner_texts()} == {"manager"}
    page.get_by_role("button", name="Export").focus()
    keys(page, "Enter")
    page.get_by_role("link", name="Fetch").wait_for()
    with page.expect_download() as taken:
        page.keyboard.press("f")
    assert "manager" in taken.value.path().read_text("utf-8")
    assert [one for one in watched.complaints if HARMLESS not in one] == []
