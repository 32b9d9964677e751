"""The history of coding: a row for every time that a visit was read, coded, decided on or coded again for an audit."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.encounters.models import EncounterRow


class Purpose(StrEnum):
    """Why a visit was coded: suggested by the program from its note; coded for billing; decided by a person; coded a
    second time by another, who doesn't see the first."""

    SUGGESTED = "suggested"
    CODED = "coded"
    DECIDED = "decided"
    SECOND = "second"


class CodingRow(PracticeRow):
    """One coding of one visit. `doc` is a coding.history.Record as JSON; `number` counts the visit's codings from 1.

    Rows are only ever added; the database refuses anything else.
    """

    reads = Permission.READ_CHARTS

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    purpose = models.CharField(max_length=16, choices=choices(Purpose))
    coder = models.CharField(max_length=150)
    at = models.DateTimeField()
    release = models.CharField(max_length=64, default="")
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "encounter", "number"], name="coding_once"),
            one_of("purpose", Purpose, "coding_purpose"),
        ]
        indexes = [
            models.Index(fields=["practice", "at"], name="coding_by_time"),
            models.Index(fields=["practice", "coder"], name="coding_by_coder"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter_id} {self.number} {self.purpose}"
