"""Payers' answers about coverage on record; three actors; on both databases."""

from datetime import date

import pytest
from django.db import Error, connection, transaction
from msgspec.structs import replace
from tests.app_samples import AT, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.eligibility.actions import Answer, NotRecorded, record_eligibility
from superbill.app.eligibility.models import EligibilityRow
from superbill.app.eligibility.queries import listed, verifications, verifies
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.effective import Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def patient(system):
    import_charts(system, [chart(1), chart(2)], at=AT)
    return system.scope.rows(PatientRow).get(source_id="p1").pk


@pytest.fixture
def answer(patient):
    return Answer(
        patient=patient,
        payer_key="one",
        member_id="M1",
        active=True,
        verified_on=date(2026, 9, 1),
        period=YEAR,
        plan="Gold",
        source="september.271",
        digest="a1",
    )


@pytest.fixture
def desk(practice):
    return actor_with("fay", practice.pk, Role.FRONT_DESK)


def test_an_answer_is_kept_as_told_with_who_brought_it(desk, answer, patient):
    assert not verifies(desk.scope)
    assert record_eligibility(desk, [answer], at=AT) == 1
    [kept] = verifications(desk.scope, [patient])[patient]
    assert (kept.member_id, kept.period, kept.plan, kept.verified_on, kept.by) == (
        "M1",
        YEAR,
        "Gold",
        date(2026, 9, 1),
        "fay",
    )
    assert verifies(desk.scope)
    assert AuditEvent._base_manager.filter(practice_id=desk.practice_id, action="record eligibility").count() == 1


def test_the_latest_answer_comes_first_whatever_the_order_of_recording(desk, answer, patient):
    ended = replace(answer, active=False, verified_on=date(2026, 10, 1), digest="b2")
    record_eligibility(desk, [ended], at=AT)
    record_eligibility(desk, [answer], at=AT)
    assert [one.active for one in verifications(desk.scope, [patient])[patient]] == [False, True]


def test_the_same_file_twice_tells_nothing_new(desk, answer):
    assert record_eligibility(desk, [answer, answer], at=AT) == 1
    assert record_eligibility(desk, [answer], at=AT) == 0
    assert record_eligibility(desk, [replace(answer, digest="b2")], at=AT) == 1


def test_what_is_listed_is_of_the_patient_and_payer_that_were_asked_for(desk, answer):
    record_eligibility(desk, [answer, replace(answer, payer_key="two", verified_on=date(2026, 8, 1))], at=AT)
    assert [one.payer_key for one in listed(desk.scope)] == ["one", "two"]
    [two] = listed(desk.scope, patient="p1", payer="two")
    assert (two.source_id, two.name) == ("p1", "Family1, Given")
    assert listed(desk.scope, patient="p2") == []


@pytest.mark.parametrize("role", [Role.CODER, Role.AUDITOR, Role.POSTER, Role.ADMINISTRATOR])
def test_a_colleague_without_the_permission_records_nothing(practice, answer, role):
    with pytest.raises(NotPermitted, match="may not verify coverage"):
        record_eligibility(actor_with("colleague", practice.pk, role), [answer], at=AT)
    assert not EligibilityRow._base_manager.exists()


def test_an_outsider_neither_sees_nor_records_anything_of_the_practice(desk, answer, patient):
    record_eligibility(desk, [answer], at=AT)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    assert verifications(outsider.scope, [patient]) == {} and listed(outsider.scope) == []
    assert not verifies(outsider.scope)
    with pytest.raises(NotRecorded, match="No patient"):
        record_eligibility(outsider, [answer], at=AT)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"payer_key": ""}, "needs its payer"),
        ({"period": Period(date(2026, 2, 1), date(2026, 1, 31))}, "ends on 2026-01-31, before it starts"),
        ({"patient": -1}, "No patient"),
    ],
    ids=["no payer", "ends before it starts", "nobody"],
)
def test_one_wrong_answer_keeps_all_from_being_recorded(desk, answer, change, said):
    with pytest.raises(NotRecorded, match=said):
        record_eligibility(desk, [answer, replace(answer, **change)], at=AT)
    assert listed(desk.scope) == []


def test_what_a_payer_told_is_never_changed(desk, answer):
    record_eligibility(desk, [answer], at=AT)
    for statement in ("UPDATE eligibility_eligibilityrow SET plan = 'x'", "DELETE FROM eligibility_eligibilityrow"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
