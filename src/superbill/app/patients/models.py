"""Patients, as their charts tell of them, with what finds them, what they were before, and what a merge moved."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


class PatientRow(PracticeRow):
    """One patient. `doc` is the Chart without its encounters; the name and birth date stand beside it for searching.

    `version` counts the changes of `doc`, `changed_by`, `changed_at` and `changed_why` tell of this one ("" and None:
    an import from before changes were counted). `imported` is the chart as last imported, where the desk has changed
    it since, else "". `merged_into` is the patient who they turned out to be.
    """

    reads = Permission.READ_CHARTS
    merged_into_id: int | None

    source_id = models.CharField(max_length=128)
    family = models.CharField(max_length=120)
    given = models.CharField(max_length=120, default="")
    birth_date = models.DateField(null=True)
    doc = models.TextField()
    version = models.IntegerField(default=1)
    changed_by = models.CharField(max_length=150, default="")
    changed_at = models.DateTimeField(null=True)
    changed_why = models.CharField(max_length=200, default="")
    imported = models.TextField(default="")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "source_id"], name="patient_once")]
        indexes = [
            models.Index(fields=["practice", "family", "given"], name="patient_by_name"),
            models.Index(fields=["practice", "changed_at"], name="patient_by_change"),
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"


class PatientVersion(PracticeRow):
    """A patient's chart as it was under `number`, before another version took its place. Only ever added to.

    `by`, `at` and `why` tell of this version, not of its successor.
    """

    reads = Permission.READ_CHARTS

    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    doc = models.TextField()
    by = models.CharField(max_length=150, default="")
    at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "number"], name="patient_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of patient {self.patient.pk}"


class PatientKey(PracticeRow):
    """One thing by which a patient is found: a word of their name, a birth date, a number. Derived from `doc`."""

    reads = Permission.READ_CHARTS

    patient = models.ForeignKey(PatientRow, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=90)

    class Meta:
        indexes = [models.Index(fields=["practice", "key", "patient"], name="patient_key")]

    def __str__(self) -> str:
        return f"key of patient {self.patient.pk}"


class PatientWord(PracticeRow):
    """A word that is part of somebody's name here, once, with its sound: what a misspelt one is compared with."""

    reads = Permission.READ_CHARTS

    word = models.CharField(max_length=80)
    sound = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "word"], name="patient_word_once")]

    def __str__(self) -> str:
        return f"word {self.pk}"


class Side(StrEnum):
    """A side of an insurance card."""

    FRONT = "front"
    BACK = "back"


class CardImage(PracticeRow):
    """One side of an insurance card, as JPEG of our own making. `coverage` is the coverage's id in the chart.

    A later picture of the same side takes the place of an earlier one, which stays: `replaced` is when.
    """

    reads = Permission.READ_CHARTS
    patient_id: int

    patient = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    coverage = models.CharField(max_length=128)
    side = models.CharField(max_length=5, choices=choices(Side))
    content = models.BinaryField()
    width = models.IntegerField()
    height = models.IntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    replaced = models.DateTimeField(null=True)

    class Meta:
        constraints = [one_of("side", Side, "card_side")]
        indexes = [models.Index(fields=["practice", "patient"], name="card_by_patient")]

    def __str__(self) -> str:
        return f"card {self.pk}"


class PatientMerge(PracticeRow):
    """Two patients who were one: what `gone` had moved to `kept`. `doc` is Moved, by which it is undone."""

    reads = Permission.READ_LEDGER

    kept = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(PatientRow, on_delete=models.PROTECT, related_name="+")
    doc = models.TextField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, default="")
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"merge {self.pk}"
