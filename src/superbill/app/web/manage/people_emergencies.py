"""Emergency access, for those who answer for it: who, why, and what was opened."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from superbill.app.accounts import emergencies as app
from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.manage.first import tabs
from superbill.app.web.notices import tell
from superbill.app.web.paging import Page, asked

TRAIL = Permission.READ_AUDIT


@desk(TRAIL)
def emergencies(request: HttpRequest, at: Desk) -> HttpResponse:
    """The latest first; those that nobody has looked at before all others."""
    total, waiting = app.counted(at.scope)
    number, start = asked(request.GET.get("page", ""), total)
    rows = app.listed(at.scope, start)
    page: Page[app.Seen] = Page(rows=tuple(app.seen(at.scope, rows)), number=number, total=total)
    context: dict[str, Any] = {"page": page, "waiting": waiting, "moment": now()}
    return show(request, at, "manage/people_emergencies", "manage", tab="emergencies", tabs=tabs(at), **context)


@desk(TRAIL, methods=("POST",))
def review(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """Somebody has looked at it."""
    if not app.happened(at.scope, row_id):
        raise Http404
    app.review(at.actor, row_id, at=now())
    tell(request, _("Noted, with your name, that you have looked at it."))
    return redirect("emergencies", at.practice.key)
