"""What a visit will cost: the patient's share by contract and benefits, or a Good Faith Estimate, kept and printed."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.contracts import Office
from superbill.app.eligibility.checking import checks
from superbill.app.eligibility.estimating import (
    ShareEstimate,
    estimate_numbered,
    estimates,
    good_faith_of,
    keep_estimate,
    share_of,
)
from superbill.app.eligibility.telling import STALE_DAYS
from superbill.app.session import BadInput
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, Desk, desk, now, read
from superbill.app.web.forms import DayField, Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.facts import payer_of, session
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import Stored
from superbill.app.web.templatetags.desk import day as shown_day
from superbill.forms.good_faith import render
from superbill.forms.statement.labels import service_label
from superbill.pricing.contract_model import ContractError

SHOWN = 12


class EstimateForm(Form):
    """What the patient comes for, and when."""

    services = forms.CharField(
        label=gettext_lazy("Services"),
        max_length=600,
        help_text=gettext_lazy("Codes, with modifiers and units where they matter: 99214 20610-RT 97110:2"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "code"}),
    )
    on = DayField(label=gettext_lazy("Day of the visit"))
    payer = forms.ChoiceField(label=gettext_lazy("Who pays"), required=False)
    primary = forms.CharField(
        label=gettext_lazy("What brings the patient, in plain words"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Stands on a Good Faith Estimate."),
    )
    diagnoses = forms.CharField(label=gettext_lazy("Diagnoses (ICD-10-CM)"), max_length=120, required=False)

    def __init__(self, *given: Any, coverages: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["payer"]
        field.choices = [*coverages, ("", _("the patient alone (Good Faith Estimate)"))]

    def clean(self) -> dict[str, Any]:
        """A Good Faith Estimate says in plain words what it is for."""
        told = super().clean() or self.cleaned_data
        if not told.get("payer") and not told.get("primary"):
            self.add_error("primary", _("Say in plain words what the patient comes for: the law asks for it."))
        return told


def office(at: Desk) -> Office:
    """The practice with its contracts. Raises BadInput without a site file, or with a contract that can't be read."""
    path = sites.session(at).site_path
    try:
        return _office(path, path.stat().st_mtime_ns)
    except ContractError as error:
        raise BadInput(str(error)) from None


@lru_cache(16)
def _office(path: Path, _changed: int) -> Office:
    return Office(path)


@desk(CHARTS, Permission.VERIFY_COVERAGE, methods=("GET", "HEAD", "POST"))
def listed(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The estimates that were given, and a new one: reckoned first, kept when it is given."""
    found = here(at, patient)
    choices = _choices(at, found)
    if request.method != "POST":
        first = {"on": at.today, "payer": choices[0][0] if choices else ""}
        return _page(request, at, found, EstimateForm(initial=first, coverages=choices))
    form = EstimateForm(request.POST, coverages=choices)
    if "words" in request.POST and "reckon" not in request.POST and "give" not in request.POST:
        told = request.POST.dict()
        if added := told.pop("add", ""):
            told["services"] = f"{told.get('services', '')} {added}".strip()
        form = EstimateForm(initial=told, coverages=choices)
        return _page(request, at, found, form, words="" if added else told.get("words", ""))
    if form.is_valid():
        with attempt(form):
            made = _made(at, found, form)
            if "give" not in request.POST:
                return _page(request, at, found, form, made=made)
            keep_estimate(at.actor, patient, made, at=now())
            tell(request, _("The estimate is kept. Print it, or read it to the patient."))
            return redirect("estimates", at.practice.key, patient)
    return _page(request, at, found, form, status=422)


def _made(at: Desk, found: Stored, form: EstimateForm) -> Any:
    told = form.cleaned_data
    texts = told["services"].replace(",", " ").split()
    if told["payer"]:
        past = [one for one in checks(at.scope, [found.id]).get(found.id, []) if one.payer_key == told["payer"]]
        fresh = past[0].told if past and (at.today - past[0].at.date()).days <= STALE_DAYS else None
        return share_of(_with_contract(at, found, told), told["payer"], texts, told["on"], fresh)
    patient = found.chart.patient
    if patient.birth_date is None:
        raise BadInput(_("A Good Faith Estimate names the birth date. Add it to the patient."))
    return good_faith_of(
        office(at), f"{' '.join(patient.name.given)} {patient.name.family}".strip(), patient.birth_date,
        told["primary"], texts, issued=at.today, scheduled=told["on"] if told["on"] > at.today else None,
        diagnoses=tuple(told["diagnoses"].upper().replace(",", " ").split()),
    )  # fmt: skip


def _with_contract(at: Desk, found: Stored, told: dict[str, Any]) -> Office:
    """The office, where the payer's contract holds on the day. Raises BadInput in words for the front desk."""
    there = office(at)
    if there.contracts.find(told["payer"], told["on"], there.site.practice.key) is None:
        named = {"payer": dict(_choices(at, found)).get(told["payer"], told["payer"]), "day": shown_day(told["on"])}
        said = _(
            "No contract with %(payer)s is on file for %(day)s, so the patient’s share can’t be calculated. "
            "Whoever keeps the contracts can add it."
        )
        raise BadInput(said % named)
    return there


def _choices(at: Desk, found: Stored) -> list[tuple[str, str]]:
    there = [payer_of(at, one.payer) for one in sorted(found.chart.coverages, key=lambda one: one.order)]
    return [(one.key, one.name) for one in there if one is not None]


def _page(
    request: HttpRequest, at: Desk, found: Stored, form: EstimateForm, *, made: Any = None, words: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    share = isinstance(made, ShareEstimate)
    return page(
        request, at, "estimates", found, "estimates", form=form, made=made, share=share, words=words, status=status,
        options=_options(at, words), given=estimates(at.scope, found.id),
    )  # fmt: skip


def _options(at: Desk, words: str) -> list[tuple[str, str, int | None]]:
    """(code, the practice's words, charge) of the services that a search finds in the charge master."""
    there, wanted = session(at), words.casefold().split()
    if there is None or not wanted:
        return []
    made = []
    for code in sorted(there.charges.codes):
        label = service_label(code)
        if all(one in f"{code} {label}".casefold() for one in wanted):
            made.append((code, label, there.charges.price(code, at.today)))
            if len(made) == SHOWN:
                break
    return made


@desk(CHARTS)
def printed(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """An estimate on paper."""
    found = estimate_numbered(at.scope, number)
    if found is None:
        raise Http404
    patient, given = found
    read(at, "patient", [patient])
    if isinstance(given.doc, ShareEstimate):
        raise Http404
    return HttpResponse(
        render(given.doc, number=given.number),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="estimate-{number}.pdf"'},
    )
