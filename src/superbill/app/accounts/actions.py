"""Members join and leave, are let in again, and are sent out."""

from datetime import datetime

from django.db.models import F

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.guesses import forget
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.accounts.second_factors import drop_second_factors
from superbill.app.work import Work, action

ELSEWHERE = "This person works in another practice too. Take their roles here away instead."

SHARED_STEP = (
    "This log-in opens another practice too, so no practice alone takes its second step away. "
    "Whoever runs the server does: superbill people reset-second-step."
)


class NotForPeople(Exception):
    """What cannot be done about these people. Nothing was changed."""


def grant(actor: Actor, user: User, role: Role, *, at: datetime) -> None:
    """Give `user` a role in the actor's practice. Raises NotForPeople for one's own log-in."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "grant", at) as work:
        _not_oneself(actor, user, "Nobody grants a role to themselves. Ask another administrator.")
        give(work, user, role)


def give(work: Work, user: User, role: Role) -> None:
    """Inside an action: the role, once."""
    if role is Role.SYSTEM:
        raise NotForPeople("This role is the program's own.")
    there = work.scope.rows(Membership).filter(user=user, role=role.value)
    if not there.exists():
        there.bulk_create([Membership(practice_id=work.practice_id, user=user, role=role.value)])
        work.note("user", user.pk, role=role.value)


def revoke(actor: Actor, user: User, role: Role, *, at: datetime) -> None:
    """Take a role away. Raises NotForPeople for the last administrator of the practice."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "revoke", at) as work:
        if role is Role.ADMINISTRATOR:
            _not_the_last(work.scope, user)
        if work.scope.rows(Membership).filter(user=user, role=role.value).delete()[0]:
            work.note("user", user.pk, role=role.value)


def deactivate(actor: Actor, user: User, *, at: datetime) -> None:
    """`user` can no longer sign in, and every session of theirs ends. Their roles stay, for the day they come back.

    Raises NotForPeople for oneself, for the last administrator, and for one who works in another practice too.
    """
    with action(actor, Permission.MANAGE_ACCOUNTS, "deactivate", at) as work:
        is_ours(work.scope, user)
        _not_oneself(actor, user, "Nobody deactivates themselves. Ask another administrator.")
        is_ours_alone(work.scope, user)
        _not_the_last(work.scope, user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            end_sessions(user)
            work.note("user", user.pk)


def reactivate(actor: Actor, user: User, *, at: datetime) -> None:
    """`user` can sign in again, with the roles they had."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "reactivate", at) as work:
        is_ours(work.scope, user)
        is_ours_alone(work.scope, user)
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            work.note("user", user.pk)


def reset_second_factors(actor: Actor, user: User, *, at: datetime) -> None:
    """Who lost their phone signs in with the password alone, and sets up a new one. Every session of theirs ends.

    Raises NotForPeople for oneself, and for one who works in another practice too: it trusts that step as well.
    """
    with action(actor, Permission.MANAGE_ACCOUNTS, "reset second factors", at) as work:
        is_ours(work.scope, user)
        is_ours_alone(work.scope, user, SHARED_STEP)
        _not_oneself(actor, user, "Nobody resets their own. Remove it under Security, or ask another administrator.")
        if drop_second_factors(user):
            end_sessions(user)
            work.note("user", user.pk)


def unlock(actor: Actor, user: User, *, at: datetime) -> None:
    """Failures to sign in under this name no longer count."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "unlock", at) as work:
        is_ours(work.scope, user)
        if forget(user.get_username()):
            work.note("user", user.pk)


def end_sessions(user: User) -> None:
    """Every session of this person ends, wherever it is."""
    User.objects.filter(pk=user.pk).update(sessions_from=F("sessions_from") + 1)


def _not_oneself(actor: Actor, user: User, said: str) -> None:
    if user.get_username() == actor.name:
        raise NotForPeople(said)


def is_ours(scope: Scope, user: User) -> None:
    """Raises NotForPeople for one without any role in the practice."""
    if not scope.rows(Membership).filter(user=user).exists():
        raise NotForPeople("This person has no role here.")


def is_ours_alone(scope: Scope, user: User, said: str = ELSEWHERE) -> None:
    """Raises NotForPeople for one who works in another practice too.

    One question across practices: it tells nothing of the other but that it is there.
    """
    if Membership._base_manager.filter(user=user).exclude(practice_id=scope.practice_id).exists():
        raise NotForPeople(said)


def _not_the_last(scope: Scope, user: User) -> None:
    chiefs = scope.rows(Membership).filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
    ids = set(chiefs.select_for_update().values_list("user_id", flat=True))
    if ids == {user.pk}:
        raise NotForPeople("This is the last administrator. Give somebody else the role first.")
