"""Every page begins here: who asks, in which practice, and may they. Outsiders get 404, colleagues without 403."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import EMERGENCY, Permission
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.actions import record_numbers, record_reading
from superbill.app.practices.models import Practice
from superbill.app.web.notices import told
from superbill.app.web.queries import practices_of
from superbill.app.web.rooms import Room, rooms
from superbill.app.web.session.gate import led_elsewhere

CHARTS, CLAIMS, LEDGER = Permission.READ_CHARTS, Permission.READ_CLAIMS, Permission.READ_LEDGER


class Desk(Struct, frozen=True, kw_only=True):
    """One person at work in one practice. `today` is the day that ages count to, `practices` all in which they have a
    role."""

    practice: Practice
    actor: Actor
    today: date
    practices: Sequence[Practice] = ()

    @property
    def scope(self) -> Scope:
        """What this person may read."""
        return self.actor.scope

    @property
    def rooms(self) -> list[Room]:
        """The rail: rooms whose permissions are there."""
        return [room for room in rooms() if self._opens(room)]

    def _opens(self, room: Room) -> bool:
        return self.may(*room.needs) and (not room.any_of or any(self.may(one) for one in room.any_of))

    @property
    def closed(self) -> bool:
        """Whether charts or claims are closed to this person: what emergency access could open."""
        return not self.actor.permissions >= EMERGENCY

    def may(self, *needs: Permission) -> bool:
        """Whether every one of these permissions is there."""
        return self.actor.permissions.issuperset(needs)


Decorator = Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]


def desk(*needs: Permission, methods: Sequence[str] = ("GET", "HEAD")) -> Decorator:
    """A view of one practice: it gets the Desk of the one who asks.

    Another practice, or one that is not there: 404, and nothing tells which. A permission missing: 403.
    """

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, practice: str, **named: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if any("\0" in str(value) for value in (practice, *named.values(), *request.GET.values())):
                raise Http404  # PostgreSQL has no such text
            at = desk_of(request, practice)
            if (first := led_elsewhere(request, at.practice, at.actor)) is not None:
                return first
            for permission in needs:
                at.actor.must(permission)
            return view(request, at, **named)

        return answer

    return wrap


def desk_of(request: HttpRequest, key: str) -> Desk:
    """The asker's Desk in the practice of this key. Raises Http404 for an outsider."""
    assert isinstance(request.user, User)
    own = practices_of(request.user)
    found = next((one for one in own if one.key == key), None)
    actor = actor_for(request.user, found.pk, now()) if found else None
    if found is None or actor is None or not actor.permissions:
        raise Http404
    return Desk(practice=found, actor=actor, today=today(), practices=own)


def today() -> date:
    """The day of a demo's books where the server was told one, else the calendar's."""
    return settings.SUPERBILL_TODAY or timezone.localdate()


def now() -> datetime:
    """The moment that events carry: this time of day, on the day that the pages take for today."""
    there = timezone.now()
    told = settings.SUPERBILL_TODAY
    return datetime.combine(told, there.timetz()) if told else there


def read(at: Desk, kind: str, ids: Sequence[int]) -> None:
    """Leave the trace that these rows of patients' records were looked at."""
    if ids:
        record_reading(at.actor, kind, ids, at=now())


def read_numbers(at: Desk, numbers: Sequence[str]) -> None:
    """The same for claims and visits by their numbers."""
    if numbers:
        record_numbers(at.actor, numbers, at=now())


def show(
    request: HttpRequest, at: Desk, template: str, room: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page `web/<template>.html`, with the rail on the room whose route is `room`. 422 for a refused form."""
    frame = {"desk": at, "asked": "", "room": room, "practices": at.practices, "notices": told(request)}
    frame["session_seconds"] = settings.SESSION_COOKIE_AGE
    return render(request, f"web/{template}.html", {**frame, **context}, status=status)
