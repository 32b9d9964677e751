"""Paying: how much, by which card, done; or in parts, by a plan."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.portal.actions import agree_to_plan, new_key, offers, pay
from superbill.app.portal.cards import Processor, processor
from superbill.app.portal.scope import PortalScope
from superbill.app.web.desk import now, today
from superbill.app.web.forms import Form, MoneyField, attempt
from superbill.app.web.notices import tell
from superbill.app.web.portal.own import patient_page, payer_names, show_mine

AMOUNT = "patient_pays"


class AmountForm(Form):
    """All of it, or another amount."""

    which = forms.ChoiceField(choices=[("all", ""), ("other", "")])
    other = MoneyField(label=gettext_lazy("Another amount"), required=False)


class CardForm(Form):
    """The token of the processor's own fields, and the key that pays once."""

    token = forms.CharField(max_length=200)
    key = forms.CharField(max_length=64)
    amount = forms.IntegerField(min_value=1)


@patient_page("GET", "HEAD", "POST")
def amount(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """How much do you want to pay?"""
    owing = mine.owing(today(), payer_names(mine))
    form = AmountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = (owing.now if owing.now > 0 else owing.whole) if told["which"] == "all" else told["other"]
        if not chosen:
            form.refuse(_("Write how much you want to pay."), "other")
        elif chosen > owing.whole:
            form.refuse(_("That is more than you owe. Please write a smaller amount."), "other")
        else:
            request.session[AMOUNT] = chosen
            return redirect("my-pay-card")
    status = 422 if form.is_bound and form.errors else 200
    return show_mine(request, mine, "amount", status=status, owing=owing, form=form)


@patient_page("GET", "HEAD", "POST")
def card(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """Which card? The page holds the processor's own fields, or its test cards; a card's number never comes here."""
    cards = processor()
    chosen = request.session.get(AMOUNT, 0)
    if cards is None or (not chosen and request.method != "POST"):
        return redirect("my-pay")
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            return _paid(request, mine, form, cards)
    status = 422 if form.is_bound and form.errors else 200
    key = new_key()
    return show_mine(request, mine, "card", status=status, form=form, amount=chosen, cards=cards, key=key)


def _paid(request: HttpRequest, mine: PortalScope, form: CardForm, cards: Processor) -> HttpResponse:
    told = form.cleaned_data
    receipt = pay(mine, told["amount"], told["token"], told["key"], cards, on=today(), at=now())
    request.session.pop(AMOUNT, None)
    return redirect("my-paid", receipt)


@patient_page()
def done(request: HttpRequest, mine: PortalScope, receipt: str) -> HttpResponse:
    """Thank you, with the receipt."""
    found = next((one for one in mine.payments(today()) if one.label == receipt), None)
    if found is None:
        raise Http404
    cards = processor()
    test = cards is not None and not cards.moves_money
    return show_mine(request, mine, "paid", paid=found, owing=mine.owing(today(), payer_names(mine)), test=test)


@patient_page()
def plan(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """The plan that there is, or those that there may be."""
    return show_mine(request, mine, "plan", plans=mine.plans(today()), offers=offers(mine, today()))


@patient_page("GET", "HEAD", "POST")
def agree(request: HttpRequest, mine: PortalScope, months: int) -> HttpResponse:
    """One plan with all its days; agreeing makes it."""
    key = request.POST.get("key", "")[:64]
    if request.method == "POST" and key:
        agree_to_plan(mine, months, key, on=today(), at=now())
        tell(request, _("Your plan is set. Thank you."))
        return redirect("my-plan")
    offer = next((one for one in offers(mine, today()) if one.months == months), None)
    if offer is None:
        raise Http404
    return show_mine(request, mine, "agree", offer=offer, key=new_key())
