"""Coding."""

from msgspec.structs import replace

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import Role
from superbill.app.coding.actions import decide
from superbill.app.coding.asking import ask_provider, teach
from superbill.app.coding.audits import draw_audit
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.chart.model import Note
from superbill.coding.audit.model import Plan, final_of
from superbill.coding.deciding import awaiting
from superbill.coding.model import Evidence
from superbill.coding.suggest.model import Query, SuggestedCode, Suggestion, Visit
from tests.app_samples import AT, DAY, chart, coded
from tests.web_routes import Listed

NOBODY, NO_CODER, NO_AUDITOR = Role.ADMINISTRATOR, Role.FRONT_DESK, Role.CODER


def step(lacking, **more):
    return Listed(lacking=lacking, reads="encounter", body={"version": "1-0", **more}, gives=303)


ROUTES = {
    "visits": Listed(lacking=NOBODY, reads="encounter"),
    "visits-bill": Listed(lacking=NO_AUDITOR, body={}, gives=302),
    "visit": Listed(lacking=NOBODY, reads="encounter"),
    "visit-step": step(NO_CODER, do="undo"),
    "visit-release": step(NO_CODER),
    "visit-hold": step(NO_CODER, why=""),
    "visit-drop": step(NO_CODER, why=""),
    "visit-back": step(NO_CODER),
    "visit-find": Listed(lacking=NOBODY, reads="encounter", body={"q": "hypertension"}),
    "visit-effects": Listed(lacking=NOBODY, reads="encounter"),
    "visit-procedure": Listed(lacking=NOBODY, reads="encounter"),
    "visit-code": Listed(lacking=NOBODY, reads="encounter"),
    "visit-ask": Listed(lacking=NO_CODER, reads="encounter"),
    "visit-query": Listed(lacking=NO_CODER, reads="encounter"),
    "favourite": Listed(lacking=NO_CODER, body={}, gives=303),
    "coding-mine": Listed(lacking=NO_CODER),
    "lesson-write": Listed(lacking=NO_AUDITOR, body={}, gives=302),
    "lesson-read": Listed(lacking=NO_CODER, body={}, gives=303),
    "coding-audits": Listed(lacking=NO_AUDITOR),
    "coding-scores": Listed(lacking=NO_AUDITOR),
    "coding-audit": Listed(lacking=NO_AUDITOR, reads="encounter"),
    "audit-visit": Listed(lacking=NO_AUDITOR, reads="encounter"),
    "audit-step": step(NO_AUDITOR, do="undo", version="0-0"),
    "audit-done": step(NO_AUDITOR),
    "audit-reconcile": step(NO_AUDITOR),
}
SAID = Suggestion(
    visit=Visit(on=DAY), release="icd10cm-2026",
    diagnoses=(
        SuggestedCode(
            system="ICD-10-CM", code="I10", title="Essential (primary) hypertension", score=0.9,
            evidence=(Evidence("n1", "Hypertension", 0, 12),),
        ),
    ),
    queries=(Query(rule="coding.query.x", text="What is meant?", evidence=(Evidence("n1", "Hypertension", 0, 12),)),),
)  # fmt: skip


def noted(number, visits=1):
    """A chart whose visits only a note tells of."""
    plain = chart(number, visits)
    note = Note(id="n1", text="Hypertension, stable. Diabetes, at goal. Continue lisinopril.")
    return replace(plain, encounters=tuple(replace(each, notes=(note,)) for each in plain.encounters))


def waiting(system, number=7, visits=1):
    """(row id, account) of visits that wait for a coder, with one suggested diagnosis each."""
    before = set(system.scope.rows(EncounterRow).values_list("id", flat=True))
    import_charts(system, [noted(number, visits)], at=AT)
    rows = [row for row in system.scope.rows(EncounterRow).order_by("id") if row.pk not in before]
    held = [(row.pk, awaiting(coded(row.source_id, f"p{number}"), SAID)) for row in rows]
    record_coding(system, held, at=AT, suggestions=dict.fromkeys([row.pk for row in rows], SAID))
    return [(row.pk, row.account_number) for row in rows]


def keys(system, office, folder):
    """One visit that waits, one with a query, one that maria coded and an audit holds, a note to her."""
    (first, account), (second, sampled) = waiting(system, visits=2)
    maria = actor_with("maria", system.practice_id, Role.CODER)
    auditor = actor_with("ann", system.practice_id, Role.AUDITOR)
    result = coded(f"{second}", "p7")
    decide(maria, second, result, SAID, final_of(result), record="n1", at=AT, seconds=60)
    number = draw_audit(auditor, Plan(size=1), at=AT)
    asked = ask_provider(maria, first, SAID.queries[0], "Osei, Ama", at=AT)
    note = teach(auditor, "maria", "Look at the stage.", audit=number, at=AT)
    visit = [name for name in ROUTES if name.startswith("visit-")]
    audit = [name for name in ROUTES if name.startswith("audit-")]
    return {
        **dict.fromkeys(visit, (account,)), **dict.fromkeys(audit, (number, sampled)), "coding-audit": (number,),
        "visit-code": (account, "icd10cm", "I10"), "visit-query": (account, asked), "lesson-read": (note,),
    }  # fmt: skip
