"""Invitations of patients, the accounts that they make of them, and what they paid on the page."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.guarantors.models import Guarantor


class PortalInvitation(PracticeRow):
    """A code by which a guarantor makes an account, once. Only its hash is kept; `tries` counts wrong birth dates."""

    reads = Permission.READ_LEDGER

    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=150)
    at = models.DateTimeField()
    expires = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "guarantor"], name="portal_invited")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class PortalAccount(PracticeRow):
    """One guarantor's way in. It is no user of the workbench and can never become one: it has no role anywhere.

    `login` is an e-mail address or a name that they chose, in small letters. Sessions carry `session`: a new password,
    or closing the account, ends them all.
    """

    reads = Permission.READ_LEDGER

    guarantor = models.ForeignKey(Guarantor, on_delete=models.PROTECT, related_name="+")
    login = models.CharField(max_length=254)
    password = models.CharField(max_length=128)
    session = models.CharField(max_length=32)
    since = models.DateTimeField()
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["login"], condition=Q(closed__isnull=True), name="portal_login_once"),
            models.UniqueConstraint(
                fields=["practice", "guarantor"], condition=Q(closed__isnull=True), name="portal_account_once"
            ),
        ]

    def __str__(self) -> str:
        return f"portal account {self.pk}"


class CardState(StrEnum):
    """`asked`: the processor was asked and its answer is not known; `approved` is posted, `declined` is not."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


class CardPayment(PracticeRow):
    """One try to pay by card. `key` comes from the form, so that a second click pays nothing. No card number is here:
    the processor's own fields take it, and give us a reference, the brand and the last four digits."""

    reads = Permission.READ_LEDGER

    account = models.ForeignKey(PortalAccount, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    processor = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=choices(CardState), default=CardState.ASKED.value)
    reference = models.CharField(max_length=80, default="")
    receipt = models.CharField(max_length=16, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="portal_payment_once"),
            one_of("state", CardState, "portal_payment_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="portal_payment_amount"),
        ]

    def __str__(self) -> str:
        return f"card payment {self.pk}"


class PortalTries(models.Model):
    """Tries under one name or code since `since`. It is kept as a hash: people type passwords into that field."""

    name_hash = models.CharField(max_length=64, unique=True)
    count = models.IntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"
