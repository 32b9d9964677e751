"""Who sees and does what: a member, a colleague without the permission, an outsider from another practice."""

from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from tests.app_samples import AT, TODAY, billed, chart, coded, remittance, usual_answer

from superbill.app.accounts.actions import grant, revoke
from superbill.app.accounts.actors import Scope, Unscoped, actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import ROLES, NotPermitted, Permission, Role
from superbill.app.accounts.queries import actor_for
from superbill.app.audit.models import AuditEvent
from superbill.app.base import PracticeRow
from superbill.app.billing.actions import BadAmount, UnknownLine, post, take_patient_payment
from superbill.app.billing.models import JournalEntry
from superbill.app.billing.queries import claim_ledger, encounter_ledger, patient_ledger, patients_with_balance
from superbill.app.billing.rebuild import rebuild
from superbill.app.claims import queries as claim_queries
from superbill.app.claims.actions import (
    NotThisClaim,
    assign_claims,
    note_on_claims,
    open_claims,
    prepare_batch,
    receive_file,
)
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.actions import Filing, file_appeal
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.encounters.queries import visit, visits
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.actions import keep_cost, refresh
from superbill.app.reports.aging import aging
from superbill.app.reports.export.run import export
from superbill.app.reports.queries import totals
from superbill.app.statements.actions import record_statements
from superbill.app.worklists.actions import refresh as refresh_tasks

ROWS = [model for model in apps.get_models() if issubclass(model, PracticeRow)]


@pytest.fixture
def outsider(system):
    """The manager of another practice in the same database."""
    other = open_practice("hillside", "Hillside Clinic")
    return actor_with("outsider", other.pk, Role.MANAGER)


@pytest.fixture
def posted(system):
    """A practice with work and money in every table."""
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return claims


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_every_table_of_a_practice_names_the_permission_that_reads_it_and_refuses_without_a_scope(model):
    assert model.reads in Permission
    with pytest.raises(Unscoped, match=r"scope\.rows"):
        model.objects.count()
    with pytest.raises(Unscoped):
        model.objects.filter(pk=1)


def test_a_member_sees_the_practice(system, posted):
    member = actor_with("member", system.practice_id, Role.MANAGER)
    assert totals(member.scope).claim_count == 4
    assert visit(member.scope, "A1001") is not None
    assert encounter_ledger(member.scope, "A1001").balance.charge == 150_00


def test_an_outsider_sees_nothing(outsider, posted):
    scope = outsider.scope
    for model in ROWS:
        if model.reads in outsider.permissions:
            assert not scope.rows(model).exists(), model.__name__
    assert visit(scope, "A1001") is None
    assert list(visits(scope)) == []
    assert claim_queries.claim(scope, "A1001P1") is None
    assert claim_ledger(scope, "A1001P1") is None
    assert encounter_ledger(scope, "A1001") is None
    assert list(patients_with_balance(scope)) == []
    assert aging(scope, TODAY) == ()
    assert totals(scope).claim_count == totals(scope).entries == 0


def test_an_outsider_changes_nothing_by_guessing_ids(system, outsider, posted):
    patient = system.scope.rows(PatientRow).first()
    claim = system.scope.rows(ClaimRow).first()
    encounter = system.scope.rows(EncounterRow).first()
    entries = system.scope.rows(JournalEntry).count()
    assert patient_ledger(outsider.scope, patient.pk).entries == ()
    with pytest.raises(BadAmount, match="no patient"):
        take_patient_payment(outsider, patient.pk, 100, "cash", "k", TODAY, at=AT)
    with pytest.raises(NotThisClaim):
        prepare_batch(outsider, "one", [claim.pk], lambda numbers: b"", at=AT)
    for deed in (assign_claims, note_on_claims):
        with pytest.raises(NotThisClaim):
            deed(outsider, [claim.pk], "outsider", at=AT)
    assert record_coding(outsider, [(encounter.pk, coded("x", "y"))], at=AT).unknown == 1
    from tests.spec.test_app_journal import moved

    with pytest.raises(UnknownLine):
        post(outsider, [moved("t1")], at=AT)
    assert system.scope.rows(JournalEntry).count() == entries
    assert not Scope(outsider.practice_id).rows(JournalEntry).exists()


DEEDS = {
    "import": (Role.CODER, lambda actor: import_charts(actor, [chart(1)], at=AT)),
    "code": (Role.BILLER, lambda actor: record_coding(actor, [], at=AT)),
    "open claims": (Role.CODER, lambda actor: open_claims(actor, [], TODAY, at=AT)),
    "send": (Role.POSTER, lambda actor: prepare_batch(actor, "one", [1], lambda numbers: b"", at=AT)),
    "post 835": (Role.BILLER, lambda actor: post_remittance(actor, remittance("T1"), payer_key="one", at=AT)),
    "adjust": (Role.POSTER, lambda actor: post(actor, [], at=AT)),
    "take money": (Role.BILLER, lambda actor: take_patient_payment(actor, 1, 5, "cash", "k", TODAY, at=AT)),
    "bring receivables up to date": (Role.CODER, lambda actor: refresh(actor, at=AT)),
    "cost of collecting": (Role.POSTER, lambda actor: keep_cost(actor, TODAY, 1, at=AT)),
    "rebuild": (Role.POSTER, lambda actor: rebuild(actor, at=AT)),
    "export": (Role.POSTER, lambda actor: export(actor, Path("never"), "csv", at=AT)),
    "appeal": (Role.POSTER, lambda actor: file_appeal(actor, "A1001P1", Filing(on=TODAY), at=AT)),
    "work tasks": (Role.ADMINISTRATOR, lambda actor: refresh_tasks(actor, TODAY, at=AT)),
    "statement": (Role.FRONT_DESK, lambda actor: record_statements(actor, [], at=AT)),
    "give claims": (Role.ADMINISTRATOR, lambda actor: assign_claims(actor, [1], "", at=AT)),
    "note on claims": (Role.ADMINISTRATOR, lambda actor: note_on_claims(actor, [1], "seen", at=AT)),
    "receive files": (Role.CODER, lambda actor: receive_file(actor, name="a", content=b"", at=AT)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_colleague_without_the_permission_is_refused_and_nothing_happens(practice, deed):
    role, do = DEEDS[deed]
    colleague = actor_with("colleague", practice.pk, role)
    with pytest.raises(NotPermitted, match="colleague may not"):
        do(colleague)
    assert not Scope(practice.pk).rows(AuditEvent).exists()
    with pytest.raises(NotPermitted):
        do(actor_with("nobody", practice.pk))


def test_reading_needs_the_permission_of_the_table(practice):
    coder = actor_with("coder", practice.pk, Role.CODER)
    assert coder.scope.rows(EncounterRow).count() == 0
    for model in (ClaimRow, JournalEntry, AuditEvent):
        with pytest.raises(NotPermitted, match="coder may not read"):
            coder.scope.rows(model)


def test_no_role_but_the_administrator_manages_accounts_and_no_role_does_everything():
    assert [role for role, can in ROLES.items() if Permission.MANAGE_ACCOUNTS in can] == [Role.ADMINISTRATOR]
    assert all(frozenset(Permission) != can for can in ROLES.values())
    assert set(ROLES) == set(Role)


def test_membership_gives_roles_in_one_practice_and_ends(practice, outsider):
    user = User.objects.create(username="ana")
    chief = actor_with("chief", practice.pk, Role.ADMINISTRATOR)
    assert actor_for(user, practice.pk).permissions == frozenset()
    grant(chief, user, Role.CODER, at=AT)
    grant(chief, user, Role.CODER, at=AT)
    assert actor_for(user, practice.pk).permissions == ROLES[Role.CODER]
    assert actor_for(user, outsider.practice_id).permissions == frozenset()
    user.is_active = False
    assert actor_for(user, practice.pk).permissions == frozenset()
    revoke(chief, user, Role.CODER, at=AT)
    user.is_active = True
    assert actor_for(user, practice.pk).permissions == frozenset()


def test_every_action_leaves_its_trace_without_a_word_about_the_patient(system, posted):
    events = list(system.scope.rows(AuditEvent).order_by("id"))
    assert [event.action for event in events] == [
        "import charts", "record coding", "open claims", "prepare batch", "mark batch sent", "post remittance",
    ]  # fmt: skip
    assert {event.actor for event in events} == {"system"}
    said = " ".join(event.detail for event in events)
    assert "Family" not in said
    assert "1970" not in said


def test_an_action_needs_a_time_with_its_zone(system):
    with pytest.raises(ValueError, match="zone"):
        import_charts(system, [], at=datetime(2026, 1, 1))  # noqa: DTZ001  # that is the point
