"""Guessing passwords: five failures under one name lock it for a quarter of an hour, wherever they come from.

django-axes keeps them. A name is kept as a hash only: people type passwords into that field.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

from superbill.app.documents import content_key


def hashed(name: str) -> str:
    """What is kept of a name: the same for "Ana" and " ANA "."""
    return content_key(name.strip().casefold())


def name_hash(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name of a try, for django-axes."""
    named = (credentials or {}).get("username") or request.POST.get("username", "")
    return hashed(str(named))


def address(request: HttpRequest) -> str | None:  # noqa: ARG001  # the signature that axes asks
    """Where a try comes from, for django-axes: nothing. Names alone are locked, so no address is kept with them."""
    return None


def locked_until(*names: str, at: datetime) -> dict[str, datetime]:
    """Until when each of these names is locked; names that are open are not in it."""
    wait: timedelta = settings.AXES_COOLOFF_TIME
    known = {hashed(name): name for name in names}
    rows = (
        AccessAttempt.objects.filter(username__in=known, attempt_time__gt=at - wait)
        .order_by()
        .values_list("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return {known[key]: last + wait for key, _, last in rows}


def forget(name: str) -> bool:
    """Failures under this name no longer count. Whether there were any."""
    return bool(AxesProxyHandler.reset_attempts(username=hashed(name)))
