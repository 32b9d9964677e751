"""Who pays for whom, since when, and who said so."""

from django.db import models
from django.db.models import F, Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow
from superbill.app.patients.models import PatientRow


class Guarantor(PracticeRow):
    """One who pays the bills of one or more patients. `patient` is who they are as a patient here, if they are one.

    `doc` is the Party as papers name it, `corrected` the Contact that a person put in its place, "" for none.
    `merged_into` is who they turned out to be when two records of one patient were merged: papers that were sent to
    them stay theirs, and are found under the other too.
    """

    reads = Permission.READ_LEDGER

    identity = models.CharField(max_length=200)
    patient = models.ForeignKey(PatientRow, null=True, on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=120)
    given = models.CharField(max_length=120, default="")
    doc = models.TextField()
    corrected = models.TextField(default="")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "identity"], name="guarantor_once"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(patient__isnull=False), name="guarantor_patient_once"
            ),
        ]
        indexes = [models.Index(fields=["practice", "family", "given"], name="guarantor_by_name")]

    def __str__(self) -> str:
        return f"guarantor {self.pk}"


class Guarantee(PracticeRow):
    """`guarantor` pays for what is done to `patient` from `since` to the day before `until`; None is open.

    Rows are kept when others take their place: `replaced` is when. `decided` are those of a person, with the reason.
    """

    reads = Permission.READ_LEDGER

    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=16)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    decided = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, default="")
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    replaced = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")), name="guarantee_days"
            ),
            models.CheckConstraint(condition=Q(decided=False) | ~Q(reason=""), name="guarantee_reason"),
        ]

    def __str__(self) -> str:
        return f"guarantee {self.pk}"
