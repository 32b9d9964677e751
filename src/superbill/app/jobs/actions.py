"""Asking for a job, stopping it, asking for it again."""

from datetime import datetime
from typing import Any

import msgspec

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.models import User
from superbill.app.jobs.kinds import KINDS
from superbill.app.jobs.models import OPEN_STATES, Job, JobState
from superbill.app.jobs.queue import enqueue
from superbill.app.practices.actions import lock
from superbill.app.work import action


class NotThisJob(Exception):
    """The job can't be stopped or asked for again as things stand; the message says why."""


def start(actor: Actor, kind: str, /, *, at: datetime, **arguments: Any) -> int:
    """Let a worker do it, as this member; the id of the job, whose page is `job`.

    The queue's row is written in the same transaction as all the rest of the caller's. The same job with the same
    arguments that waits or runs already is taken instead of a second one. Raises NotPermitted.
    """
    given = msgspec.json.encode(arguments, order="sorted").decode()
    with action(actor, KINDS[kind].permission, "start a job", at) as work:
        lock(work.practice_id, "jobs")
        rows = work.scope.rows(Job)
        member = User.objects.get(username=actor.name)
        same = rows.filter(kind=kind, arguments=given, member=member, state__in=OPEN_STATES, stop_asked=False)
        there = same.values_list("pk", flat=True).first()
        if there is not None:
            return there
        made: Job = rows.create(
            practice_id=work.practice_id, kind=kind, arguments=given, member=member, asked_at=at, since=at
        )
        work.note("job", made.pk, job=kind)
        enqueue(made.pk)
    return made.pk


def stop(actor: Actor, job_id: int, *, at: datetime) -> None:
    """Stop one's own job: at once when it waits, at its next step when it runs. Raises NotThisJob."""
    row = _own(actor, job_id)
    with action(actor, KINDS[row.kind].permission, "stop a job", at) as work:
        lock(work.practice_id, "jobs")
        mine = work.scope.rows(Job).filter(pk=job_id)
        waits = mine.filter(state=JobState.WAITING)
        if not (
            waits.update(state=JobState.STOPPED, since=at, message="Stopped before it began.")
            or mine.filter(state=JobState.RUNNING).update(stop_asked=True)
        ):
            raise NotThisJob(f"This job has ended already: {row.state}.")
        work.note("job", job_id, job=row.kind)


def again(actor: Actor, job_id: int, *, at: datetime) -> int:
    """Ask for one's own failed or stopped job once more; the id of the new one. Raises NotThisJob, NotPermitted."""
    row = _own(actor, job_id)
    if row.state not in (JobState.FAILED, JobState.STOPPED):
        raise NotThisJob(f"This job is {row.state}; only one that failed or was stopped is asked for again.")
    return start(actor, row.kind, at=at, **msgspec.json.decode(row.arguments))


def _own(actor: Actor, job_id: int) -> Job:
    row = Scope(actor.practice_id).rows(Job).filter(pk=job_id, member__username=actor.name).first()
    if row is None or row.kind not in KINDS:
        raise NotThisJob("This job is not yours. The one who asked for it can stop it or ask again.")
    return row
