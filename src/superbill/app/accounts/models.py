"""People, and what they are in which practice."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from superbill.app.accounts.permissions import Permission, Role
from superbill.app.base import PracticeRow, choices, one_of


class User(AbstractUser):
    """One who signs in. A user may belong to several practices, with other roles in each."""


class Membership(PracticeRow):
    """A role of a user in a practice."""

    reads = Permission.MANAGE_ACCOUNTS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=choices(Role))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "user", "role"], name="membership_once"),
            one_of("role", Role, "membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
