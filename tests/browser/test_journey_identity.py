"""Coming in, proving who one is, being called away: with the keyboard alone."""

import re

import pytest
from tests.browser_support import BROWSER, Watched, keys, serious, settled

pytestmark = BROWSER
PASSWORD = "seven quiet herons at dusk"


@pytest.fixture
def named(served_alone):
    """The address by name: a passkey belongs to one."""
    return served_alone.address.replace("127.0.0.1", "localhost")


def with_passkeys(page):
    """The page's browser gets a finger that it recognizes."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_colleague_is_invited_and_signs_in_with_a_passkey_from_then_on(enter, served_alone, named, chromium):
    chief = enter(served_alone, "administrator")
    chief.go("people")
    assert serious(chief.page) == []
    keys(chief.page, "i")
    chief.page.get_by_label("Who").focus()
    keys(chief.page, "'Zoe, new coder", "Tab", "Space", "Enter")
    link = chief.page.get_by_label("Shown this once").input_value()
    newcomer = Watched(chromium)
    page = newcomer.page
    with_passkeys(page)
    page.goto(re.sub(r"^http://[^/]+", named, link))
    assert serious(page) == []
    keys(page, "'zoe", "Tab", f"'{PASSWORD}", "Tab", f"'{PASSWORD}", "Enter")
    page.get_by_role("navigation", name="Rooms").wait_for()
    page.goto(f"{named}/security")
    assert serious(page) == []
    page.get_by_role("link", name="Add").focus()
    keys(page, "Enter")
    page.get_by_role("button", name="Add").focus()
    keys(page, "Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".codes li").count() == 10
    page.context.clear_cookies()
    page.goto(f"{named}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").focus()
    keys(page, "Enter")
    page.get_by_role("navigation", name="Rooms").wait_for()
    assert newcomer.complaints == chief.complaints == []
    newcomer.close()


def test_who_types_more_than_is_kept_is_told_until_it_is_short_enough(enter, served_alone):
    chief = enter(served_alone, "administrator")
    chief.go("people/invite")
    page, who = chief.page, chief.page.get_by_label("Who")
    who.evaluate("one => one.removeAttribute('maxlength')")
    told = page.get_by_role("alert").filter(has_text="too long to be kept unsent")
    for text, shown in (("x" * 70_000, True), ("x" * 69_999, True), ("Zack", False)):
        who.fill(text)
        with page.expect_response(lambda answer: answer.url.endswith("/draft")):
            who.press("End")
            who.press("y")
        settled(page)
        assert told.count() == int(shown)
        assert page.locator("#idle .unkept").evaluate("one => getComputedStyle(one).display !== 'none'") is shown
    assert [one for one in chief.complaints if "413" not in one] == []


def test_who_types_while_the_server_is_away_is_told_so(enter, served_alone):
    chief = enter(served_alone, "administrator")
    chief.go("people/invite")
    page = chief.page
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Who").press("z")
    page.get_by_role("alert").filter(has_text="The server could not be reached").wait_for()
    page.unroute("**/draft")
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 204):
        page.get_by_label("Who").press("z")
    settled(page)
    assert page.locator(".said.draft.trouble").count() == 0
    post = {
        "key": "invite",
        "do": "drop",
        "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value(),
    }
    page.request.post(f"{chief.address}/p/lakeland/draft", form=post, headers={"Referer": page.url})


def test_what_was_typed_comes_back_after_a_reload(enter, served_alone):
    chief = enter(served_alone, "administrator")
    chief.go("people/invite")
    page = chief.page
    page.get_by_label("Who").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and "do=keep" in answer.request.post_data):
        keys(page, "'Zack, who was on the phone")
    page.reload()
    settled(page)
    page.get_by_text("You had not finished this, from").wait_for()
    assert page.get_by_label("Who").input_value() == ""
    page.get_by_role("button", name="Bring it back").focus()
    keys(page, "Enter")
    assert page.get_by_label("Who").input_value() == "Zack, who was on the phone"
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        page.reload()
    page.get_by_role("button", name="Throw away").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        page.reload()
    settled(page)
    assert page.get_by_text("You had not finished this").count() == 0
    assert chief.complaints == []


def test_an_unattended_screen_asks_signs_out_and_leads_back(enter, served_alone):
    biller = enter(served_alone, "biller")
    page = biller.page
    page.clock.install()
    biller.go("claims?state=denied")
    page.clock.fast_forward("27:50")
    assert page.get_by_role("dialog").count() == 0
    page.clock.fast_forward("00:20")
    page.get_by_role("heading", name="Still there?").wait_for()
    assert serious(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Still there?").wait_for(state="hidden")
    page.clock.fast_forward("27:00")
    assert page.get_by_role("dialog").count() == 0
    page.clock.fast_forward("03:10")
    page.get_by_role("heading", name="Superbill").wait_for()
    assert "What you typed is kept" in page.locator(".told").inner_text()
    page.get_by_label("Name").fill("biller")
    page.get_by_label("Password").fill(served_alone.passwords["biller"])
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Rooms").wait_for()
    assert page.url.endswith("/p/lakeland/claims?state=denied")
    assert biller.complaints == []


def test_an_emergency_is_loud(enter, served_alone):
    chief = enter(served_alone, "administrator")
    page = chief.page
    chief.go("emergency")
    assert serious(page) == []
    page.get_by_label("Why you need").focus()
    keys(page, "'Unconscious, the hospital asks for allergies", "Tab", "Enter")
    banner = page.get_by_role("alert")
    assert "Everything that you open is noted" in banner.inner_text()
    chief.go("visits")
    assert serious(page) == []
    page.get_by_role("button", name="End it now").focus()
    keys(page, "Enter")
    page.get_by_text("Emergency access is over").wait_for()
    assert chief.complaints == []
