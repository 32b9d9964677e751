"""What the edits of pairs, units and add-on codes tell a biller, and that none puts on a modifier by a click."""

from datetime import date

import pytest
from tests.edits_reference import sample_reference

from superbill.codesets.modifier.lookup import modifier
from superbill.edits import NO_REFERENCE, RULES, check, not_checked
from superbill.edits.cases import made
from superbill.edits.ncci.bypass import bypass
from superbill.edits.reference import Reference
from superbill.findings import Severity

MODIFIERS_OF_NCCI = (
    "24 25 27 57 58 59 78 79 91 E1 E2 E3 E4 F1 F2 F3 F4 F5 F6 F7 F8 F9 FA LC LD LM LT RC RI RT "
    "T1 T2 T3 T4 T5 T6 T7 T8 T9 TA XE XP XS XU"
)
BEFORE = [{"control_number": "A0999P1", "line1.code": "20610", "line1.control_number": "A0999-1"}]


def finding(rule: str, words: dict):
    (one,) = [each for each in check(*made(words, sample_reference())) if each.rule == rule]
    return one


def test_a_pair_names_both_codes_the_indicator_the_table_and_what_to_do() -> None:
    one = finding("ncci.pair", {"line1.code": "20611", "line2.code": "20610"})
    assert (one.where.service_line, one.severity) == (2, Severity.ERROR)
    assert one.message == (
        "20610 is not paid beside 20611 of line 1 on 2026-03-02: NCCI practitioner table 2026Q1, since 2015-01-01, "
        "indicator 1, modifier allowed (More extensive procedure)."
    )
    assert one.fix.startswith("Bill 20611 alone, or, only where the record shows another site") and "59" in one.fix
    assert "NCCI Policy Manual" in one.source and one.why


def test_where_no_modifier_helps_none_is_spoken_of() -> None:
    one = finding("ncci.pair", {"line1.code": "93000", "line2.code": "93005", "line2.modifiers": ["59"]})
    assert one.fix == "Bill 93000 alone: no modifier lets both be paid."


def test_a_visit_is_told_of_25() -> None:
    one = finding("ncci.pair", {"line1.code": "12001", "line2.code": "99213"})
    assert "25 on 99213" in one.fix and "59" not in one.fix


def test_before_july_2019_the_modifier_stands_on_column_2() -> None:
    words = {
        "line1.code": "64721", "line1.day": date(2019, 6, 30), "line2.code": "64719", "line2.day": date(2019, 6, 30),
    }  # fmt: skip
    assert "says so on 64719:" in finding("ncci.pair", words).fix
    assert "says so on 64719 or 64721:" in finding(
        "ncci.pair", words | {"line1.day": date(2019, 7, 1), "line2.day": date(2019, 7, 1)}
    ).fix  # fmt: skip


def test_column_2_that_was_paid_before_is_a_warning_of_what_is_taken_back() -> None:
    one = finding("ncci.pair-earlier", {"line1.code": "20611", "context.history": BEFORE})
    assert one.severity is Severity.WARNING and "A0999P1" in one.message and "frequency 7" in one.fix


def test_units_of_a_day_name_the_claims_they_are_on() -> None:
    before = [BEFORE[0] | {"line1.code": "27447"}]
    one = finding("mue.day", {"line1.code": "27447", "context.history": before})
    assert one.message == (
        "2 units of 27447 on 2026-03-02, 1 of them on claim A0999P1; the MUE is 1 on a day "
        "(practitioner table 2026Q1, MAI 2, Anatomic Consideration)."
    )


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("medicare", Severity.WARNING), ("commercial", Severity.WARNING), ("auto", Severity.WARNING)],
)
def test_units_above_what_is_likely_can_be_won_by_appeal(kind: str, severity: Severity) -> None:
    one = finding("mue.likely", {"context.kind": kind, "line1.code": "97110", "line1.units": "7"})
    assert one.severity is severity and "appeal" in one.fix


def test_units_above_policy_can_not_be_won() -> None:
    one = finding("mue.day", {"line1.code": "11721", "line1.units": "2"})
    assert one.severity is Severity.ERROR and "on appeal neither" in one.fix


@pytest.mark.parametrize(
    "words",
    [
        {"line1.code": "27447", "line1.modifiers": ["RT"], "line2.modifiers": ["LT"]},
        {"line1.code": "27447", "line1.modifiers": ["50"], "line1.units": "2"},
    ],
    ids=["a line for each side", "two units with 50"],
)
def test_both_sides_go_on_one_line_with_one_unit(words: dict) -> None:
    assert finding("mue.day", words).fix == "Bill a bilateral procedure on one line with 50 and one unit."


def test_a_supplier_without_its_table_is_held_to_that_of_practitioners() -> None:
    words = {"billing.taxonomy": "332B00000X", "line1.code": "88305", "line1.units": "5"}
    reference = Reference(sample_reference().store)
    reference.__dict__["units"] = {"practitioner": sample_reference().units["practitioner"]}
    assert "mue.line" in {one.rule for one in check(*made(words, reference))}


def test_an_add_on_code_names_its_primaries_and_what_cms_says() -> None:
    one = finding("add_on.primary-missing", {"line1.code": "22614"})
    assert "(22600, 22612)" in one.fix  # 22610 ended the day before
    assert "Contractor Defined" in finding("add_on.alone", {"line1.code": "0054T"}).fix


def test_no_modifier_is_put_on_by_a_click() -> None:
    for words in (
        {"line1.code": "20611", "line2.code": "20610"},
        {"line1.code": "12001", "line2.code": "99213"},
        {"line1.code": "27447", "line1.modifiers": ["RT"], "line2.modifiers": ["LT"]},
        {"line1.code": "88305", "line1.units": "5"},
        {"line1.code": "11001"},
    ):
        found = check(*made(words, sample_reference()))
        mine = [one for one in found if one.rule.split(".")[0] in ("ncci", "mue", "add_on")]
        assert mine and all(not one.changes for one in mine)


def test_the_modifiers_that_bypass_are_those_of_the_policy_manual() -> None:
    known = bypass()
    assert sorted(known.anatomic | known.distinct | known.others) == sorted(MODIFIERS_OF_NCCI.split())
    assert all(modifier(each, date(2026, 3, 2)) for each in MODIFIERS_OF_NCCI.split())


@pytest.mark.parametrize(
    ("day", "reference", "families"),
    [
        (date(2026, 3, 2), lambda: NO_REFERENCE, {"ncci", "mue", "add_on"}),
        (date(2026, 4, 1), sample_reference, {"ncci"}),
        (date(2026, 7, 1), sample_reference, {"ncci", "mue"}),
    ],
    ids=["no table at all", "a day after the newest pairs", "a day after the newest units"],
)
def test_without_a_table_for_the_day_the_edit_is_told_as_not_checked(day, reference, families) -> None:
    words = {"line1.code": "20611", "line1.day": day, "line2.code": "20610", "line2.day": day, "context.today": day}
    claim, context = made(words, reference())
    lacking = (RULES[rule] for rules in not_checked(claim, context).values() for rule in rules)
    missing = {rule.family for rule in lacking} & {"ncci", "mue", "add_on"}
    assert missing == families
    assert not {one.rule.split(".")[0] for one in check(claim, context)} & families
