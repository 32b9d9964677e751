"""Claims as sent, the batches that carried them, and the files that came back."""

from enum import StrEnum

from django.db import models
from django.db.models.functions import Coalesce

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.encounters.models import EncounterRow

BY_SERVICE = Coalesce("service_start", "service_start")


class ClaimState(StrEnum):
    """`rejected` never reached adjudication (999, 277CA); `denied` did and was refused (835)."""

    HELD = "held"
    READY = "ready"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PAID = "paid"
    PARTLY_DENIED = "partly_denied"
    DENIED = "denied"
    REVERSED = "reversed"


class BatchState(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"


class FileOutcome(StrEnum):
    """`received` is not finished: a run that was stopped goes on with it."""

    RECEIVED = "received"
    PROCESSED = "processed"
    HELD = "held"


class Batch(PracticeRow):
    """One interchange. `content` is what goes out, byte for byte, whenever it is written to a file.

    `answered` is when its 999 or TA1 came, in `answer_file`.
    """

    reads = Permission.READ_CLAIMS

    kind = models.CharField(max_length=8)
    payer_key = models.CharField(max_length=64)
    receiver = models.CharField(max_length=80, default="")
    interchange_control_number = models.BigIntegerField()
    group_control_number = models.BigIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created = models.DateTimeField()
    state = models.CharField(max_length=16, choices=choices(BatchState), default=BatchState.PREPARED.value)
    claim_count = models.IntegerField()
    charge = models.BigIntegerField()
    findings = models.TextField(default="[]")
    answered = models.DateTimeField(null=True)
    answer_file = models.ForeignKey("ReceivedFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "interchange_control_number"], name="batch_interchange_once"),
            models.UniqueConstraint(fields=["practice", "group_control_number"], name="batch_group_once"),
            one_of("state", BatchState, "batch_state"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ClaimRow(PracticeRow):
    """One version of one claim to one payer. `doc` Claim, `findings` a tuple of Finding, as JSON; `charge` cents.

    `next_payer_key` is billed after this one; "" when the patient is. `on_paper`: its payer takes it by mail only.
    What lists filter and sort by stands beside the documents (claims/told.py): `kind`, the NPI of the `provider`,
    `patient_name` as billed, and `rules`, those that hold or refused it, each with a space before and behind.
    `assignee` has the claim in hand.
    """

    reads = Permission.READ_CLAIMS

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    control_number = models.CharField(max_length=20)
    payer_key = models.CharField(max_length=64)
    payer_id = models.CharField(max_length=80)
    next_payer_key = models.CharField(max_length=64, default="")
    responsibility = models.CharField(max_length=1)
    version = models.IntegerField(default=1)
    frequency = models.CharField(max_length=1, default="1")
    state = models.CharField(max_length=16, choices=choices(ClaimState))
    state_since = models.DateTimeField()
    doc = models.TextField()
    charge = models.BigIntegerField()
    service_start = models.DateField()
    findings = models.TextField(default="[]")
    rejected_once = models.BooleanField(default=False)
    on_paper = models.BooleanField(default=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    payer_control_number = models.CharField(max_length=50, default="")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, default="professional")
    provider = models.CharField(max_length=10, default="")
    patient_name = models.CharField(max_length=120, default="")
    rules = models.TextField(default="")
    assignee = models.CharField(max_length=150, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "control_number"], name="claim_control_number_once"),
            one_of("state", ClaimState, "claim_state"),
            models.CheckConstraint(condition=models.Q(charge__gte=0), name="claim_charge_not_negative"),
        ]
        indexes = [
            # All that a list filters and sorts by: SQLite finds a page in it without a look at the documents.
            models.Index(
                fields=[
                    "practice",
                    "state",
                    "payer_key",
                    "service_start",
                    "state_since",
                    "charge",
                    "responsibility",
                    "kind",
                    "provider",
                    "patient_name",
                    "assignee",
                    "control_number",
                    "encounter",
                ],
                name="claim_list",
            ),
            models.Index(fields=["practice", "payer_control_number"], name="claim_by_payer_number"),
            models.Index(fields=["practice", "state", "state_since", "charge"], name="claim_by_state"),
            # Without the many that replace none: statistics of an index with them tell SQLite to read every claim.
            models.Index(
                fields=["practice", "replaces"], condition=models.Q(replaces__isnull=False), name="claim_by_replaced"
            ),
            models.Index(fields=["practice", "provider"], name="claim_by_provider"),
            models.Index(fields=["practice", "payer_key", "id"], name="claim_by_payer"),
            models.Index(fields=["practice", "rules"], condition=models.Q(rules__gt=""), name="claim_by_rules"),
            # The usual order of the whole list, and nothing else: of an expression, so that SQLite does not walk it
            # from end to end and look up every claim where a filtered list is wanted by the day of service.
            models.Index("practice", BY_SERVICE, "id", name="claim_by_service"),
            models.Index(fields=["batch", "practice", "rejected_once", "charge"], name="claim_by_batch"),
        ]

    def __str__(self) -> str:
        return self.control_number


class ClaimEventKind(StrEnum):
    SENT = "sent"
    MAILED = "mailed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RESENT = "resent"


class ClaimEvent(PracticeRow):
    """What happened to a claim on its way to the payer's answer: the proof of timely filing. Rows are only ever added.

    `text` says why it was sent again, or how it was mailed; of a rejection, the findings as JSON. `reference` is that
    of the batch that carried it, or of the acknowledgement, which came in `file`.
    """

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=choices(ClaimEventKind))
    reference = models.CharField(max_length=50, default="")
    text = models.TextField(default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    file = models.ForeignKey("ReceivedFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [one_of("what", ClaimEventKind, "claim_event_what")]
        indexes = [models.Index(fields=["practice", "claim"], name="claim_event_by_claim")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.what}"


class PaperRow(PracticeRow):
    """A claim printed to be mailed: `content` is the PDF, byte for byte, the earlier payers' explanations behind it."""

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    printed = models.DateTimeField()
    mailed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "claim", "sha256"], name="paper_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.form}"


class PayerBook(PracticeRow):
    """The payers of the site file when it was last used, as JSON: limits, kinds, who takes which claims how."""

    reads = Permission.READ_CLAIMS

    doc = models.TextField(default="[]")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="payer_book_once")]

    def __str__(self) -> str:
        return f"payers of {self.practice_id}"


class OverrideRow(PracticeRow):
    """A person's decision that what a rule finds on a claim does not hold it. `field` and `service_line` (0: none) are
    the place of the finding. Rows are only ever added; the latest for a rule and place counts, and one without a
    reason takes it back.
    """

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=80)
    field = models.CharField(max_length=80, default="")
    service_line = models.IntegerField(default=0)
    reason = models.TextField(default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "claim"], name="override_by_claim")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.rule}"


class ClaimNote(PracticeRow):
    """What a person wrote on a claim for the next one. Rows are only ever added."""

    reads = Permission.READ_CLAIMS

    claim = models.ForeignKey(ClaimRow, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "claim"], name="claim_note_by_claim")]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.claim_id}"


class ReceivedFile(PracticeRow):
    """One file from a payer or clearinghouse. The same bytes are one file, whatever their name."""

    reads = Permission.READ_CLAIMS

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, default="")
    received_at = models.DateTimeField()
    content = models.BinaryField()
    outcome = models.CharField(max_length=16, choices=choices(FileOutcome), default=FileOutcome.RECEIVED.value)
    findings = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "sha256"], name="received_file_once"),
            one_of("outcome", FileOutcome, "received_file_outcome"),
        ]

    def __str__(self) -> str:
        return self.name
