"""How the simulated payer decides a claim: every rule with a claim that it strikes and one that it lets pass."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from tests.payer_support import (
    DAY,
    Desk,
    Member,
    Rates,
    adjustments,
    assert_balanced,
    claim,
    clinic,
    decide,
    first_payer,
    line,
    paid_by_first,
    payer,
)

from superbill.claims.model import Adjustment
from superbill.effective import Period

PAID = {"CO-45": 80_00, "PR-3": 30_00}  # a $200 office visit under the test plan


def knows(**facts):
    return payer(members=(Member(member_id="M100", **facts),))


def struck(event):
    return payer(rates=Rates(**{event: 1000}))


def with_plan(**changes):
    plan = payer().plans[0]
    return payer(plans=(msgspec.structs.replace(plan, benefits=plan.benefits | changes),))


visit = line()
LATE = DAY + timedelta(days=181)
DENIALS = {
    # name: (claim, payer, received, reason of line 1, remarks)
    "expired": (claim(), knows(period=Period(None, DAY - timedelta(days=1))), None, "CO-27", ()),
    "last covered day": (claim(), knows(period=Period(None, DAY)), None, None, ()),
    "before coverage": (claim(), knows(period=Period(DAY + timedelta(days=1))), None, "CO-26", ()),
    "first covered day": (claim(), knows(period=Period(DAY)), None, None, ()),
    "coverage ended by chance": (claim(), struck("coverage_ended"), None, "CO-27", ()),
    "payer knows of another": (claim(), knows(primary_elsewhere=True), None, "CO-22", ("MA04",)),
    "another, from that day": (claim(), knows(primary_elsewhere=True, period=Period(DAY)), None, "CO-22", ("MA04",)),
    "another, from the day after": (
        claim(),
        knows(primary_elsewhere=True, period=Period(DAY + timedelta(days=1))),
        None,
        None,
        (),
    ),
    "billed second, no answer": (claim(responsibility="S"), payer(), None, "CO-22", ("MA04",)),
    "never pays first": (claim(), payer(always_after=True), None, "CO-22", ("MA04",)),
    "another by chance": (claim(), struck("other_coverage"), None, "CO-22", ("MA04",)),
    "one day late": (claim(), payer(), LATE, "CO-29", ()),
    "last day of the limit": (claim(), payer(), LATE - timedelta(days=1), None, ()),
    "no limit": (claim(), with_plan(filing_days=None), date(2036, 1, 1), None, ()),
    "plan exclusion": (claim(line(code="97010")), payer(), None, "PR-204", ()),
    "not covered": (claim(line(code="A4550")), payer(), None, "CO-96", ("N180",)),
    "no authorization": (claim(line(code="73721")), payer(), None, "CO-197", ()),
    "authorized": (claim(line(code="73721"), prior_authorization="AUTH1"), payer(), None, None, ()),
    "authorization by chance": (claim(line(code="71046")), struck("authorization"), None, "CO-197", ()),
    "no authorization for a visit": (claim(), struck("authorization"), None, None, ()),
    "no doubt about prevention": (claim(line(code="99396")), struck("medical_necessity"), None, None, ()),
    "visit in a procedure": (claim(visit, line(2, "20610")), payer(), None, "CO-97", ("M15",)),
    "visit with 25": (claim(line(modifiers=("25",)), line(2, "20610")), payer(), None, None, ()),
    "visit the day before": (claim(visit, line(2, "20610", day=DAY - timedelta(days=1))), payer(), None, None, ()),
    "oximetry in a visit": (claim(line(code="94760"), line(2)), payer(), None, "CO-97", ("M15",)),
    "oximetry apart": (claim(line(code="94760", modifiers=("59",)), line(2)), payer(), None, None, ()),
    "finger stick beside a draw": (claim(line(code="36416"), line(2, "36415")), payer(), None, "CO-97", ("M15",)),
    "not necessary": (claim(), struck("medical_necessity"), None, "CO-50", ("N130",)),
    "plain visit": (claim(), payer(), None, None, ()),
}


@pytest.mark.parametrize("name", DENIALS)
def test_a_rule_strikes_or_lets_pass(name):
    given, config, received, reason, remarks = DENIALS[name]
    decided = decide(given, config, received=received or DAY + timedelta(days=3))
    first = decided.lines[0]
    if reason is None:
        assert first.paid > 0 or first.allowed
        assert not {"CO-18", "CO-22", "CO-26", "CO-27", "CO-29", "CO-50", "CO-97", "CO-197"} & set(adjustments(first))
    else:
        assert (first.paid, adjustments(first), first.remarks) == (0, {reason: first.charge}, remarks)


def test_missing_information_says_what_is_missing():
    first = decide(claim(), struck("missing_information")).lines[0]
    assert adjustments(first) == {"CO-16": 200_00}
    assert first.remarks in {("M127",), ("N29",), ("M76",)}


def test_chance_strikes_one_line_of_a_claim_and_never_its_correction():
    config = struck("medical_necessity")
    lines = tuple(line(number, code) for number, code in enumerate(("71046", "93000", "73630", "76705"), 1))
    desk = Desk(config)
    (icn,) = desk.accept(claim(*lines))
    first = desk.pay().claims[0]
    assert sum("CO-50" in adjustments(each) for each in first.lines) == 1
    desk.accept(claim(*lines, control="A2", frequency="7", payer_control_number=icn))
    again = desk.pay().claims[-1]
    assert not any("CO-50" in adjustments(each) for each in again.lines)


def test_a_member_out_of_coverage_is_status_4_and_hears_when_it_ended():
    decided = decide(claim(), knows(period=Period(None, date(2026, 1, 31))))
    assert (decided.status, decided.coverage_expired) == ("4", date(2026, 1, 31))
    assert decide(claim(), struck("medical_necessity")).status == "1"


def test_the_same_service_twice_is_a_duplicate_but_not_once_the_first_was_refused():
    desk = Desk()
    desk.accept(claim(visit, line(2, "85025", 40_00)))
    desk.accept(claim(visit, line(2, "85025", 40_00, modifiers=("91",)), control="A2"))
    first, second = desk.pay().claims
    assert adjustments(first.lines[0]) == PAID
    assert next(adjustments(each) for each in second.lines) == {"CO-18": 200_00}
    assert "CO-18" not in adjustments(second.lines[1])
    desk = Desk(knows(primary_elsewhere=True))
    desk.accept(claim(), claim(control="A2"))
    assert [set(adjustments(each.lines[0])) for each in desk.pay().claims] == [{"CO-22"}, {"CO-22"}]


def test_a_brother_under_the_same_member_id_is_another_patient():
    desk = Desk()
    desk.accept(claim(), claim(control="A2", first="Viktor"))
    assert [adjustments(each.lines[0]) for each in desk.pay().claims] == [PAID, PAID]


def test_a_service_left_wholly_to_the_deductible_is_a_duplicate_too():
    desk = Desk()
    desk.accept(claim(line(code="71046", charge=100_00)), claim(line(code="71046", charge=100_00), control="A2"))
    first, second = desk.pay().claims
    assert adjustments(first.lines[0]) == {"CO-45": 40_00, "PR-1": 60_00}
    assert adjustments(second.lines[0]) == {"CO-18": 100_00}


def test_copay_once_deductible_then_coinsurance_then_the_maximum():
    codes = [("99213", 200_00), ("90834", 100_00), ("71046", 700_00), ("71048", 1_000_00), ("99396", 300_00)]
    answer = decide(claim(*(line(n, code, charge) for n, (code, charge) in enumerate(codes, 1))))
    assert [adjustments(each) for each in answer.lines] == [
        {"CO-97": 200_00},  # no 25 beside the annual visit
        {"CO-45": 40_00, "PR-1": 60_00},
        {"CO-45": 280_00, "PR-1": 420_00},
        {"CO-45": 400_00, "PR-1": 20_00, "PR-2": 116_00},
        {"CO-45": 120_00},
    ]
    assert answer.patient_responsibility == 616_00
    twice = decide(claim(line(), line(2, "99214", 300_00)))
    assert [adjustments(each).get("PR-3") for each in twice.lines] == [30_00, None]


def test_the_year_begins_anew():
    config = with_plan(deductible=50_00)
    days = [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)]
    desk = Desk(config)
    desk.accept(*(claim(line(code="71046", charge=100_00, day=day), control=f"A{day}") for day in days))
    parts = [adjustments(each.lines[0]) for each in desk.pay(on=date(2026, 3, 30)).claims]
    assert [part.get("PR-1") for part in parts] == [50_00, None, 50_00]


def test_medicare_pays_eighty_percent_less_sequestration_after_the_deductible():
    medicare = clinic().payer("MCR01")
    quiet = msgspec.structs.replace(medicare, rates=Rates())
    given = claim(
        line(charge=1_000_00), line(2, "80053", 62_00), payer=msgspec.structs.replace(claim().payer, id="MCR01")
    )
    visit, laboratory = decide(given, quiet).lines
    # 454.50 allowed, 283.00 deductible, 20 % of 171.50, 2 % of what is left to pay
    assert adjustments(visit) == {"CO-45": 545_50, "PR-1": 283_00, "PR-2": 34_30, "CO-253": 2_74}
    assert visit.paid == 134_46
    assert adjustments(laboratory) == {"CO-45": 33_82, "CO-253": 56}


@pytest.mark.parametrize("id", ["MCD01", "SWC40", "RWA50"])
def test_medicaid_workers_compensation_and_auto_leave_nothing_to_the_patient(id):
    config = msgspec.structs.replace(clinic().payer(id), rates=Rates())
    given = claim(line(), line(2, "71046", 90_00), payer=msgspec.structs.replace(claim().payer, id=id))
    answer = decide(given, config)
    assert answer.paid > 0
    assert answer.patient_responsibility == 0
    assert {key for each in answer.lines for key in adjustments(each)} == {"CO-45"}


def second(*lines, config=None, paid=None):
    given = claim(*lines, responsibility="S", other_insurance=(first_payer(paid or sum(  # the claim-level total
        answer.paid for each in lines for answer in each.adjudications)),))  # fmt: skip
    return decide(given, config)


def test_a_second_payer_pays_the_lesser_of_its_allowance_and_what_the_first_left():
    # first payer: 200 charged, 64 paid, 16 coinsurance, 40 deductible
    visit = paid_by_first(line(), 64_00, Adjustment("PR", "1", 40_00), Adjustment("PR", "2", 16_00))
    all_of_it = second(visit)  # own allowance 120, 120 − 64 = 56
    assert (all_of_it.status, all_of_it.paid, all_of_it.patient_responsibility) == ("2", 56_00, 0)
    assert adjustments(all_of_it.lines[0]) == {"OA-23": 144_00}
    frugal = payer(percent_of_charge={"1900-01-01": Decimal("0.4")})
    part = second(visit, config=frugal)  # 80 − 64 = 16 of 56: the coinsurance
    assert adjustments(part.lines[0]) == {"OA-23": 144_00, "PR-1": 40_00}
    assert part.paid == 16_00
    nothing = second(visit, config=payer(percent_of_charge={"1900-01-01": Decimal("0.3")}, patient_share=False))
    assert (nothing.paid, adjustments(nothing.lines[0])) == (0, {"OA-23": 144_00, "CO-45": 56_00})


def test_a_supplement_pays_what_medicare_left():
    visit = paid_by_first(line(), 64_00, Adjustment("PR", "1", 40_00), Adjustment("PR", "2", 16_00))
    config = payer(always_after=True, percent_of_charge={"1900-01-01": Decimal("0.1")})
    assert second(visit, config=config).paid == 56_00


def test_a_first_payer_that_spoke_only_of_the_claim_is_split_by_charge():
    other = msgspec.structs.replace(first_payer(60_00), adjustments=(Adjustment("PR", "2", 30_00),))
    given = claim(line(charge=200_00), line(2, "71046", 100_00), responsibility="S", other_insurance=(other,))
    answer = decide(given, payer(always_after=True))
    assert [each.paid for each in answer.lines] == [20_00, 10_00]


def test_a_refusal_by_the_second_payer_is_of_what_the_first_left():
    visit = paid_by_first(line(code="97010"), 64_00, Adjustment("PR", "2", 16_00))
    assert adjustments(second(visit).lines[0]) == {"OA-23": 184_00, "PR-204": 16_00}


def test_filing_a_secondary_claim_counts_from_the_first_payment():
    visit = paid_by_first(line(), 64_00, Adjustment("PR", "2", 56_00))
    given = claim(visit, responsibility="S", other_insurance=(first_payer(64_00),))
    assert decide(given, received=DAY + timedelta(days=195)).paid == 56_00
    late = decide(given, received=DAY + timedelta(days=201))
    assert adjustments(late.lines[0]) == {"OA-23": 144_00, "CO-29": 56_00}


def test_a_replacement_reverses_what_it_replaces_and_gives_its_share_back():
    desk = Desk()
    (icn,) = desk.accept(claim(line(code="71046", charge=500_00)))
    first = desk.pay().claims[0]
    desk.accept(claim(line(code="71046", charge=400_00), control="A2", frequency="7", payer_control_number=icn))
    remittance = desk.pay()
    back, again = remittance.claims
    assert_balanced(remittance)
    assert (back.status, back.control_number, back.payer_control_number) == ("22", "A1", icn)
    assert (back.charge, back.paid, back.patient_responsibility) == (-500_00, -first.paid, None)
    assert adjustments(back.lines[0]) == {"CO-45": -200_00, "PR-1": -300_00}
    assert adjustments(again.lines[0]) == {"CO-45": 160_00, "PR-1": 240_00}
    (sums,) = desk.history.state.accumulators.values()
    assert (sums.deductible, sums.out_of_pocket) == (240_00, 240_00)


def test_a_void_takes_the_money_back_and_nothing_else():
    desk = Desk()
    (icn,) = desk.accept(claim())
    paid = desk.pay().claims[0].paid
    desk.accept(claim(control="A2", frequency="8", payer_control_number=icn), claim(line(code="71046"), control="A3"))
    remittance = desk.pay()
    assert [each.status for each in remittance.claims] == ["1", "22"]
    assert remittance.claims[1].paid == -paid
    desk.accept(claim(control="A4"))
    assert adjustments(desk.pay().claims[0].lines[0]) == PAID  # not a duplicate: the first is void


def test_a_claim_replaced_before_it_was_paid_is_decided_first():
    desk = Desk()
    (icn,) = desk.accept(claim(), due=date(2027, 1, 1))
    desk.accept(claim(control="A2", frequency="7", payer_control_number=icn))
    remittance = desk.pay()
    assert [(each.control_number, each.status) for each in remittance.claims] == [
        ("A1", "1"),
        ("A1", "22"),
        ("A2", "1"),
    ]
    assert remittance.payment_amount == 90_00
