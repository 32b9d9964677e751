"""Actors and the scope they work in. Every read and every write of the app begins with one of these."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Manager, Model, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.permissions import EMERGENCY, ROLES, NotPermitted, Permission, Role


class Unscoped(Exception):
    """A query that names no practice. It is a mistake in the program, never "everything"."""


M = TypeVar("M", bound="Model")


class ScopedManager(Manager[M]):
    """The only public manager of a practice's rows: it refuses. Use `scope.rows(Model)`."""

    def get_queryset(self) -> QuerySet[M]:
        raise Unscoped(
            f"{self.model.__name__} rows belong to a practice: read them with scope.rows({self.model.__name__})"
        )


class Scope:
    """The rows of one practice. From `actor.scope` (reads, as permitted) or `actor.must(...)` (inside an action)."""

    __slots__ = ("_may_read", "_reader", "practice_id")

    def __init__(self, practice_id: int, *, reader: str = "", may_read: frozenset[Permission] | None = None) -> None:
        self.practice_id = practice_id
        self._reader = reader
        self._may_read = may_read

    def rows(self, model: type[M]) -> QuerySet[M]:
        """The practice's rows of `model`. Raises NotPermitted when the reader lacks the table's permission."""
        self.must_read(model)
        return model._base_manager.filter(practice_id=self.practice_id)

    @property
    def reader(self) -> str:
        """Who reads; "" inside an action."""
        return self._reader

    def may(self, permission: Permission) -> bool:
        """Has the reader the permission? An action has asked for its own before it began."""
        return self._may_read is None or permission in self._may_read

    def must_read(self, model: type[Model]) -> None:
        """Raises NotPermitted when the reader lacks the permission of the table of `model`."""
        needed: Any = getattr(model, "reads", None)
        if self._may_read is not None and needed not in self._may_read:
            raise NotPermitted(
                f"{self._reader} may not {needed or 'read this'} here. Ask an administrator for the role."
            )


class Emergency(Struct, frozen=True, kw_only=True):
    """Charts opened without a role for it: the row that says so, why, and until when."""

    id: int
    reason: str
    until: datetime


class Actor(Struct, frozen=True, kw_only=True):
    """One who acts in one practice: a member with the union of their roles' permissions, or the program itself.

    `roles` tell limits on amounts: the highest of them counts. In an `emergency` they may read charts and claims, and
    every reading is noted with its reason.
    """

    name: str
    practice_id: int
    permissions: frozenset[Permission] = frozenset()
    roles: frozenset[Role] = frozenset()
    emergency: Emergency | None = None

    def must(self, permission: Permission) -> Scope:
        """The practice's rows to work on, once the permission is there. Raises NotPermitted."""
        if permission not in self.permissions:
            raise NotPermitted(f"{self.name} may not {permission.value} here. Ask an administrator for the role.")
        return Scope(self.practice_id)

    @property
    def scope(self) -> Scope:
        """What this actor may read. Tables whose permission is missing raise NotPermitted."""
        return Scope(self.practice_id, reader=self.name, may_read=self.permissions)


def actor_with(name: str, practice_id: int, *roles: Role) -> Actor:
    """An actor with these roles in the practice."""
    permissions = frozenset().union(*(ROLES[role] for role in roles))
    return Actor(name=name, practice_id=practice_id, permissions=permissions, roles=frozenset(roles))


def in_emergency(actor: Actor, emergency: Emergency) -> Actor:
    """The same actor, for whom charts and claims are open to be read."""
    return replace(actor, permissions=actor.permissions | EMERGENCY, emergency=emergency)


def system_actor(practice_id: int, name: str = "system") -> Actor:
    """The program itself, as commands and queues act in a practice."""
    return actor_with(name, practice_id, Role.SYSTEM)
