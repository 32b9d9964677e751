"""What people pay, and what becomes of it when it comes back."""

from datetime import timedelta

import pytest
from tests.app_samples import AT, DAY, TODAY
from tests.money_samples import guaranteeing, member, owed, owing, standing

from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import (
    BadAmount,
    KeyConflict,
    NotPossible,
    PaymentFacts,
    WriteOff,
    apply_unapplied,
    forgive,
    guarantor_party,
    patient_party,
    reallocate,
    rehearse,
    return_payment,
    take_payment,
    unapplied_money,
    undo,
    void_payment,
)
from superbill.app.billing.models import ChargeLine, JournalEntry, MoneyEvent, Receipt
from superbill.app.billing.payments import check_facts, planned
from superbill.app.doctor import examine
from superbill.app.statements.mail import hold, release
from superbill.app.statements.models import HoldKind
from superbill.forms.statement.labels import service_label


def pay(actor, patient, amount, key="k1", asked=None, party="", **facts):
    facts.setdefault("patients", (patient,))
    facts.setdefault("method", "check")
    return take_payment(actor, amount, PaymentFacts(**facts), key, TODAY, asked=asked or {}, party=party, at=AT)


@pytest.fixture
def patient(system):
    """Owes 150.00 for each of two visits."""
    return owing(system)[0]


def test_a_payment_has_a_receipt_and_goes_to_the_oldest_service_first(system, patient):
    taken = pay(system, patient, 140_00, reference="1044")
    assert taken.receipt == "R000001"
    assert owed(system) == {"A1001-2": 10_00, "A1002-1": 120_00, "A1002-2": 30_00}
    assert pay(system, patient, 1_00, "k2").receipt == "R000002"
    with pytest.raises(KeyConflict):
        pay(system, patient, 139_00)
    assert pay(system, patient, 140_00).already
    assert system.scope.rows(Receipt).count() == 2


def test_a_copay_stays_with_its_visit_and_waits_there_for_insurance(system, patient):
    pay(system, patient, 160_00, visit="A1002", rule="visit")
    assert owed(system) == {"A1001-1": 120_00, "A1001-2": 30_00}
    assert unapplied_money(system.scope, patient) == 10_00
    # The visit is settled: what it left over is free for the older one.
    apply_unapplied(system, patient, "k", TODAY, at=AT)
    assert owed(system) == {"A1001-1": 110_00, "A1001-2": 30_00}


def test_nobody_s_money_goes_to_a_line_that_they_were_told_to_leave(system, patient):
    (held,) = hold(
        system, HoldKind.DISPUTE, since=TODAY, until=TODAY + timedelta(days=9), reason="x", lines=("A1001-1",), at=AT
    )
    pay(system, patient, 200_00)
    assert owed(system) == {"A1001-1": 120_00}
    assert unapplied_money(system.scope, patient) == 20_00  # waits, and goes nowhere else
    assert apply_unapplied(system, patient, "k1", TODAY, at=AT) is None
    pay(system, patient, 7_00, "k2", visit="A1001")
    pay(system, patient, 3_00, "k3", {"A1001-1": 3_00})
    assert owed(system) == {"A1001-1": 110_00}
    assert apply_unapplied(system, patient, "k4", TODAY + timedelta(days=8), at=AT) is None
    release(system, held, on=TODAY, why="explained", at=AT)
    assert apply_unapplied(system, patient, "k5", TODAY, at=AT) is not None
    assert owed(system) == {"A1001-1": 90_00}


def test_a_hold_of_a_line_ends_for_payments_on_its_day(system, patient):
    last = TODAY + timedelta(days=9)
    hold(system, HoldKind.DISPUTE, since=TODAY, until=last, reason="x", lines=("A1001-1",), at=AT)
    facts = PaymentFacts(method="cash", patients=(patient,))
    day_before, day = (planned(system.scope, 10_00, facts, last - timedelta(days=early)) for early in (1, 0))
    assert [part.line for part in day_before.parts] == ["A1001-2"]
    assert [part.line for part in day.parts] == ["A1001-1"]


def test_a_deposit_for_a_visit_to_come_is_kept_for_it(system, patient):
    pay(system, patient, 50_00, rule="unapplied", visit_on=TODAY)
    assert apply_unapplied(system, patient, "k1", TODAY, at=AT) is None
    assert apply_unapplied(system, patient, "k2", TODAY, release=True, at=AT) is not None
    assert owed(system)["A1001-1"] == 70_00


def test_a_patient_says_line_by_line_where_it_goes(system, patient):
    pay(system, patient, 60_00, asked={"A1002-2": 30_00, "A1001-1": 5_00})
    assert owed(system) == {"A1001-1": 115_00, "A1001-2": 30_00, "A1002-1": 120_00}
    assert unapplied_money(system.scope, patient) == 25_00
    with pytest.raises(BadAmount, match=r"A1002-2 has \$0\.00 open"):
        pay(system, patient, 60_00, "k2", asked={"A1002-2": 1})


def test_one_check_of_a_guarantor_pays_for_several_patients(system):
    first, second = owing(system, charts=2, visits=1)
    party = guarantor_party(guaranteeing(system, first, second))
    pay(system, first, 280_00, patients=(first, second), rule="proportional", party=party)
    assert owed(system) == {"A1001-1": 8_00, "A1001-2": 2_00, "A1002-1": 8_00, "A1002-2": 2_00}
    assert system.scope.rows(Receipt).get().party == party
    with pytest.raises(BadAmount, match="no guarantor 99"):
        pay(system, first, 5_00, "k2", party="guarantor:99")


def test_a_guarantors_check_leaves_alone_what_others_are_to_pay(system):
    first, second = owing(system, charts=2, visits=1)
    of_age = DAY  # from this day on the second patient pays alone
    party = guarantor_party(guaranteeing(system, first, (second, None, of_age)))
    pay(system, first, 280_00, patients=(first, second), party=party)
    assert owed(system) == {"A1002-1": 120_00, "A1002-2": 30_00}
    assert unapplied_money(system.scope, first) == 130_00


@pytest.mark.parametrize("place", ["reference", "note", "brand", "last_four"])
@pytest.mark.parametrize(
    "text", ["4111111111111111", "4111 1111 1111 1111", "378282246310005", "no. 6011-0009-9013-9424", "4222222222222"]
)
def test_a_full_card_number_is_never_kept(text, place):
    with pytest.raises(BadAmount, match="last four digits"):
        check_facts(PaymentFacts(method="card", patients=(1,), **{place: text}))


def test_of_a_card_the_last_four_digits_are_kept(system, patient):
    pay(system, patient, 5_00, method="card", brand="Visa", last_four="4242", reference="831000")
    with pytest.raises(BadAmount, match="last four digits"):
        pay(system, patient, 5_00, "k2", method="card", note="4111 1111 1111 1111")
    stored = [row.doc for row in system.scope.rows(Receipt)]
    assert len(stored) == 1
    assert "4242" in stored[0]


def test_a_returned_check_leaves_every_line_that_it_has_come_to(system, patient):
    before = standing(system)
    pay(system, patient, 20_00, asked={"A1001-2": 10_00})
    apply_unapplied(system, patient, "later", TODAY, at=AT)
    assert owed(system)["A1001-1"] == 110_00
    entry = return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert entry.kind == "returned payment"
    assert standing(system) == before
    with pytest.raises(NotPossible, match="R000001 is returned"):
        return_payment(system, 1, TODAY, reason="NSF", at=AT)
    undo(system, entry.key, "the bank paid it after all", TODAY, at=AT)
    assert system.scope.rows(Receipt).get().state == "taken"
    assert owed(system)["A1001-1"] == 110_00
    return_payment(system, 1, TODAY, reason="card dispute", charged_back=True, at=AT)
    assert standing(system) == before
    assert examine(system.scope).healthy


def test_the_fee_for_a_returned_check_is_a_charge_of_its_own(system, patient):
    pay(system, patient, 20_00)
    entry = return_payment(system, 1, TODAY, reason="NSF", fee=35_00, bank_fee=12_00, at=AT)
    assert owed(system)["A1001-RET1"] == 35_00
    code = system.scope.rows(ChargeLine).get(key="A1001-RET1").code
    assert service_label(code) == "Fee for a returned payment"
    assert standing(system)["fees", ""] == 12_00
    undo(system, entry.key, "wrong check", TODAY, at=AT)
    assert "A1001-RET1" not in owed(system)
    assert examine(system.scope).healthy


def test_a_payment_on_bad_debt_brings_it_back_and_its_return_gives_it_up_again(system, patient):
    manager = member(system, Role.MANAGER)
    forgive(manager, WriteOff(lines=(("A1001-1", 120_00),), reason="bad-debt"), "bd", TODAY, at=AT)
    before = standing(system)
    pay(system, patient, 200_00)  # 180.00 are owed, the rest recovers
    assert owed(system) == {}
    assert standing(system)["bad_debt", ""] == 100_00
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert standing(system) == before


def test_a_payment_is_put_elsewhere_later_as_one_entry(system, patient):
    pay(system, patient, 40_00)
    count = system.scope.rows(JournalEntry).count()
    entry = reallocate(
        system, 1, "lines", "again", TODAY, reason="meant the later visit", asked={"A1002-1": 35_00}, at=AT
    )
    assert system.scope.rows(JournalEntry).count() == count + 1
    assert owed(system) == {"A1001-1": 120_00, "A1001-2": 30_00, "A1002-1": 85_00, "A1002-2": 30_00}
    assert unapplied_money(system.scope, patient) == 5_00
    undo(system, entry.key, "no", TODAY, at=AT)
    assert owed(system)["A1001-1"] == 80_00
    with pytest.raises(NotPossible, match="on these lines already"):
        reallocate(system, 1, "oldest-first", "same", TODAY, reason="", at=AT)


def test_what_has_moved_on_is_undone_in_order(system, patient):
    pay(system, patient, 40_00, rule="unapplied")
    applied = apply_unapplied(system, patient, "a", TODAY, at=AT)
    reallocate(system, 1, "visit", "b", TODAY, visit="A1002", reason="x", at=AT)
    with pytest.raises(NotPossible, match="R000001 has been taken off line A1001-1"):
        undo(system, applied.key, "x", TODAY, at=AT)


def test_undoing_a_payment_voids_its_receipt(system, patient):
    before = standing(system)
    taken = pay(system, patient, 400_00)
    undo(system, taken.entry.key, "keyed twice", TODAY, at=AT)
    undo(system, taken.entry.key, "keyed twice", TODAY, at=AT)
    assert standing(system) == before
    assert system.scope.rows(Receipt).get().state == "voided"
    assert [event.state for event in system.scope.rows(MoneyEvent).order_by("id")] == ["taken", "voided"]
    with pytest.raises(NotPossible):
        void_payment(system, 1, TODAY, reason="again", at=AT)


def test_a_preview_is_what_is_posted_and_leaves_nothing(system, patient):
    before, count = standing(system), system.scope.rows(JournalEntry).count()
    shown = rehearse(system.scope, lambda: pay(system, patient, 400_00))
    assert standing(system) == before
    assert system.scope.rows(JournalEntry).count() == count
    assert [(change.before.patient, change.after.patient) for change in shown.lines] == [
        (120_00, 0), (30_00, 0), (120_00, 0), (30_00, 0),
    ]  # fmt: skip
    assert [(change.before, change.after) for change in shown.unapplied] == [(0, 100_00)]
    assert pay(system, patient, 400_00).entry.postings == shown.entries[0].postings
    assert patient_party(patient) == shown.entries[0].source


def test_a_preview_refuses_what_the_action_refuses(system, patient):
    with pytest.raises(BadAmount):
        rehearse(system.scope, lambda: pay(system, patient, 0))
    assert pay(system, patient, 1).receipt == "R000001"
