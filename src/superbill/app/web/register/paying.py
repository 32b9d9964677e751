"""Money at the desk: a copay or what is owed from before, with its receipt."""

from secrets import token_hex
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import PaymentFacts, take_payment
from superbill.app.billing.queries import receipt as receipt_of
from superbill.app.billing.queries import receipts
from superbill.app.eligibility.checking import checks
from superbill.app.labels import number_of
from superbill.app.statements.papers import receipt as receipt_paper
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, now, read
from superbill.app.web.forms import Form, MoneyField, attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.facts import session
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import Stored, balance_of, visits_of
from superbill.forms.receipt import render

METHODS = (
    ("cash", gettext_lazy("cash")),
    ("check", gettext_lazy("check")),
    ("card", gettext_lazy("card, on the terminal")),
    ("money order", gettext_lazy("money order")),
)


class PayForm(Form):
    """What is taken, and for what."""

    amount = MoneyField(label=gettext_lazy("Amount"))
    method = forms.ChoiceField(label=gettext_lazy("By"), choices=METHODS)
    reference = forms.CharField(
        label=gettext_lazy("Check number, or last four digits of the card"), max_length=20, required=False
    )
    what = forms.ChoiceField(label=gettext_lazy("For"))
    once = forms.CharField(widget=forms.HiddenInput(), max_length=40)

    def __init__(self, *given: Any, whats: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["what"]
        field.choices = whats


@desk(CHARTS, LEDGER, methods=("GET", "HEAD", "POST"))
def copay(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Take a payment; it posts once, however often the button is pressed."""
    found = here(at, patient)
    whats = _whats(at, patient)
    if request.method != "POST":
        due = _copay_due(at, found)
        first: dict[str, Any] = {"once": token_hex(8), "method": "cash"}
        if due:
            first["amount"] = due
        return _page(request, at, found, PayForm(initial=first, whats=whats), due)
    at.actor.must(Permission.TAKE_PAYMENT)
    form = PayForm(request.POST, whats=whats)
    if form.is_valid():
        with attempt(form):
            taken = take_payment(
                at.actor, form.cleaned_data["amount"], _facts(at, patient, form.cleaned_data),
                f"desk:{patient}:{form.cleaned_data['once']}", at.today, at=now(),
            )  # fmt: skip
            tell(request, _("Receipt %(number)s is posted.") % {"number": taken.receipt})
            return redirect("copay", at.practice.key, patient)
    return _page(request, at, found, form, _copay_due(at, found), status=422)


def _facts(at: Desk, patient: int, told: dict[str, Any]) -> PaymentFacts:
    what, card = told["what"], told["method"] == "card"
    reference = told["reference"].strip()
    visit = what.removeprefix("visit:") if what.startswith("visit:") else ""
    return PaymentFacts(
        method=told["method"],
        patients=(patient,),
        reference="" if card else reference,
        last_four=reference[-4:] if card else "",
        brand="card" if card else "",
        visit=visit,
        visit_on=at.today if what == "today" else None,
        rule="visit" if visit or what == "today" else "",
    )


def _whats(at: Desk, patient: int) -> list[tuple[str, str]]:
    visits, _total = visits_of(at.scope, patient)
    recent = [(f"visit:{one.account}", f"{_('copay of visit')} {one.account}, {one.on:%m/%d/%Y}") for one in visits[:5]]
    return [("today", _("copay of today’s visit")), ("balance", _("what is owed from before")), *recent]


def _copay_due(at: Desk, found: Stored) -> int:
    """The office copay by the latest answer of the payer that pays first."""
    first = min(found.chart.coverages, key=lambda one: one.order, default=None)
    for one in checks(at.scope, [found.id]).get(found.id, []):
        if first is not None and one.coverage == first.id and one.told.coverage and one.told.coverage.active:
            return one.told.coverage.benefits.copay.get("office", 0)
    return 0


def _page(request: HttpRequest, at: Desk, found: Stored, form: PayForm, due: int, *, status: int = 200) -> HttpResponse:
    return page(
        request, at, "copay", found, "copay", form=form, due=due, balance=balance_of(at.scope, found.id),
        taken=_taken(at, found.id), status=status,
        may_take=at.may(Permission.TAKE_PAYMENT) and found.merged_into is None,
    )  # fmt: skip


def _taken(at: Desk, patient: int) -> list[dict[str, Any]]:
    """The latest receipts, with the number by which they are printed."""
    some = list(receipts(at.scope, patient=patient))[-20:]
    return [{"view": one, "number": number_of(one.case.number, "R")} for one in reversed(some)]


@desk(CHARTS, LEDGER)
def receipt_pdf(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """A receipt on paper."""
    found = receipt_of(at.scope, number)
    if found is None:
        raise Http404
    if found.case.patient is not None:
        read(at, "patient", [found.case.patient])
    facts = session(at)
    if facts is None:
        raise Http404
    paper = receipt_paper(at.scope, facts.site, number)
    return HttpResponse(
        render(paper),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="receipt-R{number:06d}.pdf"'},
    )
