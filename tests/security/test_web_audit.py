"""The audit log on its page, at the command line and as a file: found, proved, neutral for spreadsheets."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.urls import reverse
from tests.app_samples import AT, billed
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.actions import record_reading
from superbill.app.audit.exporting import export
from superbill.app.audit.models import AuditEvent
from superbill.app.audit.queries import Asked, UnknownSubject, every, found
from superbill.app.boot import secret_key
from superbill.app.claims.models import ClaimRow
from superbill.app.jobs.models import Job
from superbill.app.jobs.running import folder_of
from superbill.app.jobs.worker import Worker
from superbill.cli.root import root


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    secret_key(tmp_path / "key")
    monkeypatch.setattr(settings, "SUPERBILL_FILES", tmp_path / "files")


@pytest.fixture
def office(system, practice):
    """Claims, and their readings by a biller."""
    claims = billed(system)
    biller = actor_with("biller", practice.pk, Role.BILLER)
    ids = list(system.scope.rows(ClaimRow).order_by("pk").values_list("pk", flat=True))
    record_reading(biller, "claim", ids, at=AT)
    record_reading(biller, "encounter", list(system.scope.rows(ClaimRow).values_list("encounter_id", flat=True)), at=AT)
    return claims


@pytest.fixture
def chief(practice):
    return signed_in(member_of(practice, "admin", Role.ADMINISTRATOR))


def tamper(number):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_auditevent_no_update")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET actor = 'nobody' WHERE number = %s", [number])


def page(client, **given):
    return client.get(reverse("audit", args=("lakeside",)), given).content.decode()


def test_events_are_found_by_person_action_subject_and_day(system, office):
    scope, number = system.scope, office[0].control_number
    assert {one.actor for one in found(scope, Asked(actor="biller"))} == {"biller"}
    assert {one.action for one in found(scope, Asked(action="rea"))} == {"read"}
    about = found(scope, Asked(subject=number))
    assert {one.subject for one in about} == {number}
    visit = found(scope, Asked(subject="A1001", actor="biller"))
    assert {one.kind for one in visit} == {"claim", "encounter"}
    assert not found(scope, Asked(last=AT.date().replace(year=2001)))
    assert len(found(scope, Asked(first=AT.date(), last=AT.date(), actor="biller"))) == len(
        found(scope, Asked(actor="biller"))
    )
    with pytest.raises(UnknownSubject):
        found(scope, Asked(subject="Family1"))
    numbers = [one.number for one in every(scope, Asked())]
    assert numbers == sorted(numbers)


def test_everything_about_a_patient_is_one_search(system, office):
    patient = system.scope.rows(ClaimRow).first().encounter.patient_id
    told = found(system.scope, Asked(subject=f"patient {patient}"), limit=500)
    assert {"patient", "encounter", "claim"} >= {one.kind for one in told} >= {"encounter", "claim"}


def test_the_page_shows_finds_and_pages(chief, office, practice):
    shown = page(chief)
    assert "follow one another unchanged" in shown
    assert office[0].control_number in shown
    assert "family1" not in shown.lower()
    asked = chief.post(reverse("audit", args=("lakeside",)), {"actor": "biller", "subject": office[0].control_number})
    assert asked.status_code == 302
    narrowed = chief.get(asked["Location"]).content.decode()
    assert narrowed.count('<tr><th scope="row"') == 1
    assert "Clear filters" in narrowed
    older = page(chief, before=3)
    assert older.count('<tr><th scope="row"') == 2


def test_a_name_in_the_wrong_field_stands_in_no_address(chief, office):
    answer = chief.post(reverse("audit", args=("lakeside",)), {"subject": "Family1"})
    assert answer.status_code == 422
    assert "Nothing here has the number" in answer.content.decode()


def test_the_page_tells_where_the_trail_breaks(chief, office):
    tamper(5)
    assert "The trail breaks at event 5" in page(chief)


def test_a_worker_proves_all_of_it_and_writes_the_file(chief, office, practice):
    where = {"form": "csv", "actor": "biller"}
    export_job = chief.post(reverse("audit-export", args=("lakeside",)), where)["Location"].rpartition("/")[2]
    check_job = chief.post(reverse("audit-check", args=("lakeside",)))["Location"].rpartition("/")[2]
    Worker().run(until_empty=True)
    rows = Scope(practice.pk).rows(Job)
    assert "follow one another" in rows.get(pk=check_job).message
    made = rows.get(pk=export_job)
    assert made.state == "done", made.message
    lines = list(csv.DictReader(io.StringIO((folder_of(made.pk) / made.file).read_text())))
    assert {line["actor"] for line in lines} == {"biller"}
    assert f"{len(lines):,} events" in made.message
    assert Scope(practice.pk).rows(AuditEvent).filter(action="export audit trail", actor="admin").count() == 1
    assert "All of them were last proved" in page(chief)


def test_cells_that_a_spreadsheet_would_run_are_text(practice, system):
    names = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "plain"]
    for name in names:
        record_reading(actor_with(name, practice.pk, Role.BILLER), "claim", [1], at=AT)
    lines = list(csv.reader(io.StringIO("".join(export(system, Asked(), "csv", at=AT)), newline="")))
    actors = [line[2] for line in lines[1:]]
    assert actors[: len(names)] == [*(f"'{name}" for name in names[:-1]), "plain"]
    told = [json.loads(line) for line in export(system, Asked(), "jsonl", at=AT)]
    assert [one["actor"] for one in told][: len(names)] == names


def test_who_may_not_read_the_trail_takes_none_of_it_out(practice, office):
    biller = actor_with("biller", practice.pk, Role.BILLER)
    with pytest.raises(NotPermitted):
        export(biller, Asked(), "csv", at=AT)
    with pytest.raises(NotPermitted):
        found(biller.scope, Asked())


def run(*arguments, code=0):
    done = CliRunner().invoke(root, ["audit", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_line_verifies_lists_and_exports(database, office, tmp_path):
    db = ("--db", database.address)
    said = json.loads(run("verify", *db, "--json"))
    assert said["broken"] is None
    assert said["head"].startswith(f"{said['events']}:")
    assert run("verify", *db, "--head", said["head"])
    listed = json.loads(run("list", *db, "--about", office[0].control_number, "--actor", "biller", "--json"))
    assert [one["subject"] for one in listed] == [office[0].control_number]
    run("export", *db, "--actor", "biller", "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().count("\n") > 4
    assert run("export", *db, "--format", "jsonl", "--actor", "biller").count("\n") > 4
    tamper(4)
    assert "BROKEN at event 4" in run("verify", *db, code=1)
    assert json.loads(run("verify", *db, "--json", "--head", f"4:{'0' * 64}", code=1))["same"] is False
