"""Patients, as their charts tell of them."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow


class PatientRow(PracticeRow):
    """One patient. `doc` is the Chart without its encounters; the name and birth date stand beside it for searching."""

    reads = Permission.READ_CHARTS

    source_id = models.CharField(max_length=128)
    family = models.CharField(max_length=120)
    given = models.CharField(max_length=120, default="")
    birth_date = models.DateField(null=True)
    doc = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "source_id"], name="patient_once")]
        indexes = [models.Index(fields=["practice", "family", "given"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"patient {self.pk}"
