"""Who gets which page: every route of the resolver, for a member, a colleague without the permission, an outsider of
another practice, and somebody who has not signed in. A new route fails until tests/web_routes lists it."""

import re

import pytest
from django.template import engines
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from tests.web_routes import ROOMS, ROUTES
from tests.web_routes.portal import PATIENTS
from tests.web_samples import PASSWORD, member_of, nobody, signed_in

from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.audit.models import AuditEvent
from superbill.app.practices.actions import open_practice
from superbill.app.web.middleware import HEADERS, POLICY

OPEN_ROUTES = {  # for anybody; they know nothing of a practice
    "sign-in", "account_login", "mfa_login_webauthn", "mfa_authenticate", "looks", "sign-out", "join",
    "new-password", "healthy",
}  # fmt: skip
OWN_ROUTES = {  # for anybody who has signed in; about nobody else
    "home", "still-here", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_index", "account_change_password", "sign-out-everywhere", "mfa_activate_totp", "mfa-picture",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_add_webauthn",
    "mfa_remove_webauthn",
}  # fmt: skip
NUMBERED = {"mfa_remove_webauthn": (1,)}  # keys of addresses of one's own
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
LONG_FORMS = {  # pages on which one types for long, though no field of theirs may have more than one line
    "account-deed", "authorizations", "claim-correct", "coverage-new", "patient-edit", "register-new",
}  # fmt: skip
PAGES = [name for name, listed in ROUTES.items() if listed.page]


def ask(client, office, route, practice=None):
    listed = ROUTES[route]
    address = reverse(route, args=(practice or office.practice.key, *office.keys.get(route, ())))
    return client.get(address) if listed.body is None else client.post(address, listed.body)


def content(answer):
    return b"".join(answer)


def addresses(patterns=None, before=""):
    """(name, pattern) of every route, however deep."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one.name, before + str(one.pattern)
        else:
            yield from addresses(one.url_patterns, before + str(one.pattern))


def test_every_route_is_listed_here():
    named = dict(addresses())
    assert named.keys() == ROUTES.keys() | OPEN_ROUTES | OWN_ROUTES | PATIENTS.keys()
    assert {name for name, pattern in named.items() if "<str:practice>" in pattern} == ROUTES.keys()


@pytest.mark.parametrize("room", ROOMS)
def test_who_gets_a_page(office, room):
    member = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    outsider = signed_in(
        member_of(open_practice("hillside", "Hillside Clinic"), "outsider", Role.MANAGER, Role.ADMINISTRATOR)
    )
    stranger = Client(headers={"host": "localhost"})
    colleagues = {}
    for route, listed in ROOMS[room].ROUTES.items():
        if listed.lacking:
            if listed.lacking not in colleagues:
                name = f"colleague {listed.lacking.value}"
                colleagues[listed.lacking] = signed_in(member_of(office.practice, name, listed.lacking))
            answer = ask(colleagues[listed.lacking], office, route)
            assert answer.status_code == 403, route
            assert b"family1" not in content(answer).lower(), route
        answer = ask(outsider, office, route)
        assert answer.status_code == 404, route
        assert b"Lakeside" not in content(answer), route
        # Under the outsider's own practice the numbers of ours lead nowhere either.
        answer = ask(outsider, office, route, practice="hillside")
        if office.keys.get(route) and not listed.common:
            assert answer.status_code == 404, route
        else:
            assert answer.status_code < 500, route
        assert b"family1" not in content(answer).lower(), route
        answer = ask(stranger, office, route)
        assert answer.status_code == 302, route
        assert answer["Location"].startswith("/sign-in?next=/p/"), route
    for route, listed in ROOMS[room].ROUTES.items():
        assert ask(member, office, route).status_code == listed.gives, route


@pytest.mark.parametrize("route", sorted(OWN_ROUTES))
def test_pages_of_ones_own_ask_to_sign_in(database, route):
    client = Client(headers={"host": "localhost"})
    address = reverse(route, args=NUMBERED.get(route, ()))
    for answer in (client.post(address), client.get(address)):
        assert answer["Location"].startswith("/sign-in?next=/")


def test_one_without_a_role_sees_nothing(office):
    client = signed_in(nobody("newcomer"))
    assert client.get("/").status_code == 403
    assert all(ask(client, office, route).status_code == 404 for route in ROUTES)


def test_a_person_who_left_is_out_at_once(office):
    user = member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR)
    client = signed_in(user)
    assert ask(client, office, "claims").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert ask(client, office, "claims")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("room", ROOMS)
def test_a_page_that_only_shows_answers_only_to_reading(office, room):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    for route, listed in ROOMS[room].ROUTES.items():
        address = reverse(route, args=(office.practice.key, *office.keys.get(route, ())))
        assert client.put(address).status_code == 405, route
        if listed.body is not None:
            answer = client.get(address)
            assert answer.status_code in (200, 405), route


@pytest.mark.parametrize("room", ROOMS)
def test_reading_about_a_patient_leaves_a_trace(office, room):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    for route, listed in ROOMS[room].ROUTES.items():
        before = office.rows(AuditEvent).count()
        answer = ask(client, office, route)
        events = [event for event in list(office.rows(AuditEvent).order_by("id"))[before:] if event.action == "read"]
        if listed.reads:
            assert listed.reads in {event.subject_kind for event in events}, route
            assert {event.actor for event in events} == {"member"}, route
            assert all(event.subject_id for event in events), route
        elif listed.body is None:
            page = content(answer)
            assert not events, route
            assert b"family1" not in page.lower(), route
            assert route == "audit" or not NUMBERS.search(page), (route, NUMBERS.search(page))
            assert "pdf" not in answer.headers.get("Content-Type", ""), (route, "a paper shows somebody's record")


def test_headers_that_let_a_browser_do_nothing_but_show_it_stand_on_every_answer(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    answers = [ask(client, office, route) for route in ROUTES]
    answers += [client.get(address) for address in ("/nowhere", "/p/nowhere/claims", "/sign-in")]
    answers += [client.post("/sign-in")]
    answers += [ask(signed_in(member_of(office.practice, "c", Role.CODER)), office, "claims")]
    answers += [Client().get("/sign-in", headers={"host": "evil.example"})]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
    assert "'unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize("room", ROOMS)
def test_templates_name_only_what_there_is(office, room, monkeypatch):
    """Django shows nothing for a name that a template's context does not have: here it shows the name."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "⟦%s⟧")
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    missing = {}
    for route, listed in ROOMS[room].ROUTES.items():
        if listed.page:
            found = sorted(set(re.findall(r"⟦[^⟧]*⟧", content(ask(client, office, route)).decode())))
            missing |= {route: found} if found else {}
    assert missing == {}


# A visit or a claim by its number is a patient's too. The trail itself tells of them by number, and who read it can be
# told from the list of those who may.
NUMBERS = re.compile(rb"\bA1\d{3}(P\d)?\b")
SCRIPT = re.compile(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://|hx-on")


@pytest.mark.parametrize("room", ROOMS)
def test_pages_carry_no_script_of_their_own_and_no_address_that_tells_of_a_patient(office, room):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    for route in ROOMS[room].ROUTES.keys() & set(PAGES):
        page = ask(client, office, route).content.decode()
        assert not SCRIPT.search(page), (route, SCRIPT.search(page))
        for address in re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page):
            assert not re.search(r"family|given|1970", address, re.IGNORECASE), (route, address)
        title = re.search(r"<title>(.*?)</title>", page)
        if title:
            assert "FAMILY1" not in title[1].upper(), route


def test_forms_need_their_token(office):
    user = member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR)
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(user)
    assert client.post(reverse("find", args=("lakeside",)), {"q": "Family"}).status_code == 403
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-in", {"username": "member", "password": PASSWORD}).status_code == 403
    assert ask(client, office, "claims").status_code == 200


@pytest.mark.parametrize("given", ["%00", "9" * 30, "-1", "x'--", "..%2f..", "%F0%9F%92%A9"])
def test_nonsense_in_an_address_is_not_here(office, given):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    for head in ("claims/", "visits/", "accounts/", "payments/", "statements/"):
        tail = ".pdf" if head == "statements/" else ""
        assert client.get(f"/p/lakeside/{head}{given}{tail}").status_code == 404
    for query in ("page", "state", "payer"):
        assert client.get(f"/p/lakeside/claims?{query}={given}").status_code == (404 if given == "%00" else 200)


def test_a_host_that_is_not_ours_is_refused(database):
    assert Client().get("/sign-in", headers={"host": "evil.example"}).status_code == 400


def test_every_form_with_room_for_a_text_keeps_what_is_typed(office):
    member = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    kept = set()
    for route in PAGES:
        address = reverse(route, args=(office.practice.key, *office.keys.get(route, ())))
        for form in FORM.findall(content(member.get(address)).decode()):
            drafted = re.match(r'<form\b[^>]*\bdata-draft="[\w./-]+"', form)
            kept |= {route} if drafted else set()
            assert drafted or "<textarea" not in form, route
    assert kept >= LONG_FORMS, LONG_FORMS - kept
