"""Deposits: what waits to be brought to the bank, bundled into one ticket; taken apart, voided, taken anew."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.deposits.actions import make_deposit, reapply_deposit, take_apart, void_deposit
from superbill.app.deposits.making import undeposited
from superbill.app.deposits.queries import deposits as stored_deposits
from superbill.app.deposits.ticket import ticket
from superbill.app.web import sites
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import LEDGER, Desk, desk, now, read, show
from superbill.app.web.forms import Form, MoneyField, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.payments.bank import name_of_payment
from superbill.forms.deposit import render
from superbill.money import dollars

RECONCILE = Permission.RECONCILE


class DepositForm(Form):
    """What goes with the bundle."""

    reference = forms.CharField(label=gettext_lazy("Slip or batch number"), required=False, max_length=64)
    fee = MoneyField(
        label=gettext_lazy("Fee that the card processor keeps"), required=False, positive=False,
        help_text=gettext_lazy("Of a batch of cards alone."),
    )  # fmt: skip


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def deposits(request: HttpRequest, at: Desk) -> HttpResponse:
    """Payments that wait for the bank, to be chosen; and the deposits made, the latest first."""
    form = DepositForm(request.POST or None)
    if request.method == "POST":
        at.actor.must(RECONCILE)
        if form.is_valid():
            given = form.cleaned_data
            with attempt(form):
                made = make_deposit(
                    at.actor,
                    request.POST.getlist("payment"),
                    at.today,
                    fee=given["fee"] or 0,
                    reference=given["reference"],
                    at=now(),
                )
                undo = Undo(
                    reverse("deposit", args=(at.practice.key, made.number)), {"deed": "apart", "why": _("by mistake")}
                )
                tell(
                    request,
                    _("Deposit %(number)d: %(amount)s.") % {"number": made.number, "amount": dollars(made.amount)},
                    undo=undo,
                )
                return redirect("deposit", at.practice.key, made.number)
    waiting = undeposited(at.scope)
    made_all = list(reversed(stored_deposits(at.scope)))
    number, offset = asked(request.GET.get("page", ""), len(made_all))
    return show(
        request,
        at,
        "payments/deposits",
        "payments",
        status=422 if form.errors else 200,
        waiting=[(one, name_of_payment(one.payment)) for one in waiting],
        total=sum(one.amount for one in waiting),
        page=Page(rows=tuple(made_all[offset : offset + ROWS]), number=number, total=len(made_all)),
        chosen=request.POST.getlist("payment"),
        form=form,
        may=at.may(RECONCILE),
    )


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def deposit(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One deposit as its ticket, ready to print."""
    found = stored_deposits(at.scope, number=number)
    if not found:
        raise Http404
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        return redirect("deposit", at.practice.key, deed(request, at, number))
    ((row, items),) = found
    read(at, "deposit", [row.pk])
    totals: dict[str, list[int]] = {}
    for item in items:
        totals.setdefault(item.method, []).append(item.amount)
    return show(
        request,
        at,
        "payments/deposit",
        "payments",
        deposit=row,
        items=[(item, name_of_payment(item.payment)) for item in items],
        totals=[(method, len(amounts), sum(amounts)) for method, amounts in sorted(totals.items())],
        brought=row.amount - row.fee,
        may=at.may(RECONCILE),
    )


@desk(LEDGER)
def deposit_ticket(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The ticket that goes to the bank with the money, as PDF."""
    there = [row.pk for row, _ in stored_deposits(at.scope, number=number)]
    data = ticket(at.scope, sites.session(at).site, number) if there else None
    if data is None:
        raise Http404
    read(at, "deposit", there)
    return pdf(render(data), f"deposit-{number}.pdf")


def _apart(request: HttpRequest, at: Desk, number: int) -> int:
    take_apart(at.actor, number, why=request.POST.get("why", ""), at=now())
    tell(request, _("Deposit %d is taken apart: its payments stand, and wait for another one.") % number)
    return number


def _void(request: HttpRequest, at: Desk, number: int) -> int:
    void_deposit(at.actor, number, at.today, why=request.POST.get("why", ""), at=now())
    undo = Undo(reverse("deposit", args=(at.practice.key, number)), {"deed": "reapply"}, _("Take it anew"))
    tell(request, _("Deposit %d is voided with all its payments.") % number, undo=undo)
    return number


def _reapply(request: HttpRequest, at: Desk, number: int) -> int:
    made = reapply_deposit(at.actor, number, at.today, at=now())
    tell(request, _("Its payments are taken anew, as deposit %d.") % made.number)
    return int(made.number)


_DEEDS: dict[str, Callable[[HttpRequest, Desk, int], int]] = {"apart": _apart, "void": _void, "reapply": _reapply}
