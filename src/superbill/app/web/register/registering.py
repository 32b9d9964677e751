"""A new patient at the desk, with up to two coverages; who may be here already is shown before anything is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.patients.likeness import Alike, alike
from superbill.app.patients.registering import DESK, register_patient
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.forms import attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.facts import payers
from superbill.app.web.register.forms import CoverageForm, PatientForm
from superbill.app.web.register.words import side_by_side
from superbill.chart.model import Chart, CoverageRecord

_PARTS = ("one", "two")


@desk(CHARTS, Permission.REGISTER, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, at: Desk) -> HttpResponse:
    """Register a patient. Asked with `look`, it only says who is alike, while one types."""
    known = payers(at)
    if request.method != "POST":
        forms = [CoverageForm(prefix=part, payers=known) for part in _PARTS]
        return _page(request, at, PatientForm(), forms, [])
    form = PatientForm(request.POST)
    forms = [CoverageForm(request.POST, prefix=part, payers=known) for part in _PARTS]
    valid = all([form.is_valid(), *(one.is_valid() for one in forms)])
    same = _alike(at, form, forms)
    if "look" in request.POST:
        return _page(request, at, form, forms, same, looking=True)
    if valid and (not same or request.POST.get("sure") == _known(same)):
        with attempt(form):
            row = register_patient(at.actor, form.record(), _coverages(forms), at=now())
            tell(request, _("Registered. Next: check the coverage."))
            return redirect("patient", at.practice.key, row)
    return _page(request, at, form, forms, same, status=422)


def _coverages(forms: list[CoverageForm]) -> tuple[CoverageRecord, ...]:
    made = [record for one in forms if (record := one.record()) is not None]
    return tuple(replace(one, id=f"desk-{n}", order=n, source=DESK) for n, one in enumerate(made, 1))


def _alike(at: Desk, form: PatientForm, forms: list[CoverageForm]) -> list[Alike]:
    """Who is like what is filled in so far."""
    told = form.cleaned_data
    if not told.get("last"):
        return []
    whole = {name: told.get(name) or ("" if name not in ("born", "deceased") else None) for name in form.fields}
    form_told, form.cleaned_data = told, whole
    patient = form.record()
    form.cleaned_data = form_told
    coverages = [
        CoverageRecord(id=str(n), payer=one.cleaned_data["payer"], member_id=one.cleaned_data.get("member_id", ""))
        for n, one in enumerate(forms)
        if one.cleaned_data.get("payer")
    ]
    found = alike(at.scope, Chart(patient=patient, coverages=tuple(coverages)))
    read(at, "patient", [one.id for one in found])
    return found


def _known(same: list[Alike]) -> str:
    return " ".join(str(one.id) for one in same)


def _page(
    request: HttpRequest, at: Desk, form: PatientForm, forms: list[CoverageForm], same: list[Alike], *,
    status: int = 200, looking: bool = False,
) -> HttpResponse:  # fmt: skip
    compared = []
    if same and form.is_bound:
        whole = {
            name: form.cleaned_data.get(name) or ("" if name not in ("born", "deceased") else None)
            for name in form.fields
        }
        form.cleaned_data = whole
        mine = Chart(patient=form.record(), coverages=())
        compared = [(one, side_by_side(mine, one.chart)) for one in same]
    return show(
        request, at, "register/new", "register", status=status, form=form, first=forms[0], second=forms[1],
        same=compared, known=_known(same), looking=looking, parts=[form, *forms],
    )  # fmt: skip
