"""Jobs: asked for by a member, done by a worker as that member, told on a page, never half-done."""

import os
import threading
import time
from zipfile import ZipFile

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from tests.app_samples import AT
from tests.web_samples import member_of

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.accounts.permissions import NotPermitted, Permission, Role
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.models import AuditEvent
from superbill.app.jobs import running
from superbill.app.jobs.actions import NotThisJob, again, start, stop
from superbill.app.jobs.kinds import KINDS, Kind, Outcome
from superbill.app.jobs.models import Job
from superbill.app.jobs.queries import job, jobs, under_way
from superbill.app.jobs.worker import Worker
from superbill.app.problems import _PLAIN
from superbill.app.session import BadInput

WORK = {}  # by the name in a job's arguments: what the job does


def do(work):
    """A job of these tests."""
    return WORK[work.arguments["what"]](work)


@pytest.fixture
def member(practice, monkeypatch, settings_files):
    """The actor of a manager, and a kind of job that does what a test wants."""
    kind = Kind(title="A test", permission=Permission.BILL, runs=f"{__name__}:do")
    function = Kind.function
    monkeypatch.setattr(Kind, "function", lambda self: do if self is kind else function(self))
    for module in (running, __import__("superbill.app.jobs.actions", fromlist=["KINDS"])):
        monkeypatch.setattr(module, "KINDS", {**KINDS, "test": kind})
    user = member_of(practice, "member", Role.MANAGER)
    return actor_for(user, practice.pk)


@pytest.fixture
def settings_files(monkeypatch, tmp_path):
    from django.conf import settings

    monkeypatch.setattr(settings, "SUPERBILL_FILES", tmp_path)


def ask(actor, what, work):
    WORK[what] = work
    return start(actor, "test", at=AT, what=what)


def seen(actor, job_id):
    found = job(actor, job_id)
    assert found is not None
    return found


def test_a_job_is_done_by_the_worker_as_the_member_who_asked(member):
    def work(given):
        for _ in given.stages.track("claims", range(3)):
            pass
        return Outcome(f"done by {given.actor.name}", "claims?state=ready")

    job_id = ask(member, "count", work)
    assert seen(member, job_id).state == "waiting"
    assert under_way(member) == 1
    assert Worker().run(until_empty=True) == 1
    ended = seen(member, job_id)
    assert (ended.state, ended.message, ended.result) == ("done", "done by member", "claims?state=ready")
    assert (ended.stage, ended.done, ended.total) == ("claims", 3, 3)
    assert under_way(member) == 0
    assert Worker().run(until_empty=True) == 0


def test_the_job_is_in_the_queue_only_when_the_data_is(member):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(member, "never", lambda work: Outcome(""))
        raise ZeroDivisionError
    assert not DBTaskResult.objects.exists()
    assert not jobs(member)


def test_asking_twice_for_the_same_gives_the_same_job(member):
    first = ask(member, "same", lambda work: Outcome("once"))
    assert ask(member, "same", lambda work: Outcome("once")) == first
    assert ask(member, "other", lambda work: Outcome("once")) != first
    assert Worker().run(until_empty=True) == 2
    assert ask(member, "same", lambda work: Outcome("again")) != first


def test_a_permission_lost_meanwhile_is_missing_when_the_job_runs(member, practice):
    done = []
    job_id = ask(member, "late", lambda work: done.append(1) or Outcome(""))
    Scope(practice.pk).rows(Membership).filter(user__username="member").delete()
    Worker().run(until_empty=True)
    assert not done
    row = Scope(practice.pk).rows(Job).get(pk=job_id)
    assert row.state == "failed"
    assert "may not" in row.message


def test_what_went_wrong_is_told_and_a_mistake_of_ours_tells_no_value(member):
    def refused(work):
        raise BadInput("site.toml: no charge master. Name one.")

    def broken(work):
        raise ValueError("Family1, born 1970")

    first, second = ask(member, "refused", refused), ask(member, "broken", broken)
    Worker().run(until_empty=True)
    assert seen(member, first).message == "site.toml: no charge master. Name one."
    assert seen(member, second).state == "failed"
    assert "Family1" not in seen(member, second).message
    assert not any("Family1" in row.traceback for row in DBTaskResult.objects.all())
    assert again(member, second, at=AT) != second


def test_a_running_job_is_stopped_between_two_steps(member):
    begun, steps = threading.Event(), []

    def work(given):
        given.stages.start("claims", 1000)
        for _ in range(1000):
            steps.append(1)
            begun.set()
            time.sleep(0.01)
            given.stages.step("claims")
        return Outcome("all")

    job_id = ask(member, "long", work)
    Scope(member.practice_id).rows(Job).filter(pk=job_id).update(stop_asked=True)
    Worker().run(until_empty=True)
    ended = seen(member, job_id)
    assert ended.state == "stopped"
    assert 0 < len(steps) < 1000
    assert f"after {len(steps) - 1:,} of 1,000" in ended.message or f"after {len(steps):,} of 1,000" in ended.message
    with pytest.raises(NotThisJob, match="ended"):
        stop(member, job_id, at=AT)


def test_a_waiting_job_is_stopped_at_once(member):
    job_id = ask(member, "waits", lambda work: Outcome("done"))
    stop(member, job_id, at=AT)
    Worker().run(until_empty=True)
    assert seen(member, job_id).state == "stopped"


def test_progress_is_told_while_the_job_is_in_a_transaction_on_postgres_and_does_not_hold_it_up_on_either(member):
    told = []

    def work(given):
        with transaction.atomic():
            given.stages.start("claims", 10)
            Scope(member.practice_id).rows(Job).update(message="held")
            for _ in range(10):
                time.sleep(0.02)
                given.stages.step("claims")
        return Outcome("all ten")

    job_id = ask(member, "held", work)
    Worker().run(until_empty=True)
    told = seen(member, job_id)
    assert (told.state, told.done) == ("done", 10)


def test_a_job_whose_worker_was_killed_is_taken_up_once_and_then_given_up(member):
    job_id = ask(member, "killed", lambda work: Outcome("done after all"))
    rows = Scope(member.practice_id).rows(Job).filter(pk=job_id)
    host = running.myself().rpartition(":")[0]
    gone = _process_that_ended()
    DBTaskResult.objects.all().delete()
    rows.update(state="running", worker=f"{host}:{gone}")
    assert running.recover() == 1
    assert Worker().run(until_empty=True) == 1
    assert seen(member, job_id).message == "done after all"
    rows.update(state="running", worker=f"{host}:{gone}")
    assert running.recover() == 1
    assert seen(member, job_id).state == "failed"
    assert "twice" in seen(member, job_id).message


def test_a_worker_that_goes_down_at_once_puts_its_job_back(member, monkeypatch):
    going = threading.Event()
    monkeypatch.setattr(running, "going_down", going)

    def work(given):
        if not going.is_set():
            going.set()
        given.stages.step("claims")
        return Outcome("done")

    job_id = ask(member, "back", work)
    monkeypatch.setattr(running, "enqueue", lambda job_id: None)
    Worker().run(until_empty=True)
    assert seen(member, job_id).state == "waiting"


def test_who_may_ask_and_who_sees(member, practice):
    coder = actor_for(member_of(practice, "coder", Role.CODER), practice.pk)
    chief = actor_for(member_of(practice, "admin", Role.ADMINISTRATOR), practice.pk)
    with pytest.raises(NotPermitted):
        start(coder, "test", at=AT, what="x")
    job_id = ask(member, "mine", lambda work: Outcome(""))
    assert job(coder, job_id) is None
    assert jobs(coder) == []
    assert seen(chief, job_id).member == "member"
    with pytest.raises(NotThisJob):
        stop(chief, job_id, at=AT)
    assert [event.action for event in Scope(practice.pk).rows(AuditEvent).filter(subject_kind="job")] == ["start a job"]


def test_everything_is_exported_into_one_file(member, tmp_path):
    job_id = start(member, "export", at=AT, form="csv")
    Worker().run(until_empty=True)
    ended = seen(member, job_id)
    assert ended.state == "done", ended.message
    with ZipFile(running.folder_of(job_id) / ended.file) as packed:
        assert any(name.endswith("manifest.json") for name in packed.namelist())
    assert (running.folder_of(job_id)).stat().st_mode & 0o077 == 0
    tasks = start(member, "tasks", at=AT)
    Worker().run(until_empty=True)
    assert seen(member, tasks).result == "today"


def test_refusals_of_jobs_are_told_on_the_page():
    assert ("superbill.app.jobs.actions", "NotThisJob") in _PLAIN


def _process_that_ended():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child
