"""What was done about refusals. What stands refused is in the journal; here is only what people did."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.claims.models import ClaimRow


class StepKind(StrEnum):
    """An appeal and its decision; what else was asked of the payer; how the amount was settled on our side."""

    APPEAL = "appeal"
    DECISION = "decision"
    REOPENING = "reopening"
    DOCUMENTS = "documents"
    PEER_TO_PEER = "peer_to_peer"
    CORRECTED = "corrected"
    WRITTEN_OFF = "written_off"
    PATIENT_BILLED = "patient_billed"
    NOTE = "note"


class DenialStep(PracticeRow):
    """One step about the refusal of a claim version. `level` counts appeal levels from 1, 0 for what is no appeal;
    `amount` cents in dispute, or won by a decision; `through` the journal's last number then: what a payer pays later
    came after the step. `doc` is a StepFacts as JSON. Rows are only ever added; the same `key` is the same step.
    """

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=choices(StepKind))
    on = models.DateField()
    level = models.IntegerField(default=0)
    outcome = models.CharField(max_length=16, default="")
    amount = models.BigIntegerField(default=0)
    through = models.BigIntegerField(default=0)
    key = models.CharField(max_length=160)
    doc = models.TextField(default="{}")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="denial_step_once"),
            one_of("kind", StepKind, "denial_step_kind"),
        ]
        indexes = [models.Index(fields=["practice", "claim"], name="denial_step_by_claim")]

    def __str__(self) -> str:
        return f"{self.kind} {self.claim_id}"
