"""The second step: set up, asked for, lost; and who may not go on without it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from tests.app_samples import AT
from tests.web_samples import PASSWORD, member_of

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.accounts.second_factors import ask_for_second_factor
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import secret_key

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def member(practice, tmp_path):
    secret_key(tmp_path / "key")
    user = member_of(practice, "ana", Role.BILLER)
    user.set_password(PASSWORD)
    user.save()
    return user


def browser():
    return Client(headers={"host": "localhost"})


def with_password(**more):
    client = browser()
    answer = client.post("/sign-in", {"username": "ana", "password": PASSWORD, **more})
    return client, answer


def code(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def app(member):
    """A browser in which ana has set up an authenticator app, its secret, and the recovery codes."""
    client, _ = with_password()
    assert client.get("/security/app")["Location"] == "/sign-in/again?next=%2Fsecurity%2Fapp"
    assert client.post("/sign-in/again", {"password": "not it", "next": "/security/app"}).status_code == 200
    assert client.post("/sign-in/again", {"password": PASSWORD, "next": "/security/app"})["Location"] == "/security/app"
    page = client.get("/security/app").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    picture = client.get("/security/app/picture.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<path" in picture.content
    assert client.post("/security/app", {"code": "000000"}).status_code == 200
    assert client.post("/security/app", {"code": code(secret, -1)})["Location"] == "/security/codes"
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/security/codes").content.decode())
    assert len(codes) == 10
    return client, secret, codes


def second(client, given):
    return client.post("/sign-in/second-step", {"code": given})


def test_a_password_alone_no_longer_opens_anything(app):
    secret = app[1]
    client, answer = with_password(next="/p/lakeside/claims")
    assert answer["Location"] == "/sign-in/second-step"
    assert client.get("/p/lakeside/claims")["Location"].startswith("/sign-in?next=")
    assert second(client, "123456").status_code == 200
    assert client.get("/p/lakeside/claims").status_code == 302
    answer = second(client, code(secret))
    assert answer["Location"] == "/p/lakeside/claims"
    assert client.get("/p/lakeside/claims").status_code == 200


def test_a_code_is_good_once(app):
    _, secret, codes = app
    now = code(secret)
    assert second(with_password()[0], now).status_code == 302
    assert second(with_password()[0], now).status_code == 200
    assert second(with_password()[0], codes[0]).status_code == 302
    assert second(with_password()[0], codes[0]).status_code == 200


def test_codes_are_not_guessed_for_long_not_even_from_new_browsers(app):
    _, secret, _ = app
    for _ in range(5):
        second(with_password()[0], "000000")
    answer = second(with_password()[0], code(secret))
    assert answer.status_code == 200
    assert b"Too many attempts" in answer.content


def test_recovery_codes_are_shown_once(app):
    client, _, codes = app
    assert codes[0].encode() not in client.get("/security/codes").content


def test_secrets_are_not_in_the_database_in_clear(app):
    _, secret, codes = app
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(one in kept for one in codes)


def test_what_changes_is_noted(app, practice):
    events = Scope(practice.pk).rows(AuditEvent).filter(action="add second factor")
    assert {(event.actor, event.detail) for event in events} == {
        ("ana", '{"kind":"totp"}'),
        ("ana", '{"kind":"recovery_codes"}'),
    }


def ask(practice, *roles):
    ask_for_second_factor(actor_with("chief", practice.pk, Role.ADMINISTRATOR), frozenset(roles), at=AT)


def test_whose_role_needs_a_second_step_is_led_to_it_before_anything_else_opens(member, practice):
    client, _ = with_password()
    assert client.get("/p/lakeside/claims").status_code == 200
    ask(practice, Role.CODER)
    assert client.get("/p/lakeside/claims").status_code == 200
    ask(practice, Role.BILLER)
    for address in ("/p/lakeside/claims", "/p/lakeside/", "/p/lakeside/emergency"):
        assert client.get(address)["Location"] == "/security", address
    assert client.post("/p/lakeside/find", {"q": "Family"})["Location"] == "/security"
    assert b"needs a second step" in client.get("/security").content


def test_who_has_one_goes_on_and_cannot_drop_it(app, practice):
    client = app[0]
    ask(practice, Role.BILLER)
    assert client.get("/p/lakeside/claims").status_code == 200
    client.post("/security/app/remove")
    assert Authenticator.objects.filter(type="totp").exists()
    ask(practice)
    client.post("/security/app/remove")
    assert not Authenticator.objects.exists()


def test_the_server_asks_it_of_everybody_where_it_was_told_to(member, settings_mfa):
    client, _ = with_password()
    assert client.get("/p/lakeside/claims")["Location"] == "/security"


@pytest.fixture
def settings_mfa(monkeypatch):
    monkeypatch.setattr(settings, "SUPERBILL_MFA", "all", raising=False)


def test_a_new_password_ends_other_sessions_and_must_be_a_good_one(member):
    here, _ = with_password()
    there, _ = with_password()
    for weak in ("short", "password1234", "123456789012345"):
        answer = here.post("/security/password", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
        assert answer.status_code == 200, weak
    new = "seven quiet herons at dusk"
    wrong = {"oldpassword": "not it", "password1": new, "password2": new}
    assert here.post("/security/password", wrong).status_code == 200
    assert here.post("/security/password", {**wrong, "oldpassword": PASSWORD}).status_code == 302
    assert here.get("/p/lakeside/claims").status_code == 200
    assert there.get("/p/lakeside/claims").status_code == 302
    assert User.objects.get(username="ana").check_password(new)


def test_signing_out_everywhere_ends_every_session(member):
    here, _ = with_password()
    there, _ = with_password()
    assert here.post("/security/sign-out-everywhere").status_code == 302
    assert here.get("/p/lakeside/claims").status_code == 302
    assert there.get("/p/lakeside/claims").status_code == 302


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": "AA"}}', "x"])
def test_a_passkey_that_is_none_opens_nothing(member, credential):
    client = browser()
    options = client.get("/sign-in/passkey", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "localhost"
    answer = client.post("/sign-in/passkey", {"credential": credential})
    assert answer.status_code in (200, 302, 400)
    assert client.get("/p/lakeside/claims").status_code == 302


def test_left_alone_one_is_signed_out_and_led_back(member):
    client, _ = with_password()
    answer = client.post("/sign-out", {"why": "idle", "next": "/p/lakeside/claims?state=paid"})
    page = client.get(answer["Location"]).content.decode()
    assert 'value="/p/lakeside/claims?state=paid"' in page
    assert "What you typed is kept" in page
    assert browser().post("/sign-out", {"why": "idle", "next": "https://evil.example"})["Location"].count("evil") == 0
