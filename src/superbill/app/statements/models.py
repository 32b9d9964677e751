"""Statements as sent, what they asked for line by line, what became of them, what stops them, who agreed to mail."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.billing.models import ChargeLine
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.models import PatientRow


class Channel(StrEnum):
    """How a statement gets to its guarantor. A letter needs nobody's leave; the others do."""

    LETTER = "letter"
    EMAIL = "email"
    PORTAL = "portal"


class HoldKind(StrEnum):
    """Why nothing is asked for; `forms/statement/holds.csv` has the words and what each stops."""

    DISPUTE = "dispute"
    WORKERS_COMPENSATION = "workers compensation"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    IN_APPEAL = "in appeal"
    PAYMENT_PLAN = "payment plan"
    AGENCY = "agency"
    RETURNED_MAIL = "returned mail"
    BAD_ADDRESS = "bad address"
    INSURANCE_PENDING = "insurance pending"
    OTHER = "other"


class Happened(StrEnum):
    """What becomes of a statement: it waits for its channel, goes out, comes back."""

    QUEUED = "queued"
    SENT = "sent"
    RETURNED = "returned"


class Statement(PracticeRow):
    """One statement to a guarantor. `amount` is what its lines asked for less the money on account, once the journal
    had come to entry `through`; `level` the furthest step of reminding on it (0: none); `doc` StatementData."""

    reads = Permission.READ_LEDGER

    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    on = models.DateField()
    due = models.DateField()
    amount = models.BigIntegerField()
    through = models.BigIntegerField()
    level = models.SmallIntegerField(default=0)
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="statement_number_once"),
            models.UniqueConstraint(fields=["practice", "guarantor", "on"], name="statement_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"statement {self.number}"


class StatementLine(PracticeRow):
    """A part of what a line owed on a statement, at one level of reminding since a day; `held` says why it was shown
    and not asked for, "" when it was. The parts of a line add up to its patient balance at the statement's `through`.
    """

    reads = Permission.READ_LEDGER

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(ChargeLine, on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField(default=0)
    since = models.DateField()
    amount = models.BigIntegerField()
    held = models.CharField(max_length=24, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "line", "level", "since"], name="statement_line_once")
        ]

    def __str__(self) -> str:
        return f"line {self.line_id} of statement {self.statement_id}"


class StatementPatient(PracticeRow):
    """A patient whom a statement tells of, and their money on account that it took off (cents)."""

    reads = Permission.READ_LEDGER

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="patients")
    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    unapplied = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "patient"], name="statement_patient_once")]

    def __str__(self) -> str:
        return f"patient {self.patient_id} of statement {self.statement_id}"


class StatementRun(PracticeRow):
    """One run: so that whose turn came since the last one is known."""

    reads = Permission.READ_LEDGER

    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    made = models.IntegerField()
    amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"run of {self.on}"


class Hold(PracticeRow):
    """Nothing is asked of a guarantor, or for a line, since a day: who said so and why, and who let it go.

    `source` is what placed it ("thread:12"), "" for a person by hand; the same source holds the same thing once.
    """

    reads = Permission.READ_LEDGER

    guarantor = models.ForeignKey(Guarantor, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(ChargeLine, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=choices(HoldKind))
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=80, default="")
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    released = models.DateField(null=True)
    released_by = models.CharField(max_length=150, default="")
    released_why = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            one_of("kind", HoldKind, "hold_kind"),
            models.CheckConstraint(
                condition=Q(guarantor__isnull=True, line__isnull=False) | Q(guarantor__isnull=False, line__isnull=True),
                name="hold_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_reason"),
        ]
        indexes = [models.Index(fields=["practice", "released"], name="hold_by_release")]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Delivery(PracticeRow):
    """What happened to a statement on its way, in order; only ever added to. `file` is its name in the outbox."""

    reads = Permission.READ_LEDGER

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=choices(Channel))
    happened = models.CharField(max_length=8, choices=choices(Happened))
    on = models.DateField()
    file = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=500, default="")
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("channel", Channel, "delivery_channel"),
            one_of("happened", Happened, "delivery_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.happened} {self.statement_id}"


class Consent(PracticeRow):
    """A guarantor agreed to a channel, and maybe took it back. `how` they said so; `address` is that of e-mail."""

    reads = Permission.READ_LEDGER

    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=choices(Channel))
    address = models.CharField(max_length=254, default="")
    how = models.CharField(max_length=200)
    given = models.DateField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    withdrawn = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=150, default="")

    class Meta:
        constraints = [
            one_of("channel", Channel, "consent_channel"),
            models.UniqueConstraint(
                fields=["guarantor", "channel"], condition=Q(withdrawn__isnull=True), name="consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
