"""A biller works through Today with the keyboard alone."""

from tests.browser_support import BROWSER, keys

pytestmark = BROWSER


def rows(page):
    return page.locator("table.tasks tbody tr").evaluate_all("rows => rows.map(row => row.dataset.row)")


def focused(page):
    return page.evaluate("document.activeElement.closest('tr')?.dataset.row")


def test_a_biller_works_through_today(enter, served_alone):
    watched = enter(served_alone, "biller")
    page = watched.page
    keys(page, "g t")
    page.get_by_role("heading", name="Today").wait_for()
    _, second, third, *_ = before = rows(page)
    # Take the first, put the second off, finish the third; the focus goes on by itself.
    keys(page, "j", "a", "1")
    page.get_by_text("1 task given to you.").wait_for()
    assert focused(page) == second
    keys(page, "s", "2")
    page.get_by_text("1 task put off until").wait_for()
    assert second not in rows(page)
    assert focused(page) == third
    keys(page, "n", "'Called, they look for it.", "Enter")
    page.get_by_text("Noted on 1 task.").wait_for()
    keys(page, "k", "k", "j", "d")
    page.get_by_text("1 task done.").wait_for()
    gone = set(before) - set(rows(page)) - {second}
    assert len(gone) == 1
    keys(page, "u")
    page.get_by_text("1 task open again.").wait_for()
    assert gone <= set(rows(page))
    # Two at once, taken back with one key.
    keys(page, "j", "x", "j", "x", "d")
    page.get_by_text("2 tasks done.").wait_for()
    keys(page, "u")
    page.get_by_text("2 tasks open again.").wait_for()
    # Why it is here, at the right; then the page where the work is done.
    keys(page, "j", "w")
    panel = page.locator("#panel")
    panel.get_by_role("heading", name="Why it ranks there").wait_for()
    assert "What happened to it" in panel.inner_text()
    keys(page, "Escape")
    keys(page, "o")
    page.wait_for_url(lambda address: "/today" not in address)
    assert watched.complaints == []


def test_a_filter_is_kept_under_a_name_and_counts_itself(enter, served_alone):
    watched = enter(served_alone, "manager")
    page = watched.page
    watched.go("today?older=30&whose=all")
    page.get_by_text("Keep this filter").click()
    page.get_by_label("Name", exact=True).fill("Older than a month")
    page.get_by_label("for everybody in the practice").check()
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("The practice has this filter now.").wait_for()
    watched.go("today")
    kept = page.locator("#saved .kept")
    kept.wait_for()
    assert "Older than a month" in kept.inner_text()
    assert any(one.isdigit() for one in kept.inner_text())


def test_today_is_for_everybody(enter, served_alone):
    for name in ("coder", "frontdesk", "poster"):
        watched = enter(served_alone, name)
        watched.go("today")
        assert watched.page.get_by_role("heading", name="Today").is_visible()
        assert watched.complaints == []
