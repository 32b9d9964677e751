"""Signing in and out, the way to one's first room, and static files."""

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from superbill.app.accounts.models import User
from superbill.app.web.actions import record_session
from superbill.app.web.assets import assets
from superbill.app.web.desk import Desk, desk, now
from superbill.app.web.queries.people import practices_of
from superbill.app.web.throttle import attempt, forget

WRONG = "Name and password don't match an account. Check both; capitals count in the password."


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the person's first practice."""
    assert isinstance(request.user, User)
    own = practices_of(request.user)
    if own:
        return redirect("practice", own[0].key)
    said = "You have no role in a practice yet. Ask an administrator for one."
    return render(request, "web/403.html", {"said": said}, status=403)


@desk()
def first_room(request: HttpRequest, at: Desk) -> HttpResponse:
    """To the first room that this person's roles open."""
    rooms = at.rooms
    if not rooms:
        said = "Your roles open none of these pages."
        return render(request, "web/403.html", {"said": said}, status=403)
    return redirect(rooms[0].route, at.practice.key)


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what becomes of it: 5 attempts a quarter of an hour under one name."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    if request.method != "POST":
        return _form(request, onward)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    locked = attempt(name, at=now())
    if locked is not None:
        minutes = -(-int(locked.total_seconds()) // 60)
        said = f"Too many attempts under this name. Try again in {minutes} min."
        return _form(request, onward, name, said, status=429)
    user = None if "\0" in name else authenticate(request, username=name, password=password)
    if user is None:
        return _form(request, onward, name, WRONG, status=401)
    forget(name)
    login(request, user)
    record_session(user, "sign in", at=now())
    return HttpResponseRedirect(onward or reverse("home"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here and on the server."""
    assert isinstance(request.user, User)
    record_session(request.user, "sign out", at=now())
    logout(request)
    return redirect("sign-in")


@login_not_required
@require_safe
def static(_request: HttpRequest, mark: str, name: str) -> HttpResponse:
    """A style sheet or picture of ours; a browser may keep it for good, for its address changes with it."""
    found = assets().get(name)
    if found is None or found.mark != mark:
        raise Http404
    return HttpResponse(
        found.content, content_type=found.kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _form(request: HttpRequest, onward: str, name: str = "", said: str = "", status: int = 200) -> HttpResponse:
    context = {"next": onward, "name": name, "said": said}
    return render(request, "web/sign_in.html", context, status=status)
