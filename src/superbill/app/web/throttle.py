"""Guessing passwords: five attempts a quarter of an hour under one name, whoever asks and from wherever."""

from datetime import datetime, timedelta

from django.db import transaction

from superbill.app.documents import content_key
from superbill.app.web.models import SignInAttempts

LIMIT = 5
WINDOW = timedelta(minutes=15)


def attempt(name: str, *, at: datetime) -> timedelta | None:
    """Count an attempt under `name`, before its password is looked at, so that asking in parallel gains nothing.

    None when it may go on; otherwise how long the name stays locked. A locked attempt does not prolong the lock.
    """
    with transaction.atomic():
        SignInAttempts.objects.filter(since__lte=at - WINDOW).delete()
        row, made = SignInAttempts.objects.select_for_update().get_or_create(
            name_hash=_hash(name), defaults={"count": 1, "since": at}
        )
        if made:
            return None
        if row.count >= LIMIT:
            return row.since + WINDOW - at
        row.count += 1
        row.save(update_fields=["count"])
        return None


def forget(name: str) -> None:
    """The person behind `name` has signed in: earlier attempts no longer count."""
    SignInAttempts.objects.filter(name_hash=_hash(name)).delete()


def _hash(name: str) -> str:
    return content_key(name.strip().casefold())
