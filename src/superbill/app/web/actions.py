"""What the pages write: who signed in and out. And the people of the demo."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import Actor, actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.audit.chain import Event, append
from superbill.app.web.queries import practices_of
from superbill.app.work import together

DEMO_PEOPLE = {
    "frontdesk": Role.FRONT_DESK,
    "coder": Role.CODER,
    "auditor": Role.AUDITOR,
    "biller": Role.BILLER,
    "poster": Role.POSTER,
    "manager": Role.MANAGER,
    "administrator": Role.ADMINISTRATOR,
}


def record_session(user: AbstractBaseUser, name: str, *, at: datetime, kind: str = "") -> None:
    """An event such as "sign in" or "add second factor" (of a `kind`) in every practice where `user` has a role.

    It is about the person alone: no permission is needed for it.
    """
    assert isinstance(user, User)
    detail = msgspec.json.encode({"kind": kind}).decode() if kind else ""
    rows = [(practice.pk, user.get_username(), name, "user", user.pk, at, detail) for practice in practices_of(user)]
    with together():
        append(Event(*row) for row in rows)


def record_lock(name: str, *, at: datetime) -> None:
    """An event "lock out" where the person of this name works, if there is one."""
    user = User.objects.filter(username__iexact=name.strip()).first()
    if user is not None:
        record_session(user, "lock out", at=at)


def put_demo_people(practice_id: int, passwords: Mapping[str, str], *, at: datetime) -> None:
    """Make the demo's people, or give them these passwords; each has one role in the practice."""
    chief: Actor = actor_with("superbill serve", practice_id, Role.ADMINISTRATOR)
    with transaction.atomic():
        for name, role in DEMO_PEOPLE.items():
            user, _ = User.objects.get_or_create(username=name)
            user.set_password(passwords[name])
            user.save()
            grant(chief, user, role, at=at)
