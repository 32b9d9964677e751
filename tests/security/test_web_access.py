"""Who gets which page: every route of the resolver, for a member, a colleague without the permission, an outsider of
another practice, and somebody who has not signed in. A new route fails here until it is listed."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.web_samples import PASSWORD, member_of, nobody, one_of_everything, signed_in

from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.audit.models import AuditEvent
from superbill.app.practices.actions import open_practice
from superbill.app.web.middleware import HEADERS, POLICY

# Route: (method, role of the colleague who lacks the permission, None where every member may).
PRACTICE_ROUTES = {
    "practice": ("get", None),
    "find": ("post", Role.ADMINISTRATOR),
    "today": ("get", Role.CODER),
    "visits": ("get", Role.ADMINISTRATOR),
    "visit": ("get", Role.ADMINISTRATOR),
    "claims": ("get", Role.CODER),
    "claim": ("get", Role.FRONT_DESK),
    "paper": ("get", Role.CODER),
    "x12": ("get", Role.FRONT_DESK),
    "payments": ("get", Role.FRONT_DESK),
    "payment": ("get", Role.CODER),
    "accounts": ("get", Role.CODER),
    "account": ("get", Role.CODER),
    "journal": ("get", Role.ADMINISTRATOR),
    "statement": ("get", Role.CODER),
}
OPEN_ROUTES = {"sign-in", "static"}  # for anybody; they know nothing of a practice
OWN_ROUTES = {"home", "sign-out"}  # for anybody who has signed in; about nobody else
READS = {
    "visits": "encounter", "visit": "encounter", "claims": "claim", "claim": "claim", "paper": "claim",
    "x12": "claim", "payment": "claim", "accounts": "patient", "account": "patient", "journal": "patient",
    "statement": "patient", "find": "patient",
}  # fmt: skip


@pytest.fixture
def office(system, practice, tmp_path):
    """A practice with a visit, a claim that was paid, a payment and a statement; the ids that its addresses need."""
    return one_of_everything(system, practice, tmp_path)


def ask(client, office, route, practice=None):
    method, _ = PRACTICE_ROUTES[route]
    address = reverse(route, args=(practice or office.practice.key, *office.keys.get(route, ())))
    return client.post(address, {"q": "Family"}) if method == "post" else client.get(address)


def test_every_route_is_listed_here():
    named = {pattern.name for pattern in get_resolver().url_patterns}
    assert named == PRACTICE_ROUTES.keys() | OPEN_ROUTES | OWN_ROUTES
    of_practice = {one.name for one in get_resolver().url_patterns if "<str:practice>" in str(one.pattern)}
    assert of_practice == PRACTICE_ROUTES.keys()


@pytest.mark.parametrize("route", PRACTICE_ROUTES)
def test_who_gets_a_page(office, route):
    member = signed_in(member_of(office.practice, "member", Role.MANAGER))
    answer = ask(member, office, route)
    assert answer.status_code == (302 if route == "practice" else 200)

    lacking = PRACTICE_ROUTES[route][1]
    if lacking:
        answer = ask(signed_in(member_of(office.practice, "colleague", lacking)), office, route)
        assert answer.status_code == 403
        assert b"family1" not in answer.content.lower()

    other = open_practice("hillside", "Hillside Clinic")
    outsider = signed_in(member_of(other, "outsider", Role.MANAGER))
    answer = ask(outsider, office, route)
    assert answer.status_code == 404
    assert b"Lakeside" not in answer.content
    # Under the outsider's own practice the numbers of ours lead nowhere either.
    answer = ask(outsider, office, route, practice="hillside")
    assert answer.status_code == (404 if office.keys.get(route) else 302 if route == "practice" else 200)
    assert b"family1" not in b"".join(answer).lower()

    answer = ask(Client(headers={"host": "localhost"}), office, route)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=/p/")


@pytest.mark.parametrize("route", sorted(OWN_ROUTES))
def test_pages_of_ones_own_ask_to_sign_in(database, route):
    client = Client(headers={"host": "localhost"})
    answer = client.post(reverse(route)) if route == "sign-out" else client.get(reverse(route))
    assert answer["Location"].startswith("/sign-in")


def test_one_without_a_role_sees_nothing(office):
    client = signed_in(nobody("newcomer"))
    assert client.get("/").status_code == 403
    assert all(ask(client, office, route).status_code == 404 for route in PRACTICE_ROUTES)


def test_a_person_who_left_is_out_at_once(office):
    user = member_of(office.practice, "member", Role.MANAGER)
    client = signed_in(user)
    assert ask(client, office, "claims").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert ask(client, office, "claims")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("route", PRACTICE_ROUTES)
def test_a_page_answers_only_to_its_method(office, route):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    address = reverse(route, args=(office.practice.key, *office.keys.get(route, ())))
    wrong = client.get if PRACTICE_ROUTES[route][0] == "post" else client.post
    assert wrong(address).status_code == 405


@pytest.mark.parametrize("route", READS)
def test_reading_about_a_patient_leaves_a_trace(office, route):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    before = office.rows(AuditEvent).count()
    ask(client, office, route)
    events = list(office.rows(AuditEvent).order_by("id"))[before:]
    assert {(event.actor, event.action, event.subject_kind) for event in events} == {("member", "read", READS[route])}
    assert all(event.subject_id for event in events)


def test_pages_without_a_patient_leave_none(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    before = office.rows(AuditEvent).count()
    for route in PRACTICE_ROUTES.keys() - READS.keys():
        answer = ask(client, office, route)
        assert b"family1" not in answer.content.lower()
    assert office.rows(AuditEvent).count() == before


def test_headers_that_let_a_browser_do_nothing_but_show_it_stand_on_every_answer(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    answers = [ask(client, office, route) for route in PRACTICE_ROUTES]
    answers += [client.get(address) for address in ("/nowhere", "/p/nowhere/claims", "/sign-in")]
    answers += [client.post("/sign-in")]
    answers += [ask(signed_in(member_of(office.practice, "c", Role.CODER)), office, "claims")]
    answers += [Client().get("/sign-in", headers={"host": "evil.example"})]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
    assert "'unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_no_page_carries_script_style_or_foreign_address(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    for route in PRACTICE_ROUTES.keys() - {"practice", "paper", "statement"}:
        page = ask(client, office, route).content.decode()
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?://", page), route


def test_no_address_on_any_page_tells_of_a_patient(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    for route in PRACTICE_ROUTES.keys() - {"practice", "paper", "statement"}:
        page = ask(client, office, route).content.decode()
        for address in re.findall(r'(?:href|action)="([^"]*)"', page):
            assert not re.search(r"family|given|1970", address, re.IGNORECASE), (route, address)
        title = re.search(r"<title>(.*?)</title>", page)
        assert title
        assert "FAMILY1" not in title[1].upper()


def test_forms_need_their_token(office):
    user = member_of(office.practice, "member", Role.MANAGER)
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(user)
    assert client.post(reverse("find", args=("lakeside",)), {"q": "Family"}).status_code == 403
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-in", {"username": "member", "password": PASSWORD}).status_code == 403
    assert ask(client, office, "claims").status_code == 200


@pytest.mark.parametrize("given", ["%00", "9" * 30, "-1", "x'--", "..%2f..", "%F0%9F%92%A9"])
def test_nonsense_in_an_address_is_not_here(office, given):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    for head in ("claims/", "visits/", "accounts/", "payments/", "statements/"):
        tail = ".pdf" if head == "statements/" else ""
        assert client.get(f"/p/lakeside/{head}{given}{tail}").status_code == 404
    for query in ("page", "state", "payer"):
        assert client.get(f"/p/lakeside/claims?{query}={given}").status_code == (404 if given == "%00" else 200)


def test_a_host_that_is_not_ours_is_refused(database):
    assert Client().get("/sign-in", headers={"host": "evil.example"}).status_code == 400
