"""New colleagues: an administrator asks them in by a link, and they choose their own name and password."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from superbill.app.accounts.actions import NotForPeople, give
from superbill.app.accounts.actors import Actor, Scope, actor_with
from superbill.app.accounts.models import Invitation, User
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.documents import content_key
from superbill.app.work import action

VALID = timedelta(days=7)


class NotInvited(NotForPeople):
    """The link was used, withdrawn or is too old. Or nobody ever made it; nothing tells which."""


def invite(actor: Actor, label: str, roles: Collection[Role], *, at: datetime) -> str:
    """Ask somebody in with these roles. The token for their link, which is nowhere kept: it is shown this once."""
    if not roles or Role.SYSTEM in roles:
        raise NotForPeople("Choose one role or more for them.")
    with action(actor, Permission.MANAGE_ACCOUNTS, "invite", at) as work:
        token = secrets.token_urlsafe(32)
        row = Invitation(
            practice_id=work.practice_id,
            token_hash=_hash(token),
            label=label.strip(),
            roles=",".join(sorted(role.value for role in roles)),
            invited_by=actor.name,
            at=at,
            expires=at + VALID,
        )
        work.scope.rows(Invitation).bulk_create([row])
        work.note("invitation", row.pk, roles=row.roles)
        return token


def withdraw(actor: Actor, row_id: int, *, at: datetime) -> None:
    """The link works no longer. Raises NotInvited when it was used already."""
    with action(actor, Permission.MANAGE_ACCOUNTS, "withdraw invitation", at) as work:
        if not work.scope.rows(Invitation).filter(pk=row_id, accepted=None, withdrawn=None).update(withdrawn=at):
            raise NotInvited("This invitation is no longer open.")
        work.note("invitation", row_id)


def was_made(scope: Scope, row_id: int) -> bool:
    """Whether this practice ever made this invitation."""
    return scope.rows(Invitation).filter(pk=row_id).exists()


def invitation(token: str, at: datetime) -> Invitation | None:
    """The open invitation of this token. It belongs to whoever holds the link, so no scope is asked."""
    rows = Invitation._base_manager.filter(token_hash=_hash(token), accepted=None, withdrawn=None, expires__gt=at)
    return rows.select_related("practice").first()


def join(token: str, name: str, password: str, *, at: datetime) -> User:
    """Make the log-in that the link promises, with its roles.

    Raises NotInvited; NotForPeople for a name that is taken; ValidationError for a password that is too weak.
    """
    user = User(username=name)
    user.full_clean(exclude=["password"], validate_unique=False)
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            _accept(token, user, at)
    except IntegrityError:
        raise NotForPeople("This name is taken. Choose another.") from None
    return user


def join_as(token: str, user: User, *, at: datetime) -> None:
    """One who has a log-in already takes the roles that the link promises. Raises NotInvited."""
    with transaction.atomic():
        _accept(token, user, at)


def _accept(token: str, user: User, at: datetime) -> None:
    found = invitation(token, at)
    if found is None:
        raise NotInvited("This link is no longer good. Ask an administrator for a new one.")
    if user.pk is None:
        if User.objects.filter(username__iexact=user.username).exists():
            raise NotForPeople("This name is taken. Choose another.")
        user.save()
    # The roles were given by whoever invited; the practice lets in by their permission, under the newcomer's name.
    host = actor_with(user.get_username(), found.practice_id, Role.ADMINISTRATOR)
    with action(host, Permission.MANAGE_ACCOUNTS, "join", at) as work:
        once = work.scope.rows(Invitation).filter(pk=found.pk, accepted=None, withdrawn=None)
        if not once.update(accepted=at, user=user):
            raise NotInvited("This link is no longer good. Ask an administrator for a new one.")
        work.note("invitation", found.pk, by=found.invited_by)
        for role in found.roles.split(","):
            give(work, user, Role(role))


def open_invitations(scope: Scope, at: datetime) -> list[Invitation]:
    """Who was asked in and has not come yet, the latest first."""
    rows = scope.rows(Invitation).filter(accepted=None, withdrawn=None, expires__gt=at)
    return list(rows.order_by("-id")[:50])


def _hash(token: str) -> str:
    return content_key(token)
