"""Remittances as received, and what became of each of their claims."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.claims.models import ClaimRow, ReceivedFile


class RemittanceState(StrEnum):
    """`held` needs a person; `waiting` the rest of its payment; `part` is told by the remittance that it is part of;
    `voided` was taken back and can be posted again."""

    POSTED = "posted"
    HELD = "held"
    WAITING = "waiting"
    PART = "part"
    VOIDED = "voided"


class RemittanceClaimState(StrEnum):
    """What became of an answer. `held` and `unmatched` need a person, their money is in SUSPENSE; so it is of what was
    `set_aside`, and of what is `to_return` to the payer, until it is `returned`."""

    POSTED = "posted"
    HELD = "held"
    UNMATCHED = "unmatched"
    SET_ASIDE = "set_aside"
    TO_RETURN = "to_return"
    RETURNED = "returned"
    VOIDED = "voided"


IN_QUEUE = (RemittanceClaimState.HELD.value, RemittanceClaimState.UNMATCHED.value)
IN_SUSPENSE = (*IN_QUEUE, RemittanceClaimState.SET_ASIDE.value, RemittanceClaimState.TO_RETURN.value)


class Origin(StrEnum):
    ELECTRONIC = "835"
    PAPER = "paper"


class Method(StrEnum):
    """How a payment was made (BPR04): by the automated clearing house, check, wire, as the payer chose, or none."""

    ACH = "ACH"
    CHECK = "CHK"
    NONE = "NON"
    WIRE = "FWT"
    PAYERS_CHOICE = "BOP"


class RemittanceRow(PracticeRow):
    """One payment explained: an 835 transaction, or what was keyed from paper.

    `content_key` is the hash of what it says (remits/identity.py). Its entries carry `source`: origin, originator and
    trace number, and from the second time on that the payment is posted `application`.
    """

    reads = Permission.READ_LEDGER

    origin = models.CharField(max_length=8, choices=choices(Origin), default=Origin.ELECTRONIC.value)
    payer_key = models.CharField(max_length=64)
    trace_number = models.CharField(max_length=64)
    originator_id = models.CharField(max_length=32)
    content_key = models.CharField(max_length=64)
    source = models.CharField(max_length=160)
    application = models.IntegerField(default=1)
    payment_amount = models.BigIntegerField()
    payment_date = models.DateField()
    method = models.CharField(max_length=3, choices=choices(Method), default=Method.ACH.value)
    doc = models.TextField()
    received_file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="+")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=choices(RemittanceState))
    since = models.DateTimeField(null=True)
    findings = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "content_key"], name="remittance_once"),
            models.UniqueConstraint(
                fields=["practice", "source"],
                condition=models.Q(state="posted"),
                name="remittance_source_posted_once",
            ),
            one_of("state", RemittanceState, "remittance_state"),
            one_of("origin", Origin, "remittance_origin"),
        ]
        indexes = [
            models.Index(fields=["practice", "source"], name="remittance_by_source"),
            models.Index(fields=["practice", "trace_number"], name="remittance_by_trace"),
            models.Index(fields=["practice", "payment_date"], name="remittance_by_day"),
            models.Index(fields=["practice", "payer_key", "payment_date"], name="remittance_by_payer"),
            models.Index(fields=["practice", "state", "payment_date"], name="remittance_by_state"),
            models.Index(fields=["practice", "payment_amount"], name="remittance_by_amount"),
            models.Index(fields=["practice", "method", "payment_date"], name="remittance_by_method"),
        ]

    def __str__(self) -> str:
        return self.trace_number


class RemittanceClaimRow(PracticeRow):
    """One CLP of a remittance, at `position` from 0, and the claim of ours that it answers.

    `event` names it in the keys of its entries, with `step` from the second time on that it is posted. `state_before`
    and `number_before` are what the claim had before this answer; `why` what a person said when they put it aside.
    """

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
    event = models.CharField(max_length=32, default="")
    step = models.IntegerField(default=1)
    state_before = models.CharField(max_length=16, default="")
    number_before = models.CharField(max_length=50, default="")
    why = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "position"], name="remittance_claim_once"),
            one_of("state", RemittanceClaimState, "remittance_claim_state"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "state"],
                condition=models.Q(state__in=IN_SUSPENSE),
                name="remittance_claim_open",
            ),
            models.Index(fields=["practice", "state"], name="remittance_claim_by_state"),
        ]

    def __str__(self) -> str:
        return self.control_number
