"""Users and emergencies: what an administrator can and can't do, and what belongs to one person alone."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.app_samples import AT
from tests.web_samples import PASSWORD, member_of, one_of_everything, signed_in

from superbill.app.accounts.actions import NotForPeople, deactivate, grant, reset_second_factors, revoke, unlock
from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.emergencies import begin, review
from superbill.app.accounts.invitations import VALID, invitation, invite, join
from superbill.app.accounts.models import EmergencyAccess, Invitation, Membership, User
from superbill.app.accounts.operating import operators_link, operators_reset
from superbill.app.accounts.passwords import make_password_link
from superbill.app.accounts.permissions import EMERGENCY, NotPermitted, Permission, Role
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import secret_key
from superbill.app.practices.actions import open_practice
from superbill.app.practices.models import Practice
from superbill.app.web.desk import now
from superbill.app.worklists.actions import refresh
from superbill.app.worklists.models import WorkItem

pytestmark = pytest.mark.usefixtures("quick_passwords")
NEW = {"username": "zoe", "password": "seven quiet herons at dusk", "again": "seven quiet herons at dusk"}


@pytest.fixture
def chief(practice, tmp_path):
    """The administrator in a browser."""
    secret_key(tmp_path / "key")
    return signed_in(member_of(practice, "dora", Role.ADMINISTRATOR))


def link_of(page):
    return re.search(r'value="http://localhost(/join/[^"]+)"', page.content.decode())[1]


def newcomer():
    return Client(headers={"host": "localhost"})


def roles(practice, name):
    rows = Scope(practice.pk).rows(Membership).filter(user__username=name)
    return set(rows.values_list("role", flat=True))


def events(practice, *names):
    rows = Scope(practice.pk).rows(AuditEvent).filter(action__in=names).order_by("id")
    return [(event.actor, event.action) for event in rows]


def test_one_who_is_asked_in_chooses_a_name_and_works_at_once(chief, practice):
    page = chief.post("/p/lakeside/people/invite", {"label": "Zoe, coder", "roles": ["coder", "auditor"]})
    link = link_of(page)
    client = newcomer()
    assert b"Lakeside" in client.get(link).content
    assert client.post(link, NEW)["Location"] == "/"
    assert client.get("/p/lakeside/visits").status_code == 200
    assert roles(practice, "zoe") == {"coder", "auditor"}
    assert events(practice, "invite", "join") == [
        ("dora", "invite"),
        ("zoe", "join"),
        ("zoe", "join"),
        ("zoe", "join"),
    ]


def test_a_link_works_once_and_for_seven_days_and_only_its_hash_is_kept(chief, practice):
    link = link_of(chief.post("/p/lakeside/people/invite", {"label": "Zoe", "roles": ["coder"]}))
    token = link.removeprefix("/join/")
    assert token not in str(list(Scope(practice.pk).rows(Invitation).values()))
    assert token.encode() not in chief.get("/p/lakeside/people").content
    assert invitation(token, now() + VALID - timedelta(seconds=9)) is not None
    assert invitation(token, now() + VALID) is None
    assert newcomer().post(link, NEW).status_code == 302
    assert newcomer().get(link).status_code == 404
    assert newcomer().post(link, {**NEW, "username": "zack"}).status_code == 404
    assert not User.objects.filter(username="zack").exists()


def test_a_link_that_was_withdrawn_or_never_made_looks_the_same(chief, practice):
    link = link_of(chief.post("/p/lakeside/people/invite", {"label": "Zoe", "roles": ["coder"]}))
    row = Scope(practice.pk).rows(Invitation).get()
    assert chief.post(f"/p/lakeside/people/invitations/{row.pk}/withdraw").status_code == 302
    gone, never = newcomer().get(link), newcomer().get("/join/never-made")
    assert (gone.status_code, gone.content) == (never.status_code, never.content)


@pytest.mark.parametrize(
    "given",
    [
        {"again": "something else"},
        {"password": "short", "again": "short"},
        {"password": "zoezoezoezoe", "again": "zoezoezoezoe", "username": "zoezoezoezoe"},
        {"username": "DORA"},
        {"username": "a b"},
        {"username": ""},
        {"username": "\0"},
        {"password": "x" * 5000, "again": "x" * 5000},
    ],
)
def test_a_name_that_is_taken_and_a_password_that_is_weak_are_told_in_the_form(chief, practice, given):
    link = link_of(chief.post("/p/lakeside/people/invite", {"label": "Zoe", "roles": ["coder"]}))
    answer = newcomer().post(link, {**NEW, **given})
    assert answer.status_code == 422
    assert User.objects.count() == 1
    assert newcomer().post(link, NEW).status_code == 302


def test_one_with_a_log_in_takes_the_roles_for_it(chief, practice):
    link = link_of(chief.post("/p/lakeside/people/invite", {"label": "Olga", "roles": ["poster"]}))
    olga = signed_in(member_of(open_practice("hillside", "Hillside Clinic"), "olga", Role.POSTER))
    assert b"Join as olga" in olga.get(link).content
    assert olga.post(link)["Location"] == "/p/lakeside/"
    assert roles(practice, "olga") == {"poster"}


def do(client, user, deed, role=""):
    """The button on the person's page; a refusal leads back there, as browsers tell where they were."""
    page = f"/p/lakeside/people/{user.pk}"
    told = {"referer": f"http://localhost{page}"}
    return client.post(f"{page}/change", {"do": deed, "role": role}, follow=True, headers=told)


def test_roles_come_and_go_with_a_way_back(chief, practice):
    ben = member_of(practice, "ben", Role.BILLER)
    page = do(chief, ben, "grant", "coder")
    assert roles(practice, "ben") == {"biller", "coder"}
    assert b"ben is coder now" in page.content
    assert b'name="do" value="revoke"' in page.content
    do(chief, ben, "revoke", "coder")
    assert roles(practice, "ben") == {"biller"}
    for role in ("system", "nonsense", ""):
        assert do(chief, ben, "grant", role).status_code == 404


def test_nobody_grants_to_themselves_and_the_last_administrator_stays(chief, practice):
    me = User.objects.get(username="dora")
    assert b"to themselves" in do(chief, me, "grant", "manager").content
    for deed, role in (("revoke", "administrator"), ("deactivate", "")):
        do(chief, me, deed, role)
    assert roles(practice, "dora") == {"administrator"}
    assert User.objects.get(username="dora").is_active
    other = member_of(practice, "deputy", Role.ADMINISTRATOR)
    User.objects.filter(pk=other.pk).update(is_active=False)  # one who can't sign in counts for nothing
    assert b"last administrator" in do(chief, me, "revoke", "administrator").content


def test_one_who_left_is_out_at_once_and_comes_back_with_their_roles(chief, practice):
    ben = member_of(practice, "ben", Role.BILLER)
    client = signed_in(ben)
    assert client.get("/p/lakeside/claims").status_code == 200
    do(chief, ben, "deactivate")
    assert client.get("/p/lakeside/claims").status_code == 302
    assert b"ben" in chief.get("/p/lakeside/people?show=left").content
    do(chief, ben, "reactivate")
    assert client.get("/p/lakeside/claims").status_code == 302  # the old session stays closed
    assert signed_in(User.objects.get(pk=ben.pk)).get("/p/lakeside/claims").status_code == 200
    assert events(practice, "deactivate", "reactivate") == [("dora", "deactivate"), ("dora", "reactivate")]


def test_who_works_elsewhere_too_is_not_deactivated_from_here(chief, practice):
    olga = member_of(open_practice("hillside", "Hillside Clinic"), "olga", Role.POSTER)
    grant(actor_with("chief", practice.pk, Role.ADMINISTRATOR), olga, Role.POSTER, at=AT)
    assert b"another practice" in do(chief, olga, "deactivate").content
    assert User.objects.get(pk=olga.pk).is_active


def test_an_administrator_unlocks(chief, practice):
    ben = member_of(practice, "ben", Role.BILLER)
    ben.set_password(PASSWORD)
    ben.save()
    for _ in range(5):
        newcomer().post("/sign-in", {"username": "ben", "password": "guess"})
    assert newcomer().post("/sign-in", {"username": "ben", "password": PASSWORD}).status_code == 429
    assert b"locked out until" in chief.get("/p/lakeside/people").content
    do(chief, ben, "unlock")
    assert not AccessAttempt.objects.exists()
    assert newcomer().post("/sign-in", {"username": "ben", "password": PASSWORD}).status_code == 302


def password_link_of(page):
    return re.search(r'value="http://localhost(/new-password/[^"]+)"', page.content.decode())[1]


def test_one_who_forgot_the_password_chooses_a_new_one_by_a_link_that_works_once(chief, practice):
    ben = member_of(practice, "ben", Role.BILLER)
    here = signed_in(ben)
    link = password_link_of(chief.post(f"/p/lakeside/people/{ben.pk}/password"))
    client = newcomer()
    assert b"For the log-in ben" in client.get(link).content
    assert client.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert b"Sign in as ben" in client.post(link, {key: NEW[key] for key in ("password", "again")}).content
    assert here.get("/p/lakeside/claims").status_code == 302
    assert client.get("/p/lakeside/claims").status_code == 302
    assert client.post("/sign-in", {"username": "ben", "password": NEW["password"]})["Location"] == "/"
    gone, never = newcomer().get(link), newcomer().get("/new-password/7-never-made")
    assert (gone.status_code, gone.content) == (404, never.content)
    assert events(practice, "make password link", "choose password") == [
        ("dora", "make password link"),
        ("ben", "choose password"),
    ]


def test_a_password_link_ends_with_the_next_sign_in_and_is_for_no_one_who_may_not_come(chief, practice):
    ben = member_of(practice, "ben", Role.BILLER)
    ben.set_password(PASSWORD)
    ben.save()
    link = password_link_of(chief.post(f"/p/lakeside/people/{ben.pk}/password"))
    assert newcomer().post("/sign-in", {"username": "ben", "password": PASSWORD}).status_code == 302
    assert newcomer().get(link).status_code == 404
    link = password_link_of(chief.post(f"/p/lakeside/people/{ben.pk}/password"))
    do(chief, ben, "deactivate")
    assert newcomer().get(link).status_code == 404
    member_of(open_practice("hillside", "Hillside Clinic"), "olga", Role.POSTER)
    olga = User.objects.get(username="olga")
    grant(actor_with("dora", practice.pk, Role.ADMINISTRATOR), olga, Role.CODER, at=AT)
    for user in (ben, olga, User.objects.get(username="dora")):
        with pytest.raises(NotForPeople):
            make_password_link(actor_with("dora", practice.pk, Role.ADMINISTRATOR), user, at=AT)


@pytest.fixture
def olga(practice):
    """A colleague of two practices."""
    there = member_of(open_practice("hillside", "Hillside Clinic"), "olga", Role.POSTER)
    grant(actor_with("dora", practice.pk, Role.ADMINISTRATOR), there, Role.CODER, at=AT)
    return there


def test_no_administrator_of_one_practice_opens_a_log_in_of_two(chief, practice, olga):
    Authenticator.objects.create(user=olga, type="totp", data={"secret": "x"})
    page = chief.get(f"/p/lakeside/people/{olga.pk}").content.decode()
    assert "superbill people password-link olga" in page and "superbill people reset-second-step olga" in page
    assert "Make a link for a new password" not in page and "Reset the second step" not in page
    assert b"/new-password/" not in chief.post(f"/p/lakeside/people/{olga.pk}/password", follow=True).content
    assert b"superbill people reset-second-step" in do(chief, olga, "reset").content
    assert Authenticator.objects.filter(user=olga).exists()


def test_whoever_runs_the_server_makes_the_link_and_takes_the_second_step_away(chief, practice, olga):
    Authenticator.objects.create(user=olga, type="totp", data={"secret": "x"})
    here = signed_in(olga)
    link = f"/new-password/{operators_link('Olga', at=AT)}"
    assert operators_reset("olga", at=AT) and not operators_reset("olga", at=AT)
    assert not Authenticator.objects.filter(user=olga).exists()
    assert here.get("/p/lakeside/claims").status_code == 302
    assert b"Sign in as olga" in newcomer().post(link, {key: NEW[key] for key in ("password", "again")}).content
    assert newcomer().get(link).status_code == 404
    hillside = Practice.objects.get(key="hillside")
    for each in (practice, hillside):
        told = events(each, "make password link", "reset second factors")
        assert told == [("system", "make password link"), ("system", "reset second factors")]


def test_the_server_s_link_is_for_members_who_may_come(practice, olga):
    deactivated = member_of(practice, "ben", Role.BILLER)
    deactivated.is_active = False
    deactivated.save()
    User.objects.create_user("patient")
    for name in ("ben", "patient", "nobody"):
        with pytest.raises(NotForPeople, match=name):
            operators_link(name, at=AT)


@pytest.mark.parametrize("who", ["colleague", "outsider"])
def test_others_manage_nobody(practice, who):
    ben = member_of(practice, "ben", Role.BILLER)
    other = open_practice("hillside", "Hillside Clinic")
    actor = {
        "colleague": actor_with("colleague", practice.pk, Role.MANAGER),
        "outsider": actor_with("outsider", other.pk, Role.ADMINISTRATOR),
    }[who]
    refusal = NotPermitted if who == "colleague" else NotForPeople
    for deed in (deactivate, reset_second_factors, unlock, make_password_link):
        with pytest.raises(refusal):
            deed(actor, ben, at=AT)
    if who == "colleague":
        with pytest.raises(NotPermitted):
            invite(actor, "Zoe", [Role.CODER], at=AT)
    else:
        revoke(actor, ben, Role.BILLER, at=AT)
    assert roles(practice, "ben") == {"biller"}


def test_the_list_asks_the_same_number_of_questions_however_many_people(chief, practice, django_count):
    member_of(practice, "ben", Role.BILLER)
    few = django_count(lambda: chief.get("/p/lakeside/people"))
    for number in range(12):
        member_of(practice, f"name{number}", Role.CODER, Role.BILLER)
    assert django_count(lambda: chief.get("/p/lakeside/people")) == few


@pytest.fixture
def django_count():
    def count(ask):
        with CaptureQueriesContext(connection) as said:
            assert ask().status_code == 200
        return len(said)

    return count


REASON = "patient unconscious, allergies asked by the hospital"


@pytest.fixture
def helper(system, practice, tmp_path):
    """The administrator, whose role opens no chart, in a practice with charts."""
    one_of_everything(system, practice, tmp_path)
    return signed_in(member_of(practice, "helper", Role.ADMINISTRATOR))


def test_in_an_emergency_any_member_reads_charts_for_an_hour_and_everybody_knows(helper, practice, monkeypatch):
    assert helper.get("/p/lakeside/visits/A1001").status_code == 403
    assert helper.post("/p/lakeside/emergency", {"reason": "urgent"}).status_code == 422
    helper.post("/p/lakeside/emergency", {"reason": REASON})
    page = helper.get("/p/lakeside/visits/A1001")
    assert page.status_code == 200
    assert b"Everything that you open is noted" in page.content
    read = Scope(practice.pk).rows(AuditEvent).filter(action="read", actor="helper").last()
    assert json.loads(read.detail) == {"emergency": REASON}
    user = User.objects.get(username="helper")
    actor = actor_for(user, practice.pk, now())
    assert actor.permissions == actor_for(user, practice.pk).permissions | EMERGENCY
    assert actor_for(user, practice.pk, now() + timedelta(minutes=61)).emergency is None


def test_an_emergency_ends_by_its_button(helper):
    helper.post("/p/lakeside/emergency", {"reason": REASON})
    helper.post("/p/lakeside/emergency/end")
    assert helper.get("/p/lakeside/visits/A1001").status_code == 403


def test_an_emergency_is_read_by_the_manager_and_never_by_the_one_who_had_it(helper, practice, system):
    helper.post("/p/lakeside/emergency", {"reason": REASON})
    helper.get("/p/lakeside/visits/A1001")
    refresh(system, AT.date(), at=now())
    task = Scope(practice.pk).rows(WorkItem).get(kind="emergency access")
    assert (task.role, task.state) == ("manager", "open")
    row = Scope(practice.pk).rows(EmergencyAccess).get()
    with pytest.raises(NotForPeople):
        review(actor_with("helper", practice.pk, Role.ADMINISTRATOR), row.pk, at=now())
    manager = signed_in(member_of(practice, "mara", Role.MANAGER))
    page = manager.get("/p/lakeside/people/emergencies").content.decode()
    assert REASON in page
    assert "1 encounter" in page
    manager.post(f"/p/lakeside/people/emergencies/{row.pk}/review")
    refresh(system, AT.date(), at=now())
    assert Scope(practice.pk).rows(WorkItem).get(pk=task.pk).state == "closed"


def test_no_emergency_for_outsiders_nor_where_charts_are_open_anyway(helper, practice):
    outsider = member_of(open_practice("hillside", "Hillside Clinic"), "outsider", Role.CODER)
    assert signed_in(outsider).post("/p/lakeside/emergency", {"reason": REASON}).status_code == 404
    with pytest.raises(NotPermitted):
        begin(actor_for(outsider, practice.pk), outsider, REASON, at=now())
    manager = signed_in(member_of(practice, "mara", Role.MANAGER))
    assert manager.post("/p/lakeside/emergency", {"reason": REASON}).status_code == 422
    assert not Scope(practice.pk).rows(EmergencyAccess).exists()


def test_permissions_of_an_emergency_are_only_to_read():
    assert all(permission.value.startswith("read") for permission in EMERGENCY)
    assert Permission.READ_LEDGER not in EMERGENCY


def test_a_name_that_was_taken_meanwhile_is_told(practice, tmp_path):
    secret_key(tmp_path / "key")
    token = invite(actor_with("chief", practice.pk, Role.ADMINISTRATOR), "Zoe", [Role.CODER], at=now())
    member_of(practice, "zoe", Role.BILLER)
    with pytest.raises(NotForPeople, match="taken"):
        join(token, "Zoe", NEW["password"], at=now())
    assert invitation(token, now()) is not None
