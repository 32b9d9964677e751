"""Money that left the books meets the bank's line by the number of the check, and a refund that was paid is cashed."""

from datetime import date, timedelta

import pytest
from tests.app_samples import AT, TODAY
from tests.bank_books import statement
from tests.money_samples import owing

from superbill.app.billing.actions import issue_refund, request_refund
from superbill.app.billing.models import Refund
from superbill.app.billing.parties import patient_party
from superbill.app.billing.payments import take_payment
from superbill.app.billing.returns import return_payment
from superbill.app.billing.standing import PaymentFacts
from superbill.app.billing.worklist import wanted as wanted_of_billing
from superbill.app.deposits import actions, queries
from superbill.app.deposits.worklist import wanted
from superbill.app.doctor import examine

NEXT = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=220)


@pytest.fixture
def patient(system):
    """Owes 300.00."""
    return owing(system)[0]


def pays_by_check(system, patient, amount=325_00, reference="1072"):
    facts = PaymentFacts(method="check", patients=(patient,), reference=reference)
    take_payment(system, amount, facts, "k1", TODAY, at=AT)


def refunded(system, patient):
    pays_by_check(system, patient)
    request_refund(system, patient_party(patient), 25_00, "too much", TODAY, reason="paid too much", at=AT)
    issue_refund(system, 1, TODAY, check_number="5004", at=AT)


def state(system):
    return system.scope.rows(Refund).get().state


def tasks(system, on: date = LATER):
    found = [*wanted(system.scope, on), *wanted_of_billing(system.scope, on)]
    return sorted(each.kind for each in found if each.kind not in ("in transit", "unapplied money"))


def test_a_refunds_check_meets_its_line_and_is_cashed_until_the_match_is_undone(system, patient):
    refunded(system, patient)
    read = statement((NEXT, -25_00, "CHECK PAID 5004"), (NEXT, -25_00, "CHECK PAID 5003"))
    actions.take_in_statement(system, b"1", "s.csv", read, at=AT)
    ((made,), left) = actions.match_certain(system, LATER, at=AT)
    assert (state(system), [line.state for line in left.found.unexplained]) == ("cleared", ["money out"])
    assert tasks(system) == ["money out"]
    assert examine(system.scope).healthy
    actions.undo_match(system, made.number, why="another check", at=AT)
    assert state(system) == "issued"
    assert examine(system.scope).healthy
    actions.match_certain(system, LATER, at=AT)
    assert state(system) == "cleared"


def test_a_refunds_check_that_nobody_cashes_is_one_task(system, patient):
    refunded(system, patient)
    actions.take_in_statement(
        system, b"1", "s.csv", statement((TODAY, 1_00, "INTEREST"), (LATER, 1_00, "INTEREST")), at=AT
    )
    assert [each.state for each in queries.reconciliation(system.scope, LATER).found.outstanding if each.amount < 0]
    assert tasks(system) == ["stale check", "unknown", "unknown"]


def test_a_returned_check_meets_its_line_by_its_number(system, patient):
    pays_by_check(system, patient)
    return_payment(system, 1, NEXT, reason="NSF", fee=0, at=AT)
    read = statement((NEXT, -325_00, "RETURNED DEPOSIT ITEM 1072"))
    actions.take_in_statement(system, b"1", "s.csv", read, at=AT)
    assert len(actions.match_certain(system, LATER, at=AT)[0]) == 1
    assert tasks(system) == []


def test_a_line_that_may_be_a_payment_is_one_task_and_says_how_it_is_confirmed(system, patient):
    pays_by_check(system, patient, reference="")
    return_payment(system, 1, NEXT, reason="NSF", fee=0, at=AT)
    actions.take_in_statement(system, b"1", "s.csv", statement((NEXT, -325_00, "DEBIT")), at=AT)
    (task,) = [each for each in wanted(system.scope, LATER) if each.kind != "in transit"]
    assert task.kind == "confirm match"
    assert task.why.endswith("may be a payment of the books: confirm it, with superbill bank match.")
