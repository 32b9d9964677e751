"""What every table of a practice has in common: its practice, its refusing manager, the permission that reads it."""

from typing import ClassVar

from django.db import models

from superbill.app.accounts.actors import ScopedManager
from superbill.app.accounts.permissions import Permission


class PracticeRow(models.Model):
    """A row that belongs to one practice. `reads` is the permission without which nobody sees the table."""

    reads: ClassVar[Permission]
    id: int
    practice_id: int

    practice = models.ForeignKey("practices.Practice", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager()

    class Meta:
        abstract = True


def choices(names: type) -> list[tuple[str, str]]:
    """A StrEnum as Django's choices."""
    return [(item.value, item.value) for item in names]  # type: ignore[attr-defined]  # a StrEnum iterates


def one_of(field: str, names: type, name: str) -> models.CheckConstraint:
    """The database itself refuses a value of `field` that is none of the enum's."""
    values = [value for value, _ in choices(names)]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)
