"""Paper explanations of benefits being keyed, and those that were posted."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.remits.models import RemittanceRow


class EobState(StrEnum):
    KEYING = "keying"
    POSTED = "posted"
    DROPPED = "dropped"


class EobRow(PracticeRow):
    """One check with its paper. `doc` is the PaperRemittance as keyed so far; `version` counts its changes, so that two
    people who key one paper don't overwrite each other. Once posted it is `remittance`."""

    reads = Permission.READ_LEDGER

    payer_key = models.CharField(max_length=64)
    check_number = models.CharField(max_length=50)
    on = models.DateField()
    amount = models.BigIntegerField()
    doc = models.TextField()
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=8, choices=choices(EobState), default=EobState.KEYING.value)
    remittance = models.ForeignKey(RemittanceRow, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "payer_key", "check_number"],
                condition=~models.Q(state="dropped"),
                name="eob_check_once",
            ),
            one_of("state", EobState, "eob_state"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="eob_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"check {self.check_number}"
