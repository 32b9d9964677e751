"""Bank lines against payments: what is certain is matched, and what is not waits for a person with its reasons."""

from datetime import date, timedelta

import pytest
from tests.banking_samples import eft, line

from superbill.banking import Payment, reconcile
from superbill.banking.days import banking_days_after, holidays
from superbill.banking.subset import sums_to

DAY = date(2026, 11, 2)  # a Monday
ON = DAY + timedelta(days=9)
AETNA, CIGNA = "1123456789", "1987654321"


def after(days):
    return DAY + timedelta(days=days)


def pairs(found):
    return [(each.lines, each.payments, each.how) for each in found.matched]


def test_a_trace_number_finds_its_835_whatever_the_day_and_the_name():
    found = reconcile(
        [line(1, 500_00, after(40), trace="T1", originator=AETNA)],
        [eft("a", 500_00, DAY, trace="t1", originator=AETNA, name="Somebody"), eft("b", 500_00, after(39))],
        on=ON,
    )
    assert pairs(found) == [(("line1",), ("a",), "trace")]


def test_the_same_trace_number_of_another_payer_is_another_payment():
    found = reconcile(
        [line(1, 500_00, DAY, trace="T1", originator=CIGNA)], [eft("a", 500_00, DAY, trace="T1", originator=AETNA)],
        on=ON,
    )  # fmt: skip
    assert found.matched == ()
    assert found.unexplained[0].state == "missing ERA"


def test_a_trace_number_with_another_amount_is_short_and_waits():
    found = reconcile([line(1, 480_00, DAY, trace="T1")], [eft("a", 500_00, DAY, trace="T1")], on=ON)
    assert found.matched == ()
    (short,) = found.candidates
    assert (short.state, short.difference, short.how) == ("short", -20_00, "trace")
    over = reconcile([line(1, 510_00, DAY, trace="T1")], [eft("a", 500_00, DAY, trace="T1")], on=ON)
    assert over.candidates[0].state == "over"


def test_a_trace_number_that_comes_twice_is_paid_twice():
    lines = [line(1, 500_00, DAY, trace="T1"), line(2, 500_00, after(1), trace="T1")]
    found = reconcile(lines, [eft("a", 500_00, DAY, trace="T1")], on=ON)
    assert pairs(found) == [(("line1",), ("a",), "trace")]
    assert [(each.line, each.state) for each in found.unexplained] == [("line2", "duplicate")]
    later = reconcile(lines[1:], [], on=ON, settled={"T1": "line1"})
    assert later.unexplained[0].state == "duplicate"


def test_one_check_explained_by_several_files_and_one_835_paid_in_two_lines():
    several = reconcile(
        [line(1, 500_00, DAY, trace="T1")],
        [eft("a", 200_00, DAY, trace="T1"), eft("b", 300_00, DAY, trace="T1")],
        on=ON,
    )
    assert pairs(several) == [(("line1",), ("a", "b"), "trace")]
    split = reconcile(
        [line(1, 200_00, DAY, trace="T1"), line(2, 300_00, DAY, trace="T1")], [eft("a", 500_00, DAY, trace="T1")], on=ON
    )
    assert pairs(split) == [(("line1", "line2"), ("a",), "trace")]


def test_a_trace_number_in_the_text_counts_when_the_amount_is_the_same():
    lines = [line(1, 500_00, DAY, "CHECK 0000017401 DEPOSITED")]
    assert pairs(reconcile(lines, [eft("a", 500_00, after(-30), trace="0000017401")], on=ON))
    assert not reconcile(lines, [eft("a", 501_00, DAY, trace="0000017401")], on=ON).matched


NAMED = {
    "by a word of its name": ("AETNA LIFE DES:EFT", eft("a", 500_00, DAY, name="Aetna Life Insurance Company")),
    "by its name without blanks": (
        "UNITEDHEALTHCAR DES:HCCLAIMPMT",
        eft("a", 500_00, DAY, name="United Healthcare Ins. Company"),
    ),
    "by its company id": (f"ORIG ID:{AETNA}", eft("a", 500_00, DAY, originator=AETNA, name="Nobody")),
    "by its tax id": (f"CO ID {AETNA[1:]}", eft("a", 500_00, DAY, originator=AETNA, name="Nobody")),
}


@pytest.mark.parametrize("how", NAMED)
def test_amount_payer_and_days_together_are_certain(how):
    text, payment = NAMED[how]
    assert pairs(reconcile([line(1, 500_00, after(2), text)], [payment], on=ON)) == [(("line1",), ("a",), "amount")]


def test_a_common_word_names_nobody():
    found = reconcile(
        [line(1, 500_00, DAY, "UNITED STATE INSURANCE")], [eft("a", 500_00, DAY, name="State Life")], on=ON
    )
    assert found.matched == ()
    assert found.candidates[0].why == "same amount, the text does not name the payer"


def test_the_same_amount_without_the_name_or_too_late_is_never_taken():
    assert not reconcile([line(1, 500_00, DAY, "DEPOSIT")], [eft("a", 500_00, DAY)], on=ON).matched
    late = reconcile([line(1, 500_00, after(11), "AETNA")], [eft("a", 500_00, DAY)], on=ON)
    assert (late.matched, late.candidates) == ((), ())


def test_two_payments_alike_wait_for_a_person_the_nearer_first():
    payments = [eft("a", 500_00, DAY), eft("b", 500_00, after(4))]
    found = reconcile([line(1, 500_00, after(4), "AETNA")], payments, on=ON)
    assert found.matched == ()
    assert [each.payments for each in found.candidates] == [("b",), ("a",)]
    assert {each.candidates for each in found.outstanding} == {1}


def test_the_name_decides_between_equal_amounts():
    payments = [eft("a", 500_00, DAY, name="Aetna"), eft("c", 500_00, DAY, name="Cigna")]
    found = reconcile([line(1, 500_00, DAY, "CIGNA"), line(2, 500_00, DAY, "AETNA")], payments, on=ON)
    assert sorted(pairs(found)) == [(("line1",), ("c",), "amount"), (("line2",), ("a",), "amount")]


def test_another_trace_number_speaks_against_the_same_amount():
    found = reconcile([line(1, 500_00, DAY, "AETNA", trace="T9")], [eft("a", 500_00, DAY, trace="T1")], on=ON)
    assert found.matched == ()
    assert found.candidates[0].why == "same amount, but another trace number"


def test_one_line_for_all_payments_of_a_day():
    payments = [eft("a", 100_00, DAY), eft("b", 250_00, DAY), eft("c", 77_00, after(1)), eft("d", 99_00, DAY, name="Q")]
    found = reconcile([line(1, 350_00, after(1), "AETNA")], payments, on=ON)
    assert pairs(found) == [(("line1",), ("a", "b"), "group")]


def test_several_ways_to_add_up_are_shown_and_none_is_taken():
    payments = [eft("a", 100_00, DAY), eft("b", 250_00, DAY), eft("c", 150_00, after(1)), eft("d", 200_00, after(1))]
    found = reconcile([line(1, 350_00, after(1), "AETNA")], payments, on=ON)
    assert found.matched == ()
    assert {each.payments for each in found.candidates if each.how == "group"} == {("a", "b"), ("c", "d")}


def test_several_lines_of_a_day_for_one_payment():
    lines = [line(1, 100_00, after(1), "AETNA"), line(2, 250_00, after(1), "AETNA")]
    assert pairs(reconcile(lines, [eft("a", 350_00, DAY)], on=ON)) == [(("line1", "line2"), ("a",), "group")]


def test_payments_nearly_the_same_are_offered_as_short():
    card = Payment(key="d", kind="card", amount=1000_00, on=DAY, names=("Merchant",))
    found = reconcile([line(1, 971_00, after(1), "MERCHANT BANKCARD")], [card], on=ON)
    assert [(each.state, each.difference, each.how) for each in found.candidates] == [("short", -29_00, "near")]


def test_refunds_are_matched_with_money_that_left():
    refund = Payment(key="r", kind="out", amount=-40_00, on=DAY, trace="000551")
    found = reconcile([line(1, -40_00, after(60), "CHECK 000551"), line(2, -9_00, DAY, "FEE")], [refund], on=ON)
    assert pairs(found) == [(("line1",), ("r",), "trace")]
    assert found.unexplained[0].state == "money out"


def test_what_is_missing_is_told_with_its_days():
    lines = [line(1, 500_00, DAY, "HCCLAIMPMT"), line(2, 30_00, after(3), "CIGNA"), line(3, 7_00, after(3), "MOBILE")]
    payments = [eft("a", 80_00, DAY), eft("b", 81_00, after(8)), Payment(key="c", kind="check", amount=5_00, on=DAY)]
    found = reconcile(lines, payments, on=after(4), through=after(4), payers=("Cigna",))
    assert [(each.state, each.days, each.overdue) for each in found.unexplained] == [
        ("missing ERA", 4, True), ("missing ERA", 1, False), ("unknown", 1, False),
    ]  # fmt: skip
    assert {each.payment: (each.state, each.days, each.overdue) for each in found.outstanding} == {
        "a": ("missing EFT", 4, True),
        "b": ("not yet", 0, False),
        "c": ("not deposited", 4, True),
    }


def test_a_refund_that_nobody_cashes_is_late_after_six_months():
    refund = Payment(key="r", kind="out", amount=-40_00, on=DAY)
    for days, late in ((20, False), (183, False), (184, True)):
        (waits,) = reconcile([], [refund], on=after(days), through=after(days)).outstanding
        assert (waits.state, waits.overdue) == ("not cleared", late)


def test_three_business_days_pass_over_weekends_and_federal_holidays():
    assert banking_days_after(date(2026, 11, 6), 3) == date(2026, 11, 12)  # Friday; the 11th is Veterans Day
    assert date(2026, 11, 26) in holidays(2026)
    assert date(2027, 7, 5) in holidays(2027)  # the 4th is a Sunday
    assert date(2026, 7, 3) not in holidays(2026)  # the 4th is a Saturday: the Reserve Banks are open on Friday
    assert len(holidays(2026)) == 10
    assert len(holidays(2025)) == 11


def test_a_search_says_when_it_did_not_look_everywhere():
    assert sums_to(5, [2, 3, 4]).found == ((0, 1),)
    assert sums_to(5, [2, 3, 4]).whole
    assert sums_to(-5, [-2, -3]).found == ((0, 1),)
    assert sums_to(5, [5]).found == ()  # one is no sum
    assert not sums_to(10, [1] * 30).whole
    assert not sums_to(20_001, [2 * n for n in range(1000, 1024)]).whole
