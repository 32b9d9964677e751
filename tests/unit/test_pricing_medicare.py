"""What Medicare allows, rule by rule, on invented values whose arithmetic can be done by hand (factor: 10 dollars)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.medicare_samples import ANES, BASE_UNITS, DAY, DRUGS, HERE, LABORATORY, cents_of, line, medicare, row

from superbill.pricing.medicare import Locality, Setting, payment, sequestration
from superbill.pricing.medicare.rules import rules

PLAIN = row("99213", work="1.00", office="2.00", facility="0.50", malpractice="0.10")
MAJOR = {"work": "60.00", "office": "30.00", "facility": "30.00", "malpractice": "10.00", "global_days": "090",
         "pre": "0.10", "intra": "0.70", "post": "0.20", "multiple": "2", "bilateral": "1", "assistant": "2",
         "cosurgeons": "2", "team": "2"}  # fmt: skip
ROWS = (
    PLAIN,
    row("20001", office_na="NA", **MAJOR),
    row("20002", **{**MAJOR, "work": "20.00"}),
    row("20003", **{**MAJOR, "work": "10.00", "bilateral": "0"}),
    row("20004", **{**MAJOR, "work": "5.00", "bilateral": "2", "assistant": "1", "cosurgeons": "0", "team": "0"}),
    row("20005", **{**MAJOR, "work": "4.00", "bilateral": "3", "assistant": "0", "cosurgeons": "1"}),
    row("20006", **{**MAJOR, "work": "3.00", "bilateral": "9", "assistant": "9", "cosurgeons": "9"}),
    # the endoscopies of the manual's example: 255.40, 285.98 and 374.56 dollars
    row("45378", work="25.54", multiple="2"),
    row("45380", work="28.598", multiple="3", base="45378"),
    row("45385", work="37.456", multiple="3", base="45378"),
    row("43235", work="10.00", multiple="2"),
    row("43239", work="15.00", multiple="3", base="43235"),
    row("43250", work="30.00", multiple="3", base="43235"),
    # therapy: 18, 20 dollars of which 10 and 8 are practice expense
    row("97001", work="0.70", office="1.00", facility="1.00", malpractice="0.10", components="7", multiple="5"),
    row("97002", work="1.10", office="0.80", facility="0.80", malpractice="0.10", components="7", multiple="5"),
    row("70001", work="10.00", office="50.00", components="1", multiple="4", family="88"),
    row("70001", "26", work="10.00", components="1", multiple="4", family="88"),
    row("70001", "TC", office="50.00", components="1", multiple="4", family="88"),
    row("70002", work="8.00", office="47.60", components="1", multiple="4", family="88", cap_office="38.00"),
    row("70002", "26", work="8.00", components="1", multiple="4", family="88"),
    row("70002", "TC", office="47.60", components="1", multiple="4", family="88", cap_office="38.00"),
    row("93001", work="2.00", office="8.00", components="1", multiple="6"),
    row("93001", "26", work="2.00", components="1", multiple="6"),
    row("93001", "TC", office="8.00", components="1", multiple="6"),
    row("93000", work="0.50", office="1.00", components="4", multiple="6"),
    row("93005", office="1.00", components="3", multiple="6"),
    row("92001", work="2.00", office="8.00", components="1", multiple="7"),
    row("92001", "26", work="2.00", components="1", multiple="7"),
    row("92001", "TC", office="8.00", components="1", multiple="7"),
    row("44388", work="20.00"), row("44388", "53", work="10.00"),
    row("36591", status="T", work="0.50"), row("36000", status="B", work="0.50"), row("0001T", status="C"),
    row("90001", status="I"), row("80048", status="X"), row("J1100", status="E"), row("15824", status="R"),
    row("96001", office="2.00", components="5"),
)  # fmt: skip
FURTHER = (("ANES2031.csv", ANES), ("base2031.csv", BASE_UNITS), ("31CLABQ3.csv", LABORATORY), ("asp.csv", DRUGS))


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    return medicare(tmp_path_factory.mktemp("medicare"), ROWS, *FURTHER)


def outcome(prices, *lines, **setting):
    return [priced.outcome for priced in prices.price(lines, Setting(**setting))]


@pytest.mark.parametrize(
    ("setting", "cents"),
    [
        ({}, 31_00),  # (1.00 + 2.00 + 0.10) × 10
        ({"place_of_service": "22"}, 16_00),  # the facility's practice expense
        ({"place_of_service": "10"}, 31_00),  # telehealth at home is no facility
        ({"place_of_service": "02"}, 16_00),
        ({"locality": HERE}, 29_50),  # (1.00 × 1.1 + 2.00 × 0.9 + 0.10 × 0.5) × 10
        ({"provider": "363LF0000X"}, 26_35),
        ({"provider": "physician-assistant"}, 26_35),
        ({"provider": "367A00000X"}, 31_00),  # nurse-midwives: 100 % since 2011
        ({"provider": "clinical-social-worker"}, 23_25),
        ({"participating": False}, 29_45),
        ({"participating": False, "provider": "363AM0700X"}, 25_03),
    ],
    ids=lambda each: str(each),
)
def test_a_visit(prices, setting, cents):
    assert cents_of(prices, line("99213"), **setting) == [cents]


@pytest.mark.parametrize(
    ("provider", "limit"), [("physician", 33_87), ("363L00000X", None), ("103TC0700X", None), ("207Q00000X", 33_87)]
)
def test_who_must_accept_assignment_has_no_limiting_charge(prices, provider, limit):
    (priced,) = prices.price([line("99213")], Setting(provider=provider, participating=False))
    assert priced.limiting_charge == limit


def test_a_step_names_the_values_the_amount_and_the_source(prices):
    (priced,) = prices.price([line("99213", charge=20_00)], Setting(locality=HERE, participating=False))
    assert [(step.rule, step.amount) for step in priced.steps] == [
        ("fee", 29_50), ("nonparticipating", 28_03), ("lesser-of", 20_00),
    ]  # fmt: skip
    assert "work 1.00 × 1.100 + office practice expense 2.00 × 0.900" in priced.steps[0].text
    assert all(step.source == rules()[step.rule].source for step in priced.steps)
    assert priced.limiting_charge == 32_23  # 29.50 × 109.25 %


@pytest.mark.parametrize(
    ("told", "cents"),
    [
        (line("20001", "50"), [1_500_00]),
        (line("20001", units=2), [1_500_00]),
        (line("20001", "RT", units=2), [1_500_00]),  # two on one side: ranks 1 and 2
        (line("20003", "50"), [500_00]),
        (line("20004", "50"), [450_00]),
        (line("20005", "50"), [880_00]),
        (line("20006", "50"), [430_00]),
    ],
    ids=["150", "two-units", "one-side", "indicator-0", "indicator-2", "indicator-3", "indicator-9"],
)
def test_both_sides(prices, told, cents):
    assert cents_of(prices, told) == cents


@pytest.mark.parametrize(
    ("code", "cents"), [("20001", [1_000_00, 500_00]), ("20003", [500_00, 0]), ("20005", [440_00, 220_00])]
)
def test_both_sides_on_two_lines_are_paid_as_one_line(prices, code, cents):
    assert cents_of(prices, line(code, "RT"), line(code, "LT", number=2)) == cents


@pytest.mark.parametrize(
    ("code", "charges", "cents"),
    [
        ("20003", (400_00, 400_00), [400_00, 100_00]),  # 500.00 for both is lower than 800.00, as in the file's example
        ("20003", (200_00, 200_00), [200_00, 200_00]),
        ("20003", (600_00, 600_00), [500_00, 0]),
        ("20001", (900_00, 900_00), [900_00, 600_00]),
        ("20001", (500_00, 500_00), [500_00, 500_00]),
        ("20001", (2_000_00, 100_00), [1_400_00, 100_00]),
        ("20005", (400_00, 400_00), [400_00, 220_00]),
    ],
)
def test_both_sides_together_are_held_to_both_charges(prices, code, charges, cents):
    lines = [line(code, side, number=at, charge=charges[at]) for at, side in enumerate(("RT", "LT"))]
    assert cents_of(prices, *lines) == cents


def test_operations_are_ranked_by_their_fee_whatever_their_order(prices):
    lines = [line("20003", number=1), line("20001", number=2), line("20002", number=3)]
    assert cents_of(prices, *lines) == [250_00, 1_000_00, 300_00]
    assert cents_of(prices, *reversed(lines)) == [300_00, 1_000_00, 250_00]


def test_the_bilateral_fee_is_what_is_ranked(prices):
    assert cents_of(prices, line("20001"), line("20002", "50", number=2)) == [1_000_00, 450_00]
    assert cents_of(prices, line("20002", "RT"), line("20002", "LT", number=2), line("20001", number=3)) == [
        300_00, 150_00, 1_000_00,
    ]  # fmt: skip


def test_the_sixth_operation_is_by_report(prices):
    codes = ("20001", "20002", "20003", "20004", "20005", "20006")
    priced = prices.price([line(code, number=at) for at, code in enumerate(codes, 1)], Setting())
    assert [each.amount for each in priced] == [1_000_00, 300_00, 250_00, 225_00, 220_00, None]
    assert priced[5].outcome == "by-report"


def test_other_days_and_performers_are_not_ranked_together(prices):
    assert cents_of(prices, line("20001"), line("20002", day=date(2031, 8, 5))) == [1_000_00, 600_00]
    assert cents_of(prices, line("20001", performer="A"), line("20002", performer="B")) == [1_000_00, 600_00]


def test_endoscopies_of_a_family_pay_the_base_once(prices):
    """The manual's example: 374.56 + (285.98 - 255.40) = 405.14 (CMS 100-04 ch. 12 § 40.6)."""
    assert cents_of(prices, line("45385"), line("45380", number=2)) == [374_56, 30_58]
    assert outcome(prices, line("45385"), line("45378", number=2)) == ["priced", "bundled"]
    three = (line("45380"), line("45385", number=2), line("20001", number=3))
    assert cents_of(prices, *three) == [15_29, 187_28, 1_000_00]


def test_families_of_endoscopies_are_ranked_as_wholes(prices):
    """405.14 of the one family in full, half of 300.00 and half of 150.00 - 100.00 of the other; then an operation."""
    lines = [line(code, number=at) for at, code in enumerate(("43239", "45380", "43250", "45385", "20006"))]
    assert cents_of(prices, *lines) == [25_00, 15_29, 150_00, 187_28, 430_00]
    assert cents_of(prices, *lines[:4]) == [25_00, 30_58, 150_00, 374_56]
    assert cents_of(prices, line("45380"), line("43239", number=2)) == [285_98, 75_00]


@pytest.mark.parametrize(
    ("told", "setting", "cents"),
    [
        (line("20001", "80"), {}, 160_00),
        (line("20001", "82"), {}, 160_00),
        (line("20001", "AS"), {}, 136_00),
        (line("20001", "80"), {"provider": "363A00000X"}, 136_00),
        (line("20004", "80"), {}, 0),
        (line("20005", "80"), {}, 70_40),
        (line("20001", "62"), {}, 625_00),
        (line("20004", "62"), {}, 0),
        (line("20005", "62"), {}, 275_00),
        (line("20001", "66"), {}, None),
        (line("20004", "66"), {}, 0),
        (line("20001", "54"), {}, 800_00),
        (line("20001", "55"), {}, 200_00),
        (line("20001", "54", "55"), {}, 1_000_00),
        (line("20001", "78"), {}, 700_00),
        (line("20001", "52"), {}, None),
        (line("20001", "53"), {}, None),
        (line("44388", "53"), {}, 100_00),
    ],
    ids=lambda each: "-".join(each.modifiers) + each.code if hasattr(each, "code") else str(each),
)
def test_roles_and_shares(prices, told, setting, cents):
    assert cents_of(prices, told, **setting) == [cents]


def test_a_place_where_a_service_is_hardly_ever_performed_is_said(prices):
    assert prices.price([line("20001")], Setting())[0].notes == ("20001 is hardly ever performed in an office.",)
    assert prices.price([line("20001")], Setting(place_of_service="22"))[0].notes == ()


def test_documentation_that_is_due_is_said(prices):
    assistant, cosurgeon = prices.price([line("20005", "80"), line("20005", "62", day=date(2031, 8, 6))], Setting())
    assert "indicator 0" in assistant.notes[0]
    assert "indicator 1" in cosurgeon.notes[0]


@pytest.mark.parametrize(
    ("day", "institution", "cents"),
    [
        (DAY, False, [31_00, 16_00]),  # 18 + 13; 20 less half of 8
        (DAY, True, [31_00, 16_00]),
    ],
)
def test_therapy_pays_the_highest_practice_expense_once(prices, day, institution, cents):
    lines = (line("97001", units=2, day=day), line("97002", number=2, day=day))
    assert cents_of(prices, *lines, institution=institution) == cents
    assert cents_of(prices, *reversed(lines), institution=institution) == cents[::-1]


def test_therapy_by_an_assistant(prices):
    """Medicare pays 85 % of its 80 %, so 88 % comes in all; the patient's part stays."""
    (priced,) = prices.price([line("97001", "CQ", "GP")], Setting())
    assert (priced.amount, priced.medicare_share) == (18_00, Decimal("0.85"))
    found = payment(18_00, date(2026, 1, 2), medicare_share=priced.medicare_share)
    assert (found.coinsurance, found.reduced, found.sequestered, found.paid) == (3_60, 2_16, 24, 12_00)
    (before,) = prices.price([line("97001", "GP")], Setting())
    assert (before.amount, before.medicare_share) == (18_00, Decimal(1))


def test_further_imaging_of_a_session(prices):
    """70001: 500 technical, 100 professional; 70002: 476 technical capped at 380, 80 professional, 460 by the cap."""
    assert cents_of(prices, line("70002")) == [460_00]
    assert cents_of(prices, line("70001"), line("70002", number=2)) == [600_00, 238_00 + 76_00]
    assert cents_of(prices, line("70001", "26"), line("70002", "26", number=2)) == [100_00, 76_00]
    assert cents_of(prices, line("70001", "TC"), line("70002", "TC", number=2)) == [500_00, 238_00]
    assert cents_of(prices, line("70001"), line("70002", "59", number=2)) == [600_00, 460_00]
    assert cents_of(prices, line("70001", units=3)) == [600_00 + 2 * (250_00 + 95_00)]


def test_further_tests_of_a_day(prices):
    assert cents_of(prices, line("93001"), line("93001", "76", number=2)) == [100_00, 20_00 + 60_00]
    assert cents_of(prices, line("93001"), line("93000", number=2)) == [100_00, 15_00 - 2_50]
    assert cents_of(prices, line("92001"), line("92001", "76", number=2)) == [100_00, 20_00 + 64_00]
    assert cents_of(prices, line("93001"), line("92001", number=2)) == [100_00, 100_00]
    assert cents_of(prices, line("93001", "26"), line("93001", "26", "76", number=2)) == [20_00, 20_00]


@pytest.mark.parametrize(
    ("told", "setting", "what"),
    [
        (line("70001"), {"place_of_service": "22"}, "not-payable"),
        (line("70001", "26"), {"place_of_service": "22"}, "priced"),
        (line("70001", "TC"), {"place_of_service": "21"}, "not-payable"),
        (line("70001", "TC"), {"place_of_service": "24"}, "priced"),
        (line("96001"), {"place_of_service": "19"}, "not-payable"),
        (line("96001"), {"place_of_service": "11"}, "priced"),
        (line("99213", "26"), {}, "not-payable"),
        (line("36000"), {}, "bundled"),
        (line("0001T"), {}, "by-report"),
        (line("15824"), {}, "by-report"),
        (line("90001"), {}, "not-payable"),
        (line("12345"), {}, "unpriced"),
        (line("99213", day=date(2030, 12, 31)), {}, "unpriced"),
        (line("99213"), {"locality": Locality("1", "ZZ", "1")}, "unpriced"),
        (line("36591"), {}, "priced"),
        (line("97001"), {"place_of_service": "22"}, "not-payable"),
        (line("97001"), {"place_of_service": "22", "institution": True}, "priced"),
    ],
    ids=lambda each: "".join((each.code, *each.modifiers)) if hasattr(each, "code") else str(each),
)
def test_what_has_no_price_says_why(prices, told, setting, what):
    (priced,) = prices.price([told], Setting(**setting))
    assert priced.outcome == what
    assert (priced.amount is None) == (what in {"by-report", "unpriced"})
    assert bool(priced.why) == (what != "priced")


@pytest.mark.parametrize("code", ["20001", "45380", "70001", "97001", "99213", "80048", "J1100"])
@pytest.mark.parametrize("units", [-1, 0, 999_999_999])
def test_absurd_units_are_answered_at_once(prices, code, units):
    (priced,) = prices.price([line(code, units=units)], Setting())
    if units <= 0:
        assert (priced.outcome, priced.fix) == ("unpriced", "Bill at least one unit.")
    else:
        assert priced.outcome == ("by-report" if code == "20001" else "priced")


def test_an_injection_is_paid_only_alone(prices):
    assert outcome(prices, line("36591"), line("99213", number=2)) == ["bundled", "priced"]
    assert outcome(prices, line("36591"), line("80048", number=2)) == ["priced", "priced"]


@pytest.mark.parametrize(
    ("told", "cents"),
    [
        (line("80048", "QW"), 8_46),
        (line("80048", units=3), 25_38),
        (line("80048", charge=5_00), 5_00),
        (line("0001U"), None),
        (line("J1100", units=4), 50),  # 4 × 0.125
        (line("J1100", units=1), 13),  # half a cent goes up
        (line("J9999"), None),
        (line("J1100", day=date(2031, 10, 1)), None),  # limits are of their quarter
    ],
    ids=["QW", "units", "charge", "contractor", "drug", "rounded", "no-limit", "next-quarter"],
)
def test_laboratory_and_drugs_have_schedules_of_their_own(prices, told, cents):
    assert cents_of(prices, told, locality=HERE, provider="363L00000X", participating=False) == [cents]


@pytest.mark.parametrize(
    ("modifiers", "minutes", "cents"),
    [
        (("AA",), 60, 183_60),  # (5 + 4) × 20.40
        (("QZ",), 60, 183_60),
        (("AA",), 50, 169_32),  # 50 ÷ 15 = 3.3
        (("QK",), 60, 91_80),
        (("QX",), 60, 91_80),
        (("QY",), 60, 91_80),
        (("AD",), 60, 61_20),  # three base units
        (("AA",), None, None),
    ],
    ids=["personally", "alone", "tenths", "QK", "QX", "QY", "supervised", "no-minutes"],
)
def test_anesthesia(prices, modifiers, minutes, cents):
    assert cents_of(prices, line("00100", *modifiers, minutes=minutes), locality=HERE) == [cents]


@pytest.mark.parametrize(("code", "units", "cents"), [("01996", 1, 61_20), ("01996", 2, 122_40), ("01953", 3, 61_20)])
def test_the_time_of_daily_management_and_of_further_burns_is_not_counted(prices, code, units, cents):
    assert cents_of(prices, line(code, "AA", minutes=60, units=units), locality=HERE) == [cents]


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2013, 3, 31), "0"), (date(2013, 4, 1), "0.02"), (date(2020, 4, 30), "0.02"), (date(2020, 5, 1), "0"),
        (date(2022, 3, 31), "0"), (date(2022, 4, 1), "0.01"), (date(2022, 6, 30), "0.01"), (date(2022, 7, 1), "0.02"),
    ],
)  # fmt: skip
def test_sequestration_by_day(day, rate):
    assert sequestration(day) == Decimal(rate)


def test_sequestration_is_off_the_payment_not_the_allowed():
    found = payment(100_00, date(2026, 1, 2), deductible_left=40_00)
    assert (found.deductible, found.coinsurance, found.sequestered, found.paid) == (40_00, 12_00, 96, 47_04)
    with pytest.raises(ValueError, match="not negative"):
        payment(-1, DAY)


@pytest.mark.parametrize(
    ("rule", "before", "first", "after"),
    [
        ("therapy", date(2010, 12, 31), date(2011, 1, 1), ("0.80", "0.75")),
        ("imaging-technical", date(2005, 12, 31), date(2006, 1, 1), ("0.75",)),
        ("imaging-professional", date(2011, 12, 31), date(2012, 1, 1), ("0.75",)),
        ("cap", date(2006, 12, 31), date(2007, 1, 1), ("1",)),
        ("therapy", date(2013, 3, 31), date(2013, 4, 1), ("0.5", "0.5")),
        ("imaging-technical", date(2010, 6, 30), date(2010, 7, 1), ("0.5",)),
        ("imaging-professional", date(2016, 12, 31), date(2017, 1, 1), ("0.95",)),
        ("cardiovascular", date(2012, 12, 31), date(2013, 1, 1), ("0.75",)),
        ("ophthalmology", date(2012, 12, 31), date(2013, 1, 1), ("0.80",)),
        ("therapy-assistant", date(2021, 12, 31), date(2022, 1, 1), ("0.85",)),
    ],
)
def test_rates_change_on_their_day(rule, before, first, after):
    assert rules()[rule].on(first) == tuple(Decimal(each) for each in after)
    assert rules()[rule].on(before) != rules()[rule].on(first)
