"""The patient's share before the visit: benefits, family limits, what a 271 tells, and the Good Faith Estimate."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from tests.contracts import DAY, bill, contract, item

from superbill.claims.model import Address
from superbill.pricing.benefits import Accumulators, Benefits, PatientShare
from superbill.pricing.eligibility import Statement, coverage
from superbill.pricing.estimate import estimate
from superbill.pricing.good_faith import (
    ExpectedProvider,
    ExpectedService,
    GoodFaithEstimate,
    due,
    excess_findings,
    excesses,
    gaps,
)

HALF = contract('[[terms]]\nid = "1"\npays = { method = "percent-of-charge", percent = "0.5" }\n')
PLAN = Benefits(
    copay={"office": 30_00, "imaging": 50_00},
    copay_after_deductible=("imaging",),
    deductible=100_00,
    family_deductible=250_00,
    coinsurance=Decimal("0.20"),
    coinsurance_for={"drug": Decimal("0.50")},
    out_of_pocket_maximum=1_000_00,
    family_out_of_pocket_maximum=1_500_00,
    preventive=("99396",),
    non_covered={"97010": "PR-204", "99000": "CO-96:N180"},
    authorization_required=("73721",),
)


NOTHING_MET = Accumulators()


def shares(*items, met=NOTHING_MET):
    return [each.share for each in estimate(bill(*items), HALF, PLAN, met).lines]


def test_copay_deductible_and_coinsurance_are_told_with_their_arithmetic():
    found = estimate(
        bill(item("99213", 200_00), item("20610", 400_00, number=2)), HALF, PLAN, Accumulators(60_00, 60_00)
    )
    assert [each.share for each in found.lines] == [
        PatientShare(copay=30_00),
        PatientShare(deductible=40_00, coinsurance=32_00),
    ]
    assert found.lines[1].steps == ("deductible, $40.00 of it left: $40.00", "20 % of $160.00: $32.00")
    assert (found.charge, found.allowed, found.patient, found.plan) == (600_00, 300_00, 102_00, 198_00)
    assert found.after == Accumulators(100_00, 162_00, 40_00, 102_00)


def test_one_copay_a_visit():
    assert shares(item("99213"), item("99214", number=2)) == [PatientShare(copay=30_00), PatientShare()]


def test_a_copay_after_the_deductible_waits_for_it():
    assert shares(item("71046", 160_00)) == [PatientShare(deductible=80_00)]
    assert shares(item("71046", 400_00)) == [PatientShare(copay=50_00, deductible=100_00)]
    assert shares(item("71046", 400_00), met=Accumulators(100_00, 100_00)) == [PatientShare(copay=50_00)]


def test_a_kind_of_service_may_have_its_own_coinsurance():
    assert shares(item("J1885", 400_00), met=Accumulators(100_00, 100_00)) == [PatientShare(coinsurance=100_00)]


@pytest.mark.parametrize(
    ("met", "share"),
    [
        (Accumulators(0, 0, 240_00, 240_00), PatientShare(deductible=10_00, coinsurance=38_00)),
        (Accumulators(0, 0, 250_00, 250_00), PatientShare(coinsurance=40_00)),
        (Accumulators(100_00, 990_00, 100_00, 990_00), PatientShare(coinsurance=10_00)),
        (Accumulators(100_00, 100_00, 250_00, 1_495_00), PatientShare(coinsurance=5_00)),
        (Accumulators(100_00, 1_000_00, 100_00, 1_000_00), PatientShare()),
    ],
    ids=[
        "family's deductible nearly met",
        "met",
        "own maximum nearly met",
        "family's maximum nearly met",
        "own maximum met",
    ],
)
def test_the_family_s_limits_count_beside_the_member_s_own(met, share):
    assert shares(item("20610", 400_00), met=met) == [share]


def test_what_the_plan_excludes_is_the_patient_s_or_nobody_s_and_counts_toward_no_limit():
    found = estimate(bill(item("97010", 40_00), item("99000", 20_00, number=2)), HALF, PLAN, Accumulators())
    assert [(each.patient, each.excluded) for each in found.lines] == [(40_00, "PR-204"), (0, "CO-96:N180")]
    assert found.after == Accumulators()
    assert found.allowed == 0


def test_a_preventive_service_is_free_and_an_authorization_is_asked_for():
    found = estimate(bill(item("99396", 300_00), item("73721", 900_00, number=2)), HALF, PLAN, Accumulators())
    assert found.lines[0].share == PatientShare()
    assert [(each.rule, each.where.service_line) for each in found.findings] == [("pricing.authorization", 2)]


def test_a_service_without_a_price_is_a_finding_with_the_contract():
    found = estimate(bill(item(day=date(2027, 1, 1)), start=date(2027, 1, 1)), HALF, PLAN, Accumulators())
    assert [(each.rule, each.source) for each in found.findings] == [("pricing.no-price", "Agreement 4711")]
    assert found.patient == 0


# --- 271 ------------------------------------------------------------------------------------------------------------


def said(information, amount=None, *, percent=None, level="IND", services=("30",), period="23", network="Y"):
    return Statement(
        information=information,
        amount=amount,
        percent=percent,
        level=level,
        services=services,
        period=period,
        network=network,
    )


ANSWER = [
    said("1", period="", network=""),
    said("C", 500_00),
    said("C", 120_00, period="29"),
    said("C", 1_000_00, level="FAM"),
    said("C", 250_00, level="FAM", period="24"),
    said("G", 3_000_00),
    said("G", 2_400_00, period="29"),
    said("A", percent=Decimal("0.2"), period=""),
    said("B", 25_00, services=("98",), period="27"),
    said("B", 40_00, services=("98",), period="27", network="N"),
    said("A", percent=Decimal("0.4"), services=("PT",), period=""),
    said("C", 0, services=("5",)),
]


def test_a_271_gives_the_benefits_and_what_is_met():
    found = coverage(ANSWER)
    assert found.active is True
    assert found.benefits == Benefits(
        copay={"office": 25_00},
        deductible=500_00,
        family_deductible=1_000_00,
        coinsurance=Decimal("0.2"),
        coinsurance_for={"therapy": Decimal("0.4")},
        out_of_pocket_maximum=3_000_00,
        no_deductible=("laboratory",),
    )
    assert found.accumulators == Accumulators(380_00, 600_00, 250_00, 0)
    assert found.notes == ()


def test_outside_the_network_other_amounts_hold():
    assert coverage(ANSWER, in_network=False).benefits.copay == {"office": 40_00}


def test_two_amounts_for_the_same_take_the_higher_and_say_so():
    found = coverage([*ANSWER, said("B", 60_00, services=("98",), period="27"), said("C", 750_00)])
    assert (found.benefits.copay["office"], found.benefits.deductible) == (60_00, 750_00)
    assert "copay for office: told as $25.00 or $60.00; the highest is taken." in found.notes
    assert "deductible: told as $500.00 or $750.00; the highest is taken." in found.notes


def test_what_a_271_does_not_say_is_told():
    found = coverage([said("6", period="")])
    assert found.active is False
    assert [note.split(" ")[3] for note in found.notes[:2]] == ["no", "no"]


# --- Good Faith Estimate --------------------------------------------------------------------------------------------

OFFICE = Address("1 Sample Street", "Harrow Lake", "WI", "548990012")


def provider(*charges, npi="1999999018", **changes):
    fields = {
        "name": "Lakeland Family Medicine",
        "npi": npi,
        "tin": "399999999",
        "address": OFFICE,
        "convening": True,
        "services": tuple(ExpectedService(code="20610", charge=charge, diagnoses=("M17.11",)) for charge in charges),
    }
    return ExpectedProvider(**(fields | changes))


def good_faith(*providers, **changes):
    fields = {
        "patient_name": "Vera Testcase",
        "birth_date": date(1980, 5, 6),
        "primary": "Knee injection",
        "issued": DAY,
        "providers": providers or (provider(300_00),),
    }
    return GoodFaithEstimate(**(fields | changes))


def test_a_complete_estimate_has_no_gap_and_survives_its_file():
    made = good_faith()
    assert gaps(made) == []
    assert msgspec.json.decode(msgspec.json.encode(made), type=GoodFaithEstimate) == made
    assert any("$400" in notice and "120" in notice for notice in made.notices)


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (good_faith(primary=" "), "primary"),
        (good_faith(provider(300_00, npi="")), "providers.npi"),
        (good_faith(provider(300_00, tin="")), "providers.tin"),
        (good_faith(provider()), "providers.services"),
        (good_faith(provider(1, convening=False)), "providers"),
        (good_faith(provider(1), provider(1)), "providers"),
    ],
    ids=["no primary", "no NPI", "no TIN", "no service", "nobody convenes", "two convene"],
)
def test_what_the_law_asks_for_and_is_missing_is_a_finding_without_the_patient_s_name(made, field):
    found = gaps(made)
    assert [each.where.field for each in found] == [field]
    assert found[0].source == "45 CFR 149.610(c)(1)"
    assert "Testcase" not in str(found[0])


@pytest.mark.parametrize(("billed", "substantial"), [(699_99, False), (700_00, True), (300_00, False)])
def test_from_400_dollars_more_on_a_bill_is_substantially_in_excess(billed, substantial):
    found = excesses(good_faith(), [("1999999018", billed - 100_00), ("1999999018", 100_00)])
    assert [(each.billed, each.substantial) for each in found] == [(billed, substantial)]
    assert len(excess_findings(found)) == substantial


def test_each_provider_is_compared_with_its_own_total():
    made = good_faith(provider(300_00), provider(500_00, npi="1999999026", name="Imaging", convening=False))
    found = excesses(made, [("1999999018", 690_00), ("1999999026", 100_00), ("1000000004", 450_00)])
    assert [(each.npi, each.over, each.substantial) for each in found] == [
        ("1000000004", 450_00, True),
        ("1999999018", 390_00, False),
        ("1999999026", -400_00, False),
    ]


def test_the_last_day_to_dispute_is_120_days_after_the_first_bill():
    found = excess_findings(excesses(good_faith(), [("1999999018", 900_00)]), date(2026, 1, 1))
    assert "until 2026-05-01" in found[0].why


@pytest.mark.parametrize(
    ("scheduled", "last"),
    [
        (None, date(2026, 3, 5)),
        (date(2026, 3, 16), date(2026, 3, 5)),
        (date(2026, 3, 13), date(2026, 3, 3)),
        (date(2026, 3, 5), date(2026, 3, 3)),
        (date(2026, 3, 4), None),
    ],
    ids=["asked for", "ten business days ahead", "nine", "three", "two"],
)
def test_when_an_estimate_is_due_counts_business_days(scheduled, last):
    assert due(date(2026, 3, 2), scheduled) == last
