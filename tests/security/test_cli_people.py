"""`superbill people`: what only whoever runs the server does: a practice's first log-in, those of two practices."""

import json

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.test import Client
from tests.cli_runs import site as clinic_site
from tests.web_samples import member_of

from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import secret_key
from superbill.app.practices.actions import open_practice
from superbill.app.practices.queries import practices
from superbill.cli.root import root

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "seven quiet herons at dusk"


def run(database, *arguments):
    return CliRunner().invoke(root, ["people", *arguments, "--db", database.address])


@pytest.fixture
def olga(sqlite_database):
    return member_of(open_practice("lakeside", "Lakeside"), "olga", Role.CODER)


def test_the_link_that_the_server_prints_is_one_that_the_pages_take(sqlite_database, olga):
    said = run(sqlite_database, "password-link", "olga", "--address", "http://localhost/").output
    address = said.splitlines()[0].removeprefix("http://localhost")
    assert "Good once, for 3 days" in said

    page = Client(headers={"host": "localhost"}).post(address, {"password": PASSWORD, "again": PASSWORD})

    assert b"Sign in as olga" in page.content
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)
    told = json.loads(run(sqlite_database, "password-link", "olga", "--json").stdout)
    assert told["link"].startswith(f"/new-password/{olga.pk}-") and told["days"] == 3


def test_a_second_step_is_taken_away_once(sqlite_database, olga):
    Authenticator.objects.create(user=olga, type="totp", data={"secret": "x"})

    ended = [run(sqlite_database, "reset-second-step", "olga") for _ in range(2)]

    assert [one.exit_code for one in ended] == [0, 1]
    assert not Authenticator.objects.exists()


def test_a_new_practices_first_administrator_comes_in_by_the_servers_link(database, tmp_path):
    secret_key(tmp_path / "key")
    site = clinic_site(tmp_path / "clinic") / "site.toml"
    said = run(database, "invite", "Olga", "--address", "http://localhost", "--site", str(site)).output
    assert "Hand it to Olga alone: administrator." in said
    browser = Client(headers={"host": "localhost"})
    address = said.splitlines()[0].removeprefix("http://localhost")
    assert "You are invited to work here as administrator." in browser.get(address).content.decode()

    assert browser.post(address, {"username": "olga", "password": PASSWORD, "again": PASSWORD}).status_code == 302

    (practice,) = practices()
    olga = actor_for(User.objects.get(username="olga"), practice.pk)
    assert olga.roles == {Role.ADMINISTRATOR}
    told = olga.scope.rows(AuditEvent).filter(action__in=["invite", "join"]).order_by("number")
    assert list(told.values_list("action", "actor")) == [("invite", "system"), ("join", "olga"), ("join", "olga")]


def test_nobody_is_asked_in_without_the_practices_facts_or_as_the_program(tmp_path):
    place = ("--db", str(tmp_path / "new.db"))
    refused = CliRunner().invoke(root, ["people", "invite", "Olga", *place])
    assert "no site file" in str(refused.exception)
    assert not (tmp_path / "new.db").exists()
    refused = CliRunner().invoke(root, ["people", "invite", "Olga", "--role", "system", *place])
    assert "'system' is not one of" in refused.output
