"""Verifications of coverage."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow


class EligibilityRow(PracticeRow):
    """What a payer answered on `verified_on` about a patient's coverage from `start` to `end`; null is open.

    `active` is the answer; `order` the place among the payers as the answer tells it, 0 where it doesn't; `digest` the
    SHA-256 of the file of which `source` is the name. Rows are only ever added: what was known on a day stays known.
    """

    reads = Permission.READ_CHARTS
    patient_id: int

    patient = models.ForeignKey("patients.PatientRow", on_delete=models.PROTECT, related_name="+")
    payer_key = models.CharField(max_length=64)
    member_id = models.CharField(max_length=80)
    active = models.BooleanField()
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    plan = models.CharField(max_length=120, default="")
    order = models.SmallIntegerField(default=0)
    verified_on = models.DateField()
    source = models.CharField(max_length=255, default="")
    digest = models.CharField(max_length=64, default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__isnull=True)
                | models.Q(end__isnull=True)
                | models.Q(end__gte=models.F("start")),
                name="eligibility_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.patient_id} with {self.payer_key}"
