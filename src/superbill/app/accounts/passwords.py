"""A forgotten password: an administrator gives a link, and the person chooses a new one by it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction

from superbill.app.accounts.actions import NotForPeople, end_sessions, is_ours, is_ours_alone
from superbill.app.accounts.actors import Actor
from superbill.app.accounts.guesses import forget
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Permission
from superbill.app.work import action

LINK_VALID = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
# Nothing is kept of a link: it is signed, and good for three days, until the password is another or they sign in.
_links = PasswordResetTokenGenerator()
ELSEWHERE = (
    "This log-in opens another practice too, so no practice alone makes this link. "
    "Whoever runs the server does: superbill people password-link."
)


class LinkGone(NotForPeople):
    """The link was used or is too old. Or nobody ever made it; nothing tells which."""


def make_password_link(actor: Actor, user: User, *, at: datetime) -> str:
    """The token of a link by which `user` chooses a new password. Their second step stays as it is.

    Raises NotForPeople for oneself, for one who can't sign in, and for one who works in another practice too.
    """
    with action(actor, Permission.MANAGE_ACCOUNTS, "make password link", at) as work:
        is_ours(work.scope, user)
        if user.get_username() == actor.name:
            raise NotForPeople("Nobody makes this link for themselves. Change your password under Security.")
        user = User.objects.get(pk=user.pk)  # as it is now: the link is signed with their password and last sign-in
        if not user.is_active:
            raise NotForPeople("This person is deactivated. Let them in again first.")
        is_ours_alone(work.scope, user, ELSEWHERE)
        work.note("user", user.pk)
        return token_of(user)


def token_of(user: User) -> str:
    """Inside an action: the token of a link for this person, as they are in the database now."""
    return f"{user.pk}-{_links.make_token(user)}"


def user_of_link(token: str) -> User | None:
    """Whose password the link changes; None for a link that is no longer good."""
    key, _, signed = token.partition("-")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
    user = User.objects.filter(pk=number, is_active=True).first()
    return user if user is not None and _links.check_token(user, signed) else None


def choose_password(token: str, password: str) -> User:
    """The person of the link has this password now. Every session of theirs ends, and wrong guesses are forgotten.

    Raises LinkGone; ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        found = user_of_link(token)
        user = found and User.objects.select_for_update().get(pk=found.pk)
        if user is None or user_of_link(token) is None:
            raise LinkGone("This link is no longer good. Ask an administrator for a new one.")
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user)
    forget(user.get_username())
    return user
