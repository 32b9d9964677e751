"""The pages of jobs: one's own are stopped, asked for again and fetched; those of others are not."""

from zipfile import ZipFile

import pytest
from django.conf import settings
from django.urls import reverse
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Role
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import secret_key
from superbill.app.jobs.models import Job
from superbill.app.jobs.worker import Worker


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    secret_key(tmp_path / "key")
    monkeypatch.setattr(settings, "SUPERBILL_FILES", tmp_path / "files")


@pytest.fixture
def manager(practice):
    return signed_in(member_of(practice, "manager", Role.MANAGER))


def address(route, *keys):
    return reverse(route, args=("lakeside", *keys))


def begun(client, **body):
    answer = client.post(address("job-start"), body)
    assert answer.status_code == 302, answer.status_code
    return int(answer["Location"].rpartition("/")[2])


def test_an_export_is_asked_for_watched_and_fetched_and_the_trail_tells_of_it(manager, practice, tmp_path):
    job = begun(manager, kind="export", form="csv")
    waiting = manager.get(address("job", job)).content.decode()
    assert "waiting" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    Worker().run(until_empty=True)
    done = manager.get(address("job", job)).content.decode()
    assert "hx-trigger" not in done
    assert address("job-file", job) in done
    fetched = manager.get(address("job-file", job))
    assert fetched["Content-Disposition"].startswith("attachment")
    (tmp_path / "got.zip").write_bytes(b"".join(fetched))
    with ZipFile(tmp_path / "got.zip") as packed:
        assert any(name.endswith("/manifest.json") for name in packed.namelist())
    rows = Scope(practice.pk).rows(AuditEvent).filter(actor="manager")
    assert {"start a job", "export everything", "take a file"} <= set(rows.values_list("action", flat=True))
    assert "Export of everything" in manager.get(address("jobs")).content.decode()


def test_nobody_else_fetches_stops_or_repeats_it_and_nobody_who_may_no_longer_export(manager, practice):
    job = begun(manager, kind="export")
    other = signed_in(member_of(practice, "other", Role.MANAGER))
    coder = signed_in(member_of(practice, "coder", Role.CODER))
    assert coder.get(address("job", job)).status_code == 404
    assert coder.post(address("job-stop", job)).status_code == 404
    other.post(address("job-stop", job))
    assert Scope(practice.pk).rows(Job).get(pk=job).state == "waiting"
    Worker().run(until_empty=True)
    assert other.get(address("job-file", job)).status_code == 404
    user = User.objects.get(username="manager")
    Scope(practice.pk).rows(Membership).filter(user=user).update(role=Role.CODER)
    assert manager.get(address("job-file", job)).status_code == 403


def test_one_stops_ones_own_and_asks_for_it_again(manager, practice):
    job = begun(manager, kind="tasks")
    assert manager.post(address("job-stop", job)).status_code == 302
    Worker().run(until_empty=True)
    page = manager.get(address("job", job)).content.decode()
    assert "stopped" in page
    again = manager.post(address("job-again", job))
    assert again.status_code == 302
    assert again["Location"] != address("job", job)
    Worker().run(until_empty=True)
    assert Scope(practice.pk).rows(Job).get(pk=int(again["Location"].rpartition("/")[2])).state == "done"


def test_what_is_offered_follows_ones_roles(manager, practice):
    assert "Export everything" in manager.get(address("jobs")).content.decode()
    coder = signed_in(member_of(practice, "coder", Role.CODER))
    page = coder.get(address("jobs")).content.decode()
    assert "Export everything" not in page
    assert coder.post(address("job-start"), {"kind": "export"}).status_code == 403
    assert coder.post(address("job-start"), {"kind": "nonsense"}).status_code == 404


def test_a_page_that_asks_by_itself_does_not_keep_its_person_signed_in(manager):
    job = begun(manager, kind="tasks")
    by_itself = manager.get(address("job", job), headers={"X-Superbill-Poll": "1"})
    assert settings.SESSION_COOKIE_NAME not in by_itself.cookies
    assert settings.SESSION_COOKIE_NAME in manager.get(address("job", job)).cookies
