"""Search by number or name. It is asked by POST: what a person types may be a name, and no address ever holds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from superbill.app.claims.queries import claim
from superbill.app.encounters.queries import visit
from superbill.app.patients.queries import patients_named
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show

SHOWN = 50


@desk(CHARTS, methods=("POST",))
def find(request: HttpRequest, at: Desk) -> HttpResponse:
    """An account or claim number opens its page; anything else is the beginning of a family name."""
    asked = request.POST.get("q", "").replace("\0", "").strip()[:120]
    number = asked.upper()
    if number and at.may(CLAIMS) and claim(at.scope, number) is not None:
        return redirect("claim", at.practice.key, number)
    if number and visit(at.scope, number) is not None:
        return redirect("visit", at.practice.key, number)
    found = patients_named(at.scope, asked.split(",")[0].strip(), SHOWN) if asked else []
    read(at, "patient", [row.pk for row in found])
    return show(request, at, "found", "", asked=asked, found=found, opens=at.may(LEDGER), shown=SHOWN)
