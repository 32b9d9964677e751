"""`superbill serve` before it serves: the demo's people, and whom it makes none for."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.app_samples import AT, TODAY
from tests.portal_samples import owing, settings_kept

from superbill.app.accounts.actors import system_actor
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import ROLES
from superbill.app.accounts.queries import actor_for
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.portal.access import account_in, known
from superbill.app.portal.demo import DEMO_PATIENT
from superbill.app.practices.actions import open_practice
from superbill.app.session import BadInput
from superbill.app.statements.actions import hold
from superbill.app.statements.models import HoldKind
from superbill.app.web.actions import DEMO_PEOPLE
from superbill.cli.root import root


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
    assert passwords.keys() == DEMO_PEOPLE.keys()
    for name, role in DEMO_PEOPLE.items():
        user = User.objects.get(username=name)
        assert user.check_password(passwords[name])
        assert actor_for(user, practice.pk).permissions == ROLES[role]
    again = started("--db", sqlite_database.address, "--demo-users").output
    assert not any(password in again for password in passwords.values())
    assert not User.objects.get(username="biller").check_password(passwords["biller"])


def test_the_demos_patient_is_one_who_owes_and_a_file_from_before_gets_their_line(sqlite_database, started, tmp_path):
    owing(system_actor(open_practice("lakeland", "Lakeland Family Medicine").pk), 1)
    file = tmp_path / "passwords"
    file.write_text("".join(f"{name} old-{name}\n" for name in DEMO_PEOPLE))
    options = ("--db", sqlite_database.address, "--demo-users", "--password-file", str(file), "--date", f"{TODAY}")
    with settings_kept():
        assert "/my, all others at" in started(*options).output
        assert started(*options).exit_code == 0
    passwords = dict(row.split() for row in file.read_text().splitlines())
    assert passwords.keys() == {*DEMO_PEOPLE, DEMO_PATIENT}
    assert passwords["biller"] == "old-biller"
    row = known(DEMO_PATIENT, passwords[DEMO_PATIENT])
    mine = account_in(row.pk, row.session)
    assert mine.owing(TODAY, {}).now == 40_00


def test_where_all_that_is_owed_is_in_dispute_the_demos_patient_is_one_who_owes_it(sqlite_database, started, tmp_path):
    system = system_actor(open_practice("lakeland", "Lakeland Family Medicine").pk)
    (patient,) = owing(system, 1)
    guarantor = guarantor_of(system.scope, [patient], TODAY)[patient]
    hold(system, HoldKind.DISPUTE, since=TODAY, reason="asked", guarantor=guarantor, at=AT)
    file = tmp_path / "passwords"
    with settings_kept():
        started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file), "--date", f"{TODAY}")
    passwords = dict(row.split() for row in file.read_text().splitlines())
    row = known(DEMO_PATIENT, passwords[DEMO_PATIENT])
    owed = account_in(row.pk, row.session).owing(TODAY, {})
    assert (owed.now, owed.paused) == (0, 40_00)


def test_a_password_file_is_made_once_for_its_owner_and_kept(sqlite_database, started, tmp_path):
    open_practice("lakeland", "Lakeland Family Medicine")
    file = tmp_path / "passwords"
    for _ in range(2):
        said = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file)).output
        passwords = dict(row.split() for row in file.read_text().splitlines())
        assert not any(password in said for password in passwords.values())
        assert User.objects.get(username="coder").check_password(passwords["coder"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("biller only\n")
    refused = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file))
    assert isinstance(refused.exception, BadInput)
    assert "no password for frontdesk" in str(refused.exception)


def test_no_people_are_made_in_a_database_that_is_not_the_demos(sqlite_database, started, tmp_path):
    open_practice("lakeside", "A real practice")
    file = tmp_path / "passwords"
    refused = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file))
    assert "not the demo's" in str(refused.exception)
    assert not file.exists()
    assert "Nobody can sign in yet" in started("--db", sqlite_database.address).output


def test_an_empty_database_is_offered_the_demo_and_nothing_is_made_without_a_yes(sqlite_database, started, tmp_path):
    for place in (sqlite_database.address, str(tmp_path / "none.db")):
        refused = started("--db", place)
        assert isinstance(refused.exception, BadInput)
        assert "--demo" in str(refused.exception)
    assert not (tmp_path / "none.db").exists()


def test_a_demo_loaded_earlier_tells_where_its_log_ins_are(sqlite_database, started):
    open_practice("lakeland", "Lakeland Family Medicine")
    file = Path(sqlite_database.address).parent / "passwords"
    said = started("--db", sqlite_database.address, "--demo-users", "--password-file", str(file)).output
    assert str(file) in said
    said = started("--db", sqlite_database.address).output
    file.unlink()
    assert "log-ins of the demo: frontdesk" in said
