"""The practice, and its counters."""

from django.db import models


class Practice(models.Model):
    """A billing provider whose rows nobody else sees. `key` is the site file's, `policy` its MoneyPolicy as JSON.

    `second_factor` are the roles, by comma, that need more than a password here; "all" is everybody.
    """

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    policy = models.TextField(default="{}")
    second_factor = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        return self.key


class Counter(models.Model):
    """The last number given out under a name. The one way to numbers that never repeat: `actions.take`."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=32)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="counter_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="counter_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
