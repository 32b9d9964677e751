"""People, what they are in which practice, how they come in, and what they have not finished."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from superbill.app.accounts.permissions import Permission, Role
from superbill.app.base import PracticeRow, choices, one_of


class User(AbstractUser):
    """One who signs in. A user may belong to several practices, with other roles in each.

    Every session carries a hash of the password and of `sessions_from`: a change of either ends all of them.
    """

    sessions_from = models.IntegerField(default=0)

    def get_session_auth_hash(self) -> str:
        """What a session has to carry to stay open."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under keys that were replaced."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        carried = f"{self.password}\0{self.sessions_from}"
        return salted_hmac("superbill.accounts.session", carried, secret=secret, algorithm="sha256").hexdigest()


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


class Invitation(PracticeRow):
    """A link by which one person makes a log-in and gets `roles` (by comma), once. Only the hash of its token is kept.

    `label` is for whoever invites: whom it went to. Patients are invited elsewhere: they never become users.
    """

    reads = Permission.MANAGE_ACCOUNTS

    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120, default="")
    roles = models.CharField(max_length=200, default="")
    invited_by = models.CharField(max_length=150)
    at = models.DateTimeField()
    expires = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["practice", "expires"], name="invitation_by_end")]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"


class EmergencyAccess(PracticeRow):
    """Somebody opened the charts without a role for it, and said why. It ends at `until`, or before by hand."""

    reads = Permission.READ_AUDIT

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    reviewed = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=150, default="")

    class Meta:
        indexes = [
            models.Index(fields=["practice", "user", "until"], name="emergency_by_user"),
            models.Index(fields=["practice", "reviewed"], name="emergency_by_review"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class Draft(PracticeRow):
    """What one person typed into the form `key` and did not send. Nobody else ever reads it."""

    reads = Permission.READ_CHARTS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    fields = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "user", "key"], name="draft_once")]
        indexes = [models.Index(fields=["at"], name="draft_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


class Remembered(models.Model):
    """The table of Django's cache: codes that were used, tries by address. It holds nothing for longer than an hour."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
