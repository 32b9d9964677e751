"""Statements as sent."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow
from superbill.app.patients.models import PatientRow


class Statement(PracticeRow):
    """One statement to a patient. `amount` is what they owed once the journal had come to entry `through`."""

    reads = Permission.READ_LEDGER

    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    on = models.DateField()
    amount = models.BigIntegerField()
    through = models.BigIntegerField()
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="statement_number_once"),
            models.UniqueConstraint(fields=["practice", "patient", "on"], name="statement_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"statement {self.number}"
