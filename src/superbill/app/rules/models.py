"""Packs of rules, every version that was ever activated."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow


class PackRow(PracticeRow):
    """A version of a pack that was activated, or (no `text`) the end of the pack. The latest row of a name counts.

    `replay` is what it would have done on past claims, a summary as JSON, as the person saw it who activated it. Rows
    are only ever added.
    """

    reads = Permission.READ_CLAIMS

    name = models.CharField(max_length=40)
    version = models.IntegerField()
    text = models.TextField(default="")
    sha256 = models.CharField(max_length=64, default="")
    replay = models.TextField(default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "name"], name="pack_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
