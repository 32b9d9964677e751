"""Visits: the list that a coder works through."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.encounters.queries import count_by_state
from superbill.app.path.coding import covered
from superbill.app.path.workbench import bill_released
from superbill.app.session import BadInput, Session
from superbill.app.web import sites
from superbill.app.web.coding.lists import LISTS, address_of, list_of, order_of
from superbill.app.web.coding.queries import TO_CODE, VisitLine, query_counts, visit_list
from superbill.app.web.desk import CHARTS, Desk, desk, read, show
from superbill.app.web.filters import query
from superbill.app.web.notices import tell
from superbill.app.web.words import VISIT_GROUPS
from superbill.claims.coverage_order import order_coverages
from superbill.money import Cents
from superbill.site import payer_lookup

LATE_DAYS, SOON_DAYS = 5, 2
"""Days after the visit from which coding is late, or soon will be: ours, for no law sets them."""


class Row(Struct, frozen=True, kw_only=True):
    """A visit with what it is worth, who pays, and how pressing it is."""

    line: VisitLine
    payer: str
    worth: Cents | None
    pressing: str
    why: str


@desk(CHARTS)
def visits(request: HttpRequest, at: Desk) -> HttpResponse:
    """Visits of one list; of those to code the most pressing first."""
    name, chosen = list_of(request)
    page = visit_list(at.scope, chosen, page=request.GET.get("page", ""))
    read(at, "encounter", [line.id for line in page.rows])
    by_state, asked = count_by_state(at.scope), query_counts(at.scope)
    counts = {"to-code": sum(by_state[state] for state in TO_CODE), **asked}
    session = session_of(at)
    return show(
        request,
        at,
        "coding/visits",
        "visits",
        page=page,
        rows=[_row(line, session, at) for line in page.rows],
        lists=[(key, words, counts.get(key, 0)) for key, (words, _) in LISTS.items()],
        counts=[(key, count) for key, count in by_state.items() if count or key == name],
        name=name,
        chosen=chosen,
        list=address_of(name, chosen),
        group=name.replace("-", " ") if name in VISIT_GROUPS else "",
        query=query(list=name, order=order_of(chosen)),
        released=by_state["coded"],
        bills=at.may(Permission.BILL),
        audits=at.may(Permission.AUDIT_CODING),
        codes=at.may(Permission.CODE),
        imports=at.may(Permission.IMPORT_CHARTS),
    )


@desk(CHARTS, Permission.BILL, methods=("POST",))
def bill(request: HttpRequest, at: Desk) -> HttpResponse:
    """Open the claims of every released visit."""
    done = bill_released(sites.session(at), at.actor)
    words = ngettext(
        "%(count)d claim opened: %(ready)d ready to send, %(held)d held by what was found.",
        "%(count)d claims opened: %(ready)d ready to send, %(held)d held by what was found.",
        done.ready + done.held,
    ) % {"count": done.ready + done.held, "ready": done.ready, "held": done.held}
    tell(request, words)
    return redirect(f"{reverse('visits', args=(at.practice.key,))}?list=coded")


def session_of(at: Desk) -> Session | None:
    """The practice's facts; None where the server was started without them: then nothing is known of payers."""
    try:
        return sites.session(at)
    except BadInput:
        return None


def payer_of(session: Session | None, line: VisitLine) -> str:
    """Who pays first, "" when nobody is known."""
    if session is None:
        return ""
    chart = covered(session.site, line.chart, line.record)
    order = order_coverages(chart, line.record, payer_lookup(session.site))
    return order.coverages[0].payer.payer.name if order.coverages else "Self-pay"


def _row(line: VisitLine, session: Session | None, at: Desk) -> Row:
    days = (at.today - line.on).days
    open_ = line.state in TO_CODE
    pressing, why = "", ""
    if line.query == "answered":
        pressing, why = "first", "the provider answered"
    elif line.query == "asked":
        pressing, why = "waits", "for the provider"
    elif open_ and days > LATE_DAYS:
        pressing, why = "late", f"{days - LATE_DAYS} d"
    elif open_ and days > SOON_DAYS:
        pressing, why = "soon", f"in {LATE_DAYS - days + 1} d"
    return Row(line=line, payer=payer_of(session, line), worth=_worth(line, session), pressing=pressing, why=why)


def _worth(line: VisitLine, session: Session | None) -> Cents | None:
    """The practice's charges for what is coded or suggested; None where nothing is."""
    if session is None or not line.services:
        return None
    prices = [(session.price(code, modifiers, line.on) or 0) * units for code, modifiers, units in line.services]
    return sum(prices)
