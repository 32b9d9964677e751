"""Tasks and their history."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


class WorkState(StrEnum):
    """`done` by a person; `closed` because what asked for it is gone."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"
    CLOSED = "closed"


class WorkItem(PracticeRow):
    """One task, as its room wants it (`items.Wanted`), and where it stands. On `snoozed_until` it comes back."""

    reads = Permission.WORK_TASKS

    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=24)
    subject_kind = models.CharField(max_length=24)
    subject = models.BigIntegerField()
    why = models.TextField()
    amount = models.BigIntegerField(default=0)
    due = models.DateField(null=True)
    role = models.CharField(max_length=20, default="")
    rank = models.BigIntegerField(default=0)
    facts = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=8, choices=choices(WorkState), default=WorkState.OPEN.value)
    state_since = models.DateTimeField()
    assignee = models.CharField(max_length=150, default="")
    snoozed_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="work_item_once"),
            one_of("state", WorkState, "work_item_state"),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "kind", "rank"], name="work_item_by_rank"),
            models.Index(fields=["practice", "subject_kind", "subject"], name="work_item_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WorkEvent(PracticeRow):
    """What happened to a task: opened, assigned, noted, snoozed, done, closed, reopened. Rows are only ever added."""

    reads = Permission.WORK_TASKS

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)
    text = models.TextField(default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "item"], name="work_event_by_item")]

    def __str__(self) -> str:
        return f"{self.what} {self.item_id}"
