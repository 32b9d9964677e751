"""The tasks of people: somebody opened charts in an emergency, and a manager is to read why."""

from collections.abc import Iterator
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import EmergencyAccess
from superbill.app.accounts.permissions import Role
from superbill.app.worklists.items import Wanted

FIRST = 10**9  # before any money


def wanted(scope: Scope, _on: date) -> Iterator[Wanted]:
    """Emergency access that nobody has looked at."""
    for row in scope.rows(EmergencyAccess).filter(reviewed=None).order_by("id"):
        yield Wanted(
            key=f"emergency:{row.pk}",
            kind="emergency access",
            subject_kind="emergency",
            subject=row.pk,
            why=f"{row.name} opened charts in an emergency. Read the reason and what was opened, then say so.",
            due=row.at.date(),
            role=Role.MANAGER,
            rank=FIRST,
        )
