"""Balances forgiven, moved and given back: within limits, by the right people, and undone."""

import pytest
from tests.app_samples import AT, TODAY, answer, billed, paid_line, remittance
from tests.money_samples import guaranteeing, member, owed, owing, standing

from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import (
    BadAmount,
    NotPossible,
    OverLimit,
    PaymentFacts,
    WriteOff,
    approve_refund,
    approve_write_off,
    ask_to_forgive,
    clear_refund,
    forgive,
    forgive_small_balances,
    issue_refund,
    move_payment,
    move_unapplied,
    patient_party,
    post,
    refuse_refund,
    refuse_write_off,
    request_refund,
    return_payment,
    take_payment,
    transfer_to_insurance,
    transfer_to_patient,
    transfer_to_payer,
    unapplied_money,
    undo,
    void_refund,
    write_off,
)
from superbill.app.billing.models import Approval, JournalEntry, LineBalance, Refund
from superbill.app.billing.queries import patient_credits, payer_credits, small_balances
from superbill.app.billing.write_offs import charity_parts
from superbill.app.doctor import examine
from superbill.app.practices.actions import keep_policy
from superbill.app.remits.actions import post_remittance
from superbill.app.worklists.actions import refresh
from superbill.app.worklists.models import WorkItem
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason
from superbill.site.policy import MoneyPolicy


@pytest.fixture
def patient(system):
    """Owes 150.00 for each of two visits."""
    return owing(system)[0]


def pay(actor, patient, amount, key="k1", **facts):
    return take_payment(actor, amount, PaymentFacts(method="cash", patients=(patient,), **facts), key, TODAY, at=AT)


# --- write-offs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role, limit", [(Role.FRONT_DESK, 10_00), (Role.POSTER, 25_00), (Role.BILLER, 100_00)])
def test_a_role_forgives_up_to_its_limit_and_not_a_cent_more(system, patient, role, limit):
    who = member(system, role)
    with pytest.raises(OverLimit, match=rf"more than the \${limit // 100}\.00"):
        write_off(who, "A1001-1", limit + 1, "courtesy", "k1", TODAY, at=AT)
    assert owed(system)["A1001-1"] == 120_00
    write_off(who, "A1001-1", limit, "courtesy", "k2", TODAY, at=AT)
    with pytest.raises(OverLimit):  # the same patient, the same day: not one cent more in another piece
        write_off(who, "A1002-1", 1, "courtesy", "k3", TODAY, at=AT)
    assert owed(system)["A1001-1"] == 120_00 - limit


def test_above_the_limit_a_second_person_decides(system, patient):
    poster, manager = member(system, Role.POSTER), member(system, Role.MANAGER)
    what = WriteOff(lines=(("A1001-1", 120_00), ("A1001-2", 30_00)), reason="hardship", note="lost work")
    number = ask_to_forgive(poster, what, "ask", TODAY, at=AT)
    assert ask_to_forgive(poster, what, "ask", TODAY, at=AT) == number == "AP000001"
    assert sum(owed(system).values()) == 300_00
    with pytest.raises(NotPermitted, match="poster may not approve"):
        approve_write_off(poster, 1, TODAY, at=AT)
    entry = approve_write_off(manager, 1, TODAY, at=AT)
    assert sum(owed(system).values()) == 150_00
    with pytest.raises(NotPossible, match="AP000001 is approved"):
        approve_write_off(manager, 1, TODAY, at=AT)
    undo(manager, entry.key, "wrong patient", TODAY, at=AT)
    assert system.scope.rows(Approval).get().state == "waiting"
    assert sum(owed(system).values()) == 300_00
    approve_write_off(manager, 1, TODAY, at=AT)
    assert sum(owed(system).values()) == 150_00
    assert examine(system.scope).healthy


def test_nobody_approves_what_they_asked_for_or_more_than_they_may(system, patient):
    manager = member(system, Role.MANAGER)
    ask_to_forgive(manager, WriteOff(lines=(("A1001-1", 5_00),), reason="courtesy"), "ask", TODAY, at=AT)
    with pytest.raises(NotPermitted, match="somebody else decides"):
        approve_write_off(manager, 1, TODAY, at=AT)
    keep_policy(system.practice_id, MoneyPolicy(write_off_limits={"manager": 4_99}))
    with pytest.raises(OverLimit):
        approve_write_off(member(system, Role.MANAGER, "another"), 1, TODAY, at=AT)
    refuse_write_off(manager, 1, TODAY, reason="not needed", at=AT)
    assert system.scope.rows(Approval).get().state == "withdrawn"


def test_a_reason_says_whose_balance_it_may_forgive(system, patient):
    manager = member(system, Role.MANAGER)
    with pytest.raises(BadAmount, match="no insurance balance"):
        write_off(manager, "A1001-1", 5_00, "timely-filing", "k1", TODAY, at=AT)
    with pytest.raises(BadAmount, match="forgiven for one of"):
        write_off(manager, "A1001-1", 5_00, "because", "k1", TODAY, at=AT)


def test_charity_forgives_a_percentage_of_each_line_under_its_program(system, patient):
    write_off(member(system, Role.MANAGER), "A1001-1", 99_99, "courtesy", "k0", TODAY, at=AT)
    parts = charity_parts(system.scope, patient, 75)
    assert parts[0] == ("A1001-1", 15_01)  # 75 % of 20.01 is 15.0075
    what = WriteOff(lines=parts, reason="charity", program="sliding scale", percent=75)
    entry = forgive(member(system, Role.MANAGER), what, "c", TODAY, at=AT)
    assert entry.memo == "sliding scale 75%"
    assert owed(system) == {"A1001-1": 5_00, "A1001-2": 7_50, "A1002-1": 30_00, "A1002-2": 7_50}
    charity = [move for move in entry.postings if move.account is Account.CHARITY]
    assert {move.reason for move in charity} == {Reason(code="charity", remarks=("sliding scale", "75%"))}


def test_small_balances_are_shown_first_and_forgiven_once(system):
    first, second = owing(system, charts=2, visits=1)
    pay(system, first, 140_01)
    pay(system, second, 140_00, "k2")
    found = small_balances(system.scope)
    assert [(one.patient, one.amount) for one in found] == [(first, 9_99)]
    assert small_balances(system.scope, 9_98) == []
    assert forgive_small_balances(system, TODAY, but=[first], at=AT) == []
    assert len(forgive_small_balances(system, TODAY, at=AT)) == 1
    assert forgive_small_balances(system, TODAY, at=AT) == []
    assert sum(owed(system).values()) == 10_00


# --- transfers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def denied(system):
    """A claim whose second line a payer refused under CO-50, 30.00; 20.00 of the first are the patient's."""
    claims = billed(system, charts=1, visits=1)
    lines = claims[0].lines
    told = answer(
        claims[0],
        paid_line(lines[0], 80_00, ("CO", "45", 20_00), ("PR", "2", 20_00)),
        paid_line(lines[1], 0, ("CO", "50", 30_00)),
    )
    post_remittance(system, remittance("T1", told), payer_key="one", at=AT)
    return claims[0]


def test_the_balance_of_the_wrong_payer_goes_to_the_right_one(system, denied):
    before = standing(system)
    entry = transfer_to_payer(system, (("A1001-2", 30_00),), "one", "two", "k", TODAY, reason="primary", at=AT)
    row = system.scope.rows(LineBalance).get(line__key="A1001-2")
    assert (row.insurance, row.denied, row.payer) == (30_00, 0, "two")
    with pytest.raises(BadAmount, match="one answers for"):
        transfer_to_payer(system, (("A1001-2", 1),), "one", "two", "k2", TODAY, reason="primary", at=AT)
    undo(system, entry.key, "no", TODAY, at=AT)
    assert standing(system) == before


def test_what_the_contract_makes_our_loss_is_not_billed_to_the_patient_without_a_notice_and_a_manager(system, denied):
    parts = (("A1001-2", 30_00),)
    biller, manager = member(system, Role.BILLER), member(system, Role.MANAGER)
    with pytest.raises(NotPossible, match="group CO"):
        transfer_to_patient(manager, parts, "one", "not-covered", "k", TODAY, at=AT)
    with pytest.raises(NotPossible, match="who may approve"):
        transfer_to_patient(biller, parts, "one", "signed-notice", "k", TODAY, at=AT)
    with pytest.raises(NotPossible, match=r"42 CFR 447\.15"):
        transfer_to_patient(manager, parts, "one", "signed-notice", "k", TODAY, payer_kind="medicaid", at=AT)
    with pytest.raises(NotPossible, match="give one of"):
        transfer_to_patient(manager, parts, "one", "because", "k", TODAY, at=AT)
    assert "A1001-2" not in owed(system)
    transfer_to_patient(manager, parts, "one", "signed-notice", "k", TODAY, at=AT)
    assert owed(system)["A1001-2"] == 30_00


def test_coverage_found_makes_a_patients_balance_a_payers(system, patient):
    transfer_to_insurance(system, (("A1001-1", 120_00),), "one", "k", TODAY, reason="found", at=AT)
    row = system.scope.rows(LineBalance).get(line__key="A1001-1")
    assert (row.insurance, row.patient, row.payer) == (120_00, 0, "one")
    with pytest.raises(BadAmount, match=r"owes \$0\.00"):
        transfer_to_insurance(system, (("A1001-1", 1),), "one", "k2", TODAY, reason="found", at=AT)


def test_a_payment_on_the_wrong_line_moves_with_its_receipt(system, patient):
    before = standing(system)
    pay(system, patient, 50_00)
    with pytest.raises(BadAmount, match=r"holds \$50\.00"):
        move_payment(system, "A1001-1", "A1002-1", 50_01, "m", TODAY, reason="wrong visit", at=AT)
    move_payment(system, "A1001-1", "A1002-1", 40_00, "m", TODAY, reason="wrong visit", at=AT)
    assert (owed(system)["A1001-1"], owed(system)["A1002-1"]) == (110_00, 80_00)
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert standing(system) == before


def test_money_on_account_moves_only_within_a_family_and_comes_back_with_its_check(system):
    first, second = owing(system, charts=2, visits=1)
    before = standing(system)
    pay(system, first, 40_00, rule="unapplied")
    with pytest.raises(NotPossible, match="same guarantor"):
        move_unapplied(system, first, second, 10_00, "m", TODAY, reason="sister", at=AT)
    guaranteeing(system, first, second)
    move_unapplied(system, first, second, 10_00, "m", TODAY, reason="sister", at=AT)
    assert [unapplied_money(system.scope, one) for one in (first, second)] == [30_00, 10_00]
    with pytest.raises(BadAmount, match=r"\$30\.00 is on account"):
        move_unapplied(system, first, second, 30_01, "m2", TODAY, reason="sister", at=AT)
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert standing(system) == before


# --- refunds --------------------------------------------------------------------------------------------------------


def credit_line(system, amount):
    """Insurance takes over what the patient paid, so that the patient has too much on the line."""
    moves = (
        Posting(account=Account.INSURANCE, amount=amount, line="A1001-1", payer="one"),
        Posting(account=Account.PATIENT, amount=-amount, line="A1001-1"),
    )
    post(system, [Entry(key="found", kind="transfer", on=TODAY, postings=moves)], at=AT)


def test_a_refund_is_never_more_than_the_credit(system, patient):
    pay(system, patient, 300_00)
    credit_line(system, 40_00)
    party = patient_party(patient)
    assert [(one.line, one.amount) for one in patient_credits(system.scope, patient)] == [("A1001-1", 40_00)]
    with pytest.raises(BadAmount, match=r"\$40\.00 is there"):
        request_refund(system, party, 40_01, "r", TODAY, reason="overpaid", at=AT)
    request_refund(system, party, 30_00, "r1", TODAY, reason="overpaid", at=AT)
    with pytest.raises(BadAmount):  # what is promised is not there a second time
        request_refund(system, party, 10_01, "r2", TODAY, reason="overpaid", despite_balance=True, at=AT)
    entry = issue_refund(system, 1, TODAY, check_number="2201", at=AT)
    assert entry.kind == "refund"
    assert [one.amount for one in patient_credits(system.scope, patient)] == [10_00]
    undo(system, entry.key, "not sent", TODAY, at=AT)
    assert system.scope.rows(Refund).get().state == "approved"
    issue_refund(system, 1, TODAY, check_number="2202", at=AT)
    clear_refund(system, 1, TODAY, at=AT)
    with pytest.raises(NotPossible, match="RF000001 is cleared"):
        void_refund(system, 1, TODAY, reason="x", at=AT)
    assert examine(system.scope).healthy


def test_a_refund_above_the_limit_waits_for_somebody_else(system, patient):
    pay(system, patient, 500_00)
    manager, poster = member(system, Role.MANAGER), member(system, Role.POSTER)
    party = patient_party(patient)
    assert request_refund(poster, party, 99_99, "a", TODAY, reason="overpaid", at=AT) == "RF000001"
    assert system.scope.rows(Refund).get(number=1).state == "approved"
    request_refund(manager, party, 100_01, "b", TODAY, reason="overpaid", at=AT)
    with pytest.raises(NotPossible, match="RF000002 is requested"):
        issue_refund(manager, 2, TODAY, check_number="1", at=AT)
    with pytest.raises(NotPermitted, match="somebody else decides"):
        approve_refund(manager, 2, TODAY, at=AT)
    approve_refund(member(system, Role.MANAGER, "another"), 2, TODAY, at=AT)
    issue_refund(manager, 2, TODAY, check_number="1", at=AT)
    assert unapplied_money(system.scope, patient) == 99_99
    refuse_refund(poster, 1, TODAY, reason="keeps it", at=AT)
    assert [one.amount for one in patient_credits(system.scope, patient)] == [99_99]


def test_a_check_that_was_not_cashed_is_voided_and_can_go_out_again(system, patient):
    pay(system, patient, 320_00)
    before = standing(system)
    request_refund(system, patient_party(patient), 20_00, "a", TODAY, reason="overpaid", at=AT)
    issue_refund(system, 1, TODAY, check_number="1", at=AT)
    void_refund(system, 1, TODAY, reason="stale", issue_again=True, at=AT)
    assert standing(system) == before
    issue_refund(system, 1, TODAY, check_number="2", at=AT)
    void_refund(system, 1, TODAY, reason="lost", at=AT)
    assert standing(system) == before
    assert system.scope.rows(Refund).get().state == "voided"


def test_money_refunded_of_a_check_that_then_bounces_is_owed_to_us(system, patient):
    pay(system, patient, 320_00)
    request_refund(system, patient_party(patient), 20_00, "a", TODAY, reason="overpaid", at=AT)
    issue_refund(system, 1, TODAY, check_number="1", at=AT)
    return_payment(system, 1, TODAY, reason="NSF", at=AT)
    assert sum(owed(system).values()) == 300_00
    assert unapplied_money(system.scope, patient) == -20_00
    assert examine(system.scope).healthy


def test_a_patient_who_owes_elsewhere_is_not_refunded_unseen(system, patient):
    pay(system, patient, 120_00)
    credit_line(system, 40_00)
    with pytest.raises(NotPossible, match="owes elsewhere"):
        request_refund(system, patient_party(patient), 40_00, "a", TODAY, reason="wants it", at=AT)
    request_refund(system, patient_party(patient), 40_00, "a", TODAY, reason="wants it", despite_balance=True, at=AT)


def test_a_payer_gets_back_what_it_paid_too_much_and_the_books_explain_it(system):
    one = billed(system, charts=1, visits=1)[0]
    told = answer(one, paid_line(one.lines[0], 140_00, ("CO", "45", -20_00)), paid_line(one.lines[1], 30_00))
    post_remittance(system, remittance("T1", told), payer_key="one", at=AT)
    moves = (
        Posting(account=Account.CONTRACTUAL, amount=20_00, line="A1001-1", payer="one"),
        Posting(account=Account.INSURANCE, amount=-20_00, line="A1001-1", payer="one"),
    )
    post(system, [Entry(key="mend", kind="adjustment", on=TODAY, postings=moves)], at=AT)
    assert [(credit.line, credit.amount) for credit in payer_credits(system.scope, "one", ["A1001-1", "A1001-2"])] == [
        ("A1001-1", 20_00)
    ]
    with pytest.raises(BadAmount):
        request_refund(system, "one", 20_01, "a", TODAY, reason="overpaid", lines=["A1001-1"], at=AT)
    request_refund(system, "one", 20_00, "a", TODAY, reason="overpaid", lines=["A1001-1"], at=AT)
    issue_refund(system, 1, TODAY, check_number="1", at=AT)
    row = system.scope.rows(LineBalance).get(line__key="A1001-1")
    assert (row.paid, row.insurance) == (120_00, 0)
    assert not any(place[0] == "clearing" for place in standing(system) if isinstance(place, tuple))
    assert [finding.rule for finding in examine(system.scope).findings] == []


# --- undoing --------------------------------------------------------------------------------------------------------


def test_what_belongs_together_is_not_undone_one_by_one_and_the_way_is_named(system, denied):
    keys = list(system.scope.rows(JournalEntry).order_by("number").values_list("key", "kind"))
    before = standing(system)
    said = {}
    for key, kind in keys:
        with pytest.raises(NotPossible) as refused:
            undo(system, key, "try", TODAY, at=AT)
        said[kind] = str(refused.value)
    assert "superbill claim" in said["charge"]
    assert "superbill remit void 835:1000000001:T1" in said["insurance payment"]
    assert "superbill remit void" in said["deposit"]
    assert standing(system) == before


def test_an_undoing_needs_a_reason_and_is_not_undone(system, patient):
    entry = write_off(member(system, Role.MANAGER), "A1001-1", 5_00, "courtesy", "k", TODAY, at=AT)
    with pytest.raises(NotPossible, match="say why"):
        undo(system, entry.key, " ", TODAY, at=AT)
    back = undo(system, entry.key, "wrong line", TODAY, at=AT)
    assert undo(system, entry.key, "twice", TODAY, at=AT) == back
    assert back.memo == "wrong line"
    with pytest.raises(NotPossible, match="not undone again"):
        undo(system, back.key, "no", TODAY, at=AT)


def test_what_was_given_up_and_then_paid_is_not_owed_a_second_time(system, patient):
    what = WriteOff(lines=(("A1001-1", 120_00),), reason="bad-debt")
    entry = forgive(member(system, Role.MANAGER), what, "bd", TODAY, at=AT)
    pay(system, patient, 280_00)
    with pytest.raises(NotPossible, match="A1001-1 was paid after it was given up"):
        undo(system, entry.key, "found again", TODAY, at=AT)
    undo(system, "patient-payment:k1", "wrong patient", TODAY, at=AT)
    undo(system, entry.key, "found again", TODAY, at=AT)
    assert sum(owed(system).values()) == 300_00


def test_undoing_brings_the_task_back_with_the_balance(system, patient):
    manager = member(system, Role.MANAGER)
    what = WriteOff(lines=(("A1001-1", 120_00),), reason="bad-debt")
    ask_to_forgive(member(system, Role.POSTER), what, "ask", TODAY, at=AT)

    def tasks():
        refresh(system, TODAY, at=AT)
        rows = system.scope.rows(WorkItem).filter(kind="write-off approval").values_list("state", flat=True)
        return list(rows)

    assert tasks() == ["open"]
    entry = approve_write_off(manager, 1, TODAY, at=AT)
    assert tasks() == ["closed"]
    undo(manager, entry.key, "too early", TODAY, at=AT)
    assert tasks() == ["open"]
