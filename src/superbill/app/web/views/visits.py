"""Visits: the list, and one visit with its note and its codes side by side."""

from django.http import Http404, HttpRequest, HttpResponse

from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import count_by_state
from superbill.app.encounters.queries import visit as stored_visit
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries.claims import claims_of_visit
from superbill.app.web.queries.people import payer_names
from superbill.app.web.queries.visits import visit_list
from superbill.app.web.views.filters import chosen, query, states_of
from superbill.app.web.words import ORDINALS, VISIT_GROUPS
from superbill.codesets.place_of_service.lookup import all_places
from superbill.coding.model import AssignedCode
from superbill.forms.statement.labels import service_label


@desk(CHARTS)
def visits(request: HttpRequest, at: Desk) -> HttpResponse:
    """Visits by state, the latest day first."""
    state = chosen(request, "state", [*VISIT_GROUPS, *EncounterState])
    page = visit_list(at.scope, states=states_of(state, VISIT_GROUPS), page=request.GET.get("page", ""))
    read(at, "encounter", [line.id for line in page.rows])
    counts = [(key, count) for key, count in count_by_state(at.scope).items() if count or key == state]
    return show(
        request,
        at,
        "visits",
        "visits",
        page=page,
        counts=counts,
        state=state,
        group=state.replace("-", " ") if state in VISIT_GROUPS else "",
        query=query(state=state),
    )


@desk(CHARTS)
def visit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """The note on the left, the codes with their evidence on the right."""
    found = stored_visit(at.scope, account)
    if found is None:
        raise Http404
    read(at, "encounter", [found.id])
    coded = found.coded
    opens = at.may(CLAIMS)
    return show(
        request,
        at,
        "visit",
        "visits",
        visit=found,
        patient=found.chart.patient,
        age=found.chart.age_on(found.encounter.date_of_service),
        given=" ".join(found.chart.patient.name.given),
        place=all_places().get(coded.place_of_service) if coded else None,
        diagnoses=[(place, code, _words(code)) for place, code in enumerate(coded.diagnoses, 1)] if coded else [],
        services=[
            (service, _words(service.procedure) or service_label(service.procedure.code))
            for service in (coded.services if coded else ())
        ],
        claims=claims_of_visit(at.scope, found.id) if opens else [],
        names=payer_names(at.scope) if opens else {},
        ordinals=ORDINALS,
        opens_account=at.may(LEDGER),
    )


def _words(code: AssignedCode) -> str:
    """What the chart says where the code comes from."""
    return "; ".join(dict.fromkeys(evidence.text for evidence in code.evidence if evidence.text))
