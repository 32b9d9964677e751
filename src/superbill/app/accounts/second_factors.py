"""Who needs more than a password, and who has it."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.practices.models import Practice
from superbill.app.work import action

ALL = "all"
FACTORS = ("totp", "webauthn")  # recovery codes only stand in for one of these
JOBS = tuple(role for role in Role if role is not Role.SYSTEM)  # what a person can be


def roles_that_need(asked: str) -> frozenset[str]:
    """The roles that a setting names: all of them, or those by comma, besides what the server asks of everybody."""
    named = {part.strip() for text in (asked, settings.SUPERBILL_MFA) for part in text.split(",") if part.strip()}
    return frozenset(role.value for role in JOBS if ALL in named or role.value in named)


def needs_second_factor(user: User) -> bool:
    """Whether a role of this person needs one, in whichever practice.

    It reads nothing but the person's own memberships, which no practice's scope could tell.
    """
    rows = Membership._base_manager.filter(user=user).values_list("role", "practice__second_factor")
    return any(role in roles_that_need(asked) for role, asked in rows)


def has_second_factor(user: User) -> bool:
    """Whether this person has an authenticator app or a passkey."""
    there: bool = Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    return there


def ask_for_second_factor(actor: Actor, roles: frozenset[Role], *, at: datetime) -> None:
    """From now on members with these roles need a second factor, besides those for whom the server asks it."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "ask for second factor", at) as work:
        asked = ALL if roles.issuperset(JOBS) else ",".join(sorted(role.value for role in roles))
        Practice.objects.filter(pk=work.practice_id).update(second_factor=asked)
        work.note("practice", work.practice_id, roles=asked)


def drop_second_factors(user: User) -> bool:
    """Inside an action: app, passkeys and recovery codes are gone. Whether there were any."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])
