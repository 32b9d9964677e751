"""Reading a patient's record is an event too, and so is taking it out as a file."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.audit.queries import numbered
from superbill.app.work import noted

APART = 500  # rows that are noted each by itself; of more, one event tells how many


def record_taking(actor: Actor, kind: str, subject: int, *, at: datetime) -> None:
    """Note that `actor` took patients' data out as a file. Whoever reads these rows may have their file."""
    with noted(actor, "take a file", at) as work:
        work.note(kind, subject)


def record_reading(actor: Actor, kind: str, ids: Sequence[int], *, at: datetime) -> None:
    """Note that `actor` looked at these rows of a patient's record ("patient", "encounter", "claim"), and in an
    emergency why."""
    why = actor.emergency.reason if actor.emergency else ""
    with noted(actor, "read", at) as work:
        for row_id in ids:
            if why:
                work.note(kind, row_id, emergency=why)
            else:
                work.note(kind, row_id)


def record_command(actor: Actor, command: str, user: str, told: Sequence[str], *, at: datetime) -> None:
    """Note that `user`, as the machine knows them, looked at patients' records by a command: at the claims, visits and
    patients that its arguments name (`told`), or at a list, where they name none."""
    with noted(actor, "read", at) as work:
        rows = numbered(work.scope, told)
        for kind, row_id in rows:
            work.note(kind, row_id, command=command, user=user)
        if not rows:
            work.note("records", command=command, user=user)


def record_numbers(actor: Actor, told: Sequence[str], *, at: datetime) -> None:
    """Note that `actor` looked at the claims and visits of these numbers."""
    with noted(actor, "read", at) as work:
        rows = numbered(work.scope, told)
        for kind, row_id in rows[:APART]:
            work.note(kind, row_id)
        if len(rows) > APART:
            work.note("records", rows=len(rows))
