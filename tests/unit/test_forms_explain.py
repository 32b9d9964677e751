"""Why do I owe this? Every step from the charge to today, in words, with what was owed after it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.claims.model import Adjustment
from superbill.forms.statement import LineFacts, events, explain, steps
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason, balances, reversal
from superbill.remits.posting import LineMoney, post_line

DAY = date(2026, 8, 3)
NAMES = {"blue": "Blue Peak Health", "second": "Second Mutual"}
A = Account


def entry(kind, *moves, key="", on=DAY):
    """`moves`: (account, amount, payer, reason)."""
    postings = tuple(
        Posting(account=account, amount=amount, line="L1", payer=payer, reason=reason)
        for account, amount, payer, reason in moves
    )
    return Entry(key=key or kind, kind=kind, on=on, postings=postings)


def none(account, amount, payer=""):
    return account, amount, payer, Reason()


CHARGE = entry("charge", none(A.INSURANCE, 180_00, "blue"), none(A.CHARGES, -180_00))
SELF_PAY = entry("charge", none(A.PATIENT, 180_00), none(A.CHARGES, -180_00))


def answered(paid, *adjustments, key="answer", balance=180_00):
    money = LineMoney(line="L1", paid=paid, adjustments=adjustments)
    postings = tuple(post_line(money, balance=balance, payer="blue", next_payer=""))
    return Entry(key=key, kind="insurance payment", on=DAY + timedelta(days=20), postings=postings)


USUAL = answered(100_00, Adjustment("CO", "45", 60_00), Adjustment("PR", "3", 20_00))


def told(*entries):
    return [(step.said, step.owed, step.with_insurance) for step in steps(entries, NAMES)["L1"]]


def test_from_the_charge_to_the_copay():
    assert told(CHARGE, USUAL) == [
        ("We charged $180.00. We billed Blue Peak Health.", 0, 180_00),
        (
            "Blue Peak Health paid $100.00. $60.00 came off the price under your plan's contract. "
            "$20.00 is your copay.",
            20_00,
            0,
        ),
    ]


def test_a_bill_without_insurance_says_so():
    assert told(SELF_PAY) == [("We charged $180.00. No insurance was on file for it, so the bill is yours.", 180_00, 0)]


CASES = {
    "paid by card": (
        entry("patient payment", (A.CASH, 20_00, "patient:7", Reason(code="card")), none(A.PATIENT, -20_00)),
        "You paid $20.00 by card.",
        0,
    ),
    "money on account": (
        entry("patient payment", none(A.UNAPPLIED, 20_00, "patient:7"), none(A.PATIENT, -20_00)),
        "We used $20.00 of your money on account.",
        0,
    ),
    "a check that came back": (
        entry("returned payment", none(A.CASH, -5_00, "patient:7"), none(A.PATIENT, 5_00)),
        "Your payment of $5.00 came back from the bank.",
        25_00,
    ),
    "money given back": (
        entry("refund", none(A.CASH, -5_00, "patient:7"), none(A.PATIENT, 5_00)),
        "We paid $5.00 back to you.",
        25_00,
    ),
    "a small rest": (
        entry("write-off", (A.WRITE_OFF, 20_00, "", Reason(code="small-balance")), none(A.PATIENT, -20_00)),
        "We took $20.00 off your bill. We do not collect amounts this small.",
        0,
    ),
    "charity": (
        entry("write-off", none(A.CHARITY, 20_00), none(A.PATIENT, -20_00)),
        "Our financial help paid $20.00.",
        0,
    ),
    "bad debt": (
        entry("write-off", none(A.BAD_DEBT, 20_00), none(A.PATIENT, -20_00)),
        "We closed $20.00 because it was not paid.",
        0,
    ),
    "moved by hand": (
        entry("transfer", (A.PATIENT, 7_00, "", Reason(code="coverage-ended")), none(A.INSURANCE, -7_00, "blue")),
        "We moved $7.00 to you. Your plan says that you were not covered on that day.",
        27_00,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_we_and_the_patient_do(case):
    happened, said, owed = CASES[case]
    assert told(CHARGE, USUAL, happened)[-1][:2] == (said, owed)


def test_a_payer_that_takes_its_money_back():
    back = entry("refund", none(A.CLEARING, -100_00, "blue"), none(A.INSURANCE, 100_00, "blue"))
    assert told(CHARGE, USUAL, back)[-1] == ("We paid $100.00 back to Blue Peak Health.", 20_00, 100_00)
    undone = reversal(USUAL, key="undo", on=DAY)
    said, owed, waiting = told(CHARGE, USUAL, undone)[-1]
    assert said.startswith("We took this back: Blue Peak Health paid $100.00.")
    assert (owed, waiting) == (0, 180_00)


def test_a_refusal_says_why_and_that_it_is_not_owed():
    said, owed, waiting = told(CHARGE, answered(0, Adjustment("CO", "97", 180_00)))[-1]
    assert said.startswith("Blue Peak Health did not pay $180.00. ")
    assert (owed, waiting) == (0, 180_00)


GROUPS = st.sampled_from(["CO", "PR", "OA", "PI"])
CODES = st.sampled_from(["1", "2", "3", "16", "23", "29", "45", "50", "97", "204", "ZZ9"])
ADJUSTMENTS = st.lists(st.builds(Adjustment, GROUPS, CODES, st.integers(1, 12000)), max_size=4)


@given(st.integers(0, 180_00), ADJUSTMENTS, st.booleans(), st.lists(st.sampled_from(sorted(CASES)), max_size=3))
def test_no_balance_moves_without_a_sentence_and_the_last_step_is_what_is_owed(paid, adjustments, undone, after):
    entries = [CHARGE]
    entries += [answered(paid, *adjustments)] if paid or adjustments else []
    entries += [CASES[case][0] for case in dict.fromkeys(after)]
    if undone and len(entries) > 1:
        entries.append(reversal(entries[1], key="undo", on=DAY))
    balance = balances(entries)["L1"]
    facts = LineFacts(on=DAY, code="99213", charge=180_00, balance=balance, events=events(entries, NAMES)["L1"])
    found = explain({"L1": facts}, entries, NAMES, unapplied=5_00)
    walked = found.lines[0].steps
    assert (walked[-1].owed, walked[-1].with_insurance) == (balance.patient, balance.insurance)
    assert found.due == balance.patient - 5_00 == found.lines[0].line.owed - 5_00
    assert [step.entry for step in walked] == [one.key for one in entries]
    assert all(step.said.endswith(".") for step in walked)
