"""Deposits and the bank: statements once, deposits made, voided and taken anew, matches made and undone."""

from datetime import date, timedelta

import pytest
from tests.app_samples import AT, TODAY
from tests.bank_books import paid, pays, statement

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import Role
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.billing.returns import return_payment, void_payment
from superbill.app.deposits import actions, queries
from superbill.app.deposits.making import undeposited
from superbill.app.deposits.models import BankLineRow, DepositItem
from superbill.app.deposits.worklist import wanted
from superbill.app.doctor import examine
from superbill.app.remits.models import RemittanceRow

NEXT = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=9)


def take_in(system, read, name="s.csv", data=None):
    return actions.take_in_statement(system, data or repr(read).encode(), name, read, at=AT)


def cash(system):
    return sum(system.scope.rows(Posting).filter(account="cash").values_list("amount", flat=True))


def balances(system):
    return list(
        system.scope.rows(LineBalance).order_by("line_id").values_list("line__key", "paid", "patient", "insurance")
    )


def kinds(system, on=LATER):
    return sorted(each.kind for each in wanted(system.scope, on))


def test_a_statement_is_taken_in_once_and_overlapping_ones_add_what_is_new(system):
    first = statement((TODAY, 100_00, "A"), (TODAY, 100_00, "A"), (NEXT, 5_00, "B"))
    assert (take_in(system, first).new, take_in(system, first).already) == (3, True)
    second = statement((TODAY, 100_00, "A"), (TODAY, 100_00, "A"), (NEXT, 5_00, "B"), (NEXT, 5_00, "B"))
    took = take_in(system, second)
    assert (took.new, took.known) == (1, 3)
    assert system.scope.rows(BankLineRow).count() == 4


def test_the_same_line_from_two_formats_waits_for_a_person(system):
    take_in(system, statement((TODAY, 100_00, "ACH AETNA")))
    took = take_in(system, statement((TODAY, 100_00, "AETNA A04 CCD"), (TODAY, 7_00, "C"), form="ofx"))
    assert (took.new, took.suspect) == (2, 1)
    assert "bank line twice" in kinds(system)
    twin = system.scope.rows(BankLineRow).get(state="suspect")
    actions.set_aside(system, [twin.pk], "in the CSV too", at=AT)
    assert "bank line twice" not in kinds(system)


def test_an_835_meets_its_money_by_the_trace_number(system):
    paid(system)
    take_in(system, statement((NEXT, 160_00, "EFT"), trace="0000017401"))
    made, left = actions.match_certain(system, LATER, at=AT)
    assert [match.difference for match in made] == [0]
    assert (left.found.unexplained, left.found.outstanding) == ((), ())
    assert actions.match_certain(system, LATER, at=AT)[0] == ()
    ((match, parts),) = queries.matches(system.scope)
    assert (match.how, sorted(part.amount for part in parts)) == ("trace", [160_00, 160_00])


def test_what_is_missing_after_three_business_days_is_a_task_and_goes_when_it_comes(system):
    paid(system)
    assert kinds(system) == []  # no statement, nothing to hold the books against
    take_in(system, statement((NEXT, 90_00, "HCCLAIMPMT PAYER TWO"), (LATER, 1_00, "X")))
    assert kinds(system, NEXT) == ["unknown"]
    assert kinds(system) == ["missing EFT", "missing ERA", "unknown"]
    take_in(system, statement((LATER, 160_00, "EFT"), trace="0000017401"), name="t.csv")
    actions.match_certain(system, LATER, at=AT)
    assert kinds(system) == ["missing ERA", "unknown"]


def test_a_person_confirms_what_is_short_with_its_reason_and_books_the_fee(system):
    paid(system)
    take_in(system, statement((NEXT, 157_00, "EFT"), trace="0000017401"))
    assert actions.match_certain(system, LATER, at=AT)[0] == ()
    assert kinds(system) == ["confirm match"]
    (line,) = system.scope.rows(BankLineRow)
    (key,) = queries.reconciliation(system.scope, LATER).payments
    with pytest.raises(actions.NotReconcilable, match=r"short by \$3\.00: say why"):
        actions.confirm_match(system, [line.pk], [key], at=AT)
    made = actions.confirm_match(system, [line.pk], [key], why="virtual card fee", fee=True, at=AT)
    assert (made.difference, cash(system), kinds(system)) == (-3_00, 157_00, [])
    actions.undo_match(system, made.number, why="wrong line", at=AT)
    assert (cash(system), kinds(system)) == (160_00, ["confirm match"])
    ((match, _),) = queries.matches(system.scope, live=False)
    assert (match.live, match.undone_by, match.undone_why) == (False, "system", "wrong line")
    assert examine(system.scope).healthy
    with pytest.raises(actions.NotReconcilable, match="undone already"):
        actions.undo_match(system, made.number, why="again", at=AT)


def test_a_line_and_a_payment_are_matched_once(system):
    paid(system)
    take_in(system, statement((NEXT, 160_00, "A"), (NEXT, 160_00, "B")))
    one, other = system.scope.rows(BankLineRow).order_by("id")
    (key,) = queries.reconciliation(system.scope, LATER).payments
    actions.confirm_match(system, [one.pk], [key], at=AT)
    for lines in ([one.pk], [other.pk]):
        with pytest.raises(actions.NotReconcilable):
            actions.confirm_match(system, lines, [key], at=AT)
    assert len(queries.matches(system.scope)) == 1


def test_bank_fees_are_booked_and_other_lines_set_aside(system):
    take_in(system, statement((TODAY, -25_00, "SERVICE CHARGE"), (TODAY, -900_00, "RENT"), (TODAY, 5_00, "X")))
    fee, rent, money = system.scope.rows(BankLineRow).order_by("id")
    assert kinds(system) == ["money out", "money out", "unknown"]
    actions.book_fee(system, fee.pk, at=AT)
    actions.set_aside(system, [rent.pk], "rent", at=AT)
    with pytest.raises(actions.NotReconcilable, match="money in"):
        actions.book_fee(system, money.pk, at=AT)
    assert (cash(system), kinds(system)) == (-25_00, ["unknown"])
    actions.take_up(system, [rent.pk], at=AT)
    assert kinds(system) == ["money out", "unknown"]
    with pytest.raises(actions.NotReconcilable, match="say what"):
        actions.set_aside(system, [rent.pk], " ", at=AT)


def test_a_day_s_cash_and_checks_are_one_deposit_that_the_bank_books(system):
    paid(system)
    receipts = [pays(system, 20_00), pays(system, 30_00, "check"), pays(system, 50_00, "card")]
    assert [each.payment for each in undeposited(system.scope)] == receipts
    deposit = actions.make_deposit(system, receipts[:2], TODAY, reference="17", at=AT)
    assert (deposit.number, deposit.kind, deposit.amount) == (1, "mixed", 50_00)
    with pytest.raises(actions.NotReconcilable, match="no payment that waits"):
        actions.make_deposit(system, receipts[:1], TODAY, at=AT)
    with pytest.raises(actions.NotReconcilable, match="by themselves"):
        actions.make_deposit(system, [receipts[2], pays(system, 1_00)], TODAY, at=AT)
    take_in(system, statement((NEXT, 50_00, "DEPOSIT"), (NEXT, 160_00, "DIRECT DEPOSIT PAYER ONE HCCLAIMPMT")))
    assert len(actions.match_certain(system, LATER, at=AT)[0]) == 2
    with pytest.raises(actions.NotReconcilable, match="Undo match"):
        actions.void_deposit(system, 1, NEXT, why="wrong", at=AT)


def test_a_batch_of_cards_comes_less_its_fee(system):
    paid(system)
    before = cash(system)
    deposit = actions.make_deposit(system, [pays(system, 100_00, "card")], TODAY, fee=2_90, at=AT)
    assert cash(system) == before + 97_10
    take_in(system, statement((NEXT, 97_10, "MERCHANT BANKCARD")))
    (made,) = actions.match_certain(system, LATER, at=AT)[0]
    assert made.difference == 0
    actions.undo_match(system, made.number, why="look again", at=AT)
    actions.take_apart(system, deposit.number, why="two batches", at=AT)
    assert (cash(system), len(undeposited(system.scope))) == (before + 100_00, 1)
    with pytest.raises(actions.NotReconcilable, match="a fee"):
        actions.make_deposit(system, [pays(system, 3_00)], TODAY, fee=1, at=AT)


def test_a_voided_deposit_takes_its_payments_back_and_reapplied_they_stand_as_before(system):
    paid(system)
    receipts = [pays(system, 15_00), pays(system, 45_00, "check")]
    before, money = balances(system), cash(system)
    actions.make_deposit(system, receipts, TODAY, reference="17", at=AT)
    voided = actions.void_deposit(system, 1, NEXT, why="check of another practice", at=AT)
    assert (voided.state, cash(system)) == ("voided", 160_00)
    assert undeposited(system.scope) == []
    with pytest.raises(actions.NotReconcilable, match="voided already"):
        actions.void_deposit(system, 1, NEXT, why="again", at=AT)
    again = actions.reapply_deposit(system, 1, NEXT, at=AT)
    assert actions.reapply_deposit(system, 1, NEXT, at=AT).number == again.number == 2
    assert (balances(system), cash(system)) == (before, money)
    assert (again.amount, again.reference, again.reapplies_id) == (60_00, "17", voided.pk)
    assert examine(system.scope).healthy
    with pytest.raises(actions.NotReconcilable, match="only a voided one"):
        actions.reapply_deposit(system, 2, NEXT, at=AT)


def test_a_payer_s_check_in_a_deposit_is_voided_and_posted_again_with_it(system):
    from msgspec.structs import replace
    from tests.app_samples import billed, remittance, usual_answer

    from superbill.app.remits.actions import post_remittance

    claims = billed(system, charts=1, visits=1)
    check = replace(remittance("CHK1", *(usual_answer(one) for one in claims)), payment_method="CHK")
    post_remittance(system, check, payer_key="one", at=AT)
    (waiting,) = undeposited(system.scope)
    assert (waiting.method, waiting.amount) == ("payer's check", 80_00)
    before = balances(system)
    actions.make_deposit(system, [waiting.payment, pays(system, 5_00)], TODAY, at=AT)
    actions.void_deposit(system, 1, NEXT, why="bounced", at=AT)
    assert cash(system) == 0
    assert system.scope.rows(RemittanceRow).get().state == "voided"
    again = actions.reapply_deposit(system, 1, NEXT, at=AT)
    assert (again.amount, cash(system)) == (85_00, 85_00)
    assert [row[:2] + row[3:] for row in balances(system)][1:] == [row[:2] + row[3:] for row in before][1:]
    assert system.scope.rows(DepositItem).filter(live=True).count() == 2
    assert examine(system.scope).healthy


def test_what_the_bank_returned_stays_deposited_and_what_was_voided_by_itself_is_a_task(system):
    paid(system)
    receipts = [pays(system, 15_00, "check"), pays(system, 45_00, "check")]
    actions.make_deposit(system, receipts, TODAY, at=AT)
    take_in(system, statement((NEXT, 60_00, "DEPOSIT"), (LATER, -15_00, "RETURNED ITEM"), (LATER, 0, "NOTE")))
    return_payment(system, 1, NEXT, reason="NSF", fee=0, at=AT)
    assert [match.difference for match in actions.match_certain(system, LATER, at=AT)[0]] == [0]
    assert kinds(system) == ["confirm match", "missing EFT"]
    (out,) = [each.key for each in queries.reconciliation(system.scope, LATER).payments.values() if each.amount < 0]
    line = system.scope.rows(BankLineRow).get(amount=-15_00)
    actions.confirm_match(system, [line.pk], [out], at=AT)
    void_payment(system, 2, NEXT, reason="keyed twice", at=AT)
    assert kinds(system) == ["deposit changed", "missing EFT"]
    actions.undo_match(system, 1, why="deposit is wrong", at=AT)
    actions.void_deposit(system, 1, NEXT, why="start again", at=AT)
    again = system.scope.rows(DepositItem).filter(taken_back=True)
    assert not again.exists()  # each payment came back by itself before
    with pytest.raises(actions.NotReconcilable, match="a payment at least"):
        actions.reapply_deposit(system, 1, NEXT, at=AT)


def test_a_match_with_a_payment_that_was_voided_since_is_a_task(system):
    paid(system)
    take_in(system, statement((NEXT, 160_00, "EFT"), trace="0000017401"))
    actions.match_certain(system, LATER, at=AT)
    from superbill.app.remits.undoing import void_remittance

    void_remittance(system, system.scope.rows(RemittanceRow).get().pk, on=NEXT, why="wrong practice", at=AT)
    assert kinds(system) == ["stale match"]
    actions.undo_match(system, 1, why="voided", at=AT)
    assert kinds(system) == ["missing ERA"]


def test_no_task_names_a_patient(system):
    paid(system)
    take_in(system, statement((NEXT, 90_00, "CHECK OF FAMILY1 GIVEN")))
    assert not any("family1" in each.why.casefold() for each in wanted(system.scope, LATER))


@pytest.fixture
def others(system):
    from superbill.app.practices.actions import open_practice

    other = open_practice("hillside", "Hillside Clinic")
    return actor_with("outsider", other.pk, Role.MANAGER), actor_with("coder", system.practice_id, Role.CODER)


DEEDS = {
    "take in": lambda actor: actions.take_in_statement(actor, b"x", "s", statement((TODAY, 1, "A")), at=AT),
    "match": lambda actor: actions.match_certain(actor, TODAY, at=AT),
    "confirm": lambda actor: actions.confirm_match(actor, [1], ["835:1000000001:0000017401"], at=AT),
    "undo match": lambda actor: actions.undo_match(actor, 1, why="x", at=AT),
    "set aside": lambda actor: actions.set_aside(actor, [1], "x", at=AT),
    "take up": lambda actor: actions.take_up(actor, [1], at=AT),
    "fee": lambda actor: actions.book_fee(actor, 1, at=AT),
    "deposit": lambda actor: actions.make_deposit(actor, ["R000001"], TODAY, at=AT),
    "void": lambda actor: actions.void_deposit(actor, 1, TODAY, why="x", at=AT),
    "take apart": lambda actor: actions.take_apart(actor, 1, why="x", at=AT),
    "reapply": lambda actor: actions.reapply_deposit(actor, 1, TODAY, at=AT),
    "close day": lambda actor: actions.close_day(actor, date(2020, 1, 1), {}, at=AT),
    "close month": lambda actor: actions.close_month(actor, 2020, 1, at=AT),
    "reopen": lambda actor: actions.reopen(actor, date(2020, 1, 1), why="x", at=AT),
}


def test_colleagues_without_the_permission_and_outsiders_change_nothing(system, others):
    from superbill.app.accounts.permissions import NotPermitted

    outsider, coder = others
    paid(system)
    actions.make_deposit(system, [pays(system, 10_00)], TODAY, at=AT)
    take_in(system, statement((NEXT, 160_00, "EFT"), trace="0000017401"))
    actions.match_certain(system, LATER, at=AT)
    actions.close_month(system, 2019, 1, at=AT)

    def facts():
        there = [queries.matches(system.scope), queries.deposits(system.scope), queries.closings(system.scope)]
        return system.scope.rows(JournalEntry).count(), there, list(queries.bank_lines(system.scope))

    before = facts()
    for name, do in DEEDS.items():
        with pytest.raises(NotPermitted, match="coder may not"):
            do(coder)
        try:
            do(outsider)
        except actions.NotReconcilable as error:
            assert "Family" not in str(error), name
        assert facts() == before, name


def test_outsiders_see_nothing_and_readers_need_the_ledger(system, others):
    from superbill.app.accounts.permissions import NotPermitted

    outsider, coder = others
    paid(system)
    take_in(system, statement((NEXT, 90_00, "X")))
    assert kinds(system)
    for query in (queries.bank_lines, queries.matches, queries.deposits, queries.closings, undeposited):
        assert list(query(outsider.scope)) == []
        with pytest.raises(NotPermitted):
            list(query(coder.scope))
    assert list(wanted(outsider.scope, LATER)) == []
    with pytest.raises(NotPermitted):
        queries.reconciliation(coder.scope, LATER)
