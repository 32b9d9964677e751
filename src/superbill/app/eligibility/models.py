"""Verifications of coverage: what was asked, what was answered, and the estimates that were made of it."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


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


class CoverageCheck(PracticeRow):
    """One question about a coverage (`question`, a 270) and what came back (`answer`, a 271), both as they were sent.

    `coverage` is its id in the chart, `on` the day of the service asked about, `doc` Told, `active` None where the
    payer did not say. `simulated`: the answer is a simulated payer's.
    """

    reads = Permission.READ_CHARTS
    patient_id: int

    patient = models.ForeignKey("patients.PatientRow", on_delete=models.PROTECT, related_name="+")
    coverage = models.CharField(max_length=128)
    payer_key = models.CharField(max_length=64)
    number = models.BigIntegerField()
    on = models.DateField()
    active = models.BooleanField(null=True)
    doc = models.TextField()
    question = models.TextField()
    answer = models.TextField()
    simulated = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="coverage_check_once")]
        indexes = [models.Index(fields=["practice", "patient"], name="coverage_check_by_patient")]

    def __str__(self) -> str:
        return f"check {self.number}"


class EstimateKind(StrEnum):
    """`share` of a patient with insurance; `good_faith` for one without, or who does not use it."""

    SHARE = "share"
    GOOD_FAITH = "good_faith"


class EstimateRow(PracticeRow):
    """An estimate as it was given: `doc` ShareEstimate or GoodFaithEstimate, `amount` what the patient is told."""

    reads = Permission.READ_CHARTS
    patient_id: int

    patient = models.ForeignKey("patients.PatientRow", on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=choices(EstimateKind))
    issued = models.DateField()
    scheduled = models.DateField(null=True)
    amount = models.BigIntegerField()
    doc = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", EstimateKind, "estimate_kind"),
            models.UniqueConstraint(fields=["practice", "number"], name="estimate_once"),
        ]
        indexes = [models.Index(fields=["practice", "patient"], name="estimate_by_patient")]

    def __str__(self) -> str:
        return f"estimate {self.number}"
