"""The frame of every action: permission, one transaction, the audit event in it, and troubles told plainly."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.audit.models import AuditEvent
from superbill.app.boot import DatabaseUnusable, explain_sqlite
from superbill.app.rows import insert


class Work:
    """One action under way. `note` adds an audit event, written with the rest or not at all."""

    def __init__(self, actor: Actor, scope: Scope, name: str, at: datetime) -> None:
        self.actor, self.scope, self.name, self.at = actor, scope, name, at
        self._events: list[tuple[str, int | None, str]] = []

    @property
    def practice_id(self) -> int:
        return self.scope.practice_id

    def note(self, kind: str, subject: int | None = None, *, ids: Sequence[int] = (), **counts: int | str) -> None:
        """An audit event about one row (`subject`), or about many (`ids`), with counts, nothing of a patient."""
        detail: dict[str, object] = {**counts, **({"ids": list(ids)} if ids else {})}
        self._events.append((kind, subject, msgspec.json.encode(detail).decode() if detail else ""))

    def write_events(self) -> None:
        rows = [
            (self.practice_id, self.actor.name, self.name, kind, subject, self.at, detail)
            for kind, subject, detail in self._events
        ]
        insert(AuditEvent, ("practice_id", "actor", "action", "subject_kind", "subject_id", "at", "detail"), rows)


@contextmanager
def action(actor: Actor, permission: Permission, name: str, at: datetime) -> Iterator[Work]:
    """Everything inside happens in one transaction, or not at all.

    Raises NotPermitted before anything is touched; DatabaseUnusable when the disk is full, the file is locked or
    the server goes away (nothing is half-written then). Inside a caller's transaction it is part of that one: a
    failure here undoes the whole.
    """
    if at.tzinfo is None:
        raise ValueError("an action needs a time with its zone")
    scope = actor.must(permission)
    try:
        with transaction.atomic(savepoint=False):
            work = Work(actor, scope, name, at)
            yield work
            work.write_events()
    except OperationalError as error:
        raise DatabaseUnusable(_trouble(error)) from error
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _READ_ONLY:
            raise
        raise DatabaseUnusable(_trouble(error)) from error


_READ_ONLY = "25006"  # what PostgreSQL answers on a standby server, or where it was made read-only


def _trouble(error: DatabaseError) -> str:
    if connection.vendor == "sqlite":
        path = str(connection.settings_dict["NAME"])
        return explain_sqlite(path, error.__cause__) or f"{path}: {error}. Nothing was half-written; run again."
    lines = str(error).strip().splitlines() or ["the connection was lost"]
    return f"PostgreSQL: {lines[0]}. Nothing was half-written; check the server and run again."
