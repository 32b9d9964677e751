"""Favourite codes."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow


class FavouriteRow(PracticeRow):
    """One code kept at hand. `owner` is the name of who keeps it, "" for the practice; `system` a code system's slug.

    The code stands as people write it. It may end with a release: then it stays, and is told when it is looked at.
    """

    reads = Permission.READ_CHARTS

    owner = models.CharField(max_length=150, default="")
    system = models.CharField(max_length=32)
    code = models.CharField(max_length=20)
    note = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "owner", "system", "code"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"
