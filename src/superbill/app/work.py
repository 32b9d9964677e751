"""The frame of every action: permission, one transaction, the audit event in it, and troubles told plainly."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.audit.chain import Event, append
from superbill.app.boot import DatabaseUnusable, explain_sqlite


class Work:
    """One action under way. `note` adds an audit event, written with the rest or not at all."""

    def __init__(self, actor: Actor, scope: Scope, name: str, at: datetime) -> None:
        self.actor, self.scope, self.name, self.at = actor, scope, name, at
        self.events: list[Event] = []

    @property
    def practice_id(self) -> int:
        return self.scope.practice_id

    def note(self, kind: str, subject: int | None = None, *, ids: Sequence[int] = (), **counts: int | str) -> None:
        """An audit event about one row (`subject`), or about many (`ids`), with counts, nothing of a patient."""
        detail: dict[str, object] = {**counts, **({"ids": list(ids)} if ids else {})}
        told = msgspec.json.encode(detail).decode() if detail else ""
        self.events.append(Event(self.practice_id, self.actor.name, self.name, kind, subject, self.at, told))


class _Pending:
    """Events of an action that has ended inside a longer transaction. Django's list of what is to be done on commit
    holds them, because it drops what a savepoint takes back."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""


class _Depth(threading.local):
    """How many actions this thread is inside of."""

    value = 0


_depth = _Depth()


@contextmanager
def together() -> Iterator[None]:
    """Several actions in one transaction: all of them, or none. Their events are written at its end, so that the
    trail's lock is held for a moment only, and after every other."""
    with transaction.atomic(savepoint=False):
        _depth.value += 1
        try:
            yield
            if _depth.value == 1:
                write_events()
        finally:
            _depth.value -= 1


def write_events() -> None:
    """Append what the actions of this transaction have noted to the trail."""
    kept = connection.run_on_commit
    append([event for entry in kept if isinstance(entry[1], _Pending) for event in entry[1].events])
    connection.run_on_commit = [entry for entry in kept if not isinstance(entry[1], _Pending)]


@contextmanager
def action(actor: Actor, permission: Permission, name: str, at: datetime) -> Iterator[Work]:
    """Everything inside happens in one transaction, or not at all.

    Raises NotPermitted before anything is touched; DatabaseUnusable when the disk is full, the file is locked or
    the server goes away (nothing is half-written then). Inside another action or `together` it is part of that one:
    a failure here undoes the whole.
    """
    with _acting(actor, actor.must(permission), name, at) as work:
        yield work


@contextmanager
def noted(actor: Actor, name: str, at: datetime) -> Iterator[Work]:
    """An event about what needs no permission of its own, such as having read: what was read has asked for its own."""
    with _acting(actor, Scope(actor.practice_id), name, at) as work:
        yield work


@contextmanager
def _acting(actor: Actor, scope: Scope, name: str, at: datetime) -> Iterator[Work]:
    if at.tzinfo is None:
        raise ValueError("an action needs a time with its zone")
    try:
        with together():
            work = Work(actor, scope, name, at)
            yield work
            if work.events:
                transaction.on_commit(_Pending(work.events))
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
