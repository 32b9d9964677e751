"""What payers granted a patient: entered, withdrawn, with what is left of it and which claims used it."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.actions import Entry, add_authorizations, withdraw_authorization
from superbill.app.authorizations.models import GrantKind
from superbill.app.authorizations.queries import Grant, grants
from superbill.app.authorizations.using import Use, uses
from superbill.app.web.desk import CHARTS, CLAIMS, Desk, desk, now
from superbill.app.web.forms import DayField, Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.facts import named, payer_of
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import Stored
from superbill.effective import Period

KINDS = ((GrantKind.AUTHORIZATION.value, gettext_lazy("prior authorization")),
         (GrantKind.REFERRAL.value, gettext_lazy("referral")))  # fmt: skip


class GrantForm(Form):
    """A number that a payer granted."""

    payer = forms.ChoiceField(label=gettext_lazy("Payer"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=50, widget=forms.TextInput(attrs={"class": "code"})
    )
    codes = forms.CharField(
        label=gettext_lazy("Codes"), max_length=300, required=False,
        help_text=gettext_lazy("Codes and ranges, such as 97110-97140; none for any service."),
        widget=forms.TextInput(attrs={"class": "code"}),
    )  # fmt: skip
    units = forms.CharField(label=gettext_lazy("Units granted"), max_length=12, required=False)
    starts = DayField(label=gettext_lazy("From"), required=False)
    ends = DayField(label=gettext_lazy("Until"), required=False)
    provider = forms.CharField(label=gettext_lazy("For the provider (NPI)"), max_length=10, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *given: Any, payers: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["payer"]
        field.choices = payers

    def clean_units(self) -> Decimal | None:
        """A number, or nothing where they are not counted."""
        text = self.cleaned_data["units"]
        try:
            units = Decimal(text) if text else None
        except InvalidOperation:
            raise forms.ValidationError(_("Write a number of units, such as 12.")) from None
        if units is not None and not units.is_finite():
            raise forms.ValidationError(_("Write a number of units, such as 12."))
        return units


class Standing(Struct, frozen=True, kw_only=True):
    """A grant with what was used of it, and what is left in units and days."""

    grant: Grant
    payer: str
    uses: tuple[Use, ...]
    used: Decimal
    left: Decimal | None
    days: int | None
    state: str
    part: int
    whole: int


@desk(CHARTS, methods=("GET", "HEAD", "POST"))
def listed(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """All of a patient's authorizations and referrals; by POST one is entered."""
    found = here(at, patient)
    payers = _payers(at, found)
    if request.method != "POST":
        return _page(request, at, found, GrantForm(payers=payers))
    at.actor.must(Permission.KEEP_AUTHORIZATIONS)
    form = GrantForm(request.POST, payers=payers)
    if form.is_valid():
        with attempt(form):
            new = add_authorizations(at.actor, [_entry(patient, form.cleaned_data)], at=now())
            tell(request, _("Entered.") if new else _("It is on file already, exactly so."))
            return redirect("authorizations", at.practice.key, patient)
    return _page(request, at, found, form, status=422)


def _entry(patient: int, told: dict[str, Any]) -> Entry:
    return Entry(
        patient=patient, payer_key=told["payer"], number=told["number"].strip(), kind=GrantKind(told["kind"]),
        codes=tuple(told["codes"].upper().replace(",", " ").split()), period=Period(told["starts"], told["ends"]),
        units=told["units"], provider_npi=told["provider"].strip(), note=told["note"].strip(),
    )  # fmt: skip


def _payers(at: Desk, found: Stored) -> list[tuple[str, str]]:
    there = [payer_of(at, one.payer) for one in sorted(found.chart.coverages, key=lambda one: one.order)]
    return [(one.key, one.name) for one in there if one is not None]


@desk(CHARTS, Permission.KEEP_AUTHORIZATIONS, methods=("POST",))
def withdraw(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """A grant no longer counts; entering it again brings it back."""
    here(at, patient)
    number, payer = request.POST.get("number", ""), request.POST.get("payer", "")
    withdraw_authorization(at.actor, number, patient=patient, payer_key=payer, note="withdrawn at the desk", at=now())
    tell(request, _("%(number)s no longer counts.") % {"number": number})
    return redirect("authorizations", at.practice.key, patient)


def _page(request: HttpRequest, at: Desk, found: Stored, form: GrantForm, *, status: int = 200) -> HttpResponse:
    mine = grants(at.scope, [found.id], withdrawn=True).get(found.id, [])
    used = uses(at.scope, mine) if at.may(CLAIMS) else uses(at.scope, mine, claims=False)
    rows = [_standing(at, one, used.get((one.payer_key, one.number), ()), at.today) for one in mine]
    return page(
        request, at, "authorizations", found, "authorizations", form=form, rows=rows, status=status,
        may_keep=at.may(Permission.KEEP_AUTHORIZATIONS) and found.merged_into is None, opens=at.may(CLAIMS),
    )  # fmt: skip


def _standing(at: Desk, one: Grant, used_by: tuple[Use, ...], today: date) -> Standing:
    used = sum((use.units for use in used_by), Decimal(0))
    left = None if one.units is None else max(one.units - used, Decimal(0))
    days = (one.period.end - today).days if one.period.end else None
    over = days is not None and days < 0
    state = "withdrawn" if one.withdrawn else "ended" if over else "used up" if left == 0 else "counts"
    whole = int(one.units or 0)
    return Standing(
        grant=one, payer=named(at, one.payer_key), uses=used_by, used=used, left=left, days=days, state=state,
        part=int(min(used, one.units or used)), whole=whole,
    )  # fmt: skip
