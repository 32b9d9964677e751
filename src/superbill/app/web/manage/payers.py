"""Payers side by side, and providers side by side."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.reports.measures import BY_KEY
from superbill.app.reports.scorecards import PAYER_MEASURES, payer_scores, productivity
from superbill.app.web.charts import Bar, bars
from superbill.app.web.desk import Desk, desk, show
from superbill.app.web.manage.figures import value
from superbill.app.web.manage.first import tabs
from superbill.app.web.manage.names import NOBODY, names
from superbill.app.web.manage.period import months
from superbill.money import Cents, dollars


@desk(Permission.READ_REPORTS)
def payers(request: HttpRequest, at: Desk) -> HttpResponse:
    """A scorecard: what each payer holds and refuses, and how it answers; each value opens its figure by payer."""
    asked = months(request, at.today)
    called = names(at, "payer")
    scores = payer_scores(at.scope, asked.first, asked.last)
    measures = [BY_KEY[key] for key in PAYER_MEASURES]
    rows = [
        (
            called.get(one.payer, one.payer) or NOBODY["payer"],
            one,
            [(each, value(each, one.figures[each.key].value) if each.key in one.figures else "–") for each in measures],
        )
        for one in scores
    ]
    chart = [
        Bar(label=name, parts=(max(one.open - one.denied, 0), max(one.denied, 0)), text=dollars(one.open))
        for name, one, _ in rows
        if one.open > 0
    ]
    return show(
        request,
        at,
        "manage/payers",
        "manage",
        tabs=tabs(at),
        tab="scorecards",
        months=asked,
        measures=measures,
        rows=rows,
        chart=bars("Open with each payer; the lighter part is refused", chart),
    )


def _paid_of(paid: Cents, charged: Cents) -> str:
    return str(_("%(paid)s of %(charged)s") % {"paid": dollars(paid), "charged": dollars(charged)})


@desk(Permission.READ_REPORTS)
def providers(request: HttpRequest, at: Desk) -> HttpResponse:
    """What each provider was charged for and was paid, and how soon charges came in."""
    asked = months(request, at.today)
    called = names(at, "provider")
    found = productivity(at.scope, asked.first, asked.last)
    rows = [(called.get(one.provider, one.provider) or NOBODY["provider"], one) for one in found]
    chart = [
        Bar(label=name, parts=(one.payments,), mark=one.charges, text=_paid_of(one.payments, one.charges))
        for name, one in rows
    ]
    return show(
        request,
        at,
        "manage/providers",
        "manage",
        tabs=tabs(at),
        tab="productivity",
        months=asked,
        rows=rows,
        chart=bars("Paid to each provider; the stroke is what was charged", chart),
    )
