"""Visits: what was recorded, how it was coded, how far it has come."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.patients.models import PatientRow


class EncounterState(StrEnum):
    """`billed` is for good: from then on the claim and the ledger tell the story."""

    IMPORTED = "imported"
    CODED = "coded"
    NOT_BILLABLE = "not_billable"
    HELD = "held"
    BILLED = "billed"


class EncounterRow(PracticeRow):
    """One visit. `doc` EncounterRecord, `coded` CodedEncounter or "", `findings` a tuple of Finding, all as JSON.

    `imported` is the record as last imported, where the desk has changed it since, else "".
    """

    reads = Permission.READ_CHARTS

    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    source_id = models.CharField(max_length=128)
    account_number = models.CharField(max_length=20)
    date_of_service = models.DateField()
    state = models.CharField(max_length=16, choices=choices(EncounterState), default=EncounterState.IMPORTED.value)
    doc = models.TextField()
    content_hash = models.CharField(max_length=64)
    coded = models.TextField(default="")
    findings = models.TextField(default="[]")
    imported = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "patient", "source_id"], name="encounter_once"),
            models.UniqueConstraint(fields=["practice", "account_number"], name="encounter_account_once"),
            one_of("state", EncounterState, "encounter_state"),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "id"], name="encounter_by_state"),
            models.Index(fields=["practice", "date_of_service", "id", "state"], name="encounter_by_day"),
        ]

    def __str__(self) -> str:
        return self.account_number


class DropState(StrEnum):
    """What becomes of charts that were dropped: `waiting` for a person who has looked at them."""

    WAITING = "waiting"
    DONE = "done"
    DISCARDED = "discarded"


class ChartDrop(PracticeRow):
    """Chart files that a member dropped together. As JSON: `refused` why files were left out, `looked` what is in the
    others, `brought` what their import did ("" before)."""

    reads = Permission.READ_CHARTS

    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    files = models.IntegerField()
    size = models.BigIntegerField()
    refused = models.TextField(default="[]")
    state = models.CharField(max_length=10, choices=choices(DropState), default=DropState.WAITING.value)
    since = models.DateTimeField()
    looked = models.TextField(default="")
    brought = models.TextField(default="")

    class Meta:
        constraints = [one_of("state", DropState, "chart_drop_state")]
        indexes = [models.Index(fields=["practice", "-id"], name="chart_drop_latest")]

    def __str__(self) -> str:
        return f"charts {self.pk}"


class ChartFile(PracticeRow):
    """One of those files. Its content goes once it is brought in or discarded; a note by itself stays until it is part
    of a visit (`account`)."""

    reads = Permission.READ_CHARTS
    drop_id: int

    drop = models.ForeignKey(ChartDrop, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=240)
    path = models.CharField(max_length=240)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    account = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "digest"], name="chart_file_digest")]

    def __str__(self) -> str:
        return f"chart file {self.pk}"
