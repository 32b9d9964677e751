"""Charges, the journal, and what is derived from it. The database refuses to change or unbalance the journal."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.ledger.accounts import Account

ENTRY_ID_STEP = 2**32  # an entry's id is practice_id * this + its number, so that it is known before it is written


class ChargeLine(PracticeRow):
    """One service as charged. `key` is its line control number and never changes; `charge` cents for the whole line."""

    reads = Permission.READ_LEDGER

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=30)
    number = models.IntegerField()
    code = models.CharField(max_length=12)
    modifiers = models.CharField(max_length=20, default="")
    units = models.CharField(max_length=20, default="1")
    charge = models.BigIntegerField()
    service_start = models.DateField()
    service_end = models.DateField()
    diagnoses = models.CharField(max_length=120, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="charge_line_once"),
            models.UniqueConstraint(fields=["encounter", "number"], name="charge_line_number_once"),
            models.CheckConstraint(condition=Q(charge__gte=0), name="charge_line_not_negative"),
            models.CheckConstraint(condition=Q(service_end__gte=F("service_start")), name="charge_line_dates"),
        ]

    def __str__(self) -> str:
        return self.key


class JournalEntry(PracticeRow):
    """One business event. Numbers have no gap within a practice; the same `key` is the same event and posts once."""

    reads = Permission.READ_LEDGER

    id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    key = models.CharField(max_length=300)
    kind = models.CharField(max_length=24)
    on = models.DateField()
    source = models.CharField(max_length=160, default="")
    memo = models.TextField(default="")
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=150)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="journal_key_once"),
            models.UniqueConstraint(fields=["practice", "number"], name="journal_number_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="journal_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0, id=F("practice_id") * ENTRY_ID_STEP + F("number")),
                name="journal_id_is_number",
            ),
        ]
        indexes = [models.Index(fields=["practice", "source"], name="journal_by_source")]

    def __str__(self) -> str:
        return f"entry {self.number}"


class Posting(PracticeRow):
    """`amount` cents onto `account`, debit positive; `remarks` one to a line.

    Written before its entry: once the entry is there, it takes no more.
    """

    reads = Permission.READ_LEDGER

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=16, choices=choices(Account))
    amount = models.BigIntegerField()
    line = models.ForeignKey(ChargeLine, null=True, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField(max_length=80, default="")
    reason_group = models.CharField(max_length=8, default="")
    reason_code = models.CharField(max_length=24, default="")
    remarks = models.TextField(default="")

    class Meta:
        constraints = [one_of("account", Account, "posting_account")]
        # The practice comes last, so that no statement takes this index for the sake of the practice alone.
        indexes = [models.Index(fields=["account", "payer", "practice"], name="posting_by_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class LineBalance(PracticeRow):
    """Where a line stands: a cache of its postings, kept by the journal in the same transaction, proved by the doctor.

    `payer` is the one whose insurance balance it is: of the latest INSURANCE or DENIED debit.
    """

    reads = Permission.READ_LEDGER

    line = models.OneToOneField(ChargeLine, primary_key=True, on_delete=models.PROTECT, related_name="balance")
    charge = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    patient_paid = models.BigIntegerField(default=0)
    adjusted = models.BigIntegerField(default=0)
    insurance = models.BigIntegerField(default=0)
    denied = models.BigIntegerField(default=0)
    patient = models.BigIntegerField(default=0)
    payer = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(charge=F("paid") + F("adjusted") + F("insurance") + F("patient")), name="balance_explained"
            )
        ]
        indexes = [models.Index(fields=["practice", "line"], name="balance_by_practice")]

    def __str__(self) -> str:
        return f"balance of line {self.line_id}"


class VisitBalance(PracticeRow):
    """What a visit has open: its lines' balances added up, kept with them, so that lists of claims sort by it.

    `open` is what insurance and the patient owe together. A visit with charge lines has a row.
    """

    reads = Permission.READ_LEDGER

    encounter = models.OneToOneField(EncounterRow, primary_key=True, on_delete=models.PROTECT, related_name="+")
    insurance = models.BigIntegerField(default=0)
    patient = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(open=F("insurance") + F("patient")), name="visit_balance_is_a_sum")
        ]
        indexes = [
            models.Index(fields=["practice", "open", "encounter"], name="visit_balance_by_open"),
            models.Index(fields=["practice", "encounter"], name="visit_balance_by_practice"),
        ]

    def __str__(self) -> str:
        return f"balance of visit {self.encounter_id}"


class ReceiptState(StrEnum):
    """`returned` by the bank, `charged back` by the card's bank, `voided` by ourselves."""

    TAKEN = "taken"
    RETURNED = "returned"
    CHARGED_BACK = "charged back"
    VOIDED = "voided"


class RefundState(StrEnum):
    """`cleared`: the check was cashed. `voided` checks took their entry back; the credit stands again."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    ISSUED = "issued"
    CLEARED = "cleared"
    VOIDED = "voided"


class ApprovalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PlanState(StrEnum):
    """`replaced` by the plan that was agreed on after it."""

    ACTIVE = "active"
    DEFAULTED = "defaulted"
    PAID_OFF = "paid off"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class PlacementState(StrEnum):
    """`closed`: the agency is done with it, whatever it brought in."""

    PLACED = "placed"
    RECALLED = "recalled"
    CLOSED = "closed"


class Case(PracticeRow):
    """What receipts, refunds, approvals, plans and placements have in common. `key` posts it once; `party` is who pays
    or is paid; `state` is that of its last MoneyEvent; `doc` its document as JSON, which never changes."""

    reads = Permission.READ_LEDGER

    number = models.BigIntegerField()
    key = models.CharField(max_length=200)
    patient = models.ForeignKey(PatientRow, null=True, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(max_length=80, default="")
    amount = models.BigIntegerField()
    doc = models.TextField()
    state = models.CharField(max_length=16)
    on = models.DateField()
    actor = models.CharField(max_length=150)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="%(class)s_key_once"),
            models.UniqueConstraint(fields=["practice", "number"], name="%(class)s_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(class)s_amount"),
        ]
        indexes = [
            models.Index(fields=["practice", "state"], name="%(class)s_by_state"),
            models.Index(fields=["practice", "patient"], name="%(class)s_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()} {self.number}"


class Receipt(Case):
    """Money that a person paid. `doc` PaymentFacts; `party` the payer, `patient` whose account holds what is left."""


class Refund(Case):
    """Money to be given back to a patient or a payer (`party`). `doc` RefundFacts."""


class Approval(Case):
    """A write-off that waits for a second person. `doc` WriteOff."""


class PaymentPlan(Case):
    """Instalments that a patient promised. `doc` PlanFacts."""


class Placement(Case):
    """A patient's balance in the hands of a collection agency (`party`). `doc` PlacementFacts."""


class MoneyEvent(PracticeRow):
    """One step of a case (`kind` the name of its class, `subject` its row) to `state`; `entry` is the key of what was
    posted with it. Only ever added to."""

    reads = Permission.READ_LEDGER

    kind = models.CharField(max_length=16)
    subject = models.BigIntegerField()
    state = models.CharField(max_length=16)
    entry = models.CharField(max_length=300, default="")
    reason = models.CharField(max_length=500, default="")
    on = models.DateField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "kind", "subject"], name="money_event_by_case"),
            models.Index(fields=["practice", "entry"], name="money_event_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"
