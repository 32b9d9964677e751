"""Questions and disputes about bills, message by message, with the account at hand."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.billing.models import ChargeLine
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.models import Guarantor
from superbill.app.statements.models import Statement


class Topic(StrEnum):
    """A dispute says that something is wrong, and stops reminders for it; a question does not."""

    QUESTION = "question"
    DISPUTE = "dispute"


class ThreadState(StrEnum):
    """`open` waits for us, `waiting` for the patient; `resolved` may be opened again."""

    OPEN = "open"
    WAITING = "waiting for patient"
    RESOLVED = "resolved"


class Side(StrEnum):
    """Whose message it is; `office` notes are for us alone."""

    PATIENT = "patient"
    STAFF = "staff"
    OFFICE = "office"


class Thread(PracticeRow):
    """One matter with a guarantor: about a statement, a visit, lines, or (none of them) the whole account.

    `outcome` is how a resolved one ended; `state_since` when it came into its state.
    """

    reads = Permission.READ_LEDGER

    number = models.BigIntegerField()
    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="+")
    encounter = models.ForeignKey(EncounterRow, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=10, choices=choices(Topic))
    state = models.CharField(max_length=20, choices=choices(ThreadState))
    outcome = models.CharField(max_length=20, default="")
    opened = models.DateField()
    opened_by = models.CharField(max_length=150)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("topic", Topic, "thread_topic"),
            one_of("state", ThreadState, "thread_state"),
            models.UniqueConstraint(fields=["practice", "number"], name="thread_number_once"),
            models.CheckConstraint(condition=~Q(state="resolved") | ~Q(outcome=""), name="thread_outcome"),
        ]
        indexes = [models.Index(fields=["practice", "state"], name="thread_by_state")]

    def __str__(self) -> str:
        return f"thread {self.number}"


class ThreadLine(PracticeRow):
    """A charge line that a thread is about; a dispute holds these and no others."""

    reads = Permission.READ_LEDGER

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(ChargeLine, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "line"], name="thread_line_once")]

    def __str__(self) -> str:
        return f"line {self.line_id} of thread {self.thread_id}"


class Message(PracticeRow):
    """What somebody wrote or said, and the state that the thread came to with it; only ever added to. `key` posts once
    what comes from a page or a mail, "" for what a person typed."""

    reads = Permission.READ_LEDGER

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=8, choices=choices(Side))
    text = models.TextField()
    state = models.CharField(max_length=20, choices=choices(ThreadState))
    key = models.CharField(max_length=120, default="")
    actor = models.CharField(max_length=150)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("side", Side, "message_side"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.UniqueConstraint(fields=["thread", "key"], condition=~Q(key=""), name="message_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
