"""Emergency access: whoever works here may open charts for an hour by saying why. It is as loud as can be."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, When
from msgspec import Struct

from superbill.app.accounts.actions import NotForPeople
from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.models import EmergencyAccess, User
from superbill.app.accounts.permissions import EMERGENCY, NotPermitted, Permission
from superbill.app.audit.models import AuditEvent
from superbill.app.work import action, noted

LASTS = timedelta(minutes=60)
LEAST = 10  # letters of a reason


class Seen(Struct, frozen=True, kw_only=True):
    """One emergency access, and how many records of each kind were opened while it lasted."""

    row: EmergencyAccess
    end: datetime
    opened: tuple[tuple[str, int], ...]


def begin(actor: Actor, user: User, reason: str, *, at: datetime) -> None:
    """Open charts and claims to read for an hour. Any member may; a second call while it lasts changes nothing.

    Raises NotPermitted for one who is no member, NotForPeople for a reason too short to be one, and for one whose
    roles open the charts anyway.
    """
    if not actor.permissions:
        raise NotPermitted("Only members of this practice have emergency access.")
    if actor.emergency is not None:
        return
    if actor.permissions >= EMERGENCY:
        raise NotForPeople("Your roles open charts and claims as it is.")
    if sum(letter.isalpha() for letter in reason) < LEAST:
        raise NotForPeople(f"Say why in {LEAST} letters or more. It is read by the manager and the administrator.")
    with noted(actor, "begin emergency", at) as work:
        row = EmergencyAccess(
            practice_id=work.practice_id, user=user, name=actor.name, reason=reason.strip(), at=at, until=at + LASTS
        )
        work.scope.rows(EmergencyAccess).bulk_create([row])
        work.note("emergency", row.pk, reason=row.reason)


def end(actor: Actor, *, at: datetime) -> None:
    """Close what `actor` opened, before its time."""
    if actor.emergency is None:
        return
    with noted(actor, "end emergency", at) as work:
        work.scope.rows(EmergencyAccess).filter(pk=actor.emergency.id).update(ended=at)
        work.note("emergency", actor.emergency.id)


def review(actor: Actor, row_id: int, *, at: datetime) -> None:
    """It was looked at, and was right or was dealt with. Never by the one who opened it."""
    with action(actor, Permission.READ_AUDIT, "review emergency", at) as work:
        row = work.scope.rows(EmergencyAccess).filter(pk=row_id, reviewed=None).select_for_update().first()
        if row is None:
            raise NotForPeople("There is no such emergency access to look at, or somebody has.")
        if row.name == actor.name:
            raise NotForPeople("Nobody looks at their own. Another manager or administrator does.")
        row.reviewed, row.reviewed_by = at, actor.name
        row.save(update_fields=["reviewed", "reviewed_by"])
        work.note("emergency", row.pk)


def happened(scope: Scope, row_id: int) -> bool:
    """Whether this emergency access was here."""
    return scope.rows(EmergencyAccess).filter(pk=row_id).exists()


def counted(scope: Scope) -> tuple[int, int]:
    """How many there were, and how many of them nobody has looked at."""
    rows = scope.rows(EmergencyAccess).aggregate(all=Count("id"), waiting=Count("id", filter=Q(reviewed=None)))
    return rows["all"], rows["waiting"]


def listed(scope: Scope, start: int, size: int = 50) -> list[EmergencyAccess]:
    """Those that nobody has looked at, then the latest."""
    looked_at = Case(When(reviewed=None, then=0), default=1)
    return list(scope.rows(EmergencyAccess).order_by(looked_at, "-id")[start : start + size])


def seen(scope: Scope, rows: Sequence[EmergencyAccess]) -> list[Seen]:
    """What was opened in each of these, by the trail. Two statements, however many they are."""
    if not rows:
        return []
    events = scope.rows(AuditEvent).filter(
        action="read", actor__in={row.name for row in rows}, at__gte=min(row.at for row in rows)
    )
    reads = set(events.values_list("actor", "subject_kind", "subject_id", "at"))
    return [Seen(row=row, end=row.ended or row.until, opened=_opened(row, reads)) for row in rows]


def _opened(row: EmergencyAccess, reads: set[tuple[str, str, int | None, datetime]]) -> tuple[tuple[str, int], ...]:
    end = row.ended or row.until
    records = {(kind, subject) for name, kind, subject, at in reads if name == row.name and row.at <= at <= end}
    return tuple(sorted(Counter(kind for kind, _ in records).items()))
