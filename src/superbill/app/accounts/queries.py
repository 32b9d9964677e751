"""Who a user is in a practice."""

from superbill.app.accounts.actors import Actor, Scope, actor_with
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Role


def actor_for(user: User, practice_id: int) -> Actor:
    """The user as an actor in a practice: the union of their roles, nothing without a membership or when inactive."""
    roles = Scope(practice_id).rows(Membership).filter(user=user).values_list("role", flat=True)
    return actor_with(user.get_username(), practice_id, *(Role(role) for role in roles if user.is_active))
