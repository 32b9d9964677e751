"""The queue of refusals narrows to what a person looks for, and what was won before is told by cause."""

from datetime import date

import pytest
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.denials import actions
from superbill.app.denials.queries import board
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.web.denials.queries import Wanted, narrowed, standing, tasks_of, tomorrow
from superbill.app.worklists.actions import refresh, snooze
from superbill.denials.standing import Move, recovered
from superbill.ledger.entry import Reason
from superbill.site.appeals import PayerRules
from superbill.site.policy import MoneyPolicy


@pytest.fixture
def refused(practice, system):
    keep_policy(practice.pk, MoneyPolicy(payers={"one": PayerRules(kind="medicare")}))
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return claims


def found(scope, me="biller", **wanted):
    denials = standing(scope, TODAY).denials
    return narrowed(denials, tasks_of(scope, denials), Wanted(**wanted), me=me, today=TODAY)


def test_filters_narrow_the_queue_and_only_known_things_fit(system, refused):
    every = found(system.scope)
    assert len(every) == len(refused)
    assert found(system.scope, payer="one") == every
    assert found(system.scope, payer="two") == []
    assert found(system.scope, cause="medical_necessity.CO-50") == every
    assert found(system.scope, age="over-90") == []
    assert found(system.scope, deadline="passed") == []
    assert found(system.scope, who="nobody") == every
    assert found(system.scope, who="me") == []


def test_what_is_put_off_leaves_the_queue_and_is_found_where_it_went(system, refused):
    refresh(system, TODAY, at=AT)
    first = found(system.scope)[0]
    task = tasks_of(system.scope, [first])[first.refusal.key]
    snooze(system, [task.id], tomorrow(TODAY, 7), TODAY, at=AT)
    assert first not in found(system.scope)
    assert found(system.scope, show="snoozed") == [first]


def test_what_was_worked_out_once_is_worked_out_anew_when_something_is_done(system, refused):
    before = standing(system.scope, TODAY)
    assert standing(system.scope, TODAY) is before
    actions.tell(system, "A1001P1", "documents", "sent", TODAY, at=AT)
    after = standing(system.scope, TODAY)
    assert after is not before
    assert {one.state for one in after.denials} == {"open", "waiting"}


def test_money_won_after_a_refusal_is_told_by_its_first_reason():
    def move(amount, entry, code="50"):
        return Move(line=1, payer="p", amount=amount, reason=Reason("CO", code), entry=entry, on=TODAY)

    moves = [move(50_00, 10), move(-50_00, 20), move(50_00, 30, "16")]
    assert recovered(moves, {(1, "p"): [(5, 9_00), (20, 40_00)]}) == {("CO", "50"): 40_00}
    assert recovered(moves, {}) == {}


def test_who_may_not_read_the_ledger_or_the_practice_sees_no_board(practice, refused):
    coder = actor_with("coder", practice.pk, Role.CODER)
    with pytest.raises(NotPermitted):
        board(coder.scope, TODAY)
    other = open_practice("hillside", "Hillside Clinic")
    assert board(actor_with("outsider", other.pk, Role.BILLER).scope, TODAY).denials == ()


@pytest.mark.parametrize(("days", "then"), [(4, date(2026, 11, 6)), (5, date(2026, 11, 9)), (7, date(2026, 11, 9))])
def test_nothing_comes_back_on_a_weekend(days, then):
    assert tomorrow(date(2026, 11, 2), days) == then
