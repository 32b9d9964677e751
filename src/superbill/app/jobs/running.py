"""A worker does one job: as the member who asked, with what that member may do now."""

import logging
import os
import shutil
import socket
import threading
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import timezone

from superbill.app.accounts.queries import actor_for
from superbill.app.jobs.kinds import KINDS, Outcome, Running
from superbill.app.jobs.models import Job, JobState
from superbill.app.jobs.progress import Interrupted, JobStages, Stopped
from superbill.app.jobs.queue import enqueue
from superbill.app.places import is_postgres, sqlite_path
from superbill.app.practices.models import Practice
from superbill.app.problems import explained

log = logging.getLogger("django.superbill")
LOST_AFTER = timedelta(minutes=3)  # without a sign of life
KEPT_FOR = timedelta(days=7)
ATTEMPTS = 2
OUR_MISTAKE = (
    "It came upon a mistake of ours, which is in the server's log. What it had finished stands; nothing is half-done."
)
GONE_TWICE = "The server stopped twice while this was under way. What was finished stands; nothing is half-done."
going_down = threading.Event()  # set when this process is to end soon


def myself() -> str:
    """This worker: machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def run(job_id: int) -> None:
    """Do the job, unless somebody else took it. Its end stands in its row."""
    rows = Job._base_manager.filter(pk=job_id)
    now = timezone.now()
    if not rows.filter(state=JobState.WAITING).update(
        state=JobState.RUNNING, since=_moment(), worker=myself(), alive_at=now
    ):
        return
    job = rows.select_related("member", "practice").get()
    with JobStages(job_id, going_down) as stages:
        ended = _ended(job, stages)
    stage, done, total = stages.now
    rows.update(**ended, since=_moment(), stage=stage[:80], done=done, total=total)
    if ended["state"] == JobState.WAITING:
        enqueue(job_id)


def _ended(job: Job, stages: JobStages) -> dict[str, object]:
    """What to write into the row of a job after it was tried."""
    try:
        outcome = _outcome(job, stages)
    except Stopped:
        return {"state": JobState.STOPPED, "message": _stopped(stages)}
    except Interrupted:
        return {"state": JobState.WAITING}
    except Exception as error:
        message = explained(error)
        if message is None:
            log.exception("job %d (%s) failed", job.pk, job.kind)
        return {"state": JobState.FAILED, "message": message or OUR_MISTAKE}
    return {
        "state": JobState.DONE,
        "message": outcome.message,
        "result": outcome.result,
        "file": outcome.file,
    }


def _outcome(job: Job, stages: JobStages) -> Outcome:
    kind = KINDS[job.kind]
    actor = actor_for(job.member, job.practice_id)
    actor.must(kind.permission)
    folder = folder_of(job.pk)
    shutil.rmtree(folder, ignore_errors=True)
    work = Running(
        practice=Practice.objects.get(pk=job.practice_id),
        actor=actor,
        stages=stages,
        arguments=msgspec.json.decode(job.arguments),
        at=_moment(),
        folder=folder,
    )
    return kind.function()(work)


def _stopped(stages: JobStages) -> str:
    _, done, total = stages.now
    far = f" after {done:,} of {total:,}" if total else ""
    return f"Stopped{far}. What was finished stands; nothing is half-done."


def _moment() -> datetime:
    from superbill.app.web.desk import now

    return now()


def folder_of(job_id: int) -> Path:
    """Where a job leaves its files: SUPERBILL_FILES, else beside a SQLite file, else in the working folder."""
    place: str = settings.SUPERBILL_PLACE
    beside = Path() if is_postgres(place) else sqlite_path(place).parent
    return (settings.SUPERBILL_FILES or beside / "files") / "jobs" / str(job_id)


def recover() -> int:
    """Take up what a worker left when it was killed: into the queue again, or failed the second time. How many."""
    lost = [job for job in Job._base_manager.filter(state=JobState.RUNNING) if _is_lost(job)]
    for job in lost:
        mine = Job._base_manager.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker)
        if job.attempt >= ATTEMPTS:
            mine.update(state=JobState.FAILED, since=_moment(), message=GONE_TWICE)
        elif mine.update(state=JobState.WAITING, since=_moment(), attempt=job.attempt + 1):
            enqueue(job.pk)
    return len(lost)


def _is_lost(job: Job) -> bool:
    if job.alive_at is None or timezone.now() - job.alive_at > LOST_AFTER:
        return True
    host, _, process = job.worker.rpartition(":")
    return host == socket.gethostname()[: len(host)] and process.isdigit() and not _lives(int(process))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def clear_files() -> None:
    """Remove the files of jobs that ended a week ago."""
    before = timezone.now() - KEPT_FOR
    old = Job._base_manager.exclude(file="").filter(alive_at__lt=before)
    for job in old.only("pk"):
        shutil.rmtree(folder_of(job.pk), ignore_errors=True)
    old.update(file="")
