"""`superbill serve` before it serves: the demo's people, and whom it makes none for."""

import stat

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate

from superbill.app.accounts.permissions import ROLES, Role
from superbill.app.accounts.queries import actor_for
from superbill.app.practices.actions import open_practice
from superbill.cli.root import root
from superbill.cli.session import BadInput


@pytest.fixture
def started(monkeypatch):
    """Everything but the serving itself."""
    monkeypatch.setattr("superbill.cli.serve._serve", lambda port, ready: ready(f"http://127.0.0.1:{port}"))

    def run(*arguments):
        return CliRunner().invoke(root, ["serve", *arguments])

    return run


def test_demo_people_get_one_role_each_and_passwords_shown_once(sqlite_database, started):
    practice = open_practice("lakeland", "Lakeland Family Medicine")
    said = started("--db", sqlite_database.address, "--demo-users").output
    passwords = dict(row.split() for row in said.splitlines() if row.startswith("  "))
    roles = {"biller": Role.BILLER, "coder": Role.CODER, "frontdesk": Role.FRONT_DESK}
    assert passwords.keys() == roles.keys()
    for name, role in roles.items():
        user = authenticate(username=name, password=passwords[name])
        assert user is not None
        assert actor_for(user, practice.pk).permissions == ROLES[role]
    again = started("--db", sqlite_database.address, "--demo-users").output
    assert not any(password in again for password in passwords.values())
    assert authenticate(username="biller", password=passwords["biller"]) is None


def test_a_password_file_is_made_once_for_its_owner_and_kept(sqlite_database, started, tmp_path):
    open_practice("lakeland", "Lakeland Family Medicine")
    file = tmp_path / "passwords"
    for _ in range(2):
        said = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file)).output
        passwords = dict(row.split() for row in file.read_text().splitlines())
        assert not any(password in said for password in passwords.values())
        assert authenticate(username="coder", password=passwords["coder"]) is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("biller only\n")
    refused = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file))
    assert isinstance(refused.exception, BadInput)
    assert "no password for coder" in str(refused.exception)


def test_no_people_are_made_in_a_database_that_is_not_the_demos(sqlite_database, started, tmp_path):
    open_practice("lakeside", "A real practice")
    file = tmp_path / "passwords"
    refused = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file))
    assert "not the demo's" in str(refused.exception)
    assert not file.exists()
    assert "Nobody can sign in yet" in started("--db", sqlite_database.address).output
