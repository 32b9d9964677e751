"""A coding under way: every step is kept, nothing is lost, nobody writes over another, and release makes it final."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from tests.app_samples import AT, coded
from tests.web_routes.coding import SAID, waiting

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.coding.actions import NotDecided, decide
from superbill.app.coding.asking import acknowledge, answer_query, ask_provider, close_query, teach
from superbill.app.coding.audits import draw_audit
from superbill.app.coding.draft_queries import draft_of, lessons, open_queries, queries_of, query_states
from superbill.app.coding.drafts import Changed, hold, not_billable, release, take_back, take_step
from superbill.app.coding.edits import BadEdit, Edit
from superbill.app.coding.models import AuditItemRow, DraftStepRow
from superbill.app.coding.queries import history
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.practices.actions import open_practice
from superbill.coding.audit.model import Plan, final_of

KEEP = Edit(do="keep", key="d1")


@pytest.fixture
def visit(system):
    ((row, _),) = waiting(system)
    return row


@pytest.fixture
def maria(practice):
    return actor_with("maria", practice.pk, Role.CODER)


def added(code="E11.9", system="ICD-10-CM"):
    return Edit(do="add", code=code, system=system, title="a title")


def take(actor, visit, *edits):
    kept = None
    for number, edit in enumerate(edits):
        kept = take_step(actor, visit, edit, draft_of(actor.scope, visit).version, at=AT + timedelta(seconds=number))
    return kept


def state(system, visit):
    return system.scope.rows(EncounterRow).get(pk=visit).state


def test_a_draft_begins_with_what_was_suggested_and_keeps_each_step_with_its_name(visit, maria):
    first = draft_of(maria.scope, visit)
    assert [(line.code, line.verdict) for line in first.draft.lines] == [("I10", "offered")]
    kept = take(maria, visit, KEEP, added(), added("99213", "CPT"))
    assert [(line.code, line.verdict) for line in kept.draft.lines] == [
        ("I10", "kept"), ("E11.9", "added"), ("99213", "added"),
    ]  # fmt: skip
    again = draft_of(maria.scope, visit)
    assert again.draft == kept.draft
    assert [(step.by, step.edit.do) for step in again.steps] == [("maria", "keep"), ("maria", "add"), ("maria", "add")]


def test_a_step_on_an_old_draft_is_refused_and_tells_what_came_between(visit, maria, practice):
    seen = draft_of(maria.scope, visit).version
    other = actor_with("jo", practice.pk, Role.CODER)
    take(other, visit, KEEP)
    with pytest.raises(Changed) as told:
        take_step(maria, visit, Edit(do="refuse", key="d1", reason="history only"), seen, at=AT)
    assert [(step.by, step.edit.do) for step in told.value.theirs] == [("jo", "keep")]
    kept = take_step(maria, visit, Edit(do="refuse", key="d1", reason="history only"), told.value.now.version, at=AT)
    assert kept.draft.lines[0].verdict == "refused"


def test_an_undo_takes_back_one_step_at_a_time_and_is_a_step_itself(visit, maria):
    take(maria, visit, KEEP, added())
    kept = take(maria, visit, Edit(do="undo"))
    assert [line.code for line in kept.draft.lines] == ["I10"]
    kept = take(maria, visit, Edit(do="undo"))
    assert kept.draft.lines[0].verdict == "offered"
    assert len(kept.steps) == 4
    with pytest.raises(BadEdit, match="no step"):
        take(maria, visit, Edit(do="undo"))


def test_steps_are_never_changed_nor_deleted(visit, maria, system):
    take(maria, visit, KEEP)
    table = DraftStepRow._meta.db_table
    for statement in (f"UPDATE {table} SET coder = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_pointers_follow_their_diagnosis_wherever_it_moves(visit, maria):
    kept = take(
        maria, visit, KEEP, added(), added("99213", "CPT"), Edit(do="point", key="s1", value="2"),
        Edit(do="first", key="d2"),
    )  # fmt: skip
    places = kept.draft.places()
    assert [places[key] for key in kept.draft.line("s1").pointers] == [2, 1]
    kept = take(maria, visit, Edit(do="refuse", key="d1", reason="history only"))
    assert kept.draft.line("s1").pointers == ("d2",)


@pytest.mark.parametrize(
    "edit",
    [
        Edit(do="keep", key="d9"), Edit(do="point", key="d1", value="1"), Edit(do="units", key="d1", value="2"),
        Edit(do="poa", key="d1", value="X"), Edit(do="add", code="I10"), Edit(do="leave out", value="risk:0"),
        Edit(do="nonsense", key="d1"), Edit(do="release"), Edit(do="keep", key="d1", reason="x" * 3000),
    ],
    ids=lambda edit: edit.do,
)  # fmt: skip
def test_a_step_that_does_not_fit_is_refused_and_nothing_is_kept(visit, maria, edit):
    with pytest.raises(BadEdit):
        take(maria, visit, edit)
    assert draft_of(maria.scope, visit).steps == ()


def test_release_needs_every_code_decided_and_makes_the_codes_final(visit, maria, system):
    result = coded("x", "p7")
    with pytest.raises(NotDecided, match="wait for a decision"):
        release(maria, visit, result, draft_of(maria.scope, visit).version, at=AT)
    take(maria, visit, KEEP, added("99213", "CPT"))
    release(maria, visit, result, draft_of(maria.scope, visit).version, at=AT, seconds=90)
    assert state(system, visit) == EncounterState.CODED
    account = system.scope.rows(EncounterRow).get(pk=visit).account_number
    last = history(maria.scope, account)[-1]
    assert (last.coder, last.record.seconds) == ("maria", 90)
    assert [(each.code, each.verdict) for each in last.record.decisions] == [("I10", "accepted"), ("99213", "added")]
    with pytest.raises(BadEdit, match="released"):
        take(maria, visit, KEEP)


def test_a_released_visit_is_taken_back_with_its_draft_as_it_stood(visit, maria, system):
    take(maria, visit, KEEP, added("99213", "CPT"))
    release(maria, visit, coded("x", "p7"), draft_of(maria.scope, visit).version, at=AT)
    before = draft_of(maria.scope, visit).draft.lines
    take_back(maria, visit, draft_of(maria.scope, visit).version, at=AT)
    assert state(system, visit) == EncounterState.HELD
    after = draft_of(maria.scope, visit)
    assert (after.draft.lines, after.draft.state, after.undoable) == (before, "", None)
    system.scope.rows(EncounterRow).filter(pk=visit).update(state=EncounterState.BILLED.value)
    with pytest.raises(NotDecided, match="billed"):
        take(maria, visit, Edit(do="open", key="d1"))


@pytest.mark.parametrize(("do", "becomes"), [(hold, EncounterState.HELD), (not_billable, EncounterState.NOT_BILLABLE)])
def test_a_visit_is_set_aside_only_with_a_reason(visit, maria, system, do, becomes):
    version = draft_of(maria.scope, visit).version
    with pytest.raises(NotDecided, match="Say why"):
        do(maria, visit, "  ", version, at=AT)
    do(maria, visit, "waits for pathology", version, at=AT)
    assert state(system, visit) == becomes
    assert draft_of(maria.scope, visit).draft.why == "waits for pathology"
    take_back(maria, visit, draft_of(maria.scope, visit).version, at=AT)
    assert state(system, visit) == EncounterState.HELD


def test_who_may_take_a_step(visit, maria, practice):
    for role in (Role.BILLER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            take_step(actor_with("colleague", practice.pk, role), visit, KEEP, "1-0", at=AT)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    for do in (
        lambda: take_step(outsider, visit, KEEP, "1-0", at=AT),
        lambda: release(outsider, visit, coded("x", "p7"), "1-0", at=AT),
        lambda: hold(outsider, visit, "why", "1-0", at=AT),
        lambda: ask_provider(outsider, visit, SAID.queries[0], "Osei", at=AT),
    ):
        with pytest.raises(NotDecided, match="not known here"):
            do()
    assert draft_of(maria.scope, visit).steps == ()


def test_a_query_waits_for_the_provider_then_for_the_coder_and_is_closed(visit, maria):
    ask_provider(maria, visit, SAID.queries[0], "Osei, Ama", at=AT)
    (one,) = queries_of(maria.scope, visit)
    assert (one.number, one.state, one.provider, one.query.text) == (1, "asked", "Osei, Ama", "What is meant?")
    answer_query(maria, one.id, "Dr. Osei", "Chronic, stage 3a.", at=AT)
    assert query_states(maria.scope, [visit]) == {visit: "answered"}
    assert [(said.side, said.text) for said in queries_of(maria.scope, visit)[0].said] == [
        ("provider", "Chronic, stage 3a.")
    ]
    close_query(maria, one.id, at=AT)
    assert open_queries(maria.scope) == []
    with pytest.raises(NotDecided, match="closed"):
        answer_query(maria, one.id, "Dr. Osei", "More.", at=AT)


def test_a_note_to_a_coder_is_theirs_to_acknowledge(visit, maria, practice):
    auditor = actor_with("ann", practice.pk, Role.AUDITOR)
    note = teach(auditor, "maria", "Look at the stage.", encounter=visit, at=AT)
    with pytest.raises(NotDecided, match="somebody else"):
        acknowledge(actor_with("jo", practice.pk, Role.CODER), note, at=AT)
    acknowledge(maria, note, at=AT)
    assert lessons(maria.scope, coder="maria")[0].acknowledged == AT
    with pytest.raises(NotPermitted):
        teach(maria, "jo", "No.", at=AT)


def test_a_blind_draft_begins_empty_and_is_not_for_the_first_coder(visit, maria, system, practice):
    result = coded("x", "p7")
    decide(maria, visit, result, SAID, final_of(result), record="n1", at=AT)
    ann = actor_with("ann", practice.pk, Role.AUDITOR)
    draw_audit(ann, Plan(size=1), at=AT, only=[visit])
    item = system.scope.rows(AuditItemRow).get().pk
    assert draft_of(ann.scope, visit, item=item).draft.lines == ()
    kept = take_step(ann, visit, added("I10"), "0-0", at=AT, item=item)
    assert [line.code for line in kept.draft.lines] == ["I10"]
    both = actor_with(" Maria", practice.pk, Role.CODER, Role.AUDITOR)
    with pytest.raises(NotDecided, match="coded it first"):
        take_step(both, visit, added("E11.9"), kept.version, at=AT, item=item)
    with pytest.raises(NotDecided, match="not in the audit"):
        take_step(ann, visit, added("E11.9"), kept.version, at=AT, item=item + 1)


def test_an_audit_is_drawn_from_chosen_visits_alone(system, maria, practice):
    for row, _ in waiting(system, number=8, visits=3):
        result = coded("x", "p8")
        decide(maria, row, result, SAID, final_of(result), record="n1", at=AT)
    chosen = list(system.scope.rows(EncounterRow).values_list("id", flat=True))[1]
    draw_audit(actor_with("ann", practice.pk, Role.AUDITOR), Plan(size=9), at=AT, only=[chosen])
    assert [row.encounter_id for row in system.scope.rows(AuditItemRow)] == [chosen]
