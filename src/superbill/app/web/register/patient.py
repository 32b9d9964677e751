"""One patient: who they are, what covers them, what warns the desk, and every version of the record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.queries import cards as guarantor_cards
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.patients.cards import cards_of
from superbill.app.patients.likeness import alike
from superbill.app.patients.registering import change_patient, demographics
from superbill.app.patients.versions import Version, versions
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.forms import attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.alerts import alerts
from superbill.app.web.register.facts import named
from superbill.app.web.register.forms import PatientForm, told_of
from superbill.app.web.register.queries import (
    MOST_VISITS,
    VISITS,
    Stored,
    balance_of,
    claims_of,
    merges_of,
    stored_patient,
    visits_of,
)
from superbill.app.web.register.words import changes, differences, facts_of, standing

WRITES = ("GET", "HEAD", "POST")


def here(at: Desk, patient: int) -> Stored:
    """The patient of an address, whose reading leaves its trace. Raises Http404."""
    found = stored_patient(at.scope, patient)
    if found is None:
        raise Http404
    read(at, "patient", [patient])
    return found


def page(
    request: HttpRequest, at: Desk, template: str, found: Stored, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about one patient, with their head on it."""
    told = {
        "one": found,
        "who": found.chart.patient,
        "age": found.chart.age_on(at.today),
        "tab": tab,
        "may_register": at.may(Permission.REGISTER) and found.merged_into is None,
        "may_visit": at.may(Permission.IMPORT_CHARTS) and found.merged_into is None,
        "may_ledger": at.may(LEDGER),
        "may_estimate": at.may(Permission.VERIFY_COVERAGE),
    }
    return show(request, at, f"register/{template}", "register", status=status, **{**told, **context})


@desk(CHARTS)
def patient(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Everything that the desk asks first."""
    found = here(at, patient)
    every = request.GET.get("visits") == "all"
    visits, total = visits_of(at.scope, patient, most=MOST_VISITS if every else VISITS)
    claims, of_claims = claims_of(at.scope, patient) if at.may(CLAIMS) else ([], 0)
    balance = balance_of(at.scope, patient) if at.may(LEDGER) else None
    same = [] if found.merged_into else alike(at.scope, found.chart, but=[patient])
    read(at, "patient", [one.id for one in same])
    return page(
        request,
        at,
        "patient",
        found,
        "patient",
        facts=facts_of(found.chart),
        coverages=[standing(at, one) for one in sorted(found.chart.coverages, key=lambda one: one.order)],
        cards=cards_of(at.scope, patient),
        visits=visits,
        total=total,
        claims=[(one, named(at, one.payer)) for one in claims],
        of_claims=of_claims,
        balance=balance,
        guarantor=_guarantor(at, patient),
        alerts=alerts(at, found),
        same=same,
        may_merge=at.may(Permission.MERGE_PATIENTS),
        may_pay=at.may(Permission.TAKE_PAYMENT),
        merges=merges_of(at.scope, patient) if at.may(LEDGER) else [],
    )


def _guarantor(at: Desk, patient: int) -> object:
    if not at.may(LEDGER):
        return None
    row = guarantor_of(at.scope, [patient], at.today).get(patient)
    return guarantor_cards(at.scope, [row]).get(row) if row else None


@desk(CHARTS, Permission.REGISTER, methods=WRITES)
def edit(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Correct who the patient is. Somebody else's change meanwhile is shown beside one's own, and nothing is lost."""
    found = here(at, patient)
    if request.method != "POST":
        return page(request, at, "edit", found, "patient", form=PatientForm(initial=told_of(found.chart.patient)))
    form = PatientForm(request.POST)
    if not form.is_valid():
        return page(request, at, "edit", found, "patient", form=form, status=422)
    version = _number(request.POST.get("version", ""))
    with attempt(form):
        change_patient(at.actor, patient, version, demographics(form.record()), "demographics corrected", at=now())
        tell(request, _("Saved."))
        return redirect("patient", at.practice.key, patient)
    found = here(at, patient)
    if found.version != version:
        theirs = changes(PatientForm(initial=told_of(found.chart.patient)), form)
        return page(request, at, "edit", found, "patient", form=form, theirs=theirs, status=409)
    return page(request, at, "edit", found, "patient", form=form, status=422)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@desk(CHARTS)
def record(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Every version of the record: who changed what, when and why."""
    found = here(at, patient)
    return page(request, at, "record", found, "record", steps=_steps(versions(at.scope, patient)))


def _steps(some: list[Version]) -> list[dict[str, Any]]:
    made = []
    for place, one in enumerate(some):
        before = some[place + 1].chart if place + 1 < len(some) else None
        made.append({"version": one, "changes": differences(before, one.chart) if before else []})
    return made
