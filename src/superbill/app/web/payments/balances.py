"""Balances between payers and the practice that are about no claim: forwarded, recovered, tracked to zero."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.remits.actions import Settlement, settle_provider_level, undo_settlement
from superbill.app.remits.queries import ProviderBalance, provider_balances
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.forms import Form, MoneyField, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.payments.queries import provider_entries
from superbill.app.web.payments.views import REASONS
from superbill.app.web.queries import payer_names
from superbill.money import dollars

POST = Permission.POST_REMITTANCE
WAYS = [
    ("line", gettext_lazy("it is about this charge line")),
    ("reference", gettext_lazy("it is the same matter as this reference")),
    ("settlement", gettext_lazy("it is settled for good")),
    ("refund", gettext_lazy("it was paid by this check or transfer")),
]


class SettleForm(Form):
    """How much of a balance is settled, how, and why."""

    amount = MoneyField(label=gettext_lazy("Amount"))
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=WAYS)
    target = forms.CharField(
        label=gettext_lazy("Line, reference or check number"), required=False, max_length=64,
        help_text=gettext_lazy("Nothing where it is settled for good."),
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@desk(CHARTS, CLAIMS, LEDGER)
def balances(request: HttpRequest, at: Desk) -> HttpResponse:
    """What is open with each payer beside its claims, the oldest first; with `all` what came to zero too."""
    every = chosen(request, "state", ("all",))
    found = provider_balances(at.scope, settled=bool(every))
    number, offset = asked(request.GET.get("page", ""), len(found))
    return show(
        request,
        at,
        "payments/balances",
        "payments",
        page=Page(rows=tuple(found[offset : offset + ROWS]), number=number, total=len(found)),
        theirs=sum(one.open for one in found if one.open > 0),
        ours=-sum(one.open for one in found if one.open < 0),
        every=every,
        query=query(state=every),
        names=payer_names(at.scope),
        reasons=REASONS,
    )


@desk(CHARTS, CLAIMS, LEDGER, methods=("GET", "HEAD", "POST"))
def balance(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One balance, named by its first entry, down to zero; a part of it is settled here."""
    found = next((one for one in provider_balances(at.scope, settled=True) if one.entry == row_id), None)
    if found is None:
        raise Http404
    if request.POST.get("undo"):
        at.actor.must(POST)
        undo_settlement(at.actor, request.POST["undo"][:80], on=at.today, at=now())
        tell(request, _("The settlement is undone: its amount is open again."))
        return redirect("provider-balance", at.practice.key, row_id)
    form = SettleForm(request.POST or None, initial={"amount": abs(found.open)})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            _settle(request, at, found, form)
            return redirect("provider-balance", at.practice.key, row_id)
    return show(
        request,
        at,
        "payments/balance",
        "payments",
        status=422 if form.errors else 200,
        balance=found,
        owed=abs(found.open),
        entries=provider_entries(at.scope, found.payer_key, found.reference),
        form=form,
        names=payer_names(at.scope),
        reasons=REASONS,
        may_post=at.may(POST),
    )


def _settle(request: HttpRequest, at: Desk, found: ProviderBalance, form: SettleForm) -> None:
    given = form.cleaned_data
    asked = Settlement(
        payer=found.payer_key,
        reference=found.reference,
        amount=given["amount"],
        way=given["way"],
        target=given["target"],
        why=given["why"],
    )
    # The same form sent twice, by a double click or a reload, settles once.
    key = f"{found.entry}-{found.entries}-{given['amount']}"
    settle_provider_level(at.actor, asked, key, on=at.today, at=now())
    undo = Undo(reverse("provider-balance", args=(at.practice.key, found.entry)), {"undo": key})
    tell(request, _("%s settled.") % dollars(given["amount"]), undo=undo)
