"""A biller's day with the keyboard alone: a held claim is mended, looked at on its form, sent, and its answers come;
and two people edit one claim."""

import re

from tests.browser_support import BROWSER, keys, settled

pytestmark = BROWSER
HELD = "A1181P1"  # its drug has no NDC, and its payer asks for one


def typed(page, label, text):
    """A field by its label, as one tabs to it and types over what is there."""
    field = page.get_by_label(label, exact=True)
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    settled(page)


def test_a_held_claim_is_mended_sent_and_answered(enter, served_alone):
    watched = enter(served_alone, "biller")
    page = watched.page
    keys(page, "g b")
    page.get_by_role("link", name=re.compile("held")).first.focus()
    keys(page, "Enter")
    page.get_by_role("link", name=HELD).focus()
    keys(page, "Enter", "1")
    page.get_by_role("heading", name=f"Correct {HELD}").wait_for()
    row = page.locator("table.grid tr.rest").nth(2)
    for label, text in (("NDC", "00641036725"), ("NDC units", "6")):
        row.get_by_label(label, exact=True).focus()
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        settled(page)
    row.get_by_label("NDC units are", exact=True).select_option("ML")
    typed(page, "Group number", "G100")
    page.locator("#checked", has_text="G100").wait_for()  # checked and compared before anything is saved
    page.get_by_role("button", name="Save").focus()
    keys(page, "Enter")
    page.get_by_text(f"Saved. {HELD} is ready to go out.").wait_for()
    keys(page, "v f")
    page.get_by_role("heading", name=f"CMS-1500 {HELD}").wait_for()
    assert "N400641036725" in page.locator("svg.sheet-of").first.inner_html()
    keys(page, "g b")
    page.get_by_role("link", name="Build and send").focus()
    keys(page, "Enter", "s")
    button = page.get_by_role("button", name=re.compile(r"Send 1 claims?, \$316\.00, to 1 payer"))
    button.wait_for()
    keys(page, "s")
    page.get_by_text(re.compile(r"Sent 1 claims, \$316\.00, in 1 file")).wait_for()
    keys(page, "r")
    page.get_by_text(re.compile(r"Received .*999")).wait_for()
    watched.go(f"claims/{HELD}")
    assert re.search("accepted|rejected", page.inner_text(".head"))
    assert "999: file taken in" in page.inner_text(".life")
    assert watched.complaints == []


def test_two_people_edit_one_claim_and_nothing_is_lost(enter, served_alone):
    first, second = enter(served_alone, "biller"), enter(served_alone, "manager")
    for one in (first, second):
        one.go("claims/A1045P1/correct")
    typed(second.page, "Group number", "THEIRS")
    second.page.get_by_role("button", name="Save").focus()
    keys(second.page, "Enter")
    typed(first.page, "Prior authorization", "MINE")
    first.page.get_by_role("button", name="Save").focus()
    keys(first.page, "Enter")
    first.page.get_by_role("heading", name="Two edits of A1045P1").wait_for()
    keys(first.page, "w")
    first.page.get_by_text(re.compile("Saved. A1045P1 is")).wait_for()
    first.go("claims/A1045P1/correct")
    assert first.page.get_by_label("Group number", exact=True).input_value() == "THEIRS"
    assert first.page.get_by_label("Prior authorization", exact=True).input_value() == "MINE"
