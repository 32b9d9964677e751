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
    """One task, as its room wants it (`items.Wanted`), and where it stands. On `snoozed_until` it comes back.

    `label`, `payer`, `patient` (row id, 0 for none) and `visit` (account number) tell what it is about, `since` when
    that began: kept here, so that a list needs no other table, and who may not read claims still finds the visit.
    """

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
    reason = models.CharField(max_length=40, default="")
    chance = models.SmallIntegerField(null=True)
    how = models.TextField(default="")
    label = models.CharField(max_length=80, default="")
    payer = models.CharField(max_length=64, default="")
    patient = models.BigIntegerField(default=0)
    visit = models.CharField(max_length=20, default="")
    since = models.DateField(null=True)
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
            models.Index(fields=["practice", "state", "-rank", "id"], name="work_item_worth_most"),
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


class Refreshing(PracticeRow):
    """When the tasks of a practice were last brought up to its facts: for which day, and up to which audit event."""

    reads = Permission.WORK_TASKS

    on = models.DateField()
    at = models.DateTimeField()
    through = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="work_refreshing_once")]

    def __str__(self) -> str:
        return f"as of {self.at}"


class SavedFilter(PracticeRow):
    """Filters of a room's list under a name ("Medicare > 30 d"): a person's own, or the practice's with owner "".
    `query` is the end of an address, made of known filters alone."""

    reads = Permission.WORK_TASKS

    owner = models.CharField(max_length=150, default="")
    room = models.CharField(max_length=20, default="today")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "owner", "room", "name"], name="work_filter_once")]

    def __str__(self) -> str:
        return self.name
