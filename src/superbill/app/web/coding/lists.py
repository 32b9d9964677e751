"""The lists of visits: which there are, as their address says; they stay chosen from visit to visit."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from superbill.app.coding.models import QueryState
from superbill.app.encounters.models import EncounterState
from superbill.app.web.coding.queries import TO_CODE, Chosen
from superbill.app.web.filters import query
from superbill.app.web.words import VISIT_GROUPS

USUAL = "to-code"
LISTS = {
    "to-code": (_("to code"), Chosen(states=TO_CODE)),
    "answered": (_("provider answered"), Chosen(query=QueryState.ANSWERED.value)),
    "asked": (_("waiting for provider"), Chosen(query=QueryState.ASKED.value)),
}


def list_of(request: HttpRequest) -> tuple[str, Chosen]:
    """(name, list) that the address asks for: a list of its own, a state, a group of states; to code unless told."""
    name = request.GET.get("list", "") or request.GET.get("state", "")
    order = request.GET.get("order", "")
    newest = order == "newest"
    if name in LISTS:
        found = LISTS[name][1]
        pressing = name == USUAL and order not in ("newest", "oldest")
        return name, Chosen(states=found.states, query=found.query, newest=newest, pressing=pressing)
    if name in VISIT_GROUPS:
        return name, Chosen(states=tuple(VISIT_GROUPS[name]), newest=True)
    if name in tuple(EncounterState):
        return name, Chosen(states=(name,), newest=order != "oldest")
    if name == "all":
        return name, Chosen(newest=True)
    return USUAL, Chosen(states=TO_CODE, newest=newest, pressing=order not in ("newest", "oldest"))


def address_of(name: str, chosen: Chosen) -> str:
    """The list, as the end of an address ("?list=to-code"); "" for the usual one."""
    order = order_of(chosen)
    kept = query(list=name if name != USUAL else "", order="" if order == _usual(name) else order)
    return f"?{kept[1:]}" if kept else ""


def order_of(chosen: Chosen) -> str:
    """The order of a list as its address says it."""
    return "priority" if chosen.pressing else "newest" if chosen.newest else "oldest"


def _usual(name: str) -> str:
    return "priority" if name == USUAL else "oldest" if name in LISTS else "newest"
