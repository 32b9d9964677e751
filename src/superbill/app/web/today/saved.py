"""Filters of the rooms' lists under a name: kept, forgotten, and for Today counted once the page is there."""

from urllib.parse import parse_qsl, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import Desk, desk, now
from superbill.app.web.notices import tell
from superbill.app.web.today.filters import cleaned, read_filters, roles_of
from superbill.app.web.today.queries import worklist_total
from superbill.app.worklists.actions import forget_filter, save_filter
from superbill.app.worklists.models import SavedFilter
from superbill.app.worklists.queue import saved_filters

FILTERS = {  # what an address of a room's list may tell; what else a form sends is not kept
    "claims": "state payer provider kind order rule hand batch age start end low high sort",
    "denials": "payer cause age deadline who show",
    "payments": "payer state method since until least most trace sort",
    "accounts": "over age state sort",
}


class KeptFilters(Struct, frozen=True, kw_only=True):
    """What the list of a room offers: its filters under a name, and to keep the ones it has now (`told`)."""

    room: str
    told: str
    rows: tuple[SavedFilter, ...]
    may_share: bool


def kept_filters(at: Desk, room: str, told: str) -> KeptFilters | None:
    """The filters kept for a room's list; None for one whose work is not with lists."""
    if not at.may(Permission.WORK_TASKS):
        return None
    share = at.may(Permission.APPROVE)
    return KeptFilters(room=room, told=told.strip("&"), rows=tuple(saved_filters(at.scope, room)), may_share=share)


@desk(Permission.WORK_TASKS, methods=("POST",))
def save(request: HttpRequest, at: Desk) -> HttpResponse:
    """Keep the filters of the list under a name."""
    name, sent, room = (request.POST.get(field, "") for field in ("name", "filters", "room"))
    room = room if room in FILTERS else "today"
    query, shared = _cleaned(room, sent), request.POST.get("shared") == "1"
    save_filter(at.actor, name, query, room=room, shared=shared, at=now())
    tell(request, _("Kept. The practice has this filter now.") if shared else _("Kept among your filters."))
    answer = redirect(room, at.practice.key)
    answer["Location"] += f"?{query}"
    return answer


@desk(Permission.WORK_TASKS, methods=("POST",))
def forget(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Keep it no longer."""
    room = next((room for room in ("today", *FILTERS) for one in saved_filters(at.scope, room) if one.pk == number), "")
    if not room:
        raise Http404
    forget_filter(at.actor, number, at=now())
    tell(request, _("That filter is kept no longer."))
    return redirect(room, at.practice.key)


@desk(Permission.WORK_TASKS)
def counts(request: HttpRequest, at: Desk) -> HttpResponse:
    """The kept filters with how much each shows: a part of the page that comes after it."""
    rows = []
    for one in saved_filters(at.scope):
        filters = read_filters(dict(parse_qsl(one.query)))
        rows.append((one, *worklist_total(at.scope, filters, roles_of(at), at.today)))
    return render(request, "web/today/saved.html", {"desk": at, "rows": rows})


def _cleaned(room: str, text: str) -> str:
    if room == "today":
        return cleaned(text)
    known = FILTERS[room].split()
    return urlencode([(name, value) for name, value in parse_qsl(text[:500]) if name in known])
