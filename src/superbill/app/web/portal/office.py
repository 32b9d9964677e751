"""The office lets a guarantor in: who has access, an invitation to hand over, and the end of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.queries import cards
from superbill.app.portal.access import access_of, close_access, invite
from superbill.app.web.desk import LEDGER, Desk, desk, now, read, show
from superbill.app.web.notices import tell


@desk(Permission.CORRESPOND, LEDGER, methods=("GET", "HEAD", "POST"))
def access(request: HttpRequest, at: Desk, guarantor: int) -> HttpResponse:
    """How it stands, and the invitation just made: its code is shown this once."""
    found = access_of(at.scope, guarantor, now())
    if found is None:
        raise Http404
    invited = None
    if request.method == "POST" and request.POST.get("do") == "close":
        close_access(at.actor, guarantor, at=now())
        tell(request, _("Closed. They can no longer open their pages."))
        return redirect("portal-access", at.practice.key, guarantor)
    if request.method == "POST":
        invited = invite(at.actor, guarantor, at=now())
        found = access_of(at.scope, guarantor, now())
    read(at, "guarantor", [guarantor])
    return show(
        request, at, "portal/access", "accounts", access=found, invited=invited,
        card=cards(at.scope, [guarantor])[guarantor], guarantor=guarantor,
        start=f"{request.get_host()}{reverse('my-start')}",
    )  # fmt: skip
