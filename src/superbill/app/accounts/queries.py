"""Who a user is in a practice."""

from datetime import datetime

from superbill.app.accounts.actors import Actor, Emergency, Scope, actor_with, in_emergency
from superbill.app.accounts.models import EmergencyAccess, Membership, User
from superbill.app.accounts.permissions import EMERGENCY, ROLES, Permission, Role


def actor_for(user: User, practice_id: int, at: datetime | None = None) -> Actor:
    """The user as an actor in a practice: the union of their roles, nothing without a membership or when inactive.

    With a moment, emergency access that lasts then is in it; it is looked for only where it could open anything.
    """
    roles = Scope(practice_id).rows(Membership).filter(user=user).values_list("role", flat=True)
    actor = actor_with(user.get_username(), practice_id, *(Role(role) for role in roles if user.is_active))
    if at is None or not actor.permissions or actor.permissions >= EMERGENCY:
        return actor
    row = emergency_of(user, practice_id, at)
    return in_emergency(actor, Emergency(id=row.pk, reason=row.reason, until=row.until)) if row else actor


def emergency_of(user: User, practice_id: int, at: datetime) -> EmergencyAccess | None:
    """The emergency access of this person that lasts at this moment."""
    rows = Scope(practice_id).rows(EmergencyAccess).filter(user=user, at__lte=at, until__gt=at, ended=None)
    return rows.order_by("-id").first()


def holds(scope: Scope, name: str, permission: Permission) -> bool:
    """Whether the person of this name may do it here today. Asked inside an action, about who did the step before."""
    roles = scope.rows(Membership).filter(user__username=name, user__is_active=True).values_list("role", flat=True)
    return any(permission in ROLES[Role(role)] for role in roles)
