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
    """One visit. `doc` EncounterRecord, `coded` CodedEncounter or "", `findings` a tuple of Finding, all as JSON."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "patient", "source_id"], name="encounter_once"),
            models.UniqueConstraint(fields=["practice", "account_number"], name="encounter_account_once"),
            one_of("state", EncounterState, "encounter_state"),
        ]
        indexes = [models.Index(fields=["practice", "state", "id"], name="encounter_by_state")]

    def __str__(self) -> str:
        return self.account_number
