"""What whoever runs the server does for log-ins: the first of a practice, whom nobody is there to ask in, and those
that several practices use, which none of their administrators may change."""

from collections.abc import Collection
from datetime import datetime

from superbill.app.accounts.actions import NotForPeople, end_sessions
from superbill.app.accounts.actors import Actor
from superbill.app.accounts.invitations import invite
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.passwords import token_of
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.accounts.second_factors import drop_second_factors
from superbill.app.audit.chain import Event, append
from superbill.app.work import together

OPERATOR = "system"  # as the trail names what was done on the server itself


def operators_invitation(practice_id: int, label: str, roles: Collection[Role], *, at: datetime) -> str:
    """The token of a link by which somebody gets these roles in the practice, as an administrator's would.

    Raises NotForPeople without a role.
    """
    here = Actor(name=OPERATOR, practice_id=practice_id, permissions=frozenset({Permission.MANAGE_ACCOUNTS}))
    return invite(here, label, roles, at=at)


def operators_link(name: str, *, at: datetime) -> str:
    """The token of a link by which the person of this log-in chooses a new password. Their second step stays.

    Every practice of theirs has it in its trail. Raises NotForPeople.
    """
    with together():
        user = _somebody(name)
        if not user.is_active:
            raise NotForPeople(f"{name}: is deactivated. An administrator of their practice lets them in again first.")
        _record(user, "make password link", at)
        return token_of(user)


def operators_reset(name: str, *, at: datetime) -> bool:
    """Who lost their phone and every recovery code signs in with the password alone, and sets up a new second step.

    Every session of theirs ends. Whether there was a second step. Raises NotForPeople.
    """
    with together():
        user = _somebody(name)
        if not drop_second_factors(user):
            return False
        end_sessions(user)
        _record(user, "reset second factors", at)
        return True


def _somebody(name: str) -> User:
    """The one of this log-in who has a role in a practice. A patient's log-in is none: the office makes their link."""
    user = User.objects.filter(username__iexact=name.strip()).first()
    if user is None or not _practices(user):
        raise NotForPeople(f"{name}: no log-in with a role in a practice. Its name stands under Manage, Users.")
    return user


def _practices(user: User) -> list[int]:
    """The one question that no practice's scope can answer; it reads nothing but the person's own memberships."""
    found = Membership._base_manager.filter(user=user).values_list("practice_id", flat=True)
    return sorted(set(found))


def _record(user: User, name: str, at: datetime) -> None:
    append(Event(practice, OPERATOR, name, "user", user.pk, at, "") for practice in _practices(user))
