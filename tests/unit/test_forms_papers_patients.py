"""Itemized bills, receipts, reminders: what they say adds up, prints, is tagged, and is told in plain words."""

import re
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pypdf import PdfReader
from tests.unit.test_forms_statement import copay_line, deductible_line, facts, statement, words

from superbill.app.statements.models import HoldKind
from superbill.forms import itemized, receipt
from superbill.forms.itemized import ItemizedBill, ItemizedLine, ItemizedVisit
from superbill.forms.receipt import Applied, ReceiptData
from superbill.forms.statement import Guarantor, PracticeParty, render, visits
from superbill.forms.statement.model import Notice
from superbill.forms.statement.view import check_digit, day, reference, view
from superbill.forms.statement.words import assistance, hold_words, notice
from superbill.money import dollars
from superbill.site.policy import DunningLevel, MoneyPolicy
from superbill.site.statement_policy import AssistancePolicy

PRACTICE = PracticeParty(name="Lakeside", address=("12 Harbor Street", "Duluth, MN 55802"), phone="(218) 555-0142")
DAY = date(2026, 11, 21)
LINE = ItemizedLine(
    on=date(2026, 8, 3), code="99214", modifiers=("25",), label="Office visit", units="1", diagnoses=("E11.9", "I10"),
    charge=180_00, insurance_paid=88_00, adjustment=62_00, owed=30_00,
)  # fmt: skip


def bill(count=1, **changes):
    visit = ItemizedVisit(account="A1001", on=date(2026, 8, 3), lines=(LINE,) * 3, provider="Dr. Ama Osei")
    given = {
        "practice": PRACTICE,
        "guarantor": Guarantor(name="Ellen Marsh", address=("9 Elm Court",)),
        "patient": "Toby Marsh",
        "on": DAY,
        "visits": (visit,) * count,
        "npi": "1999999018",
        "tin": "399999999",
    }
    return ItemizedBill(**{**given, **changes})


def pages(pdf):
    return len(PdfReader(BytesIO(pdf)).pages)


def tagged(pdf):
    return PdfReader(BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_an_itemized_bill_tells_codes_units_diagnoses_and_rights():
    pdf = itemized.render(bill(born=date(2015, 2, 3)))
    told = words(pdf)
    for piece in ("99214-25", "for E11.9, I10", "$180.00", "A1001", "1999999018", "39-9999999", "born February 3, 2015",
                  "at least $400 more", "within 120 days", "www.cms.gov/nosurprises"):  # fmt: skip
        assert piece in told, piece
    assert tagged(pdf)
    assert pdf == itemized.render(bill(born=date(2015, 2, 3)))
    assert pages(itemized.render(bill(12))) > 2
    with pytest.raises(ValueError, match="without a visit"):
        itemized.render(bill(visits=()))


def test_an_itemized_bills_totals_are_those_of_its_lines():
    made = bill(4)
    assert made.total(lambda line: line.owed) == 12 * 30_00
    parts = ("insurance_paid", "adjustment", "patient_paid", "with_insurance", "owed")
    assert made.total(lambda line: line.charge) == sum(made.total(lambda line, p=p: getattr(line, p)) for p in parts)


def test_a_receipt_tells_where_the_payment_went():
    parts = (Applied(on=DAY, label="Office visit", amount=30_00, patient="Toby Marsh"),)
    data = ReceiptData(practice=PRACTICE, number="R000012", on=DAY, payer="Ellen Marsh",
                       method="by card, Visa ending in 4242", applied=parts, on_account=5_80)  # fmt: skip
    pdf = receipt.render(data)
    told = words(pdf)
    for piece in ("$35.80", "R000012", "ending in 4242", "$30.00", "Kept on your account", "$5.80"):
        assert piece in told, piece
    assert tagged(pdf)
    assert "came back" not in told
    undone = ReceiptData(practice=PRACTICE, number="R1", on=DAY, payer="E", method="by check", applied=parts,
                         undone="This payment came back from the bank.")  # fmt: skip
    assert "came back from the bank" in words(receipt.render(undone))


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_the_pay_slips_line_passes_the_luhn_formula_and_one_wrong_digit_does_not(number, amount):
    digits = f"{number:09d}{amount:09d}"
    whole = digits + str(check_digit(digits))
    assert luhn(whole)
    for place in (0, 7, 12, 17):
        wrong = whole[:place] + str((int(whole[place]) + 1) % 10) + whole[place + 1 :]
        assert not luhn(wrong)


def luhn(digits):
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_the_slips_line_and_the_code_without_a_payment_page_hold_number_and_amount_alone():
    data = statement()
    assert reference(data)[:19] == f"000020417 {data.amount_due:09d}"
    assert re.fullmatch(r"\d{9} \d{9} \d", reference(data))
    assert "Marsh" not in reference(data)
    assert words(render(data)).count(reference(data)) == 1


def test_what_is_on_hold_is_shown_and_not_asked_for():
    held = replace(facts(9_000, patient=9_000, code="80053"), hold=hold_words()["dispute"].words)
    data = statement(copay_line(), held, previous_balance=0, payments_received=0)
    assert (data.owed, data.on_hold, data.amount_due) == (30_00, 90_00, 30_00)
    assert sum(amount for _, amount in data.aging) == data.owed
    told = words(render(data))
    assert "Not to be paid now." in told
    assert "We are looking into it" in told
    rows = dict(view(data)["sums"])
    assert rows["Not to be paid now (see below)"] == "−$90.00"


@pytest.mark.parametrize("level", MoneyPolicy().dunning, ids=lambda level: level.name)
def test_every_step_of_reminding_has_words_of_its_own_with_amount_and_day(level):
    said = notice(level, "$30.00", day(DAY))
    assert "$30.00" in said.text
    told = words(render(statement(notice=said)))
    assert said.title in told
    assert said.text in told


def test_an_office_may_use_its_own_words_and_names():
    own = DunningLevel(name="last call", days=10, words="Pay {amount} by {due}, {please}.")
    assert notice(own, "$1.00", "May 1, 2026") == Notice("Last call", "Pay $1.00 by May 1, 2026, {please}.")
    assert "past due" in notice(DunningLevel(name="last call", days=10), "$1.00", "May 1, 2026").text


def test_every_kind_of_hold_has_words():
    assert set(hold_words()) == {kind.value for kind in HoldKind}


def test_help_with_the_bill_is_on_the_statement():
    policy = AssistancePolicy(phone="(218) 555-0142", web="help.example", place="our front desk", free_percent=200,
                              discount_percent=400)  # fmt: skip
    told = words(render(statement(assistance=assistance(policy))))
    for piece in ("Help with your bill", "at most 200%", "at most 400%", "help.example", "our front desk"):
        assert piece in told
    assert "poverty" not in " ".join(assistance(AssistancePolicy(phone="1")).text)


def test_two_children_and_long_names_overflow_onto_further_pages():
    name = "Maximiliana-Theodora Wolfeschlegelsteinhausenbergerdorff"
    lines = []
    for number in range(24):
        one = (copay_line, deductible_line)[number % 2]()
        lines.append(replace(one, patient=f"{name} {number % 2}", on=date(2026, 8, 1 + number)))
    data = statement(*lines, guarantor=Guarantor(name=name, address=("c/o " + "Long Street " * 4, "Duluth, MN 55802")))
    pdf = render(data)
    told = words(pdf)
    assert pages(pdf) > 3
    assert told.count("For " + name) == 24
    assert dollars(data.amount_due) in told
    assert data.owed == sum(line.owed for visit in visits(lines) for line in visit.lines)


HARD = re.compile(r"[a-z]{14,}", re.IGNORECASE)


def test_words_for_patients_are_short():
    texts = [one.words for one in hold_words().values()]
    texts += [notice(level, "$1.00", "May 1").text for level in MoneyPolicy().dunning]
    texts += list(assistance(AssistancePolicy(phone="1", free_percent=200, discount_percent=400)).text)
    for text in texts:
        sentences = [part for part in re.split(r"[.?!:]\s", text) if part]
        assert max(len(sentence.split()) for sentence in sentences) <= 26, text
        assert not HARD.search(text), text
