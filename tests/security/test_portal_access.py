"""Who gets which of the patients' own pages: the patient, another patient of the practice, a patient of another
practice, and a member of staff, who is no patient here. A new page fails until tests/web_routes/portal lists it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.app_samples import AT, TODAY
from tests.portal_samples import PASSWORD, at_work, let_in, owing, settings_kept
from tests.web_routes.portal import OPEN, PATIENTS
from tests.web_samples import member_of

from superbill.app.accounts.actors import Scope, actor_with, system_actor
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import secret_key
from superbill.app.guarantors.models import Guarantor
from superbill.app.portal import access, actions
from superbill.app.portal.actions import NotDone, new_key
from superbill.app.portal.models import PortalAccount
from superbill.app.practices.actions import open_practice
from superbill.app.web.middleware import HEADERS


@pytest.fixture
def served(practice, tmp_path):
    secret_key(tmp_path / "key")
    with settings_kept():
        at_work(practice, tmp_path)
        yield


@pytest.fixture
def people(system, practice, served):
    """The patient, another patient here, and one of another practice."""
    first, second = owing(system)
    hillside = system_actor(open_practice("hillside", "Hillside Clinic").pk)
    away = owing(hillside, 1, first=7, trace="T9")[0]
    return let_in(system, first, "ana"), let_in(system, second, "ben"), let_in(hillside, away, "cleo")


def address(route, patient):
    wanted = PATIENTS[route]
    return reverse(route, args=(patient.keys[wanted],) if wanted else ())


def body(answer):
    return b"".join(answer)


OWN = sorted(PATIENTS.keys() - OPEN - {"my-sign-out"})
KEYED = [route for route in OWN if PATIENTS[route] and route != "my-plan-agree"]


def test_every_page_of_patients_is_outside_the_practices_and_listed():
    patterns = {one.name: str(one.pattern) for one in get_resolver().url_patterns if str(one.pattern).startswith("my/")}
    assert patterns.keys() == PATIENTS.keys()


def test_a_patient_gets_their_own_and_nobody_gets_it_but_them(people):
    ana, ben, cleo = people
    browser = ana.browser()
    for route in OWN:
        status = browser.get(address(route, ana)).status_code
        assert status == (302 if route == "my-pay-card" else 404 if route == "my-plan-agree" else 200), route
    for other in (ben, cleo):
        theirs = other.browser()
        for route in KEYED:
            same = ana.keys[PATIENTS[route]] == other.keys[PATIENTS[route]]  # numbers begin anew in each practice
            answer = theirs.get(address(route, ana))
            assert answer.status_code == 404 or (same and answer.status_code == 200), (route, other.login)
            assert b"Family1" not in body(answer), route
        for route in set(OWN) - set(KEYED) - {"my-plan-agree"}:
            assert b"Family1" not in body(theirs.get(address(route, other))), route


def test_one_of_the_office_and_a_stranger_are_asked_to_come_in_as_a_patient(people, practice):
    staff = Client(headers={"host": "localhost"})
    staff.force_login(member_of(practice, "manager", Role.MANAGER))
    for client in (staff, Client(headers={"host": "localhost"})):
        for route in (*OWN, "my-sign-out"):
            answer = (
                client.post(address(route, people[0]))
                if route == "my-sign-out"
                else client.get(address(route, people[0]))
            )
            assert answer.status_code == 302, route
            assert answer["Location"] == "/my/sign-in", route


def test_a_patient_gets_no_page_of_the_office(people):
    browser = people[0].browser()
    for there in ("/", "/p/lakeside/", "/p/lakeside/today", "/p/lakeside/claims", "/p/lakeside/accounts"):
        answer = browser.get(there)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


def test_what_is_done_by_the_number_of_somebody_elses_is_not_done(people):
    ana, ben, _ = people
    for number in (ben.keys["thread"], 999):
        with pytest.raises(NotDone):
            actions.answer(ana.mine, number, "mine?", new_key(), on=TODAY, at=AT)
    with pytest.raises(NotDone):
        actions.ask(ana.mine, "mine?", new_key(), line=ben.keys["line"], on=TODAY, at=AT)
    assert ana.mine.story(ben.keys["line"], TODAY, {}) is None
    assert ana.mine.bill(ben.keys["statement"]) is None
    assert [one.label for one in ana.mine.payments(TODAY)] == [ana.keys["label"]]
    assert list(ana.mine.patients(TODAY)) == [ana.patient]
    assert ana.browser().post(address("my-question", ben), {"text": "x", "key": "k"}).status_code == 404
    assert (
        ana.browser().post("/my/questions/ask", {"text": "x", "key": "k", "line": ben.keys["line"]}).status_code == 404
    )


def test_notes_of_the_office_are_not_for_the_patient(people, system):
    from superbill.app.threads.actions import add_message
    from superbill.app.threads.models import Side

    ana = people[0]
    add_message(system, ana.keys["thread"], Side.OFFICE, "always late", on=TODAY, at=AT)
    add_message(system, ana.keys["thread"], Side.STAFF, "It is your share.", on=TODAY, at=AT)
    page = ana.browser().get(address("my-question", ana)).content.decode()
    assert "It is your share." in page
    assert "always late" not in page


def test_only_who_may_write_to_patients_lets_them_in(practice, system, served):
    guarantor = owing(system)[0]
    coder = actor_with("coder", practice.pk, Role.CODER)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    row = system.scope.rows(Guarantor).values_list("id", flat=True).first()
    with pytest.raises(NotPermitted):
        access.invite(coder, row, at=AT)
    with pytest.raises(NotPermitted):
        access.close_access(coder, row, at=AT)
    with pytest.raises(NotDone):
        access.invite(outsider, row, at=AT)
    assert not access.close_access(outsider, row, at=AT)
    assert access.access_of(outsider.scope, row, AT) is None
    assert guarantor


def test_a_code_works_once_with_its_birth_date_and_only_for_a_month(system, served):
    owing(system)
    row = system.scope.rows(Guarantor).first().pk
    first = access.invite(system, row, at=AT)
    born = first.card.birth_date
    made = access.invite(system, row, at=AT)
    assert not access.is_open(first.code, at=AT)  # the later one takes its place
    assert not access.is_open(made.code, at=AT + timedelta(days=31))
    assert access.is_open(made.code.lower().replace("-", " "), at=AT)
    access.register(made.code, born, "Ana@Example.org", PASSWORD, at=AT)
    assert access.known("ana@example.org ", PASSWORD)
    with pytest.raises(NotDone):
        access.register(made.code, born, "ben", PASSWORD, at=AT)


def test_five_wrong_birth_dates_end_a_code(system, served):
    owing(system)
    made = access.invite(system, system.scope.rows(Guarantor).first().pk, at=AT)
    for _ in range(5):
        with pytest.raises(NotDone):
            access.prove(made.code, TODAY, at=AT)
    with pytest.raises(NotDone):
        access.prove(made.code, made.card.birth_date, at=AT)


def test_a_name_is_locked_after_five_tries_and_a_weak_password_is_refused(people):
    client = Client(headers={"host": "localhost"})
    for _ in range(5):
        assert client.post("/my/sign-in", {"login": "ana", "password": "wrong"}).status_code == 401
    answer = client.post("/my/sign-in", {"login": "ANA ", "password": PASSWORD})
    assert answer.status_code == 429
    assert b"wait" in answer.content


@pytest.mark.parametrize("password", ["short", "1234567890", "password12"])
def test_a_password_that_anybody_guesses_is_not_taken(system, served, password):
    owing(system)
    made = access.invite(system, system.scope.rows(Guarantor).first().pk, at=AT)
    with pytest.raises(NotDone):
        access.register(made.code, made.card.birth_date, "ana", password, at=AT)
    assert access.is_open(made.code, at=AT)


def test_a_new_code_and_closing_end_every_session(people, system):
    ana = people[0]
    browser = ana.browser()
    assert browser.get("/my/").status_code == 200
    access.close_access(system, ana.guarantor, at=AT)
    assert browser.get("/my/")["Location"] == "/my/sign-in"
    assert access.known("ana", PASSWORD) is None


def test_coming_in_ends_what_this_browser_had_open_in_the_office(people, practice):
    client = Client(headers={"host": "localhost"})
    client.force_login(member_of(practice, "manager", Role.MANAGER))
    client.post("/my/sign-in", {"login": "ana", "password": PASSWORD})
    assert client.get("/my/").status_code == 200
    assert client.get("/p/lakeside/today")["Location"].startswith("/sign-in")


def test_forms_need_their_token_and_headers_stand_on_every_page(people):
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert client.post("/my/sign-in", {"login": "ana", "password": PASSWORD}).status_code == 403
    browser = people[0].browser()
    for route in OWN:
        answer = browser.get(address(route, people[0]))
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
        assert browser.put(address(route, people[0])).status_code == 405


def test_the_audit_trail_tells_that_a_patient_came_looked_and_left(people, practice):
    ana = people[0]
    browser = ana.browser()
    browser.get("/my/bill")
    browser.post("/my/sign-out")
    events = Scope(practice.pk).rows(AuditEvent).filter(actor=ana.mine.name).order_by("id")
    assert [one.action for one in events][-3:] == ["sign in", "read", "sign out"]
    assert {one.subject_id for one in events if one.subject_kind == "guarantor"} == {ana.guarantor}


def test_every_page_that_a_patient_looks_at_leaves_a_trace(people, practice):
    ana = people[0]
    browser, seen = ana.browser(), Scope(practice.pk).rows(AuditEvent).filter(actor=ana.mine.name, action="read")
    for route in OWN:
        before = seen.count()
        browser.get(address(route, ana))
        assert seen.count() == before + 1, route
    before, refused = seen.count(), browser.post(reverse("my-ask"), {"text": ""})
    assert (refused.status_code, seen.count()) == (422, before + 1), "a refused form shows the page again"


def test_an_account_is_no_user_of_the_office(people):
    from superbill.app.accounts.models import User

    assert PortalAccount._base_manager.filter(closed=None).count() == 3
    assert not User.objects.filter(username__in=["ana", "ben", "cleo"]).exists()


@pytest.mark.parametrize("given", ["%00", "-1", "9" * 30, "x'--", "%F0%9F%92%A9"])
def test_nonsense_leads_nowhere(people, given):
    browser = people[0].browser()
    for head, tail in (("bill/", ""), ("pay/done/", ""), ("questions/", ""), ("plan/", ""), ("papers/bill-", ".pdf")):
        assert browser.get(f"/my/{head}{given}{tail}").status_code == 404
    assert browser.post("/my/pay", {"which": "other", "other": given}).status_code == 422
