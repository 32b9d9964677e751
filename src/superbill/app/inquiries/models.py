"""What we asked payers about claims (276), and what they answered (277). Rows are only ever added."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow
from superbill.app.claims.models import Batch, ClaimRow, ReceivedFile


class InquiryRow(PracticeRow):
    """A claim was asked about. `trace` comes back with the answer (TRN02); `batch` carried the question."""

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    trace = models.CharField(max_length=50)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "trace"], name="inquiry_once")]
        indexes = [models.Index(fields=["practice", "claim"], name="inquiry_by_claim")]

    def __str__(self) -> str:
        return self.trace


class ReplyRow(PracticeRow):
    """A payer's answer to an inquiry, or one that nobody asked for. `doc` ClaimReply as JSON.

    `category` and `status` are those of its first status, `kind` what the category means (codesets/claim_status).
    """

    reads = Permission.READ_CLAIMS

    inquiry = models.ForeignKey(InquiryRow, null=True, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    received_file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    category = models.CharField(max_length=8)
    status = models.CharField(max_length=8, default="")
    kind = models.CharField(max_length=16)
    effective = models.DateField(null=True)
    doc = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="reply_once")]
        indexes = [models.Index(fields=["practice", "claim"], name="reply_by_claim")]

    def __str__(self) -> str:
        return f"{self.category} {self.status}"
