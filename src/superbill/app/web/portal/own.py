"""Every page of a patient begins here: who they are, and that they see nothing but their own."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from superbill.app.portal.access import account_in, note_visit
from superbill.app.portal.cards import processor
from superbill.app.portal.scope import PortalScope
from superbill.app.statements.composing import practice_party
from superbill.app.web.desk import now
from superbill.app.web.notices import told
from superbill.app.web.sites import site_of
from superbill.site import Site

SESSION = "patient"
# Which entry of the navigation a page belongs to.
_NAV = {"why": "bill", "ask": "questions", "question": "questions", "hear": "me"}
View = Callable[..., HttpResponse]


def patient_page(*methods: str) -> Callable[[View], View]:
    """A view of one guarantor's own: it gets their PortalScope. Who has not come in as a patient is asked to; being
    signed in to the workbench opens nothing here."""
    allowed: Sequence[str] = methods or ("GET", "HEAD")

    def wrap(view: View) -> View:
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if any("\0" in str(value) for value in (*named.values(), *request.GET.values(), *request.POST.values())):
                raise Http404
            mine = mine_of(request)
            if mine is None:
                return redirect("my-sign-in")
            if request.method != "POST":
                note_visit(mine, "read", at=now())
            given = view(request, mine, **named)
            if request.method == "POST" and not 300 <= given.status_code < 400:
                note_visit(mine, "read", at=now())  # a form that was not taken shows the page again
            return given

        return answer

    return wrap


def open_page(view: View) -> View:
    """A page for who has not come in yet: the form, and what becomes of it."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(("GET", "HEAD", "POST"))
        if any("\0" in str(value) for value in (*request.GET.values(), *request.POST.values())):
            raise Http404
        return view(request)

    return answer


def mine_of(request: HttpRequest) -> PortalScope | None:
    """Who has come in as a patient in this browser."""
    kept = request.session.get(SESSION)
    return account_in(int(kept[0]), str(kept[1])) if isinstance(kept, list) and len(kept) == 2 else None


def site_for(mine: PortalScope) -> Site | None:
    """The facts of the practice."""
    return site_of(mine.practice().key)


def payer_names(mine: PortalScope) -> Mapping[str, str]:
    """What people call the payers."""
    site = site_for(mine)
    return {entry.key: entry.name for entry in site.payers} if site else {}


def show_mine(
    request: HttpRequest, mine: PortalScope, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page `web/portal/<template>.html`, with the practice's name and phone number on it."""
    site = site_for(mine)
    frame = {
        "mine": mine,
        "at": _NAV.get(template, template),
        "practice": mine.practice().name,
        "office": practice_party(site, mine.rules()) if site else None,
        "notices": told(request),
        "can_pay": processor() is not None,
    }
    return render(request, f"web/portal/{template}.html", {**frame, **context}, status=status)
