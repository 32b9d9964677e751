"""`superbill people`: what only whoever runs the server does for people of two practices."""

import json

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.test import Client
from tests.web_samples import member_of

from superbill.app.accounts.permissions import Role
from superbill.app.practices.actions import open_practice
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
