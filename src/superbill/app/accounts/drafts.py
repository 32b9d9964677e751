"""What one typed and did not send: kept on the server for its writer alone, never in the browser."""

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Draft, User

MOST = 64 * 1024  # bytes of one draft
KEPT = timedelta(days=14)
Fields = list[tuple[str, str]]


class TooMuch(Exception):
    """More than a draft can hold. The one before it stays."""


def keep(user: User, practice_id: int, key: str, fields: str, *, at: datetime) -> None:
    """Put what is typed now (JSON: pairs of name and value) in place of what was. Raises TooMuch, ValueError."""
    if len(fields.encode()) > MOST:
        raise TooMuch("What you typed is too long to be kept unsent. Send it, or shorten it.")
    try:
        pairs = msgspec.json.decode(fields, type=Fields)
    except msgspec.DecodeError:
        raise ValueError("not the fields of a form") from None
    with transaction.atomic():
        rows = _rows(practice_id)
        rows.filter(at__lt=at - KEPT).delete()  # nobody came back for them
        made = Draft(practice_id=practice_id, user=user, key=key, fields=msgspec.json.encode(pairs).decode(), at=at)
        rows.bulk_create(
            [made],
            update_conflicts=True,
            unique_fields=["practice", "user", "key"],
            update_fields=["fields", "at"],
        )


def draft(user: User, practice_id: int, key: str, *, at: datetime) -> Draft | None:
    """What this person left in this form."""
    return _rows(practice_id).filter(user=user, key=key, at__gte=at - KEPT).first()


def drop(user: User, practice_id: int, key: str) -> None:
    """It was sent, or thrown away."""
    _rows(practice_id).filter(user=user, key=key).delete()


def _rows(practice_id: int) -> QuerySet[Draft]:
    return Scope(practice_id).rows(Draft)
