"""Statements: whose turn it is and whose not, each one as it was sent, and why each line of it is owed."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import cards
from superbill.app.jobs.actions import start
from superbill.app.practices.queries import policy
from superbill.app.statements.actions import resend, returned
from superbill.app.statements.consents import routes
from superbill.app.statements.explaining import explained, lines_of_statement
from superbill.app.statements.outlook import Short, outlook, planned
from superbill.app.statements.queries import asked_lines, deliveries, patients_on, runs
from superbill.app.statements.sending import in_line
from superbill.app.web import sites
from superbill.app.web.accounts.queries import statement
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.notices import tell
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.queries import payer_names
from superbill.forms.statement import NothingToSay, StatementData, render

VERDICTS = {
    "send": _l("gets one"), "later": _l("not their turn"), "held": _l("on hold"), "small": _l("too small"),
    "no address": _l("no address"), "nothing": _l("owes nothing"), "made": _l("has one of today"),
}  # fmt: skip
CHANNELS = {"letter": _l("letter"), "email": _l("e-mail notice"), "portal": _l("portal")}
KINDS = ("statements", "statement-mail")


@desk(CHARTS, LEDGER)
def statement_cycle(request: HttpRequest, at: Desk) -> HttpResponse:
    """What a run of today would do with everybody who owes, and why; what waits to be sent; the last runs."""
    verdict = chosen(request, "verdict", VERDICTS) or "send"
    minimum = sites.least_statement(at.practice.key)
    every = outlook(at.scope, at.today, minimum)
    sums = [(key, words, *_sum(every, key)) for key, words in VERDICTS.items()]
    some = [one for one in every if one.verdict == verdict]
    number, offset = asked(request.GET.get("page", ""), len(some))
    shown = planned(at.scope, at.today, minimum, some[offset : offset + ROWS])
    read(at, "patient", sorted({patient for one in shown for patient in one.due.patients}))
    waiting = in_line(at.scope, at.today)
    by_channel = [(words, sum(one.channel == key for one in waiting)) for key, words in CHANNELS.items()]
    levels = ["", *(level.name for level in policy(at.scope).dunning)]
    return show(
        request, at, "accounts/cycle", "accounts", page=Page(rows=tuple(shown), number=number, total=len(some)),
        verdict=verdict, sums=sums, query=query(verdict=verdict if verdict != "send" else ""), part="statements",
        waiting=len(waiting), by_channel=by_channel,
        runs=runs(at.scope, 5), makes=at.may(Permission.MAKE_STATEMENTS), levels=levels, channels=CHANNELS,
    )  # fmt: skip


def _sum(every: Sequence[Short], verdict: str) -> tuple[int, int]:
    mine = [one for one in every if one.verdict == verdict]
    return len(mine), sum(one.amount if verdict == "send" else one.owed for one in mine)


@desk(LEDGER, Permission.MAKE_STATEMENTS, methods=("POST",))
def statement_run(request: HttpRequest, at: Desk) -> HttpResponse:
    """Let a worker make the statements of the day, or send those in line."""
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    return redirect("job", at.practice.key, start(at.actor, kind, at=now(), on=at.today.isoformat()))


@desk(CHARTS, LEDGER)
def statement_page(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One statement: what it asked for line by line, why each line is owed now, what became of it."""
    found = statement(at.scope, number)
    if found is None:
        raise Http404
    read(at, "patient", patients_on(at.scope, found.pk))
    card = cards(at.scope, [found.guarantor_id])[found.guarantor_id]
    names = payer_names(at.scope) if at.may(CLAIMS) else {}
    told = deliveries(at.scope, found.pk)
    last = told[-1].happened if told else ""
    return show(
        request, at, "accounts/statement", "accounts", row=found, card=card, billed=asked_lines(at.scope, found.pk),
        why=explained(at.scope, names, lines_of_statement(at.scope, found.pk)), told=told, last=last,
        level=policy(at.scope).dunning[found.level - 1].name if found.level else "", channels=CHANNELS,
        route=routes(at.scope, [card], at.today)[card.id], corresponds=at.may(Permission.CORRESPOND),
    )  # fmt: skip


@desk(LEDGER, Permission.CORRESPOND, methods=("POST",))
def statement_mail(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """It came back, or goes out again."""
    if statement(at.scope, number) is None:
        raise Http404
    if request.POST.get("did") == "returned":
        returned(at.actor, number, on=at.today, reason=request.POST.get("reason", ""), at=now())
        tell(request, _("It came back: nothing more is sent to them until an address is found."))
    else:
        resend(at.actor, number, on=at.today, at=now())
        tell(request, _("It waits to be sent again."))
    return redirect("statement-page", at.practice.key, number)


@desk(CHARTS, LEDGER)
def statement_pdf(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """A statement as the patient got it."""
    found = statement(at.scope, number)
    if found is None:
        raise Http404
    read(at, "patient", patients_on(at.scope, found.pk))
    named = f"S{found.number:06d}"
    data = replace(decoded(found.doc, StatementData, f"statement {number}"), number=named)
    try:
        return pdf(render(data), f"statement-{named}.pdf")
    except NothingToSay:
        raise Http404 from None
