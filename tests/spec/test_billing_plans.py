"""Payment plans, collection agencies, and what patients' money asks a person to do."""

from datetime import date, timedelta

import pytest
from tests.app_samples import AT, TODAY
from tests.money_samples import guaranteeing, member, owed, owing, standing

from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import (
    BadAmount,
    NotPossible,
    PaymentFacts,
    WriteOff,
    agency_fee,
    agency_payment,
    ask_to_forgive,
    cancel_plan,
    close_placement,
    issue_refund,
    make_plan,
    patient_party,
    place,
    place_guarantor,
    recall,
    reinstate_plan,
    renegotiate_plan,
    request_refund,
    return_payment,
    review_plans,
    take_payment,
    undo,
)
from superbill.app.billing.models import PaymentPlan, Placement
from superbill.app.billing.queries import instalments_due, placed_patients, plans, small_balances
from superbill.app.billing.worklist import wanted
from superbill.app.doctor import examine
from superbill.ledger.instalments import BadSchedule, month_after, schedule

FIRST = date(2026, 11, 30)


@pytest.fixture
def patient(system):
    """Owes 150.00 for each of two visits."""
    return owing(system)[0]


def pay(actor, patient, amount, key="k1", on=TODAY, **facts):
    return take_payment(actor, amount, PaymentFacts(method="cash", patients=(patient,), **facts), key, on, at=AT)


def states(system, on):
    return [promise.state for promise in next(plans(system.scope, on)).promises]


def test_a_month_has_a_last_day():
    assert [month_after(date(2026, 1, 31), months) for months in (1, 2, 3, 13)] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2027, 2, 28),
    ]  # fmt: skip
    assert month_after(date(2027, 12, 31), 2) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "wrong", [{}, {"months": 3, "each": 5}, {"months": -1}, {"each": 1}, {"months": 2, "down": 300}], ids=str
)
def test_a_schedule_that_cannot_be_is_refused(wrong):
    with pytest.raises(BadSchedule):
        schedule(300, FIRST, **wrong)


def test_promises_are_kept_late_or_missed(system, patient):
    make_plan(system, patient, FIRST, "p", TODAY, months=3, at=AT)
    plan = next(plans(system.scope, TODAY))
    assert [(one.on, one.amount) for one in plan.promises] == [
        (date(2026, 11, 30), 100_00), (date(2026, 12, 30), 100_00), (date(2027, 1, 30), 100_00),
    ]  # fmt: skip
    assert states(system, FIRST) == ["due", "to come", "to come"]
    assert states(system, FIRST + timedelta(days=10)) == ["due", "to come", "to come"]
    assert states(system, FIRST + timedelta(days=11)) == ["missed", "to come", "to come"]
    pay(system, patient, 110_00, on=FIRST + timedelta(days=12))
    assert states(system, FIRST + timedelta(days=12)) == ["paid late", "to come", "to come"]
    assert [(due[1].on, due[1].amount - due[1].paid) for due in instalments_due(system.scope, date(2026, 12, 31))] == [
        (date(2026, 12, 30), 90_00)
    ]


def test_payments_go_to_the_lines_of_the_plan_first(system, patient):
    make_plan(system, patient, FIRST, "p", TODAY, each=10_00, lines=["A1002-2"], at=AT)
    with pytest.raises(NotPossible, match="renegotiate"):
        make_plan(system, patient, FIRST, "p2", TODAY, each=10_00, lines=["A1002-2"], at=AT)
    pay(system, patient, 30_00)
    assert "A1002-2" not in owed(system)
    assert review_plans(system, TODAY, at=AT) == {"paid off": ["PP000001"]}
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert review_plans(system, TODAY, at=AT) == {"active": ["PP000001"]}


def test_a_plan_ends_after_as_many_broken_promises_as_the_policy_says(system, patient):
    make_plan(system, patient, FIRST, "p", TODAY, months=6, at=AT)
    assert review_plans(system, date(2026, 12, 15), at=AT) == {}
    assert review_plans(system, date(2027, 1, 10), at=AT) == {"defaulted": ["PP000001"]}
    assert review_plans(system, date(2027, 1, 10), at=AT) == {}
    reinstate_plan(system, 1, TODAY, reason="caught up", at=AT)
    assert system.scope.rows(PaymentPlan).get().state == "active"
    pay(system, patient, 50_00)
    new = renegotiate_plan(system, 1, FIRST, "p2", TODAY, reason="lost work", each=25_00, at=AT)
    assert new == "PP000002"
    assert [(row.state, row.amount) for row in system.scope.rows(PaymentPlan).order_by("number")] == [
        ("replaced", 300_00), ("active", 250_00),
    ]  # fmt: skip
    cancel_plan(system, 2, TODAY, reason="pays at once", at=AT)
    with pytest.raises(NotPossible, match="cancelled"):
        cancel_plan(system, 2, TODAY, reason="again", at=AT)


def test_a_plan_needs_something_owed_by_that_patient(system):
    first, second = owing(system, charts=2, visits=1)
    with pytest.raises(BadAmount, match="not this patient's"):
        make_plan(system, first, FIRST, "p", TODAY, months=2, lines=["A1002-1"], at=AT)
    pay(system, second, 150_00)
    with pytest.raises(BadAmount, match="needs a balance"):
        make_plan(system, second, FIRST, "p", TODAY, months=2, at=AT)


def test_a_placed_balance_is_bad_debt_and_comes_back_with_what_the_agency_collects(system, patient):
    manager = member(system, Role.MANAGER)
    before = standing(system)
    assert place(manager, patient, "Prairie Recovery", "c", TODAY, at=AT) == "CP000001"
    assert placed_patients(system.scope) == {patient}
    assert owed(system) == {}
    with pytest.raises(BadAmount, match="owes nothing that could be placed"):
        place(manager, patient, "Prairie Recovery", "c2", TODAY, at=AT)
    taken = agency_payment(manager, 1, 100_00, 25_00, "a1", TODAY, at=AT)
    assert taken.receipt == "R000001"
    books = standing(system)
    assert books["bad_debt", ""] == 200_00
    assert books["fees", "Prairie Recovery"] == 25_00
    assert sum(amount for place, amount in books.items() if place[0] == "cash") == 75_00
    undo(manager, taken.entry.key, "not our patient", TODAY, at=AT)
    recall(manager, 1, TODAY, reason="insurance found", at=AT)
    assert standing(system) == before
    assert placed_patients(system.scope) == set()
    assert examine(system.scope).healthy


def test_a_recall_brings_back_what_the_agency_did_not_collect(system, patient):
    manager = member(system, Role.MANAGER)
    place(manager, patient, "Prairie Recovery", "c", TODAY, at=AT)
    agency_payment(manager, 1, 100_00, 0, "a1", TODAY, at=AT)
    entry = recall(manager, 1, TODAY, reason="dispute", at=AT)
    assert sum(owed(system).values()) == 200_00
    undo(manager, entry.key, "no", TODAY, at=AT)
    assert system.scope.rows(Placement).get().state == "placed"
    assert owed(system) == {}


def test_a_balance_can_be_placed_and_stay_owed(system, patient):
    place(system, patient, "Prairie Recovery", "c", TODAY, give_up=False, lines=["A1001-1"], at=AT)
    assert sum(owed(system).values()) == 300_00
    agency_fee(system, 1, 5_00, "f", TODAY, reason="paid at the desk", at=AT)
    assert standing(system)["fees", "Prairie Recovery"] == 5_00
    assert recall(system, 1, TODAY, reason="paid", at=AT) is None
    with pytest.raises(NotPossible, match="CP000001 is recalled"):
        close_placement(system, 1, TODAY, reason="x", at=AT)


def test_who_keeps_a_plan_is_not_placed_and_a_poster_places_no_more_than_they_may_give_up(system, patient):
    poster = member(system, Role.POSTER)
    with pytest.raises(NotPermitted, match="a manager places"):
        place(poster, patient, "Prairie Recovery", "c", TODAY, at=AT)
    make_plan(system, patient, FIRST, "p", TODAY, months=3, at=AT)
    with pytest.raises(NotPossible, match="PP000001"):
        place(system, patient, "Prairie Recovery", "c", TODAY, at=AT)
    assert small_balances(system.scope, 300_00) == []


def test_all_that_a_guarantor_is_to_pay_is_placed_or_nothing(system):
    first, second = owing(system, charts=2, visits=1)
    payer = guaranteeing(system, first, second)
    make_plan(system, second, FIRST, "p", TODAY, months=3, at=AT)
    manager = member(system, Role.MANAGER)
    with pytest.raises(NotPossible, match="PP000001"):
        place_guarantor(manager, payer, "Prairie Recovery", "c", TODAY, at=AT)
    assert placed_patients(system.scope) == set()
    assert sum(owed(system).values()) == 300_00
    cancel_plan(system, 1, TODAY, reason="x", at=AT)
    numbers = place_guarantor(manager, payer, "Prairie Recovery", "c", TODAY, at=AT)
    assert numbers == ["CP000001", "CP000002"]
    assert place_guarantor(manager, payer, "Prairie Recovery", "c", TODAY, at=AT) == numbers
    assert owed(system) == {}
    with pytest.raises(BadAmount, match="owes nothing"):
        place_guarantor(manager, payer, "Prairie Recovery", "c2", TODAY, at=AT)


def kinds(system, on=TODAY):
    return sorted({item.kind for item in wanted(system.scope, on)})


def test_tasks_follow_the_facts_and_go_with_them(system, patient):
    assert kinds(system) == []
    pay(system, patient, 600_00)
    assert kinds(system, TODAY + timedelta(days=29)) == []
    assert kinds(system, TODAY + timedelta(days=30)) == ["unapplied money"]
    request_refund(system, patient_party(patient), 300_00, "r", TODAY, reason="overpaid", at=AT)
    assert kinds(system) == ["refund approval"]
    undo(system, "patient-payment:k1", "wrong", TODAY, at=AT)
    ask_to_forgive(system, WriteOff(lines=(("A1001-1", 100_00),), reason="courtesy"), "w", TODAY, at=AT)
    assert kinds(system) == ["refund approval", "write-off approval"]


def test_stale_checks_broken_plans_and_old_placements_are_looked_after(system, patient):
    pay(system, patient, 310_00)
    request_refund(system, patient_party(patient), 10_00, "r", TODAY, reason="overpaid", at=AT)
    assert kinds(system) == ["refund to send"]
    issue_refund(system, 1, TODAY, check_number="1", at=AT)
    assert kinds(system, TODAY + timedelta(days=89)) == []
    assert kinds(system, TODAY + timedelta(days=90)) == ["stale check"]
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert kinds(system) == ["unapplied money"]  # what was refunded of a check that bounced is asked for at once
    make_plan(system, patient, FIRST, "p", TODAY, months=3, lines=["A1001-1"], at=AT)
    assert "plan missed" in kinds(system, date(2026, 12, 15))
    assert "plan default" in kinds(system, date(2027, 1, 15))
    cancel_plan(system, 1, TODAY, reason="x", at=AT)
    place(member(system, Role.MANAGER), patient, "Prairie Recovery", "c", TODAY, at=AT)
    assert "stale placement" not in kinds(system, TODAY + timedelta(days=179))
    assert "stale placement" in kinds(system, TODAY + timedelta(days=180))
    assert not any("Family" in item.why for item in wanted(system.scope, TODAY + timedelta(days=400)))
