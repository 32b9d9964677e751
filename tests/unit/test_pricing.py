"""Prices: what is charged, what is allowed, and what is left to the patient."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.effective import Dated
from superbill.pricing import (
    Accumulators,
    Allowed,
    Benefits,
    ChargeMasterError,
    FeeSchedule,
    PatientShare,
    read_charge_master,
    service_kind,
    simple_contract,
)
from superbill.pricing.code_ranges import CodeRanges

DAY = date(2026, 3, 2)
HEADER = "code,modifier,start,charge"


def master(*rows):
    return read_charge_master([HEADER, *rows])


def test_a_charge_holds_from_its_day_until_the_next():
    prices = master("99213,,2025-01-01,200", "99213,,2026-01-01,210.50", "99213,,2027-01-01,")
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1)]
    assert [prices.price("99213", day) for day in days] == [None, 200_00, 200_00, 210_50, None]


def test_a_modifier_has_its_own_charge_where_it_is_priced_apart():
    prices = master("93000,,2025-01-01,100", "93000,26,2025-01-01,40")
    assert prices.price("93000", DAY, ("26",)) == 40_00
    assert prices.price("93000", DAY, ("59", "26")) == 40_00
    assert prices.price("93000", DAY, ("59",)) == 100_00


def test_the_charge_of_a_line_counts_its_units():
    assert master("97110,,2025-01-01,65.25").charge("97110", DAY, units=Decimal(3)) == (195_75, ())
    assert master("J1885,,2025-01-01,18").charge("J1885", DAY, units=Decimal("0.5"))[0] == 9_00


@pytest.mark.parametrize(
    ("code", "day", "says"),
    [
        ("99999", DAY, "99999 has no charge on 2026-03-02: it is not in the charge master."),
        (
            "99213",
            date(2024, 1, 1),
            "99213 has no charge on 2024-01-01: its first charge starts later or it has ended.",
        ),
    ],
)
def test_a_code_without_a_charge_is_a_finding_that_names_its_line(code, day, says):
    charge, findings = master("99213,,2025-01-01,200").charge(code, day, number=2)
    assert charge is None
    assert [(each.rule, each.message, each.where.service_line) for each in findings] == [("pricing.no-charge", says, 2)]
    assert code in findings[0].fix


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["code,charge"], "charge_master.csv:1: the columns must be code,modifier,start,charge"),
        ([], "charge_master.csv:1: the columns"),
        ([HEADER, "99213,,2025-01-01"], "charge_master.csv:2: a row has 4 fields, this one 3"),
        ([HEADER, "99213,,01/02/2025,200"], "charge_master.csv:2: start is not a day"),
        ([HEADER, "99213,,2025-01-01,two"], "charge_master.csv:2: charge: not an amount"),
        ([HEADER, "99213,,2025-01-01,-5"], "charge_master.csv:2: the charge of 99213 must be more than zero"),
        ([HEADER, "99213,,2025-01-01,0"], "charge_master.csv:2: the charge of 99213 must be more than zero"),
        ([HEADER, ",,2025-01-01,5"], "charge_master.csv:2: no code"),
        ([HEADER, "1,,2025-01-01,5", "", "1,,2025-01-01,6"], "charge_master.csv:4: 1 has two charges from 2025-01-01"),
    ],
)
def test_a_charge_master_that_can_not_be_meant_names_the_line(rows, says):
    with pytest.raises(ChargeMasterError) as caught:
        read_charge_master(rows)
    assert str(caught.value).startswith(says)


def contract(*schedules):
    return simple_contract("plan", schedules, Dated([(date(2025, 1, 1), Decimal("0.6"))]))


def test_the_first_schedule_with_a_fee_decides_and_the_rest_is_a_part_of_the_charge():
    special = FeeSchedule("special", {"99213": Dated([(date(2026, 1, 1), 90_00)])})
    usual = FeeSchedule("usual", {"99213": Dated([(date(2025, 1, 1), 80_00)]), "99214": Dated([(DAY, 120_00)])})
    both = contract(special, usual)

    def allowed(code, day):
        return both.allowed(code, charge=200_00, units=Decimal(1), day=day)

    assert allowed("99213", DAY) == Allowed(90_00, "special")
    assert allowed("99213", date(2025, 6, 1)) == Allowed(80_00, "usual")
    assert allowed("99214", DAY) == Allowed(120_00, "usual")
    assert allowed("99215", DAY) == Allowed(120_00, "percent of charge")
    assert allowed("99215", date(2024, 1, 1)) is None


def test_a_fee_is_per_unit_and_never_above_the_charge():
    fees = contract(FeeSchedule("fees", {"97110": Dated([(DAY, 30_00)]), "97110-GP": Dated([(DAY, 25_00)])}))
    assert fees.allowed("97110", charge=200_00, units=Decimal(2), day=DAY).amount == 60_00
    assert fees.allowed("97110", charge=200_00, units=Decimal(2), day=DAY, modifiers=("GP",)).amount == 50_00
    assert fees.allowed("97110", charge=20_00, units=Decimal(2), day=DAY).amount == 20_00


PLAN = Benefits(
    copay={"office": 30_00},
    deductible=500_00,
    coinsurance=Decimal("0.20"),
    out_of_pocket_maximum=1_000_00,
    no_deductible=("laboratory",),
)


@pytest.mark.parametrize(
    ("kind", "allowed", "before", "share"),
    [
        ("office", 120_00, Accumulators(), PatientShare(copay=30_00)),
        ("office", 20_00, Accumulators(), PatientShare(copay=20_00)),
        ("imaging", 300_00, Accumulators(), PatientShare(deductible=300_00)),
        ("imaging", 600_00, Accumulators(), PatientShare(deductible=500_00, coinsurance=20_00)),
        ("imaging", 300_00, Accumulators(400_00, 400_00), PatientShare(deductible=100_00, coinsurance=40_00)),
        ("imaging", 300_00, Accumulators(500_00, 500_00), PatientShare(coinsurance=60_00)),
        ("imaging", 300_00, Accumulators(500_00, 990_00), PatientShare(coinsurance=10_00)),
        ("imaging", 300_00, Accumulators(500_00, 1_000_00), PatientShare()),
        ("imaging", 700_00, Accumulators(0, 900_00), PatientShare(deductible=100_00)),
        ("office", 120_00, Accumulators(500_00, 1_000_00), PatientShare()),
        ("laboratory", 50_00, Accumulators(), PatientShare(coinsurance=10_00)),
        ("imaging", 0, Accumulators(), PatientShare()),
        ("imaging", 83_33, Accumulators(500_00, 500_00), PatientShare(coinsurance=16_67)),
    ],
)
def test_the_patient_pays_copay_or_deductible_then_coinsurance_up_to_the_maximum(kind, allowed, before, share):
    assert PLAN.share(allowed, kind, before) == share


def test_a_copay_is_taken_once_a_visit():
    assert PLAN.share(120_00, "office", Accumulators(), copay_due=False) == PatientShare()


kinds = st.sampled_from(["office", "laboratory", "imaging", "other", "emergency"])
amounts = st.integers(0, 5_000_00)
plans = st.builds(
    Benefits,
    copay=st.dictionaries(kinds, st.integers(0, 300_00), max_size=3),
    deductible=st.integers(0, 3_000_00),
    coinsurance=st.decimals(0, 1, places=2),
    out_of_pocket_maximum=st.none() | st.integers(0, 4_000_00),
    no_deductible=st.lists(kinds, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(plan=plans, services=st.lists(st.tuples(kinds, amounts), max_size=30))
def test_no_share_is_more_than_allowed_and_no_year_more_than_its_limits(plan, services):
    before = Accumulators()
    for kind, allowed in services:
        share = plan.share(allowed, kind, before)
        assert min(share.copay, share.deductible, share.coinsurance) >= 0
        assert share.total <= allowed
        after = before.after(share)
        assert after.deductible <= plan.deductible
        assert plan.out_of_pocket_maximum is None or after.out_of_pocket <= plan.out_of_pocket_maximum
        assert after.without(share) == before
        before = after


@settings(deadline=None)
@given(plan=plans, kind=kinds, allowed=amounts, more=amounts)
def test_who_has_paid_more_this_year_never_owes_more_now(plan, kind, allowed, more):
    fresh = plan.share(allowed, kind, Accumulators())
    later = plan.share(allowed, kind, Accumulators(more, more))
    assert later.total <= fresh.total


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"deductible": -1}, "negative"),
        ({"copay": {"office": -1}}, "negative"),
        ({"coinsurance": Decimal(2)}, "between"),
    ],
)
def test_benefits_that_can_not_be_meant_are_refused(fields, says):
    with pytest.raises(ValueError, match=says):
        Benefits(**fields)


@pytest.mark.parametrize(
    ("code", "place", "kind"),
    [
        ("99213", "11", "office"), ("99213", "10", "telehealth"), ("99396", "11", "preventive"),
        ("G0439", "11", "preventive"), ("90471", "11", "vaccine"), ("90686", "11", "vaccine"),
        ("99283", "23", "emergency"), ("85025", "11", "laboratory"), ("71046", "11", "imaging"),
        ("90834", "11", "behavioral"), ("97110", "11", "therapy"), ("J1885", "11", "drug"),
        ("20610", "11", "other"), ("0866T", "11", "other"), ("77067", "11", "preventive"),
    ],
)  # fmt: skip
def test_every_code_is_a_kind_of_service(code, place, kind):
    assert service_kind(code, place) == kind


def test_ranges_hold_their_ends_and_their_own_series_only():
    codes = CodeRanges(["99381-99397", "G0008", "J0120-J9999"])
    assert all(code in codes for code in ("99381", "99397", "99390", "G0008", "J0120", "J1885"))
    assert not any(code in codes for code in ("99380", "99398", "G0009", "0866T", "J012", "", "9938T"))
    with pytest.raises(ValueError, match="not a range"):
        CodeRanges(["99397-99381"])


def test_exclusions_name_their_reason():
    plan = Benefits(non_covered={"97010": "PR-204", "99381-99397": "PR-96:N425"})
    assert [plan.exclusion(code) for code in ("97010", "99396", "99213")] == ["PR-204", "PR-96:N425", None]
