"""What a run would do with everybody, remembered: as the plans say, after whatever was written since."""

from datetime import timedelta

import pytest
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.statement_samples import stated

from superbill.app.audit.actions import record_reading
from superbill.app.billing.actions import take_patient_payment, write_off
from superbill.app.billing.models import ChargeLine
from superbill.app.billing.plans import make_plan
from superbill.app.guarantors.actions import correct_contact
from superbill.app.guarantors.queries import Contact
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.mail import hold
from superbill.app.statements.models import HoldKind
from superbill.app.statements.outlook import Short, outlook, planned
from superbill.app.statements.planning import plans
from superbill.chart.model import PostalAddress

DAY = TODAY + timedelta(days=1)
ELSEWHERE = PostalAddress(lines=("9 Elm St",), city="Lakeside", state="WI", postal_code="53000")


@pytest.fixture
def books(system):
    """Three patients who owe their coinsurance of 20.00 for each of two visits."""
    sent = billed(system, charts=3, visits=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in sent)), payer_key="one", at=AT)
    return system


def told(scope):
    return tuple(
        Short(
            (one.card.name.family.casefold(), one.card.name.given, one.card.id), one.card.id, one.verdict,
            one.due.owed, one.amount,
        )
        for one in plans(scope, DAY, 5_00)
    )  # fmt: skip


def pay(system, guarantor, amount=20_00):
    patient = system.scope.rows(ChargeLine).order_by("id").first().patient_id
    take_patient_payment(system, patient, amount, "cash", "k", DAY, at=AT)


def forgive(system, guarantor):
    key = system.scope.rows(ChargeLine).order_by("-id").filter(number=1).first().key
    write_off(system, key, 9_00, "courtesy", "w", DAY, at=AT)


def bill_more(system, guarantor):
    sent = billed(system, charts=1, visits=1, first=7)
    post_remittance(system, remittance("T2", usual_answer(sent[0]), day=DAY), payer_key="one", at=AT)


def agree_on_a_plan(system, guarantor):
    patient = system.scope.rows(ChargeLine).order_by("id").first().patient_id
    make_plan(system, patient, DAY + timedelta(days=9), "p", DAY, months=2, at=AT)


WRITTEN = {
    "a payment": pay,
    "a payment of everything and more": lambda system, who: pay(system, who, 90_00),
    "a write-off": forgive,
    "a visit of somebody new": bill_more,
    "a plan": agree_on_a_plan,
    "a hold": lambda system, who: hold(system, HoldKind.OTHER, since=TODAY, reason="x", guarantor=who, at=AT),
    "an address": lambda system, who: correct_contact(system, who, Contact(address=ELSEWHERE), at=AT),
    "a statement": lambda system, who: stated(system, DAY),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_whatever_is_written_is_in_the_next_look(books, what):
    scope = books.scope
    before = outlook(scope, DAY, 5_00)
    assert before == told(scope)
    assert len(before) == 3
    WRITTEN[what](books, before[0].guarantor)
    after = outlook(scope, DAY, 5_00)
    assert after is not before
    assert after == told(scope) != before


def test_reading_changes_nothing_and_another_day_or_amount_does(books):
    scope = books.scope
    for one in outlook(scope, DAY, 5_00):
        correct_contact(books, one.guarantor, Contact(address=ELSEWHERE), at=AT)
    before = outlook(scope, DAY, 5_00)
    record_reading(books, "patient", [1], at=AT)
    assert outlook(scope, DAY, 5_00) is before
    assert {one.verdict for one in before} != {"small"}
    assert {one.verdict for one in outlook(scope, DAY, 500_00)} == {"small"}


def test_the_plans_of_a_page_are_the_plans_of_the_run(books):
    scope = books.scope
    pay(books, None)
    every = {one.card.id: one for one in plans(scope, DAY, 5_00)}
    some = outlook(scope, DAY, 5_00)[1:]
    assert planned(scope, DAY, 5_00, some) == [every[one.guarantor] for one in some]
    assert planned(scope, DAY, 5_00, ()) == []
