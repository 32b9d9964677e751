"""The people of a practice, as its administrators see them. A fixed number of statements, however many they are."""

from collections import defaultdict
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.guesses import locked_until
from superbill.app.accounts.models import Membership, User
from superbill.app.accounts.permissions import Role
from superbill.app.accounts.second_factors import FACTORS, roles_that_need
from superbill.app.practices.models import Practice


class Person(Struct, frozen=True, kw_only=True):
    """One member. `factors` are the kinds of second steps that they have; `locked` is until when guesses lock them out.

    `needs` tells that a role of theirs asks for a second step; `elsewhere` that they work in another practice too.
    """

    id: int
    name: str
    active: bool
    since: datetime
    last: datetime | None
    roles: tuple[Role, ...] = ()
    factors: tuple[str, ...] = ()
    needs: bool = False
    locked: datetime | None = None
    elsewhere: bool = False


def members(scope: Scope, *, active: bool = True, role: str = "") -> QuerySet[User]:
    """The users with a role here, by name."""
    here = scope.rows(Membership)
    held = here.filter(role=role) if role else here
    return User.objects.filter(pk__in=held.values("user_id"), is_active=active).order_by("username")


def member(scope: Scope, user_id: int) -> User | None:
    """The user with this id, if they have a role here."""
    return User.objects.filter(pk__in=scope.rows(Membership).values("user_id")).filter(pk=user_id).first()


def people(scope: Scope, users: list[User], now: datetime) -> list[Person]:
    """These members with all that is known of them."""
    ids = [user.pk for user in users]
    held: dict[int, list[Role]] = defaultdict(list)
    for user_id, role in scope.rows(Membership).filter(user_id__in=ids).order_by("role").values_list("user_id", "role"):
        held[user_id].append(Role(role))
    factors: dict[int, set[str]] = defaultdict(set)
    for user_id, kind in Authenticator.objects.filter(user_id__in=ids, type__in=FACTORS).values_list("user_id", "type"):
        factors[user_id].add(kind)
    locked = locked_until(*(user.username for user in users), at=now)
    others = Membership._base_manager.filter(user_id__in=ids).exclude(practice_id=scope.practice_id)
    elsewhere = set(others.values_list("user_id", flat=True))
    needs = roles_that_need(asked_here(scope))
    return [
        Person(
            id=user.pk,
            name=user.username,
            active=user.is_active,
            since=user.date_joined,
            last=user.last_login,
            roles=tuple(held[user.pk]),
            factors=tuple(sorted(factors[user.pk])),
            needs=not needs.isdisjoint(role.value for role in held[user.pk]),
            locked=locked.get(user.username),
            elsewhere=user.pk in elsewhere,
        )
        for user in users
    ]


def asked_here(scope: Scope) -> str:
    """The roles of which this practice asks a second step."""
    return Practice.objects.values_list("second_factor", flat=True).get(pk=scope.practice_id)
