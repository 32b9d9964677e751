"""The small public code lists: what each answers, on which days, and that all are asked alike."""

from datetime import date

import pytest

from superbill.codesets import lists
from superbill.codesets.claim_adjustment_group import lookup as groups
from superbill.codesets.condition_code import lookup as conditions
from superbill.codesets.discharge_status import lookup as discharges
from superbill.codesets.modifier import lookup as modifiers
from superbill.codesets.occurrence_code import lookup as occurrences
from superbill.codesets.occurrence_span_code import lookup as spans
from superbill.codesets.place_of_service import lookup as places
from superbill.codesets.poa_indicator import lookup as poa
from superbill.codesets.point_of_origin import lookup as origins
from superbill.codesets.revenue_code import lookup as revenue
from superbill.codesets.type_of_bill import lookup as bills
from superbill.codesets.value_code import lookup as values
from superbill.x12.code_sets import SHAPES, CodeSet, Refusal


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("0001", "Totals and rate codes: total charge"),
        ("0250", "Pharmacy"),
        ("0253", "Pharmacy: take-home drugs"),
        ("0450", "Emergency room"),
        ("0611", "Magnetic resonance: MRI of the brain"),
        ("0762", "Specialty services: observation hours"),
        ("0636", "Pharmacy, continued: drugs with a HCPCS code"),
        ("3109", "Adult care: other"),
    ],
)
def test_a_revenue_code_is_named_by_category_and_kind(code: str, name: str) -> None:
    found = revenue.revenue_code(code)
    assert found is not None and found.name == name


@pytest.mark.parametrize("code", ["450", "0002", "1450", "", "0o45"])
def test_what_is_no_revenue_code_is_not_found(code: str) -> None:
    assert revenue.revenue_code(code) is None


def test_every_revenue_code_has_its_category_and_no_category_is_empty() -> None:
    used = {code[:3] for code in revenue.all_revenue_codes()}
    assert used == set(revenue.all_categories())


@pytest.mark.parametrize(
    ("system", "code", "last_without", "first_with"),
    [
        ("pos", "10", date(2021, 12, 31), date(2022, 1, 1)),
        ("pos", "27", date(2023, 9, 30), date(2023, 10, 1)),
        ("pos", "66", date(2024, 7, 31), date(2024, 8, 1)),
        ("revenue", "0874", date(2019, 3, 31), date(2019, 4, 1)),
        ("condition_code", "92", date(2023, 12, 31), date(2024, 1, 1)),
        ("occurrence_code", "55", date(2012, 9, 30), date(2012, 10, 1)),
        ("value_code", "85", date(2018, 12, 31), date(2019, 1, 1)),
        ("discharge_status", "86", date(2013, 9, 30), date(2013, 10, 1)),
        ("point_of_origin", "G", date(2020, 6, 30), date(2020, 7, 1)),
        ("modifier", "JZ", date(2022, 12, 31), date(2023, 1, 1)),
        ("modifier", "XS", date(2014, 12, 31), date(2015, 1, 1)),
        ("type_of_bill", "0871", date(2020, 12, 31), date(2021, 1, 1)),
    ],
)
def test_a_code_begins_on_its_day(system: str, code: str, last_without: date, first_with: date) -> None:
    assert lists.look_up(system, code, last_without) is None
    assert lists.look_up(system, code, first_with) is not None


@pytest.mark.parametrize(
    ("system", "code", "last"),
    [
        ("point_of_origin", "7", date(2010, 6, 30)),
        ("newborn_origin", "1", date(2007, 9, 30)),
        ("modifier", "L1", date(2016, 12, 31)),
        ("modifier", "21", date(2008, 12, 31)),
        ("condition_code", "75", date(1990, 4, 15)),
        ("bill_type", "33", date(2013, 9, 30)),
        ("poa_indicator", "1", date(2011, 12, 31)),
    ],
)
def test_a_code_ends_on_its_day(system: str, code: str, last: date) -> None:
    assert lists.look_up(system, code, last) is not None
    assert lists.look_up(system, code, date.fromordinal(last.toordinal() + 1)) is None
    assert lists.look_up(system, code) is not None


def test_the_parts_of_a_type_of_bill() -> None:
    found = bills.type_of_bill("0117")
    assert found is not None
    assert (found.facility, found.classification.name) == ("Hospital", "Hospital inpatient")
    assert found.frequency.code == bills.REPLACES
    assert found.classification.inpatient
    assert found.name == "Hospital inpatient; replaces an earlier claim"
    outpatient = bills.type_of_bill("0131")
    assert outpatient is not None and not outpatient.classification.inpatient


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("131", "'131' is not a zero, two digits and a frequency"),
        ("1311", "'1311' is not a zero, two digits and a frequency"),
        ("013", "'013' is not a zero, two digits and a frequency"),
        ("0A31", "'0A31' is not a zero, two digits and a frequency"),
        ("0131 ", "'0131 ' is not a zero, two digits and a frequency"),
        ("0511", "'5' in '0511' is no kind of facility"),
        ("0191", "Hospital bills no '19'"),
        ("0136", "'6' in '0136' is no claim frequency"),
    ],
)
def test_why_a_type_of_bill_is_none(code: str, reason: str) -> None:
    assert bills.refusal(code) == reason
    assert bills.type_of_bill(code) is None


def test_a_type_of_bill_of_another_time() -> None:
    assert bills.refusal("0331", date(2013, 9, 30)) is None
    assert bills.refusal("0331", date(2013, 10, 1)) == "'33' was not in use on 2013-10-01"


def test_a_newborn_comes_from_elsewhere() -> None:
    adult, newborn = origins.origin("5"), origins.origin("5", newborn=True)
    assert adult is not None and "nursing" in adult.name
    assert newborn is not None and newborn.name == "Born in this hospital"
    assert origins.origin("8", newborn=True) is None


def test_a_planned_readmission_means_what_its_plain_status_means() -> None:
    planned = {row.code: row for row in discharges.all_statuses().values() if row.planned}
    assert sorted(planned) == [str(code) for code in range(81, 96)]
    for row in planned.values():
        plain = discharges.discharge_status(row.planned)
        assert plain is not None and row.kind == plain.kind
        assert row.name == f"{plain.name}, readmission planned"


def test_who_died() -> None:
    assert [row.code for row in discharges.all_statuses().values() if row.died] == ["20", "40", "41", "42"]


@pytest.mark.parametrize(
    ("code", "side"), [("LT", "left"), ("RT", "right"), ("50", "both"), ("E3", "right"), ("TA", "left"), ("59", "")]
)
def test_the_side_a_modifier_names(code: str, side: str) -> None:
    found = modifiers.modifier(code)
    assert found is not None and found.side == side


def test_every_finger_and_toe_and_eyelid_has_its_side() -> None:
    for found in modifiers.all_modifiers().values():
        says = [side for side in ("left", "right") if side in found.name.lower().split()]
        if found.payment == "anatomic" and "artery" not in found.name:
            assert [found.side] == says, found.code
        elif found.side != "both":
            assert not found.side, found.code


@pytest.mark.parametrize(
    ("code", "payment"),
    [("25", "pricing"), ("TC", "pricing"), ("FA", "anatomic"), ("GC", "informational"), ("CK", "statistical")],
)
def test_what_a_modifier_does_to_the_payment(code: str, payment: str) -> None:
    found = modifiers.modifier(code)
    assert found is not None and found.payment == payment


def test_an_ambulance_trip_is_two_letters() -> None:
    found = modifiers.trip("RH")
    assert found is not None and found.name == "Residence to hospital"
    assert modifiers.trip("SX") is not None
    assert modifiers.trip("XH") is None
    assert modifiers.trip("ZZ") is None
    assert modifiers.trip("R") is None


def test_the_value_of_a_value_code_is_money_or_a_number() -> None:
    money, weight = values.value_code("A1"), values.value_code("54")
    assert money is not None and money.measure == "money"
    assert weight is not None and weight.measure == "number"
    assert {row.measure for row in values.all_value_codes().values()} == {"money", "number"}


def test_the_other_lists_answer_too() -> None:
    assert [code for code in ["CO", "CR", "OA", "PI", "PR"] if groups.group(code) is None] == []
    assert groups.group("XX") is None
    assert [code for code in "YNUW" if poa.indicator(code, date(2026, 1, 1)) is None] == []
    assert conditions.condition("44") is not None and conditions.condition("13") is None
    assert occurrences.occurrence("11") is not None and occurrences.occurrence("70") is None
    assert spans.span("70") is not None and spans.span("11") is None
    assert places.place("11") is not None


def test_every_name_is_short_and_every_code_as_wide_as_its_list() -> None:
    for each in lists.systems():
        for row in each.codes().values():
            assert row.system == each.system
            assert row.name == row.name.strip() != "", row
            assert each.width in (0, len(row.code)), row
            if each.owner in {"NUBC", "CMS, AMA"} and each.system != "type_of_bill":
                assert 1 <= len(row.name.split()) <= 12, row
            assert row.valid.start is None or row.valid.end is None or row.valid.start <= row.valid.end


def test_all_lists_are_asked_alike() -> None:
    assert len(lists.systems()) == 21
    assert lists.look_up("revenue", "450") == lists.look_up("revenue", "0450")
    assert lists.look_up("occurrence-span", "m0") == spans.span("M0")
    assert lists.look_up("pos", "1") == lists.look_up("pos", "01")
    assert lists.look_up("pos", "30") is None
    reason = lists.look_up("adjustment_reason", "45")
    assert reason is not None and reason.note == "contractual"
    laterality = lists.look_up("modifier", "rt")
    assert laterality is not None and laterality.note == "anatomic; right"


def test_an_unknown_list_is_told_from_an_unknown_code() -> None:
    with pytest.raises(lists.UnknownList, match=r"^'colors' is no code list\. There are: adjustment_group, "):
        lists.look_up("colors", "1")


def test_a_list_serves_the_x12_engine_as_a_table() -> None:
    sets = SHAPES.with_sets(
        revenue=CodeSet("revenue code", "X12 132", lambda _code, _on: True, lists.check("revenue")),
        modifier=CodeSet("modifier", "X12 130, 133", lambda _code, _on: True, lists.check("modifier")),
    )
    assert sets.refusal("revenue", "0450", date(2026, 1, 1)) is None
    assert sets.refusal("revenue", "0450") is None
    unknown = sets.refusal("revenue", "0999X")
    assert unknown is not None and unknown == Refusal("revenue code '0999X' is not on file", certain=False)
    early = sets.refusal("modifier", "JZ", date(2022, 12, 31))
    assert early is not None and early.reason == "procedure modifier 'JZ' was not in use on 2022-12-31"
    with pytest.raises(lists.UnknownList):
        lists.check("colors")


def test_a_list_is_searched_by_the_beginnings_of_words() -> None:
    assert [row.code for row in lists.search("revenue", "mri")] == ["0611", "0612", "0614"]
    assert [row.code for row in lists.search("revenue", "BRAIN reson")] == ["0611"]
    assert [row.code for row in lists.search("pos", "tele")] == ["02", "10"]
    assert [row.code for row in lists.search("pos", "tele", date(2021, 6, 1))] == ["02"]
    assert list(lists.search("pos", "ele")) == []
    assert [row.code for row in lists.search("admission_type", "")] == list("123459")
