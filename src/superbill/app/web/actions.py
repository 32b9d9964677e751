"""What the pages write: who signed in and out. And the people of the demo."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import Actor, actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.audit.models import AuditEvent
from superbill.app.rows import insert
from superbill.app.web.queries.people import practices_of

DEMO_PEOPLE = {"biller": Role.BILLER, "coder": Role.CODER, "frontdesk": Role.FRONT_DESK}


def record_session(user: AbstractBaseUser, name: str, *, at: datetime) -> None:
    """An event "sign in" or "sign out" in every practice where `user` has a role. No permission is needed for it."""
    assert isinstance(user, User)
    rows = [(practice.pk, user.get_username(), name, "user", user.pk, at, "") for practice in practices_of(user)]
    insert(AuditEvent, ("practice_id", "actor", "action", "subject_kind", "subject_id", "at", "detail"), rows)


def put_demo_people(practice_id: int, passwords: Mapping[str, str], *, at: datetime) -> None:
    """Make the demo's people, or give them these passwords; each has one role in the practice."""
    chief: Actor = actor_with("superbill serve", practice_id, Role.ADMINISTRATOR)
    with transaction.atomic():
        for name, role in DEMO_PEOPLE.items():
            user, _ = User.objects.get_or_create(username=name)
            user.set_password(passwords[name])
            user.save()
            grant(chief, user, role, at=at)
