"""The pages' own table: attempts to sign in."""

from django.db import models


class SignInAttempts(models.Model):
    """Attempts under one name since `since`. The name is kept as a hash: people type passwords into that field."""

    name_hash = models.CharField(max_length=64, unique=True)
    count = models.IntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"
