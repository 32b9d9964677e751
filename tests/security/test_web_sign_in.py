"""Signing in and out: guesses, where one is sent, what is noted; and that no log or error page repeats a value."""

import logging
import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from tests.app_samples import AT
from tests.web_samples import PASSWORD, member_of, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Remembered
from superbill.app.accounts.permissions import Role
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import DatabaseUnusable, secret_key
from superbill.app.web import desk
from superbill.app.web.logs import NoValues
from superbill.app.web.server import LastResort

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def member(practice, tmp_path):
    secret_key(tmp_path / "key")
    user = member_of(practice, "ana", Role.BILLER)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(member):
    return Client(headers={"host": "localhost"})


def sign_in(browser, password=PASSWORD, name="ana", **more):
    return browser.post("/sign-in", {"username": name, "password": password, **more})


def test_the_right_password_opens_the_first_room_and_is_noted(browser, practice):
    answer = browser.post("/sign-in", {"username": "ana", "password": PASSWORD}, follow=True)
    assert [address for address, _ in answer.redirect_chain] == ["/", "/p/lakeside/", "/p/lakeside/today"]
    cookie = browser.cookies["superbill_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    browser.post("/sign-out")
    assert browser.get("/p/lakeside/today").status_code == 302
    events = Scope(practice.pk).rows(AuditEvent).exclude(action="grant").order_by("id")
    assert [(event.actor, event.action) for event in events] == [("ana", "sign in"), ("ana", "sign out")]


def test_a_coder_sees_the_rooms_of_a_coder(practice, tmp_path):
    secret_key(tmp_path / "key")
    client = signed_in(member_of(practice, "cody", Role.CODER))
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/p/lakeside/today"
    assert b">Coding</a>" in page.content
    assert b">Claims</a>" not in page.content


def test_wrong_name_and_wrong_password_look_the_same_and_no_password_comes_back(browser):
    one, other = sign_in(browser, "not it 4711"), sign_in(browser, "not it 4711", name="nobody")
    assert one.status_code == other.status_code == 401
    assert b"4711" not in one.content + other.content
    assert _without(one, b"ana") == _without(other, b"nobody")


def _without(answer, name):
    text = answer.content.replace(b'value="%s"' % name, b'value=""')
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", text)


def later(**more):
    """All failures so far lie this much further back."""
    for row in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=row.attempt_time - timedelta(**more))


def test_five_guesses_lock_a_name_for_a_quarter_of_an_hour_even_for_the_right_password(browser):
    assert [sign_in(browser, "guess").status_code for _ in range(5)] == [401] * 5
    locked = sign_in(browser, name=" ANA ")
    assert locked.status_code == 429
    assert b"Try again in 15 min" in locked.content
    later(minutes=14)
    assert sign_in(browser).status_code == 429  # asking while it is locked does not prolong it
    later(minutes=1)
    assert sign_in(browser).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_a_lock_is_noted_where_the_person_works(browser, practice):
    for _ in range(6):
        sign_in(browser, "guess")
        sign_in(browser, "guess", name="nobody")
    events = Scope(practice.pk).rows(AuditEvent).filter(action="lock out")
    assert [(event.actor, event.subject_kind) for event in events] == [("ana", "user")]


def test_a_good_sign_in_forgets_earlier_slips_and_other_names_are_not_locked(browser, practice):
    for _ in range(4):
        sign_in(browser, "guess")
    assert sign_in(browser, name="Ana").status_code == 302
    assert [sign_in(browser, "guess").status_code for _ in range(5)] == [401] * 5
    ben = member_of(practice, "ben", Role.BILLER)
    ben.set_password(PASSWORD)
    ben.save()
    assert sign_in(browser, name="ben").status_code == 302


def test_many_names_from_one_address_come_to_an_end(browser):
    statuses = [sign_in(browser, "guess", name=f"name{number}").status_code for number in range(27)]
    assert statuses == [401] * 25 + [429] * 2


def test_what_was_typed_as_a_name_is_kept_as_a_hash(browser):
    sign_in(browser, name="my secret, in the wrong field")
    kept = str(list(AccessAttempt.objects.values()) + list(Remembered.objects.values()))
    assert "secret" not in kept
    assert PASSWORD not in kept


@pytest.mark.parametrize("name", ["", "\0", "x" * 10_000, "a'--", "💩", "ana\n", "\r\n\r\n", "%s%n", "{{7919*7927}}"])
def test_nonsense_is_a_wrong_name_or_a_bad_request(browser, name):
    for answer in (sign_in(browser, name=name), sign_in(browser, password=name), sign_in(browser, next=name)):
        assert answer.status_code in (302, 400, 401)
    assert b"62773913" not in sign_in(browser, name="{{7919*7927}}").content


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_sent_to_another_site(browser, onward):
    assert sign_in(browser, next=onward)["Location"] == "/"
    page = Client(headers={"host": "localhost"}).get("/sign-in", {"next": onward})
    assert b"evil" not in page.content


def test_one_is_sent_back_to_where_one_was(browser):
    assert sign_in(browser, next="/p/lakeside/claims?state=paid")["Location"] == "/p/lakeside/claims?state=paid"


def test_a_session_does_not_outlive_its_sign_in_key_and_changes_at_sign_in(browser):
    browser.get("/sign-in")
    browser.cookies["superbill_session"] = "fixed-by-somebody-else"
    sign_in(browser)
    assert browser.cookies["superbill_session"].value != "fixed-by-somebody-else"


def test_a_failure_shows_and_logs_no_value(member, practice, monkeypatch):
    def fails(*_args, **_named):
        raise ValueError("Family1, Given, born 1970")

    monkeypatch.setattr("superbill.app.web.claims.views.claim_list", fails)
    client = signed_in(member)
    client.raise_request_exception = False
    said = []
    handler = logging.Handler()
    handler.setFormatter(NoValues())
    handler.emit = lambda record: said.append(handler.format(record))
    logging.getLogger("django").addHandler(handler)
    try:
        answer = client.get("/p/lakeside/claims")
    finally:
        logging.getLogger("django").removeHandler(handler)
    assert answer.status_code == 500
    assert b"Family1" not in answer.content
    assert any("ValueError" in text and "claims/views.py" in text for text in said)
    assert "Family1" not in "".join(said)


def test_a_database_that_is_away_is_told_plainly(member, practice, monkeypatch):
    def locked(*_args, **_named):
        raise DatabaseUnusable("/secret/place: was in use")

    monkeypatch.setattr("superbill.app.web.claims.views.claim_list", locked)
    answer = signed_in(member).get("/p/lakeside/claims")
    assert answer.status_code == 503
    assert b"/secret/place" not in answer.content


def test_when_not_even_the_error_page_comes_up_there_is_a_bare_answer():
    broken = LastResort()
    broken._application = lambda environ, start: (_ for _ in ()).throw(KeyError("Family1"))
    begun = []
    body = b"".join(broken({}, lambda status, headers: begun.append((status, dict(headers)))))
    assert begun[0][0].startswith("500")
    assert begun[0][1]["X-Frame-Options"] == "DENY"
    assert b"Family1" not in body


def test_the_day_of_the_pages_is_the_calendars_unless_told(settings_today):
    assert desk.today() == settings_today


@pytest.fixture
def settings_today(monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "SUPERBILL_TODAY", AT.date(), raising=False)
    return AT.date()
