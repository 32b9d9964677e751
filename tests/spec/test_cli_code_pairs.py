"""`superbill code pairs`: what the tables of edits say of codes side by side. The sample tables of the edits."""

import json

import pytest
from tests.cli_runs import main
from tests.codesets import embedded_folder
from tests.edits_reference import sample_store


@pytest.fixture(autouse=True)
def store(monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(sample_store().folder))


def pairs(*arguments, on="2026-03-02"):
    return main("code", "pairs", *arguments, "--on", on)


def test_codes_side_by_side():
    said = pairs("20610", "20611", "93000", "93005").out
    assert "Pairs of practitioners, 2026Q1" in said
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "20611 20610 2015-01-01 may bypass it More extensive procedure" in lines
    assert "93000 93005 1996-01-01 none bypasses it More extensive procedure" in lines
    assert "20610 2 a day, by likelihood 3 Clinical: Data" in lines
    assert "Add-on codes, 2026Q1: none" in lines


def test_add_on_codes_with_their_primaries_of_the_day():
    told = pairs("22614", "0054t", "--json").data["add_ons"]
    assert [(each["code"], each["kind"], sorted(each["primaries"])) for each in told] == [
        ("0054T", 2, []),
        ("22614", 1, ["22600", "22612"]),
    ]
    (before,) = pairs("22614", "--json", on="2026-03-01").data["add_ons"]
    assert sorted(before["primaries"]) == ["22600", "22610"]


def test_hospitals_have_tables_of_their_own():
    told = pairs("71260", "71250", "27447", "--hospital", "--json").data
    assert [(each["column1"], each["indicator"]) for each in told["pairs"]] == [("71260", 1)]
    assert [(each["code"], each["units"]) for each in told["units"]] == [("27447", 1)]
    assert not pairs("71260", "71250", "--json").data["pairs"]


def test_a_day_without_a_table_is_said():
    said = pairs("20610", on="2026-07-01").out
    assert "There is no table of pairs of practitioners for the day." in said
    assert "There is no table of units of practitioners for the day." in said


def test_without_any_table_it_says_what_to_import(monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))
    ended = pairs("20610")
    assert ended.code == 2 and "superbill codesets import" in ended.err


def test_tables_of_two_quarters_are_compared():
    told = json.loads(
        main("codesets", "diff", "mue-practitioner-2026-01-01-r1", "mue-practitioner-2026-04-01-r1", "--json").out
    )
    assert [(each["kind"], each["code"], each["before"], each["title"]) for each in told["changes"]] == [
        ("revised", "88305", "4 units, MAI 1", "6 units, MAI 1")
    ]
