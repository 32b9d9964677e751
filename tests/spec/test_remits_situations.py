"""What payers send beside the plain answer: splits and bundles, second answers, reversals of every kind, crossover,
capitation, interest, provider-level money, payments that are none."""

from dataclasses import dataclass

import msgspec
import pytest
from msgspec.structs import replace
from tests.spec.test_remits_plan import Books, answer, charge_line, claim, forward, remittance

from superbill.claims.model import Adjustment, Procedure
from superbill.codesets.plb.lookup import all_reasons
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance
from superbill.remits.identity import claim_events, contains, content_key, joined
from superbill.remits.lines import by_our_lines
from superbill.x12.guides.remittance_835 import PROVIDER_ADJUSTMENTS
from superbill.x12.model import Remittance, RemittanceLine


def said(plan):
    return [outcome.state for outcome in plan.outcomes]


def taken(line):
    """An answer's line with all its signs turned."""
    turned = tuple(Adjustment(a.group, a.reason, -a.amount) for a in line.adjustments)
    return replace(line, charge=-line.charge, paid=-line.paid, adjustments=turned)


def paid_in(books, *lines, source="835:1", **more):
    return books.post(remittance(claim(*lines, **more)), source=source)


def reversal(*lines, **more):
    return claim(*(taken(line) for line in lines), status="22", **more)


def owed(*claims):
    """A remittance whose claims take back more than they pay: the rest is carried forward."""
    paid = sum(one.paid for one in claims)
    return remittance(*claims, plb=(forward(paid),) if paid < 0 else ())


# --- claims split and bundled, codes and units changed ----------------------------------------------------------------


def test_a_claim_answered_in_parts_posts_each_part_on_its_lines():
    one, two = charge_line(1), charge_line(2, "20610", 60_00)
    books = Books(one, two)
    first, second = answer(one, 100_00, ("CO", "45", 80_00)), answer(two, 40_00, ("PR", "2", 20_00))
    plan = books.post(remittance(claim(first), claim(second)))
    assert said(plan) == ["paid", "paid"]
    assert (books.line(1).paid, books.line(2)) == (100_00, Balance(charge=60_00, paid=40_00, patient=20_00))


def test_the_second_part_of_a_claim_may_come_with_a_later_payment():
    one, two = charge_line(1), charge_line(2, "20610", 60_00)
    books = Books(one, two)
    paid_in(books, answer(one, 100_00, ("CO", "45", 80_00)))
    assert said(paid_in(books, answer(two, 60_00), source="835:2")) == ["paid"]
    assert (books.line(1).paid, books.line(2).paid) == (100_00, 60_00)


def bundled(line, code, paid, *adjustments, **more):
    return answer(
        line, paid, *adjustments, key=False, procedure=Procedure(code), submitted_procedure=line.procedure, **more
    )


def test_lines_bundled_into_another_code_are_matched_by_what_was_submitted():
    one, two = charge_line(1, "82465", 40_00), charge_line(2, "83718", 60_00)
    books = Books(one, two)
    plan = paid_in(
        books,
        bundled(one, "80061", 55_00, ("OA", "94", -15_00)),
        bundled(two, "80061", 0, ("CO", "97", 60_00)),
    )
    assert said(plan) == ["partly_denied"]
    assert books.line(1) == Balance(charge=40_00, paid=55_00, adjusted=-15_00)
    assert books.line(2).denied == 60_00


def test_several_lines_answered_by_one_are_paid_by_their_charges():
    one, two = charge_line(1, "82465", 40_00), charge_line(2, "83718", 60_00)
    books = Books(one, two)
    together = RemittanceLine(
        procedure=Procedure("80061"), charge=100_00, paid=50_00, service=one.service,
        adjustments=(Adjustment("CO", "45", 40_00), Adjustment("PR", "2", 10_00)),
    )  # fmt: skip
    assert said(paid_in(books, together)) == ["paid"]
    assert books.line(1) == Balance(charge=40_00, paid=20_00, adjusted=16_00, patient=4_00)
    assert books.line(2) == Balance(charge=60_00, paid=30_00, adjusted=24_00, patient=6_00)
    assert said(books.post(owed(reversal(together)), source="835:2")) == ["reversed"]
    assert books.line(1).insurance == 40_00


def test_lines_with_one_code_put_together_leave_the_others_alone():
    one, two, other = charge_line(1, "97110", 40_00), charge_line(2, "97110", 40_00), charge_line(3, "97140", 50_00)
    books = Books(one, two, other)
    together = answer(one, 60_00, ("CO", "45", 20_00), charge=80_00, key=False)
    paid_in(books, together, answer(other, 50_00, key=False))
    assert [books.line(n).paid for n in (1, 2, 3)] == [30_00, 30_00, 50_00]


def test_a_line_split_in_two_without_its_number_is_added_up():
    line = charge_line(1, "97110", 80_00)
    books = Books(line, charge_line(2, "97140", 50_00))
    halves = [answer(line, paid, ("CO", "45", 40_00 - paid), charge=40_00, key=False) for paid in (30_00, 25_00)]
    paid_in(books, *halves)
    assert books.line(1) == Balance(charge=80_00, paid=55_00, adjusted=25_00)


def test_a_line_that_the_payer_adds_without_a_charge_is_paid_on_the_line_it_came_from():
    line = charge_line(1, "80061", 100_00)
    books = Books(line)
    first = bundled(line, "82465", 30_00, ("CO", "45", 70_00))
    second = bundled(line, "83718", 20_00, ("OA", "94", -20_00), charge=0)
    paid_in(books, first, second)
    assert books.line() == Balance(charge=100_00, paid=50_00, adjusted=50_00)


def test_a_line_for_information_says_nothing():
    line = charge_line()
    books = Books(line)
    note = RemittanceLine(procedure=Procedure("G9999"), charge=0, paid=0)
    assert said(paid_in(books, answer(line, 180_00), note)) == ["paid"]
    assert books.line().paid == 180_00


def test_a_code_put_in_place_of_the_only_line_left_is_matched():
    one, two = charge_line(1, "99214", 180_00), charge_line(2, "36415", 20_00)
    books = Books(one, two)
    replaced = answer(one, 90_00, ("CO", "45", 90_00), key=False, procedure=Procedure("99213"))
    assert said(paid_in(books, replaced, answer(two, 20_00, key=False))) == ["paid"]
    assert books.line(1).paid == 90_00


@pytest.mark.parametrize("theirs", [("RT",), ("RT", "59", "XS"), ()])
def test_a_modifier_dropped_or_added_does_not_lose_the_line(theirs):
    one, two = charge_line(1, "20610", 90_00, ("RT", "59")), charge_line(2, "20610", 80_00, ("LT",))
    books = Books(one, two)
    paid_in(books, answer(one, 40_00, ("CO", "45", 50_00), key=False, procedure=Procedure("20610", theirs)))
    assert (books.line(1).paid, books.line(2).paid) == (40_00, 0)


def test_twins_without_their_modifiers_are_matched_when_they_are_answered_alike():
    knees = charge_line(1, "20610", 90_00, ("RT",)), charge_line(2, "20610", 90_00, ("LT",))
    plain = Procedure("20610")
    books = Books(*knees)
    paid_in(books, *(answer(knee, 40_00, ("CO", "45", 50_00), key=False, procedure=plain) for knee in knees))
    assert (books.line(1).paid, books.line(2).paid) == (40_00, 40_00)
    unlike = Books(*knees)
    plan = paid_in(
        unlike,
        answer(knees[0], 40_00, ("CO", "45", 50_00), key=False, procedure=plain),
        answer(knees[1], 0, ("CO", "50", 90_00), key=False, procedure=plain),
    )
    assert said(plan) == ["held"]


def test_units_that_the_payer_changed_do_not_lose_the_line():
    line = charge_line(1, "97110", 80_00)
    books = Books(line)
    paid_in(books, answer(line, 40_00, ("CO", "45", 40_00), key=False, units=1, submitted_units=2))
    assert books.line().paid == 40_00


# --- a second answer --------------------------------------------------------------------------------------------------


def test_a_line_denied_before_and_paid_now_is_added_to_what_was_paid():
    one, two = charge_line(1), charge_line(2, "20610", 60_00)
    books = Books(one, two)
    paid_in(books, answer(one, 180_00), answer(two, 0, ("CO", "16", 60_00)))
    assert said(paid_in(books, answer(two, 50_00, ("CO", "45", 10_00)), source="835:2")) == ["paid"]
    assert books.line(1) == Balance(charge=180_00, paid=180_00)
    assert books.line(2) == Balance(charge=60_00, paid=50_00, adjusted=10_00)


def test_more_for_the_denied_part_of_a_line_is_added():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "50", 80_00)))
    more = answer(line, 60_00, ("CO", "45", 20_00), charge=80_00)
    assert said(paid_in(books, more, source="835:2")) == ["paid"]
    assert books.line() == Balance(charge=180_00, paid=160_00, adjusted=20_00)


def test_a_payer_that_counts_its_former_payment_as_paid_before_adds_the_difference():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)))
    more = answer(line, 20_00, ("CO", "B13", 100_00), ("CO", "45", 60_00))
    assert said(paid_in(books, more, source="835:2")) == ["paid"]
    assert books.line() == Balance(charge=180_00, paid=120_00, adjusted=60_00)
    assert (books.account(Account.CASH), books.account(Account.CLEARING)) == (120_00, 0)


def test_the_same_payment_in_another_remittance_is_asked_about():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)))
    plan = paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)), source="835:2")
    assert said(plan) == ["held"]
    assert "paid twice" in plan.findings[0].message
    assert (books.line().paid, books.account(Account.SUSPENSE)) == (100_00, -100_00)


def test_a_duplicate_denial_leaves_the_payment_alone():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)))
    before = len(books.entries)
    plan = paid_in(books, answer(line, 0, ("CO", "18", 180_00)), status="4", source="835:2")
    assert (said(plan), len(books.entries)) == (["repeated"], before)


def test_a_denial_of_what_was_paid_without_a_reversal_is_asked_about():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)))
    plan = paid_in(books, answer(line, 0, ("CO", "50", 180_00)), status="4", source="835:2")
    assert said(plan) == ["held"]
    assert "has not taken back" in plan.findings[0].message
    assert (books.line().paid, books.account(Account.SUSPENSE)) == (100_00, 0)


# --- reversals --------------------------------------------------------------------------------------------------------


def test_a_correction_may_stand_before_its_reversal():
    line = charge_line()
    books = Books(line)
    was = answer(line, 100_00, ("CO", "45", 80_00))
    paid_in(books, was)
    plan = books.post(remittance(claim(answer(line, 120_00, ("CO", "45", 60_00))), reversal(was)), source="835:2")
    assert said(plan) == ["paid", "reversed"]
    assert books.line().paid == 120_00


def test_a_reversal_in_one_file_and_the_correction_in_the_next():
    line = charge_line()
    books = Books(line)
    was = answer(line, 100_00, ("CO", "45", 80_00))
    paid_in(books, was)
    books.post(owed(reversal(was)), source="835:2")
    assert (books.line().insurance, books.account(Account.PROVIDER_LEVEL)) == (180_00, -100_00)
    right = remittance(claim(answer(line, 120_00, ("CO", "45", 60_00))), plb=(forward(100_00, "WO"),))
    assert said(books.post(right, source="835:3")) == ["paid"]
    assert (books.line().paid, books.account(Account.PROVIDER_LEVEL), books.account(Account.CASH)) == (
        120_00,
        0,
        120_00,
    )


def test_a_reversal_of_one_line_leaves_the_other_paid():
    one, two = charge_line(1), charge_line(2, "20610", 60_00)
    books = Books(one, two)
    first, second = answer(one, 100_00, ("CO", "45", 80_00)), answer(two, 60_00)
    paid_in(books, first, second)
    plan = books.post(owed(reversal(second)), source="835:2")
    assert said(plan) == ["reversed"]
    assert (books.line(1).paid, books.line(1).adjusted, books.line(2).insurance) == (100_00, 80_00, 60_00)
    assert said(books.post(owed(reversal(first)), source="835:3")) == ["reversed"]
    assert books.line(1).insurance == 180_00


def test_of_two_payments_of_a_line_the_one_that_is_meant_is_taken_back():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "50", 80_00)))
    more = answer(line, 60_00, ("CO", "45", 20_00), charge=80_00)
    paid_in(books, more, source="835:2")
    assert said(
        books.post(
            owed(reversal(replace(more, charge=180_00, adjustments=(Adjustment("CO", "45", 120_00),)))), source="835:3"
        )
    ) == ["reversed"]
    assert books.line() == Balance(charge=180_00, paid=100_00, insurance=80_00, denied=80_00)


def test_a_reversal_of_another_amount_than_is_posted_waits_for_a_person():
    line = charge_line()
    books = Books(line)
    paid_in(books, answer(line, 100_00, ("CO", "45", 80_00)))
    plan = books.post(owed(reversal(answer(line, 90_00, ("CO", "45", 90_00)))), source="835:2")
    assert said(plan) == ["held"]
    assert "takes back 90, but 100 of this claim is posted" in plan.findings[0].message
    assert (books.line().paid, books.account(Account.SUSPENSE), books.account(Account.CLEARING)) == (100_00, 90_00, 0)


def test_a_reversal_of_nothing_that_was_never_posted_moves_nothing():
    line = charge_line()
    books = Books(line)
    plan = books.post(remittance(reversal(answer(line, 0, ("CO", "50", 180_00)))))
    assert (said(plan), plan.entries) == (["reversed"], ())


def test_a_reversal_of_a_denial_opens_the_claim_again():
    line = charge_line()
    books = Books(line)
    denied = answer(line, 0, ("CO", "50", 180_00))
    paid_in(books, denied, status="4")
    assert said(books.post(remittance(reversal(denied)), source="835:2")) == ["reversed"]
    assert books.line() == Balance(charge=180_00, insurance=180_00)


def test_a_corrected_claim_under_a_new_number_shares_the_lines_that_the_old_one_gives_back():
    line = charge_line()
    books = Books(line)
    was = answer(line, 100_00, ("CO", "45", 80_00))
    paid_in(books, was)
    new = claim(answer(line, 120_00, ("CO", "45", 60_00)), control="A1P2")
    plan = books.post(remittance(reversal(was), new), source="835:2")
    assert (said(plan), books.line().paid) == (["reversed", "paid"], 120_00)


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
