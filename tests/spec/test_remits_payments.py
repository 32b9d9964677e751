"""What comes with a payment beside answers to claims: other payers, capitation, interest, provider-level money; and
what makes a payment the same payment."""

from dataclasses import dataclass

import msgspec
import pytest
from msgspec.structs import replace
from tests.spec.test_remits_plan import Books, answer, charge_line, claim, forward, remittance
from tests.spec.test_remits_situations import owed, paid_in, reversal, said

from superbill.claims.model import Adjustment, Procedure
from superbill.codesets.plb.lookup import all_reasons
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance
from superbill.remits.identity import claim_events, contains, content_key, joined
from superbill.remits.lines import by_our_lines
from superbill.x12.guides.remittance_835 import PROVIDER_ADJUSTMENTS
from superbill.x12.model import Remittance, RemittanceLine

# --- other payers, capitation, interest -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["19", "20", "21"])
def test_a_forwarded_claim_is_posted_and_not_billed_again(status):
    line = charge_line()
    books = Books(line, next_payer="keystone")
    plan = paid_in(books, answer(line, 100_00, ("CO", "45", 55_00), ("PR", "2", 25_00)), status=status)
    assert (plan.outcomes[0].forwarded, plan.outcomes[0].bill_next) == (True, False)
    assert books.sent("keystone").insurance == {"A1-1": 25_00}


def test_a_claim_of_another_payer_that_was_passed_on_is_owed_by_that_one():
    line = charge_line()
    books = Books(line, next_payer="keystone")
    plan = paid_in(books, answer(line, 0, ("OA", "109", 180_00)), status="23")
    assert (said(plan), plan.outcomes[0].bill_next) == (["forwarded"], False)
    assert (books.sent().insurance["A1-1"], books.sent("keystone").insurance["A1-1"]) == (0, 180_00)
    assert said(paid_in(Books(line), answer(line, 0, ("OA", "109", 180_00)), status="23")) == ["held"]


def test_a_third_payer_settles_what_two_have_left():
    line = charge_line()
    books = Books(line, next_payer="two")
    paid_in(books, answer(line, 100_00, ("CO", "45", 40_00), ("PR", "2", 40_00)))
    second = claim(answer(line, 25_00, ("OA", "23", 140_00), ("PR", "2", 15_00)), status="2")
    books.post(remittance(second), payer="two", source="835:2", next_payer="three")
    third = claim(answer(line, 10_00, ("OA", "23", 165_00), ("PR", "3", 5_00)), status="3")
    books.post(remittance(third), payer="three", source="835:3", next_payer="")
    assert books.line() == Balance(charge=180_00, paid=135_00, adjusted=40_00, patient=5_00)


def test_a_capitated_service_is_settled_and_the_capitation_is_income():
    line = charge_line()
    books = Books(line)
    plan = paid_in(books, answer(line, 0, ("CO", "24", 180_00)))
    assert (said(plan), books.line().adjusted) == (["paid"], 180_00)
    month = replace(forward(-2_500_00, "CT"), reference="2026-03")
    books.post(remittance(plb=(month,)), source="835:2")
    assert (books.account(Account.CAPITATION), books.account(Account.CASH)) == (-2_500_00, 2_500_00)


def test_interest_inside_a_claims_payment_is_no_payment_of_the_charge():
    line = charge_line()
    books = Books(line)
    with_interest = answer(line, 101_15, ("CO", "45", 80_00), ("CO", "225", -1_15))
    paid_in(books, with_interest)
    assert books.line() == Balance(charge=180_00, paid=100_00, adjusted=80_00)
    assert (books.account(Account.INTEREST), books.account(Account.CASH)) == (-1_15, 101_15)
    assert said(books.post(owed(reversal(with_interest)), source="835:2")) == ["reversed"]
    assert (books.account(Account.INTEREST), books.line().insurance) == (0, 180_00)


# --- the payment ------------------------------------------------------------------------------------------------------

ACCOUNTS = {
    "provider level": Account.PROVIDER_LEVEL,
    "interest": Account.INTEREST,
    "capitation": Account.CAPITATION,
    "settlement": Account.SETTLEMENT,
    "fees": Account.FEES,
}


@pytest.mark.parametrize("reason", sorted(all_reasons()))
@pytest.mark.parametrize("amount", [-40_00, 40_00])
def test_each_provider_level_reason_moves_its_money_where_the_list_says(reason, amount):
    line = charge_line()
    books = Books(line)
    books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))), plb=(forward(amount, reason),)))
    assert books.account(ACCOUNTS[all_reasons()[reason].goes]) == amount
    assert books.account(Account.CASH) == 100_00 - amount
    assert books.account(Account.CLEARING) == 0


def test_every_reason_that_the_guide_allows_is_on_file_with_our_words():
    assert set(all_reasons()) == set(PROVIDER_ADJUSTMENTS.split(","))
    assert all(one.name and one.text.endswith(".") for one in all_reasons().values())
    tracked = {code for code, one in all_reasons().items() if one.tracked}
    assert {"WO", "FB", "72", "AP", "CS"} <= tracked
    assert {"L6", "CT", "B2", "J1"}.isdisjoint(tracked)


def test_a_reason_that_is_not_on_file_is_tracked_and_said():
    books = Books(charge_line())
    plan = books.post(remittance(plb=(forward(-40_00, "ZZ"),)))
    assert [finding.rule for finding in plan.findings] == ["remit.unknown-provider-adjustment"]
    assert books.account(Account.PROVIDER_LEVEL) == -40_00


def test_a_recoupment_above_the_payment_pays_nothing_and_carries_the_rest_forward():
    line = charge_line()
    books = Books(line)
    plan = books.post(
        remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))), plb=(forward(150_00, "WO"), forward(-50_00, "FB")))
    )
    assert not plan.held
    assert (books.account(Account.CASH), books.account(Account.PROVIDER_LEVEL)) == (0, 100_00)


@dataclass(frozen=True)
class Bad:
    amount: int
    method: str
    said: str


@pytest.mark.parametrize(
    "bad", [Bad(-1_00, "ACH", "less than nothing"), Bad(1_00, "NON", "no money moves")], ids=lambda bad: bad.method
)
def test_a_payment_that_can_be_none_posts_nothing(bad):
    remit = remittance(plb=(forward(-bad.amount),), amount=bad.amount)
    plan = Books(charge_line()).post(replace(remit, payment_method=bad.method))
    assert (plan.held, plan.entries, plan.findings[0].rule) == (True, (), "remit.no-payment")
    assert bad.said in plan.findings[0].message


@pytest.mark.parametrize("method", ["ACH", "CHK", "FWT", "BOP"])
def test_a_deposit_says_how_it_came(method):
    line = charge_line()
    books = Books(line)
    books.post(replace(remittance(claim(answer(line, 180_00))), payment_method=method))
    (cash,) = [p for e in books.entries for p in e.postings if p.account is Account.CASH]
    assert (cash.amount, cash.reason.code) == (180_00, method)


# --- identity ---------------------------------------------------------------------------------------------------------


def test_events_are_named_by_what_they_say_and_counted_when_they_say_the_same():
    one = claim(answer(charge_line(), 180_00))
    other = replace(one, control_number="B")
    events = claim_events([one, other, one])
    assert events[0] != events[1]
    assert events[2] == f"{events[0]}.2"
    assert claim_events([other, one, one])[1:] == [events[0], events[2]]


def test_parts_are_joined_with_each_event_once():
    one = claim(answer(charge_line(), 180_00))
    other, third = replace(one, control_number="B"), replace(one, control_number="C")
    whole = remittance(one, other, third)
    parts = [replace(whole, claims=(one, other)), replace(whole, claims=(other, third))]
    assert content_key(joined(parts)) == content_key(whole)
    assert contains(whole, parts[0])
    assert not contains(parts[0], whole)
    assert not contains(whole, replace(parts[0], payment_amount=1))
    assert len(joined(parts, overlapping=False).claims) == 4


def test_a_remittance_read_back_from_its_text_is_the_same_payment():
    remit = replace(remittance(claim(answer(charge_line(), 180_00))), payment_method="".join(["A", "CH"]))
    assert content_key(msgspec.json.decode(msgspec.json.encode(remit), type=Remittance)) == content_key(remit)


def test_lines_put_together_are_told_apart_for_the_next_payer_and_the_contract():
    one, two = charge_line(1, "82465", 40_00), charge_line(2, "83718", 60_00)
    together = RemittanceLine(
        procedure=Procedure("80061"), charge=100_00, paid=50_00, service=one.service, allowed=60_00,
        adjustments=(Adjustment("CO", "45", 40_00), Adjustment("PR", "2", 10_00)),
    )  # fmt: skip
    note = RemittanceLine(procedure=Procedure("G9999"), charge=0, paid=0)
    apart = by_our_lines(claim(together, note), (one, two))
    assert [(line.control_number, line.charge, line.paid, line.allowed) for line in apart.lines] == [
        ("A1-1", 40_00, 20_00, 24_00),
        ("A1-2", 60_00, 30_00, 36_00),
    ]
    assert all(line.charge - line.paid == sum(a.amount for a in line.adjustments) for line in apart.lines)
    plain = claim(answer(one, 40_00))
    assert by_our_lines(plain, (one, two)) is plain
