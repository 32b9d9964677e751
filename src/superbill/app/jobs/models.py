"""The jobs that members asked for. The queue is django-tasks'; this table says what a person wants to know of one."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


class JobState(StrEnum):
    """What becomes of a job. `stopped` by the one who asked; `failed` says why in its message."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(PracticeRow):
    """One job: `kind` of `kinds.KINDS`, with `arguments` (JSON: numbers and row ids, nothing of a patient).

    `stage`, `done` and `total` (None while nobody knows) tell how far it is; `message` how it ended, `result` is an
    address inside the practice, `file` the name of what can be fetched. `alive_at` is when its worker last wrote.
    A member reads their own jobs; those of others need the permission.
    """

    reads = Permission.READ_AUDIT

    kind = models.CharField(max_length=40)
    arguments = models.TextField(default="{}")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(JobState), default=JobState.WAITING)
    since = models.DateTimeField()
    attempt = models.IntegerField(default=1)
    worker = models.CharField(max_length=120, default="")
    alive_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)
    stage = models.CharField(max_length=80, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.TextField(default="")
    result = models.CharField(max_length=200, default="")
    file = models.CharField(max_length=120, default="")

    class Meta:
        constraints = [one_of("state", JobState, "job_state")]
        indexes = [
            models.Index(fields=["practice", "member", "-id"], name="job_by_member"),
            models.Index(fields=["state", "alive_at"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
