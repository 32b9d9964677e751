"""Who pays for a visit, and in which order."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.claims_makers import MOTHER, PAYERS, chart, coverage, encounter

from superbill.chart.model import AccidentRecord
from superbill.claims import order_coverages
from superbill.effective import Period


def order(*coverages, accident=None, **more):
    visit = encounter(accident=accident, **more.pop("visit", {}))
    return order_coverages(chart(*coverages, **more), visit, PAYERS.get)


def names(result):
    return [(one.payer.key, one.subscriber.responsibility) for one in result.coverages]


def rules(result):
    return [finding.rule for finding in result.findings]


def test_the_chart_s_order_decides():
    assert names(order(coverage("second", 2), coverage("buckeye", 1))) == [("buckeye", "P"), ("second", "S")]


def test_a_supplement_pays_after_medicare_and_medicaid_after_everybody():
    result = order(coverage("medicaid", 1), coverage("medigap", 2), coverage("medicare", 3))
    assert names(result) == [("medicare", "P"), ("medigap", "S"), ("medicaid", "T")]


def test_a_supplement_alone_is_a_warning():
    assert rules(order(coverage("medigap"))) == ["claims.supplement-alone"]


@pytest.mark.parametrize(
    "born, reason",
    [(date(1950, 1, 1), "12"), (date(1980, 1, 1), "43"), (date(1961, 3, 2), "12"), (date(1961, 3, 3), "43")],
)
def test_medicare_behind_an_employer_s_plan_says_why(born, reason):
    first, second = order(coverage("buckeye", 1), coverage("medicare", 2), born=born).coverages
    assert (first.subscriber.insurance_type, second.subscriber.insurance_type) == ("", reason)


def test_medicare_first_gives_no_reason():
    assert order(coverage("medicare")).coverages[0].subscriber.insurance_type == ""


@pytest.mark.parametrize("kind, key", [("employment", "compensation"), ("auto", "motor")])
def test_the_accident_s_payer_pays_alone(kind, key):
    accident = AccidentRecord(kind=kind, on=date(2026, 3, 1), claim_number="C-1")
    result = order(coverage("buckeye"), coverage("compensation", 2), coverage("motor", 3), accident=accident)
    assert names(result) == [(key, "P")]
    assert result.coverages[0].subscriber.property_casualty_claim_number == "C-1"


def test_without_accident_its_payers_don_t_pay():
    assert names(order(coverage("compensation", 1), coverage("buckeye", 2))) == [("buckeye", "P")]


def test_a_work_accident_without_its_payer_is_held_and_an_auto_accident_is_not():
    work = order(coverage("buckeye"), accident=AccidentRecord(kind="employment", on=date(2026, 3, 1)))
    assert not work.coverages and not work.self_pay and rules(work) == ["claims.accident-payer"]
    auto = order(coverage("buckeye"), accident=AccidentRecord(kind="auto", on=date(2026, 3, 1)))
    assert names(auto) == [("buckeye", "P")] and rules(auto) == ["claims.accident-payer"]


@pytest.mark.parametrize(
    "period, pays",
    [
        (Period(date(2026, 3, 2), None), True),
        (Period(None, date(2026, 3, 2)), True),
        (Period(date(2026, 3, 3), None), False),
        (Period(None, date(2026, 3, 1)), False),
    ],
)
def test_only_what_is_in_force_on_the_day_pays(period, pays):
    result = order(coverage("buckeye", period=period))
    assert bool(result.coverages) is pays
    if not pays:
        assert result.self_pay and rules(result) == ["claims.coverage-not-in-force"]


@pytest.mark.parametrize("word", ["self-pay", "NO_INSURANCE", " Self Pay "])
def test_a_visit_registered_as_self_pay_is_no_claim(word):
    assert order(coverage("buckeye"), visit={"payer_hint": word}).self_pay
    assert order(replace(coverage("buckeye"), payer=word)).self_pay


def test_a_payer_that_nobody_knows_and_an_insured_without_name_hold_the_visit():
    assert rules(order(coverage("nobody"))) == ["claims.payer-unknown"]
    assert rules(order(coverage("buckeye", relationship="child"))) == ["claims.subscriber-missing"]


def test_of_two_insured_parents_the_one_born_earlier_in_the_year_is_first():
    father = replace(MOTHER, name=replace(MOTHER.name, given=("Luis",)), birth_date=date(1993, 2, 1))
    result = order(
        coverage("buckeye", relationship="child", subscriber=MOTHER),
        coverage("second", relationship="child", subscriber=father),
        born=date(2020, 1, 1),
    )
    assert names(result) == [("second", "P"), ("buckeye", "S")]
