"""Jobs as their pages show them: one's own, and everybody's for those who may read what others did."""

from datetime import datetime
from time import monotonic, sleep
from typing import Any

from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.jobs.kinds import KINDS
from superbill.app.jobs.models import OPEN_STATES, Job, JobState

_LOOK = 0.1  # seconds between two looks at a job that somebody waits for
_COLUMNS = (
    "id", "kind", "member__username", "asked_at", "state", "since", "attempt", "stop_asked", "stage", "done", "total",
    "message", "result", "file",
)  # fmt: skip


class JobSeen(Struct, frozen=True):
    """One job, for a page."""

    id: int
    kind: str
    member: str
    asked_at: datetime
    state: str
    since: datetime
    attempt: int
    stop_asked: bool
    stage: str
    done: int
    total: int | None
    message: str
    result: str
    file: str

    @property
    def title(self) -> str:
        """What it is called."""
        known = KINDS.get(self.kind)
        return str(known.title) if known else self.kind

    @property
    def open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN_STATES

    @property
    def again(self) -> bool:
        """Whether it may be asked for once more as it was."""
        return self.state in (JobState.FAILED, JobState.STOPPED) and self.kind in KINDS


def job(actor: Actor, job_id: int) -> JobSeen | None:
    """The job, when this member may see it."""
    row = _seen(actor).filter(pk=job_id).values_list(*_COLUMNS).first()
    return JobSeen(*row) if row else None


def ended(actor: Actor, job_id: int, *, within: float) -> JobSeen | None:
    """The member's job once it has come to its end; None when it waits or runs still after so many seconds."""
    until = monotonic() + within
    while (seen := job(actor, job_id)) is not None and seen.open and monotonic() < until:
        sleep(_LOOK)
    return seen if seen is not None and not seen.open else None


def jobs(actor: Actor, *, limit: int = 50) -> list[JobSeen]:
    """What this member may see, newest first."""
    return [JobSeen(*row) for row in _seen(actor).order_by("-id").values_list(*_COLUMNS)[:limit]]


def latest(actor: Actor, kind: str) -> JobSeen | None:
    """The last job of this kind that was done, of those that this member may see."""
    rows = _seen(actor).filter(kind=kind, state=JobState.DONE).order_by("-id")
    row = rows.values_list(*_COLUMNS).first()
    return JobSeen(*row) if row else None


def under_way(actor: Actor) -> int:
    """How many of the member's own jobs wait or run."""
    return _own(actor).filter(state__in=OPEN_STATES).count()


def _seen(actor: Actor) -> "QuerySet[Job, Any]":
    everybodys = Job.reads in actor.permissions
    return actor.scope.rows(Job) if everybodys else _own(actor)


def _own(actor: Actor) -> "QuerySet[Job, Any]":
    """One's own are read without a permission: they are what one asked for."""
    return Scope(actor.practice_id).rows(Job).filter(member__username=actor.name)
