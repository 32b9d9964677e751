"""Receivables of books that nobody has looked at yet: a worker does what takes long, the page stays quick."""

import pytest
from django.conf import settings
from django.urls import reverse
from tests.app_samples import billed
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.boot import secret_key
from superbill.app.jobs.models import Job
from superbill.app.jobs.worker import Worker
from superbill.app.reports.aging import entries_behind
from superbill.app.reports.models import Spell
from superbill.app.web.manage import keeping


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    secret_key(tmp_path / "key")
    monkeypatch.setattr(settings, "SUPERBILL_FILES", tmp_path / "files")
    monkeypatch.setattr(keeping, "MANY", 3)


def test_many_new_entries_are_kept_by_a_worker_and_then_shown(practice, system):
    billed(system)
    manager = signed_in(member_of(practice, "manager", Role.MANAGER))
    page = reverse("receivables", args=(practice.key,))
    for _ in range(2):  # asked twice, done once
        answer = manager.get(page)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("job", args=(practice.key, 1))
    assert not system.scope.rows(Spell).exists()
    assert Worker().run(until_empty=True) == 1
    done = system.scope.rows(Job).get()
    assert (done.state, done.result, done.message) == ("done", "manage/receivables", "8 lines, through entry 4.")
    assert entries_behind(system.scope) == 0
    assert "$600.00" in manager.get(page).content.decode()


def test_a_few_are_told_at_once(practice, system):
    billed(system, charts=1, visits=2)
    manager = signed_in(member_of(practice, "manager", Role.MANAGER))
    assert manager.get(reverse("receivables", args=(practice.key,))).status_code == 200
    assert not system.scope.rows(Job).exists()
