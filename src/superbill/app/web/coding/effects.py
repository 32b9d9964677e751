"""What each code changes in the payment, at the side: told after coding, and no ground to choose a code."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from superbill.app.code_books import code_books
from superbill.app.coding.draft import Draft
from superbill.app.coding.draft_queries import draft_of
from superbill.app.path.coding import INPATIENT
from superbill.app.web.coding.bench import visit_of
from superbill.app.web.desk import CHARTS, Desk, desk, show
from superbill.codesets.release import Refused
from superbill.coding.effects.find import effects as effects_of
from superbill.coding.effects.model import Coded
from superbill.coding.suggest.model import Visit as NoteVisit

_SEXES: dict[str, Any] = {"F": "female", "M": "male"}


@desk(CHARTS)
def effects(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """The MS-DRG and its weight, the HCC score, the OPPS status of each service, as the draft stands."""
    found = visit_of(at, account)
    draft = draft_of(at.scope, found.id).draft
    encounter, patient = found.encounter, found.chart.patient
    inpatient = encounter.class_code in INPATIENT
    visit = NoteVisit(
        on=encounter.last_date_of_service if inpatient else encounter.date_of_service,
        setting="inpatient" if inpatient else "outpatient", age=found.chart.age_on(encounter.date_of_service),
        sex=_SEXES.get(patient.sex, ""),
        place_of_service=encounter.location.place_of_service if encounter.location else "11",
    )  # fmt: skip
    try:
        told = effects_of(coded_of(draft), visit, code_books()) if draft.lines else None
    except Refused:
        told = None
    return show(request, at, "coding/effects", "visits", visit=found, told=told, draft=draft)


def coded_of(draft: Draft) -> list[Coded]:
    """The standing codes as effects take them."""
    diagnoses = [Coded(code=each.code, present=each.poa) for each in draft.standing("dx")]
    others = (*draft.standing("px"), *draft.standing("sv"))
    return [*diagnoses, *(Coded(code=each.code, system=each.system) for each in others)]
