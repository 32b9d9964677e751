"""Signing in and out, the way to one's first room, and how the pages look."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from superbill.app.accounts.guesses import locked_until
from superbill.app.accounts.models import User
from superbill.app.settings import HTTPS
from superbill.app.web.actions import record_lock, record_session
from superbill.app.web.desk import Desk, desk, now
from superbill.app.web.looks import LOOKS
from superbill.app.web.middleware import came_from
from superbill.app.web.queries import practices_of

WRONG = gettext_lazy("Name and password don't match an account. Check both; capitals count in the password.")
MOST = 8_000  # bytes that the form can have, a long way to go included


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the person's first practice."""
    assert isinstance(request.user, User)
    own = practices_of(request.user)
    if own:
        return redirect("practice", own[0].key)
    said = _("You have no role in a practice yet. Ask an administrator for one.")
    return render(request, "web/403.html", {"said": said}, status=403)


@desk()
def first_room(request: HttpRequest, at: Desk) -> HttpResponse:
    """To the first room that this person's roles open."""
    rooms = at.rooms
    if not rooms:
        said = _("Your roles open none of these pages.")
        return render(request, "web/403.html", {"said": said}, status=403)
    return redirect(rooms[0].route, at.practice.key)


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what becomes of it: 5 failures a quarter of an hour under one name."""
    if request.method == "POST" and int(request.headers.get("Content-Length") or 0) > MOST:
        raise SuspiciousOperation
    onward = safe(request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        return _form(request, onward)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    if "\0" in name + password or len(name) > 150:
        return _form(request, onward, "", str(WRONG), status=401)
    moment = timezone.now()
    if until := locked_until(name, at=moment):
        return _form(request, onward, name, _locked(until[name], moment), status=429)
    try:
        user = get_adapter(request).authenticate(request, username=name, password=password)
    except ValidationError as error:  # too many failures from this address
        return _form(request, onward, name, error.messages[0], status=429)
    if user is None or not user.is_active:
        if locked_until(name, at=moment):
            record_lock(name, at=now())
        return _form(request, onward, name, str(WRONG), status=401)
    answer: HttpResponse = perform_login(request, user, redirect_url=onward or reverse("home"))
    return answer


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here and on the server. Left unattended, the way back to the page is kept."""
    if isinstance(request.user, User):
        record_session(request.user, "sign out", at=now())
        logout(request)
    onward = safe(request.POST.get("next") or "")
    if request.POST.get("why") != "idle":
        return redirect("sign-in")
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': onward, 'why': 'idle'})}")


@require_POST
def still_here(_request: HttpRequest) -> HttpResponse:
    """Keeps the session open: whoever asked for it sits at the screen."""
    return HttpResponse(status=204)


@login_not_required
@require_POST
def looks(request: HttpRequest) -> HttpResponse:
    """Light or dark, and roomy or dense rows, as this person wants them on this browser."""
    answer = redirect(came_from(request))
    for name, known in LOOKS.items():
        value = request.POST.get(name)
        if value in known:
            answer.set_cookie(name, value, max_age=365 * 86400, httponly=True, samesite="Lax", secure=HTTPS)
    return answer


def safe(onward: str) -> str:
    """An address of ours to go on to; "" for any other."""
    return onward if url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else ""


def _locked(until: datetime, moment: datetime) -> str:
    minutes = max(1, -(-int((until - moment).total_seconds()) // 60))
    return _("Too many attempts under this name. Try again in %(minutes)d min.") % {"minutes": minutes}


def _form(request: HttpRequest, onward: str, name: str = "", said: str = "", status: int = 200) -> HttpResponse:
    context = {"next": onward, "name": name, "said": said, "idle": request.GET.get("why") == "idle"}
    return render(request, "web/session/sign_in.html", context, status=status)
