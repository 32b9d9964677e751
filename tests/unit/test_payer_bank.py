"""The simulated bank books what the books say it should, some banking days later, and now and then it loses one."""

import csv
import io
from collections import Counter
from datetime import date

import pytest

from superbill.banking import Payment, read_statement, reconcile
from superbill.payer.bank import FEE_TEXT, HEADER, statement

DAY = date(2026, 6, 5)  # a Friday
UNTIL = date(2026, 8, 31)


def of(kind, amount=80_00, *, key="k", on=DAY, trace="", names=()):
    return Payment(key=key, kind=kind, amount=amount, on=on, trace=trace, originator="1399999901", names=names)


def lines(data):
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert all(tuple(row) == HEADER for row in rows)
    return [row for row in rows if row["Description"] != FEE_TEXT]


@pytest.mark.parametrize(
    ("kind", "booked"),
    [("eft", "06/08/2026"), ("deposit", "06/08/2026"), ("card", "06/09/2026"), ("out", "06/11/2026")],
)
def test_money_is_booked_some_banking_days_after_our_date(kind, booked):
    (row,) = lines(statement([of(kind)], UNTIL, 7))
    assert (row["Posting Date"], row["Amount"]) == (booked, "80.00")


@pytest.mark.parametrize(
    ("payment", "text"),
    [
        (of("eft", trace="39", names=("Blue Peak",)), "ACH CREDIT BLUE PEAK HCCLAIMPMT TRN*1*39*1399999901"),
        (of("card"), "MERCHANT BANKCARD DEP"),
        (of("deposit", trace="S12"), "DEPOSIT S12"),
        (of("out", -9_75, key="entry:refund:RF000003:1", trace="5003"), "CHECK PAID 5003"),
        (of("out", -94_40, key="entry:returned:R000072:1", trace="1072"), "RETURNED DEPOSIT ITEM 1072"),
        (of("out", -94_40, key="entry:charged back:R000072:1"), "RETURNED DEPOSIT ITEM"),
    ],
)  # fmt: skip
def test_a_line_says_what_a_bank_says(payment, text):
    (row,) = lines(statement([payment], UNTIL, 7))
    assert row["Description"] == text


def test_what_is_booked_later_is_not_on_it():
    assert lines(statement([of("eft")], DAY, 7)) == []
    assert len(lines(statement([of("eft")], date(2026, 6, 8), 7))) == 1


def test_each_month_with_a_line_has_its_fee_but_the_first():
    payments = [of("deposit", on=date(2026, month, 10), key=str(month)) for month in (4, 6, 7)]
    rows = list(csv.DictReader(io.StringIO(statement(payments, UNTIL, 7).decode())))
    fees = [(row["Posting Date"], row["Amount"]) for row in rows if row["Description"] == FEE_TEXT]
    assert fees == [("06/01/2026", "-15.00"), ("07/01/2026", "-15.00")]
    assert statement([], UNTIL, 7).decode().splitlines() == [",".join(HEADER)]


def test_the_same_payments_make_the_same_bytes_in_whatever_order_they_come():
    payments = [of("eft", 10_00 + number, key=str(number), trace=f"{number:08d}") for number in range(50)]
    assert statement(payments, UNTIL, 7) == statement(reversed(payments), UNTIL, 7)


def test_the_bank_loses_few_payers_payments_and_nothing_that_the_practice_brought():
    payments = [of(kind, key=f"{kind}{number}") for kind in ("eft", "deposit", "card") for number in range(4000)]
    booked = Counter(row["Description"].split()[0] for row in lines(statement(payments, UNTIL, 7)))
    assert (booked["DEPOSIT"], booked["MERCHANT"]) == (4000, 4000)
    assert 10 <= 4000 - booked["ACH"] <= 60


def test_our_own_reader_and_matching_find_every_payment_again():
    payments = [
        of("eft", 120_00, key="e", trace="0000000039", names=("Blue Peak",)),
        of("deposit", 45_00, key="d"),
        of("card", 30_00, key="c"),
        of("out", -9_75, key="entry:refund:RF000003:1", trace="5003"),
        of("out", -94_40, key="entry:returned:R000072:1", trace="1072"),
    ]
    read = read_statement(statement(payments, UNTIL, 7), "bank.csv", account="1")
    found = reconcile(read.lines, payments, on=UNTIL, through=UNTIL)
    assert sorted(key for each in found.matched for key in each.payments) == sorted(each.key for each in payments)
    assert (found.outstanding, found.unexplained) == ((), ())
