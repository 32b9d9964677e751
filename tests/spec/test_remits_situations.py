"""What payers send beside the plain answer: splits and bundles, second answers, reversals of every kind, crossover,
capitation, interest, provider-level money, payments that are none."""

import pytest
from msgspec.structs import replace
from tests.spec.test_remits_plan import Books, answer, charge_line, claim, forward, remittance

from superbill.claims.model import Adjustment, Procedure
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance
from superbill.x12.model import RemittanceLine


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
    assert "takes back $90.00, but $100.00 of this claim is posted" in plan.findings[0].message
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


def test_of_two_lines_alike_the_next_part_means_the_one_that_is_not_answered():
    one, two = charge_line(1, "97110", 40_00), charge_line(2, "97110", 40_00)
    books = Books(one, two)
    part = answer(one, 30_00, ("CO", "45", 10_00), key=False)
    assert said(books.post(remittance(claim(part), claim(replace(part, paid=40_00, adjustments=()))))) == ["paid"] * 2
    assert (books.line(1).paid, books.line(2).paid) == (30_00, 40_00)
    assert said(books.post(owed(reversal(part)), source="835:2")) == ["reversed"]
    assert (books.line(1).paid, books.line(2).paid) == (0, 40_00)
