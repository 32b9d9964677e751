"""Search: patients by whatever one knows of them, and everything that has a number. It is asked by POST: what a person
types may be a name, and no address ever holds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from superbill.app.accounts.permissions import Permission
from superbill.app.patients.finding import find_patients
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.register.queries import Hit, lately, numbered

SHOWN = 30


@desk(CHARTS, methods=("POST",))
def find(request: HttpRequest, at: Desk) -> HttpResponse:
    """An account, claim, batch or trace number opens its page; anything else finds patients."""
    text = request.POST.get("q", "").replace("\0", "").strip()[:120]
    hits = [] if not text else _hits(at, text)
    found = find_patients(at.scope, text, today=at.today, limit=SHOWN) if text else []
    if len(hits) == 1 and not found:
        return redirect(hits[0].route, at.practice.key, hits[0].key)
    read(at, "patient", [one.id for one in found])
    return show(
        request, at, "register/found", "register", asked=text, found=found, hits=hits, shown=SHOWN,
        may_register=at.may(Permission.REGISTER),
    )  # fmt: skip


def _hits(at: Desk, text: str) -> list[Hit]:
    return [
        one
        for one in numbered(at.scope, text, claims=at.may(CLAIMS), ledger=at.may(LEDGER))
        if _there(at, one.route, one.key)
    ]


def _there(at: Desk, route: str, key: str | int) -> bool:
    try:
        return bool(reverse(route, args=(at.practice.key, key)))
    except NoReverseMatch:
        return False


@desk(CHARTS)
def front(request: HttpRequest, at: Desk) -> HttpResponse:
    """The desk's first page: search, and whose record was changed last."""
    people = lately(at.scope)
    read(at, "patient", [one.id for one in people])
    return show(
        request, at, "register/front", "register", people=people, may_register=at.may(Permission.REGISTER),
        may_check=at.may(Permission.VERIFY_COVERAGE), may_grant=at.may(Permission.KEEP_AUTHORIZATIONS), shown=SHOWN,
        may_import=at.may(Permission.IMPORT_CHARTS),
    )  # fmt: skip
