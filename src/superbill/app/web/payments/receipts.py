"""What patients pay: taken with a receipt, put to lines by a rule, moved, returned by the bank, voided."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import (
    PaymentFacts,
    apply_unapplied,
    patient_party,
    reallocate,
    request_refund,
    return_payment,
    take_payment,
    void_payment,
)
from superbill.app.billing.errors import BadAmount
from superbill.app.billing.payments import METHODS, planned
from superbill.app.billing.queries import receipt as stored_receipt
from superbill.app.billing.queries.cases import ReceiptView
from superbill.app.billing.standing import open_lines, with_holds
from superbill.app.statements.papers import receipt as paper_of
from superbill.app.web import sites
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.forms import DayField, Form, MoneyField, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.payments.queries_receipts import (
    Payer,
    labels_of,
    payer_of,
    payers_found,
    payers_with_money,
    receipt_list,
)
from superbill.forms.receipt import render
from superbill.ledger.allocation import Allocation, Open
from superbill.money import Cents, MoneyError, dollars, parse_dollars

TAKE, RECONCILE, REFUND = Permission.TAKE_PAYMENT, Permission.RECONCILE, Permission.REFUND
STATES = ("taken", "returned", "charged back", "voided")
RULES = [
    ("oldest-first", gettext_lazy("the oldest service first")),
    ("visit", gettext_lazy("one visit alone")),
    ("proportional", gettext_lazy("every line by its share")),
    ("lines", gettext_lazy("as the patient says, line by line")),
    ("unapplied", gettext_lazy("all of it on account")),
]


class TakeForm(Form):
    """A payment as it is taken. Of a card the last four digits, never more."""

    amount = MoneyField(label=gettext_lazy("Amount"))
    method = forms.ChoiceField(
        label=gettext_lazy("By"), choices=[(one, one) for one in METHODS if one not in ("desk", "agency", "portal")]
    )
    reference = forms.CharField(
        label=gettext_lazy("Check number, or the card’s authorization"), max_length=40, required=False
    )
    brand = forms.CharField(label=gettext_lazy("Card brand"), max_length=20, required=False)
    last_four = forms.CharField(label=gettext_lazy("Card’s last four"), max_length=4, required=False)
    rule = forms.ChoiceField(label=gettext_lazy("Put it to"), choices=RULES)
    visit = forms.CharField(label=gettext_lazy("Visit (A1001)"), max_length=40, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=120, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def clean(self) -> dict[str, Any]:
        """What each method needs."""
        given = super().clean() or {}
        if given.get("method") == "check" and not given.get("reference"):
            self.refuse(_("A check has a number."), "reference")
        if given.get("method") == "card" and not given.get("last_four"):
            self.refuse(_("Of a card write the last four digits."), "last_four")
        if given.get("rule") == "visit" and not given.get("visit"):
            self.refuse(_("Say for which visit."), "visit")
        return given


class FilterForm(Form):
    """The days of the list."""

    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)


@desk(CHARTS, LEDGER, methods=("GET", "HEAD", "POST"))
def receipts(request: HttpRequest, at: Desk) -> HttpResponse:
    """Receipts, the latest first; patients are searched here to take a payment from."""
    state = chosen(request, "state", STATES)
    form = FilterForm(request.GET or None)
    form.is_valid()
    days = form.cleaned_data if form.is_bound else {}
    sought = request.POST.get("q", "")[:80]
    found = receipt_list(
        at.scope,
        state=state,
        since=days.get("since"),
        until=days.get("until"),
        page=request.GET.get("page", ""),
    )
    people = payers_found(at.scope, sought) if sought else []
    loose = payers_with_money(at.scope) if not sought else []
    read(
        at, "patient", sorted({one.id for one in (*people, *loose)} | {r.patient for r in found.page.rows if r.patient})
    )
    given = {name: request.GET.get(name, "") for name in ("since", "until")}
    return show(
        request,
        at,
        "payments/receipts",
        "payments",
        page=found.page,
        standing=found.standing,
        form=form,
        states=STATES,
        state=state,
        sought=sought,
        people=people,
        loose=loose,
        query=query(state=state, **given),
        may_take=at.may(TAKE),
    )


@desk(CHARTS, LEDGER, TAKE, methods=("GET", "HEAD", "POST"))
def take(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """Take a payment: where it would go is shown before it is taken."""
    payer = payer_of(at.scope, row_id)
    if payer is None:
        raise Http404
    lines = [one for one in open_lines(at.scope, [row_id]) if one.owed > 0 or one.bad_debt > 0]
    lines = with_holds(at.scope, lines, at.today)
    first = {
        "key": f"web-{uuid.uuid4()}",
        "rule": "oldest-first",
        "method": "cash",
        "amount": payer.owed if payer.owed > 0 else None,
    }
    form = TakeForm(request.POST or None, initial=first)
    allocation = None
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            facts, said = _facts(form, row_id), _asked(request, lines)
            if request.POST.get("deed") == "take":
                return _taken(request, at, form, facts, said)
            allocation = planned(at.scope, form.cleaned_data["amount"], facts, at.today, said)
    read(at, "patient", [row_id])
    return _take_page(request, at, payer, form, lines, allocation)


def _take_page(
    request: HttpRequest, at: Desk, payer: Payer, form: TakeForm, lines: list[Open], allocation: Allocation | None
) -> HttpResponse:
    parts = {part.line: part.amount for part in allocation.parts} if allocation else {}
    asked = {one.line: request.POST.get(f"line-{one.line}", "") for one in lines}
    labels = labels_of(at.scope, [one.line for one in lines])
    return show(
        request,
        at,
        "payments/take",
        "payments",
        status=422 if form.errors else 200,
        payer=payer,
        form=form,
        rows=[(one, labels.get(one.line, ("", one.on))[0], parts.get(one.line, 0), asked[one.line]) for one in lines],
        allocation=allocation,
        rule=form["rule"].value(),
    )


def _facts(form: TakeForm, patient: int) -> PaymentFacts:
    given = form.cleaned_data
    card = given["method"] == "card"
    return PaymentFacts(
        method=given["method"],
        reference=given["reference"],
        brand=given["brand"] if card else "",
        last_four=given["last_four"] if card else "",
        patients=(patient,),
        visit=given["visit"],
        rule=given["rule"],
        note=given["note"],
    )


def _asked(request: HttpRequest, lines: list[Open]) -> dict[str, Cents]:
    asked: dict[str, Cents] = {}
    if request.POST.get("rule") != "lines":
        return asked
    for one in lines:
        text = request.POST.get(f"line-{one.line}", "").replace("$", "").replace(",", "").strip()
        try:
            amount = parse_dollars(text) if text else 0
        except MoneyError:
            raise BadAmount(_("Line %s: write an amount in dollars, such as 125.00.") % one.line) from None
        if amount:
            asked[one.line] = amount
    return asked


def _taken(
    request: HttpRequest, at: Desk, form: TakeForm, facts: PaymentFacts, asked: dict[str, Cents]
) -> HttpResponse:
    given = form.cleaned_data
    done = take_payment(at.actor, given["amount"], facts, given["key"], at.today, asked=asked, at=now())
    number = int(done.receipt[1:])
    undo = Undo(reverse("receipt", args=(at.practice.key, number)), {"deed": "void", "reason": _("taken by mistake")})
    said = _("Receipt %(number)s: %(amount)s taken.") % {"number": done.receipt, "amount": dollars(given["amount"])}
    tell(request, said, undo=undo)
    return redirect("receipt", at.practice.key, number)


@desk(CHARTS, LEDGER, methods=("GET", "HEAD", "POST"))
def receipt(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One receipt: where its money is now, what happened to it, and what can be done."""
    found = stored_receipt(at.scope, number)
    if found is None:
        raise Http404
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        deed(request, at, number)
        return redirect("receipt", at.practice.key, number)
    patient = payer_of(at.scope, found.case.patient) if found.case.patient else None
    read(at, "patient", [patient.id] if patient else [])
    labels = labels_of(at.scope, [line for line, _amount in found.lines])
    return show(
        request,
        at,
        "payments/receipt",
        "payments",
        number=number,
        receipt=found,
        patient=patient,
        lines=[(line, *labels.get(line, ("", None)), amount) for line, amount in found.lines],
        rules=RULES,
        may_take=at.may(TAKE),
        may_return=at.may(RECONCILE),
        may_refund=at.may(REFUND) and _left(found) > 0,
    )


def _left(found: ReceiptView) -> Cents:
    return found.unapplied if found.case.state == "taken" else 0


def _void(request: HttpRequest, at: Desk, number: int) -> None:
    reason = request.POST.get("reason", "")[:200]
    void_payment(at.actor, number, at.today, reason=reason, at=now())
    tell(request, _("Receipt R%06d is voided: it is off every line and the account.") % number)


def _return(request: HttpRequest, at: Desk, number: int) -> None:
    fee, bank_fee = (_money(request.POST.get(name, "")) for name in ("fee", "bank_fee"))
    return_payment(
        at.actor,
        number,
        at.today,
        reason=request.POST.get("reason", "")[:200],
        charged_back=request.POST.get("kind") == "chargeback",
        fee=fee,
        bank_fee=bank_fee or 0,
        at=now(),
    )
    tell(request, _("Receipt R%06d came back: what it paid is open again.") % number)


def _reallocate(request: HttpRequest, at: Desk, number: int) -> None:
    rule = request.POST.get("rule", "")
    rule = rule if rule in dict(RULES) else "oldest-first"
    reason, visit = request.POST.get("reason", "")[:200], request.POST.get("visit", "")[:40]
    key = f"web-{uuid.uuid4()}"
    reallocate(at.actor, number, rule, key, at.today, reason=reason, visit=visit, at=now())
    tell(request, _("Receipt R%06d is put elsewhere.") % number)


def _money(text: str) -> Cents | None:
    text = text.replace("$", "").replace(",", "").strip()
    try:
        return parse_dollars(text) if text else None
    except MoneyError:
        raise BadAmount(_("Write an amount in dollars, such as 25.00.")) from None


_DEEDS: dict[str, Callable[[HttpRequest, Desk, int], None]] = {
    "void": _void,
    "return": _return,
    "reallocate": _reallocate,
}


@desk(CHARTS, LEDGER)
def receipt_pdf(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The receipt as PDF, for the patient."""
    found = stored_receipt(at.scope, number)
    if found is None:
        raise Http404
    read(at, "patient", [found.case.patient] if found.case.patient else [])
    return pdf(render(paper_of(at.scope, sites.session(at).site, number)), f"receipt-{found.case.number}.pdf")


@desk(CHARTS, LEDGER, methods=("POST",))
def on_account(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """A patient's money on account: put to what they owe, or asked to be given back."""
    payer = payer_of(at.scope, row_id)
    if payer is None:
        raise Http404
    if request.POST.get("deed") == "refund":
        amount = _money(request.POST.get("amount", "")) or payer.unapplied
        reason, key = request.POST.get("reason", "")[:200], f"web-{request.POST.get('key', '')[:40] or uuid.uuid4()}"
        label = request_refund(at.actor, patient_party(row_id), amount, key, at.today, reason=reason, at=now())
        tell(request, _("Refund %(label)s of %(amount)s is asked for.") % {"label": label, "amount": dollars(amount)})
    else:
        entry = apply_unapplied(at.actor, row_id, f"web-{uuid.uuid4()}", at.today, release=True, at=now())
        moved = sum(move.amount for move in entry.postings if move.amount > 0) if entry else 0
        said = _("%s put to what is owed, the oldest service first.") % dollars(moved)
        tell(request, said if entry else _("There is nothing to apply."))
    return redirect("receipts", at.practice.key)
