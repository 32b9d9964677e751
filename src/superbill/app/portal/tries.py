"""Guessing: five tries a quarter of an hour under one name or code, whoever asks and from wherever."""

from datetime import datetime, timedelta

from django.db import transaction

from superbill.app.documents import content_key
from superbill.app.portal.models import PortalTries

LIMIT = 5
WINDOW = timedelta(minutes=15)


def attempt(name: str, *, at: datetime) -> timedelta | None:
    """Count a try before it is looked at, so that asking in parallel gains nothing. None when it may go on; otherwise
    how long it stays locked. A locked try does not prolong the lock."""
    with transaction.atomic():
        PortalTries.objects.filter(since__lte=at - WINDOW).delete()
        row, made = PortalTries.objects.select_for_update().get_or_create(
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
    """It was the right one: tries count from zero again."""
    PortalTries.objects.filter(name_hash=_hash(name)).delete()


def _hash(name: str) -> str:
    return content_key(f"portal {name.strip().casefold()}")
