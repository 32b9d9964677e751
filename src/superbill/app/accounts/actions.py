"""Members join and leave."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.work import action


def grant(actor: Actor, user: User, role: Role, *, at: datetime) -> None:
    """Give `user` a role in the actor's practice."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "grant", at) as work:
        there = work.scope.rows(Membership).filter(user=user, role=role.value)
        if not there.exists():
            there.bulk_create([Membership(practice_id=work.practice_id, user=user, role=role.value)])
            work.note("user", user.pk, role=role.value)


def revoke(actor: Actor, user: User, role: Role, *, at: datetime) -> None:
    """Take a role away."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "revoke", at) as work:
        if work.scope.rows(Membership).filter(user=user, role=role.value).delete()[0]:
            work.note("user", user.pk, role=role.value)
