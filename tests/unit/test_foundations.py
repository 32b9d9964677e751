"""Cents, identifiers, dated values and findings: what every other room counts on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill import identifiers
from superbill.effective import Dated, Period, dated_table
from superbill.findings import Finding, Place, Severity, errors, header, line
from superbill.money import MoneyError, decimal_dollars, dollars, parse_dollars, portion, split, times

cents = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    "text, amount",
    [("12", 1200), ("12.3", 1230), ("-.05", -5), ("0", 0), (" 7.10 ", 710), ("12.3400", 1234), ("+4.", 400)],
)
def test_a_decimal_dollar_amount_is_exact_cents(text, amount):
    assert parse_dollars(text) == amount


@pytest.mark.parametrize("text", ["", ".", "1.005", "1e3", "12,50", "$5", "NaN", "--1", "1.2.3", "٣", "9" * 17])
def test_what_is_not_an_exact_amount_is_refused(text):
    with pytest.raises(MoneyError):
        parse_dollars(text)


@given(cents)
def test_an_amount_survives_writing_and_reading(amount):
    text = decimal_dollars(amount)
    assert parse_dollars(text) == amount
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize("amount, text", [(123450, "$1,234.50"), (-5, "($0.05)"), (0, "$0.00")])
def test_people_read_dollars_with_two_decimals(amount, text):
    assert dollars(amount) == text


@given(cents, st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_a_split_adds_up_and_is_fair(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        if whole:
            assert abs(part * whole - total * weight) < whole


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_without_sensible_weights_is_refused(weights):
    with pytest.raises(MoneyError):
        split(100, weights)


@pytest.mark.parametrize(
    "amount, rate, part", [(8333, "0.20", 1667), (8332, "0.20", 1666), (125, "0.5", 63), (-125, "0.5", -63)]
)
def test_a_portion_rounds_half_up_to_the_cent(amount, rate, part):
    assert portion(amount, Decimal(rate)) == part


def test_a_charge_is_price_times_units():
    assert times(1500, Decimal("2.5")) == 3750


def test_the_npi_of_the_standard_passes_and_its_neighbours_fail():
    # CMS's own worked example of the check digit.
    assert identifiers.npi("123456789") == "1234567893"
    assert identifiers.is_npi("1234567893")
    assert not identifiers.is_npi("1234567890")
    assert not identifiers.is_npi("3234567893")
    assert not identifiers.is_npi("123456789３")


@given(st.from_regex(r"[12]\d{8}", fullmatch=True).filter(str.isascii), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_makes_another_npi(nine, place, step):
    right = identifiers.npi(nine)
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    assert identifiers.is_npi(right)
    assert not identifiers.is_npi(wrong)


@pytest.mark.parametrize(
    "check, good, bad",
    [
        (identifiers.is_tin, "311234567", "31-1234567"),
        (identifiers.is_ein, "311234567", "071234567"),
        (identifiers.is_ssn, "123456789", "666456789"),
        (identifiers.is_clia, "05D1234567", "05E1234567"),
        (identifiers.is_taxonomy, "207Q00000X", "207Q00000"),
        (identifiers.is_zip, "432150001", "43215-0001"),
        (identifiers.is_procedure_code, "99213", "9921"),
        (identifiers.is_procedure_code, "0001A", "0001B"),
        (identifiers.is_procedure_code, "3044F", "3044f"),
        (identifiers.is_procedure_code, "0075T", "E11.9"),
        (identifiers.is_procedure_code, "0241U", "U07.1"),
        (identifiers.is_procedure_code, "0002M", "I10"),
        (identifiers.is_procedure_code, "G0439", "D0120"),
    ],
)
def test_each_identifier_has_its_shape(check, good, bad):
    assert check(good)
    assert not check(bad)


def test_a_nine_digit_start_that_cannot_begin_an_npi_is_refused():
    with pytest.raises(ValueError, match="first 1 or 2"):
        identifiers.npi("923456789")


DAY = date(2024, 10, 1)


def test_a_dated_value_changes_on_its_day_and_null_ends_it():
    fee = Dated([(DAY, 100), (date(2025, 1, 1), None)])
    assert fee.on(DAY - timedelta(days=1)) is None
    assert fee.on(DAY) == 100
    assert fee.on(date(2024, 12, 31)) == 100
    assert fee.on(date(2025, 1, 1)) is None


@given(st.dictionaries(st.dates(), st.integers(), min_size=1), st.dates())
def test_the_value_in_force_is_the_latest_that_has_begun(steps, day):
    begun = [start for start in steps if start <= day]
    assert Dated(steps.items()).on(day) == (steps[max(begun)] if begun else None)


def test_two_values_on_one_day_are_refused():
    with pytest.raises(ValueError, match="two values"):
        Dated([(DAY, 1), (DAY, 2)])


def test_a_dated_table_reads_iso_days():
    assert dated_table({"2024-10-01": 5, "2025-01-01": None}, int).steps == [(DAY, 5), (date(2025, 1, 1), None)]


def test_a_period_includes_both_its_days():
    period = Period(DAY, DAY)
    assert DAY in period
    assert DAY + timedelta(days=1) not in period
    assert DAY in Period()


def test_a_finding_reads_as_a_sentence_with_its_place():
    found = Finding(
        rule="claim.npi",
        severity=Severity.ERROR,
        where=line(2, "rendering NPI"),
        message="The NPI 1234567890 fails its check digit.",
        fix="Correct it in the provider's entry.",
    )
    assert str(found) == (
        "line 2, rendering NPI: The NPI 1234567890 fails its check digit. Correct it in the provider's entry."
    )
    assert str(Place(file="a.835", position=1204, loop="2110")) == "a.835:1,204, loop 2110"
    assert errors([found]) == [found]
    assert str(header("payer")) == "payer"
