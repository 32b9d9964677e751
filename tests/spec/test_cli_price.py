"""`superbill price`: the steps in words, the documents for machines, and what a person is told who asks amiss."""

import os
import shutil

import pytest
from tests.cli_runs import main, ok
from tests.codesets import embedded_folder
from tests.codesets_samples import store_of
from tests.medicare_samples import DAY, GPCI, LABORATORY, relative_values, row, zip_line

ROWS = (
    row("99213", work="1.00", office="2.00", facility="0.50", malpractice="0.10"),
    row("45378", work="20.00", multiple="2"),
    row("45380", work="25.00", multiple="3", base="45378"),
    row("45385", work="30.00", multiple="3", base="45378"),
    row("0001T", status="C"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("price") / "store"
    shutil.copytree(embedded_folder(), folder, copy_function=os.link)
    files = (
        ("PPRRVU2031_Jul.csv", relative_values(ROWS)), ("GPCI2031.csv", GPCI), ("31CLABQ3.csv", LABORATORY),
        ("ZIP5.txt", zip_line("ZZ", "00001", "99102", "01")),
    )  # fmt: skip
    store_of(folder, *files).close()
    return folder


@pytest.fixture
def price(folder, monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(folder))
    return lambda *args, code=0: ok("price", *args, "--on", DAY, code=code)


def test_the_steps_in_plain_words(price):
    said = price("99213", "--locality", "ZZ", "--provider", "363L00000X").out
    assert "NOWHERE (99102-ZZ-01)" in said and "99213: $25.08" in said
    assert "(work 1.00 × 1.100 + office practice expense 2.00 × 0.900 + malpractice 0.10 × 0.500) × $10.0000" in said
    assert "By a nurse practitioner: 85 %" in said and "CMS 100-04 ch. 12 § 120" in said
    assert "Medicare pays $19.66 after $0.40 of sequestration, the patient $5.02 (20 %)" in said


def test_several_codes_are_services_of_one_day(price):
    said = price("45385", "45380", "45378", "--json").data
    assert [each["price"]["amount"] for each in said["lines"]] == [300_00, 50_00, 0]
    assert [each["price"]["outcome"] for each in said["lines"]] == ["priced", "priced", "bundled"]
    assert said["lines"][2]["payment"] is None


def test_modifiers_units_place_and_charge(price):
    assert "45380-62" in price("45380-62", "--modifier", "lt").out
    assert price("99213", "--units", "2", "--json").data["lines"][0]["price"]["amount"] == 62_00
    assert price("99213", "--place-of-service", "22", "--json").data["lines"][0]["price"]["amount"] == 16_00
    assert price("99213", "--charge", "20.50", "--json").data["lines"][0]["price"]["amount"] == 20_50
    assert "may be charged than $33.87" in price("99213", "--nonparticipating").out


def test_the_locality_of_a_zip_code(price):
    assert price("99213", "--zip", "00001", "--json").data["locality"] == "99102-ZZ-01"


def test_a_laboratory_test_costs_the_patient_nothing(price):
    assert "the patient $0.00 (0 %)" in price("80048").out


def test_a_line_without_a_price_ends_with_1_and_what_to_do(price):
    assert "to do: Ask the contractor" in price("0001T", code=1).out
    assert "Import PPRRVU of the year" in ok("price", "99213", "--on", "2030-01-01", code=1).out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--locality", "99102"), "--locality 99102: no such locality. There are: 99102-YY-01 ELSEWHERE; 99102-ZZ-01"),
        (("--locality", "99102-01"), "--locality 99102-01: 2 localities fit. There are"),
        (("--zip", "99999"), "--zip 99999: not on file. Import ZIP5"),
        (("--zip", "00001", "--locality", "ZZ"), "give one of them"),
        (("--place-of-service", "00"), "--place-of-service 00: no such place"),
        (("--units", "0"), "--units 0: a number greater than 0"),
        (("--units", "1e9"), "--units 1e9: a number greater than 0"),
        (("--minutes", "x"), "--minutes x: a number greater than 0"),
        (("--charge", "1.234"), "--charge: an amount has at most two decimals"),
    ],
)
def test_a_person_is_told_what_is_amiss(price, args, says):
    ended = price("99213", *args, code=2)
    assert says in ended.err and not ended.out


def test_no_indices_no_locality(tmp_path, monkeypatch):
    folder = tmp_path / "store"
    shutil.copytree(embedded_folder(), folder, copy_function=os.link)
    monkeypatch.setenv("SUPERBILL_CODESETS", str(folder))
    ended = main("price", "99213", "--locality", "ZZ", "--on", DAY)
    assert (ended.code, "Import GPCI2031.csv of CMS" in ended.err) == (2, True)
