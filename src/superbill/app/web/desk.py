"""Every page begins here: who asks, in which practice, and may they. Outsiders get 404, colleagues without 403."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Permission
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.actions import record_reading
from superbill.app.practices.models import Practice
from superbill.app.practices.queries import practice as practice_of
from superbill.app.web.queries.people import practices_of

CHARTS, CLAIMS, LEDGER = Permission.READ_CHARTS, Permission.READ_CLAIMS, Permission.READ_LEDGER


class Room(Struct, frozen=True):
    """One entry of the rail: what it is called, its route, and what its pages read."""

    name: str
    route: str
    needs: tuple[Permission, ...]


ROOMS = (
    Room("Today", "today", (CHARTS, CLAIMS, LEDGER)),
    Room("Visits", "visits", (CHARTS,)),
    Room("Claims", "claims", (CHARTS, CLAIMS, LEDGER)),
    Room("Payments", "payments", (CHARTS, CLAIMS, LEDGER)),
    Room("Accounts", "accounts", (CHARTS, LEDGER)),
)


class Desk(Struct, frozen=True, kw_only=True):
    """One person at work in one practice. `today` is the day that ages count to."""

    practice: Practice
    actor: Actor
    today: date

    @property
    def scope(self) -> Scope:
        """What this person may read."""
        return self.actor.scope

    @property
    def rooms(self) -> list[Room]:
        """The rail: rooms all of whose permissions are there."""
        return [room for room in ROOMS if self.may(*room.needs)]

    def may(self, *needs: Permission) -> bool:
        """Whether every one of these permissions is there."""
        return self.actor.permissions.issuperset(needs)


Decorator = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def desk(*needs: Permission, methods: Sequence[str] = ("GET", "HEAD")) -> Decorator:
    """A view of one practice: it gets the Desk of the one who asks.

    Another practice, or one that is not there: 404, and nothing tells which. A permission missing: 403.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, practice: str, **named: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if any("\0" in str(value) for value in (practice, *named.values(), *request.GET.values())):
                raise Http404  # PostgreSQL has no such text
            at = desk_of(request, practice)
            for permission in needs:
                at.actor.must(permission)
            return view(request, at, **named)

        return answer

    return wrap


def desk_of(request: HttpRequest, key: str) -> Desk:
    """The asker's Desk in the practice of this key. Raises Http404 for an outsider."""
    found = practice_of(key)
    assert isinstance(request.user, User)
    actor = actor_for(request.user, found.pk) if found else None
    if found is None or actor is None or not actor.permissions:
        raise Http404
    return Desk(practice=found, actor=actor, today=today())


def today() -> date:
    """The day of a demo's books where the server was told one, else the calendar's."""
    told: date | None = getattr(settings, "SUPERBILL_TODAY", None)
    return told or timezone.localdate()


def now() -> datetime:
    """The moment that events carry."""
    return timezone.now()


def read(at: Desk, kind: str, ids: Sequence[int]) -> None:
    """Leave the trace that these rows of patients' records were looked at."""
    if ids:
        record_reading(at.actor, kind, ids, at=now())


def show(request: HttpRequest, at: Desk, template: str, room: str, **context: Any) -> HttpResponse:
    """The page `template`, with the rail on `room`."""
    assert isinstance(request.user, User)
    frame = {"desk": at, "room": room, "practices": practices_of(request.user)}
    return render(request, f"web/{template}.html", {**frame, **context})
