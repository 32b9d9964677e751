"""Reading a patient's record is an event too."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.work import action


def record_reading(actor: Actor, kind: str, ids: Sequence[int], *, at: datetime) -> None:
    """Note that `actor` looked at these rows of a patient's record ("patient", "encounter", "claim")."""
    with action(actor, Permission.READ_CHARTS, "read", at) as work:
        for row_id in ids:
            work.note(kind, row_id)
