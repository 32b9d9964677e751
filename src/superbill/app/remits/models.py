"""Remittances as received, and what became of each of their claims."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.claims.models import ClaimRow, ReceivedFile


class RemittanceState(StrEnum):
    POSTED = "posted"
    HELD = "held"


class RemittanceClaimState(StrEnum):
    POSTED = "posted"
    HELD = "held"
    UNMATCHED = "unmatched"


class RemittanceRow(PracticeRow):
    """One 835 transaction. `content_key` is the hash of the document; its entries carry its `source`."""

    reads = Permission.READ_LEDGER

    payer_key = models.CharField(max_length=64)
    trace_number = models.CharField(max_length=64)
    originator_id = models.CharField(max_length=32)
    content_key = models.CharField(max_length=64)
    source = models.CharField(max_length=160)
    payment_amount = models.BigIntegerField()
    payment_date = models.DateField()
    doc = models.TextField()
    received_file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=choices(RemittanceState))
    findings = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "content_key"], name="remittance_once"),
            models.UniqueConstraint(
                fields=["practice", "originator_id", "trace_number"],
                condition=models.Q(state="posted"),
                name="remittance_trace_posted_once",
            ),
            one_of("state", RemittanceState, "remittance_state"),
        ]
        indexes = [models.Index(fields=["practice", "source"], name="remittance_by_source")]

    def __str__(self) -> str:
        return self.trace_number


class RemittanceClaimRow(PracticeRow):
    """One CLP of a remittance, at `position` from 0, and the claim of ours that it answers."""

    reads = Permission.READ_LEDGER

    remittance = models.ForeignKey(RemittanceRow, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(ClaimRow, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField()
    control_number = models.CharField(max_length=38)
    status = models.CharField(max_length=2)
    payer_control_number = models.CharField(max_length=50, default="")
    charge = models.BigIntegerField()
    paid = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=choices(RemittanceClaimState))
    outcome = models.CharField(max_length=16)
    bill_next = models.BooleanField(default=False)
    findings = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "position"], name="remittance_claim_once"),
            one_of("state", RemittanceClaimState, "remittance_claim_state"),
        ]

    def __str__(self) -> str:
        return self.control_number
