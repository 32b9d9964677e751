"""Audits of coding on both databases: a sample is kept, another codes it blindly, what stands is never changed."""

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from tests.app_samples import AT, DAY, chart, coded

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import ROLES, NotPermitted, Permission, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.coding.actions import decide
from superbill.app.coding.audit_queries import audits, blind, candidates, item, items, pair, times
from superbill.app.coding.audits import NotAudited, code_blindly, draw_audit, reconcile
from superbill.app.coding.models import AuditItemRow, AuditRow, AuditStepRow, Purpose
from superbill.app.coding.queries import Blinded, history
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.chart.model import Note
from superbill.coding.audit.model import Basis, Plan, final_of
from superbill.coding.deciding import Final, FinalService, awaiting
from superbill.coding.model import Evidence
from superbill.coding.suggest.model import SuggestedCode, Suggestion, Visit

SAID = Suggestion(
    visit=Visit(on=DAY), release="icd10cm-2026",
    diagnoses=(SuggestedCode(system="ICD-10-CM", code="I10", score=0.9, evidence=(Evidence("n1", "words", 0, 5),)),),
)  # fmt: skip
FIRST = final_of(coded("x", "y"))
OTHER = Final(diagnoses=("I10", "E11.9"), services=(FinalService(code="99214"),), reasons={"E11.9": "treated today"})


def noted(number):
    plain = chart(number)
    (visit,) = plain.encounters
    return replace(plain, encounters=(replace(visit, notes=(Note(id="n1", text="Hypertension, stable."),)),))


@pytest.fixture
def decided(system):
    """Three visits that maria decided on, one that jo did, one that the program coded: A1001 to A1005."""
    import_charts(system, [noted(number) for number in range(1, 6)], at=AT)
    for row, coder in zip(
        system.scope.rows(EncounterRow).order_by("id"), ("maria", "maria", "maria", "jo", ""), strict=True
    ):
        result = coded(row.source_id, "p")
        if not coder:
            record_coding(system, [(row.pk, result)], at=AT)
            continue
        record_coding(system, [(row.pk, awaiting(result, SAID))], at=AT, suggestions={row.pk: SAID})
        person = actor_with(coder, system.practice_id, Role.CODER)
        decide(person, row.pk, result, SAID, FIRST, record="n1", at=AT, seconds=60)
    return system


@pytest.fixture
def auditor(practice):
    return actor_with("ann", practice.pk, Role.AUDITOR)


def drawn(actor, **wanted):
    return draw_audit(actor, Plan(**{"size": 9, **wanted}), at=AT)


def test_a_sample_holds_what_people_decided_with_its_seed_and_size(decided, auditor):
    number = drawn(auditor, seed=7)
    (audit,) = audits(auditor.scope)
    assert (audit.number, audit.auditor, audit.plan.seed) == (number, "ann", 7)
    assert (audit.known, audit.drawn, audit.coded, audit.closed) == (4, 4, 0, 0)
    assert [each.account for each in items(auditor.scope, number)] == ["A1001", "A1002", "A1003", "A1004"]


def test_a_margin_decides_on_the_size(decided, auditor):
    drawn(auditor, size=0, margin=0.4)
    assert audits(auditor.scope)[0].plan.size == audits(auditor.scope)[0].drawn == 3


def test_what_an_audit_holds_is_not_drawn_again(decided, auditor):
    drawn(auditor, size=3)
    assert {each.account for each in items(auditor.scope, drawn(auditor))} <= {f"A100{n}" for n in range(1, 5)}
    accounts = [each.account for each in items(auditor.scope)]
    assert len(accounts) == len(set(accounts)) == 4
    with pytest.raises(NotAudited, match="no coding to audit"):
        drawn(auditor)


def test_coders_days_and_programs_narrow_or_widen_the_sample(decided, auditor):
    def accounts(**wanted):
        return [each.candidate.coder for each in candidates(auditor.scope, Plan(size=9, **wanted))]

    assert accounts(coders=("jo",)) == ["jo"]
    assert accounts(since=DAY.replace(year=2030)) == accounts(until=DAY.replace(year=2020)) == []
    assert accounts(programs=True) == ["maria", "maria", "maria", "jo", "system"]


def test_candidates_carry_their_signs(decided, auditor):
    known = list(candidates(auditor.scope, Plan(size=9), price=lambda code, modifiers, day: 100_00))
    assert [each.candidate.nth for each in known] == [1, 2, 3, 1]
    first = known[0].candidate
    assert (first.score, first.overrides, first.charge, first.queries) == (0.9, 1, 100_00, 0)


def test_the_second_coder_sees_the_note_and_no_code(decided, auditor):
    seen = blind(item(auditor.scope, drawn(auditor), "A1001"))
    assert seen.note == "Hypertension, stable." and seen.age == 56 and seen.date_of_service == DAY
    assert not {"I10", "99213", "maria"} & set(str(seen).replace("'", " ").split())
    assert {"first", "coder", "codes", "diagnoses"}.isdisjoint(seen.__struct_fields__)


def test_two_who_agree_close_the_visit(decided, auditor):
    number = drawn(auditor)
    assert code_blindly(auditor, number, "A1001", FIRST, release="icd10cm-2026", at=AT, seconds=30)
    closed = item(auditor.scope, number, "A1001")
    assert closed.reference == FIRST and closed.second_coder == "ann"
    assert pair(closed).first.diagnoses == ("I10",) and pair(closed).seconds == 60
    assert pair(item(auditor.scope, number, "A1002")) is None
    last = history(auditor.scope, "A1001")[-1]
    assert (last.purpose, last.coder, last.record.seconds) == (Purpose.SECOND, "ann", 30)


def test_two_who_differ_reconcile_and_then_it_stands(decided, auditor):
    number = drawn(auditor)
    before = decided.scope.rows(EncounterRow).get(account_number="A1001").coded
    assert not code_blindly(auditor, number, "A1001", OTHER, release="", at=AT)
    assert item(auditor.scope, number, "A1001").reference is None
    reconcile(auditor, number, "A1001", OTHER, at=AT)
    assert pair(item(auditor.scope, number, "A1001")).reference.reasons == {"E11.9": "treated today"}
    assert decided.scope.rows(EncounterRow).get(account_number="A1001").coded == before, "what is billed stays"
    with pytest.raises(NotAudited, match="closed"):
        reconcile(auditor, number, "A1001", FIRST, at=AT)
    assert (audits(auditor.scope)[0].coded, audits(auditor.scope)[0].closed) == (1, 1)


def test_steps_come_in_their_order_and_once(decided, auditor):
    number = drawn(auditor, coders=("jo",))
    with pytest.raises(NotAudited, match="no second coding"):
        reconcile(auditor, number, "A1004", FIRST, at=AT)
    code_blindly(auditor, number, "A1004", OTHER, release="", at=AT)
    with pytest.raises(NotAudited, match="already, by ann"):
        code_blindly(auditor, number, "A1004", FIRST, release="", at=AT)
    with pytest.raises(NotAudited, match="not among the visits"):
        code_blindly(auditor, number, "A1001", FIRST, release="", at=AT)


@pytest.mark.parametrize("name", ["maria", "  Maria "])
def test_nobody_audits_themselves(decided, auditor, name):
    number = drawn(auditor)
    same = actor_with(name, decided.practice_id, Role.AUDITOR)
    with pytest.raises(NotAudited, match="coded it first"):
        code_blindly(same, number, "A1001", FIRST, release="", at=AT)
    code_blindly(auditor, number, "A1001", OTHER, release="", at=AT)
    with pytest.raises(NotAudited, match="coded it first"):
        reconcile(same, number, "A1001", FIRST, at=AT)
    code_blindly(same, number, "A1004", FIRST, release="", at=AT)


def test_events_name_no_patient_and_no_code(decided, auditor):
    number = drawn(auditor)
    code_blindly(auditor, number, "A1001", OTHER, release="", at=AT)
    reconcile(auditor, number, "A1001", OTHER, at=AT)
    events = decided.scope.rows(AuditEvent).filter(subject_kind="coding audit").order_by("id")
    assert [each.action for each in events] == ["draw audit", "code for audit", "reconcile audit"]
    for each in events:
        assert not any(word in each.detail for word in ("I10", "E11", "A1001", "Family", "treated"))


def test_a_colleague_without_the_permission_draws_sees_and_codes_nothing(decided, auditor):
    number = drawn(auditor)
    for role in (Role.CODER, Role.BILLER, Role.ADMINISTRATOR):
        colleague = actor_with("colleague", decided.practice_id, role)
        for deed in (
            lambda who: drawn(who),
            lambda who: code_blindly(who, number, "A1001", FIRST, release="", at=AT),
            lambda who: reconcile(who, number, "A1001", FIRST, at=AT),
            lambda who: audits(who.scope),
            lambda who: list(items(who.scope)),
        ):
            with pytest.raises(NotPermitted, match="colleague may not"):
                deed(colleague)
    assert not decided.scope.rows(AuditStepRow).exists()


def test_an_outsider_finds_nothing_there(decided, auditor):
    number = drawn(auditor)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    assert audits(outsider.scope) == list(items(outsider.scope)) == [] and times(outsider.scope) == {}
    assert item(outsider.scope, number, "A1001") is None
    with pytest.raises(NotAudited, match="no coding"):
        drawn(outsider)
    for deed in (code_blindly, reconcile):
        with pytest.raises(NotAudited, match="not among"):
            deed(outsider, number, "A1001", FIRST, at=AT, **({"release": ""} if deed is code_blindly else {}))
    assert not decided.scope.rows(AuditStepRow).exists()


def test_a_member_with_the_permission_is_an_auditor_or_a_manager():
    able = {role for role, can in ROLES.items() if Permission.AUDIT_CODING in can}
    assert able == {Role.AUDITOR, Role.MANAGER, Role.SYSTEM}
    assert ROLES[Role.AUDITOR] == {Permission.READ_CHARTS, Permission.AUDIT_CODING, Permission.WORK_TASKS}


@pytest.mark.parametrize("model", [AuditRow, AuditItemRow, AuditStepRow], ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {} SET doc = ''", "DELETE FROM {}"])
def test_an_audit_is_never_changed(decided, auditor, model, statement):
    code_blindly(auditor, drawn(auditor), "A1001", FIRST, release="", at=AT)
    rows = decided.scope.rows(model).count()
    with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))
    assert decided.scope.rows(model).count() == rows > 0


def test_a_high_dollar_sample_takes_the_highest_charges(decided, auditor):
    prices = iter((10, 90, 20, 80))
    plan = Plan(basis=Basis.HIGH_DOLLAR, size=2)
    number = draw_audit(auditor, plan, at=AT, price=lambda code, modifiers, day: next(prices))
    assert [each.account for each in items(auditor.scope, number)] == ["A1002", "A1004"]


def test_reading_an_audit_takes_as_many_statements_whatever_its_size(decided, auditor):
    number = drawn(auditor)
    with CaptureQueriesContext(connection) as asked:
        assert len(list(items(auditor.scope, number))) == 4
        assert len(audits(auditor.scope)) == 1
    assert len(asked) == 5


def test_while_a_second_coding_is_awaited_no_auditor_reads_the_history_of_the_visit(decided, auditor):
    assert history(auditor.scope, "A1001"), "no audit holds it yet"
    number = drawn(auditor)
    coder = actor_with("jo", decided.practice_id, Role.CODER)
    first = actor_with("Maria ", decided.practice_id, Role.CODER, Role.AUDITOR)
    for reader in (auditor, actor_with("kim", decided.practice_id, Role.MANAGER), decided):
        with pytest.raises(Blinded, match=f"audit {number}"):
            history(reader.scope, "A1001")
    assert len(history(coder.scope, "A1001")) == len(history(first.scope, "A1001")) == 2
    assert len(history(auditor.scope, "A1005")) == 1, "a visit that no audit holds"
    with pytest.raises(NotPermitted):
        history(actor_with("ada", decided.practice_id, Role.ADMINISTRATOR).scope, "A1001")
    code_blindly(auditor, number, "A1001", OTHER, release="r", at=AT)
    assert [each.purpose for each in history(auditor.scope, "A1001")][-1] is Purpose.SECOND


def test_another_practices_audit_hides_nothing_here(decided, auditor):
    drawn(auditor)
    elsewhere = actor_with("ann", open_practice("other", "Other").pk, Role.AUDITOR)
    assert history(elsewhere.scope, "A1001") == []
