"""Prior authorizations and referrals."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


class GrantKind(StrEnum):
    """Which number it is: REF*G1 or REF*9F of a claim."""

    AUTHORIZATION = "authorization"
    REFERRAL = "referral"


class AuthorizationRow(PracticeRow):
    """What a payer granted for a patient under a number, as known at the time of the row.

    The latest row of a payer's number counts; a `withdrawn` one ends it. `codes` are codes and ranges separated by
    blanks, none for any service; `units` granted as text of a decimal, "" where they are not counted. Rows are only
    ever added.
    """

    reads = Permission.READ_CHARTS
    patient_id: int

    patient = models.ForeignKey("patients.PatientRow", on_delete=models.PROTECT, related_name="+")
    payer_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=choices(GrantKind))
    number = models.CharField(max_length=50)
    codes = models.TextField(default="")
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    units = models.CharField(max_length=20, default="")
    provider_npi = models.CharField(max_length=10, default="")
    withdrawn = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", GrantKind, "authorization_kind"),
            models.CheckConstraint(
                condition=models.Q(start__isnull=True)
                | models.Q(end__isnull=True)
                | models.Q(end__gte=models.F("start")),
                name="authorization_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
