"""Answers are fetched by a worker: one waits a moment for them; a slow receiver has a page with what came so far."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from tests.web_samples import member_of, secret_key, signed_in, site_of

from superbill.app.accounts.permissions import Role
from superbill.app.claims.models import ReceivedFile
from superbill.app.jobs import queries
from superbill.app.jobs.models import Job
from superbill.app.jobs.worker import Worker
from superbill.app.web.claims import sending


@pytest.fixture
def biller(practice, tmp_path, monkeypatch):
    secret_key(tmp_path / "key")
    site_of(practice, tmp_path)
    (tmp_path / "there" / "inbox").mkdir(parents=True)
    (tmp_path / "there" / "inbox" / "letter.txt").write_bytes(b"Dear biller")
    monkeypatch.setattr(settings, "SUPERBILL_PARTNER", f"folder:{tmp_path / 'there'}")
    return signed_in(member_of(practice, "billie", Role.BILLER))


def receive(client):
    return client.post(reverse("claims-receive", args=("lakeside",)))


def test_what_comes_within_a_moment_is_told_at_once(system, biller, monkeypatch):
    monkeypatch.setattr(queries, "sleep", lambda _: Worker().run(until_empty=True))
    done = receive(biller)
    assert done["Location"] == "/p/lakeside/files?state=held"
    assert "Received 1 × unreadable. 1 files are held" in biller.get(done["Location"]).content.decode()
    assert receive(biller)["Location"] == "/p/lakeside/files"
    assert "Nothing waited at the receiver." in biller.get("/p/lakeside/files").content.decode()
    assert system.scope.rows(ReceivedFile).count() == 1


def test_a_slow_receiver_is_waited_for_on_a_page_of_its_own(system, biller, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", 0.0)
    begun = receive(biller)
    assert re.fullmatch(r"/p/lakeside/jobs/\d+", begun["Location"])
    assert receive(biller)["Location"] == begun["Location"]  # one at a time
    assert Worker().run(until_empty=True) == 1
    assert "Received 1 × unreadable" in biller.get(begun["Location"]).content.decode()
    assert system.scope.rows(Job).get().done == 1


def test_a_receiver_that_fails_says_so_on_the_page(biller, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "SUPERBILL_PARTNER", f"simulated:{tmp_path / 'nowhere'}")
    (tmp_path / "payers.toml").unlink()
    monkeypatch.setattr(queries, "sleep", lambda _: Worker().run(until_empty=True))
    page = biller.get(receive(biller)["Location"]).content.decode()
    assert "no rules for the simulated payers" in page
