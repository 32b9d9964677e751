"""After the remittance: what is an underpayment, and what is not."""

from decimal import Decimal

import pytest
from tests.contracts import DAY, HEAD, bill, contract, item, stay
from tests.payer_support import Plan, claim, decide, line, payer

from superbill.claims.model import Adjustment
from superbill.pricing.benefits import Accumulators, PatientShare
from superbill.pricing.bill import bill_of
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.contract_model import ContractError
from superbill.pricing.variance import Answer, Tolerance, compare, worklist
from superbill.pricing.what_if import moved, offers, what_if
from superbill.remits.expected import accumulated, answers_of

HALF = '[[terms]]\nid = "2.1"\ntext = "Half of charges."\npays = { method = "percent-of-charge", percent = "0.5" }\n'
PRICED = contract(HALF).price(bill(item("99213", 200_00)))


def answer(paid, *adjustments, allowed=None, charge=200_00, key="L1", later=False):
    pieces = tuple(Adjustment(group, reason, amount) for group, reason, amount in adjustments)
    return Answer(key=key, charge=charge, paid=paid, adjustments=pieces, allowed=allowed, later=later)


@pytest.mark.parametrize(
    ("given", "verdict", "difference"),
    [
        (answer(100_00, ("CO", "45", 100_00)), "as agreed", 0),
        (answer(98_00, ("CO", "45", 100_00), ("CO", "253", 2_00)), "as agreed", 0),
        (answer(50_00, ("CO", "45", 100_00), ("PR", "1", 30_00), ("PR", "2", 20_00)), "as agreed", 0),
        (answer(99_00, ("CO", "45", 101_00)), "as agreed", -1_00),
        (answer(98_99, ("CO", "45", 101_01)), "underpaid", -1_01),
        (answer(80_00, ("CO", "45", 120_00), allowed=80_00), "underpaid", -20_00),
        (answer(80_00, ("CO", "45", 100_00), ("CO", "59", 20_00)), "underpaid", -20_00),
        (answer(120_00, ("CO", "45", 80_00)), "overpaid", 20_00),
        (answer(0, ("CO", "50", 200_00)), "denied", -100_00),
        (answer(0, ("PR", "204", 200_00)), "denied", -100_00),
        (answer(0, ("CO", "45", 100_00), ("PR", "1", 100_00)), "as agreed", 0),
        (answer(20_00, ("OA", "23", 150_00), ("CO", "45", 30_00), later=True), "later payer", -80_00),
    ],
    ids=[
        "paid in full",
        "sequestration",
        "the patient's share",
        "at the tolerance",
        "a cent beyond",
        "less allowed",
        "a reduction that no clause knows",
        "more than agreed",
        "denied",
        "denied to the patient",
        "all of it deductible",
        "a later payer",
    ],
)
def test_a_difference_in_what_is_allowed_counts_and_nothing_else_does(given, verdict, difference):
    found = compare(PRICED, [given])[0]
    assert (found.verdict, found.difference, found.expected) == (verdict, difference, 100_00)
    assert found.clause.id == "2.1"


def test_sequestration_and_share_and_refusals_are_told_as_reasons():
    found = compare(PRICED, [answer(48_00, ("CO", "253", 2_00), ("PR", "3", 30_00), ("CO", "59", 120_00))])[0]
    assert [reason.split(":")[0] for reason in found.reasons] == ["CO-253 $2.00", "PR $30.00", "CO-59 $120.00"]


def test_a_patient_s_share_that_is_not_the_expected_one_is_told_apart():
    given = answer(60_00, ("CO", "45", 100_00), ("PR", "1", 40_00))
    expected = {"L1": PatientShare(copay=30_00)}
    assert compare(PRICED, [given], shares=expected)[0].verdict == "patient share"
    assert compare(PRICED, [given], shares={"L1": PatientShare(deductible=40_00)})[0].verdict == "as agreed"


def test_a_percentage_of_tolerance_is_of_the_expected_amount():
    given = [answer(97_00, ("CO", "45", 103_00))]
    assert compare(PRICED, given, Tolerance(cents=0, percent=Decimal("0.03")))[0].verdict == "as agreed"
    assert compare(PRICED, given, Tolerance(cents=0, percent=Decimal("0.029")))[0].verdict == "underpaid"


def test_a_line_that_the_contract_does_not_price_is_no_underpayment():
    silent = contract(HALF).price(bill(item(day=DAY.replace(year=2030))))
    assert compare(silent, [answer(1_00)])[0].verdict == "no price"


def test_lines_under_one_amount_are_compared_together():
    case = '[[terms]]\nid = "c"\npays = { method = "case-rate", amount = 150_00 }\n'
    priced = contract(case).price(bill(item("99213", 200_00), item("20610", 100_00, number=2)))
    given = [answer(150_00, ("CO", "45", 50_00)), answer(0, ("CO", "45", 100_00), charge=100_00, key="L2")]
    found = compare(priced, given)
    assert [(each.verdict, each.keys, each.allowed) for each in found] == [("as agreed", ("L1", "L2"), 150_00)]


def test_an_answer_to_the_whole_claim_is_compared_with_the_whole_claim():
    pays = 'method = "drg", base_rate = 6_000_00, weights = "ms"'
    drg = f'weights = {{ ms = "weights.csv" }}\n[[terms]]\nid = "drg"\npays = {{ {pays} }}\n'
    priced = contract(drg, HEAD + 'lesser_of = "none"\n').price(stay(item("", 9_000_00, revenue="0120")))
    short = answer(11_000_00, charge=9_000_00, key="", allowed=11_000_00)
    assert [(each.verdict, each.difference) for each in compare(priced, [short])] == [("underpaid", -400_00)]


def test_the_worklist_has_most_dollars_first():
    priced = contract(HALF).price(bill(item("99213", 200_00), item("20610", 100_00, number=2)))
    given = [answer(90_00, ("CO", "45", 110_00)), answer(10_00, ("CO", "45", 90_00), charge=100_00, key="L2")]
    found = worklist(("A1", "c", "p", each) for each in compare(priced, given))
    assert [(each.short, each.variance.label) for each in found] == [(40_00, "20610"), (10_00, "99213")]


# --- answers of a payer ---------------------------------------------------------------------------------------------


def test_what_the_simulated_payer_allows_is_as_agreed_with_the_same_contract_and_short_with_a_better_one():
    made = claim(line(1, "99213", 200_00), line(2, "20610", 300_00, modifiers=("25",)), line(3, "97010", 50_00))
    told = answers_of(decide(made, payer(sequestration={"2013-04-01": Decimal("0.02")})), made)
    agreed = payer().contract
    as_told = compare(agreed.price(bill_of(made)), told)
    assert [each.verdict for each in as_told] == ["denied", "as agreed", "denied"]
    better = payer(percent_of_charge={"1900-01-01": Decimal("0.7")}).contract
    short = [each for each in compare(better.price(bill_of(made)), told) if each.verdict == "underpaid"]
    assert short[-1].difference == -30_00


def test_posted_remittances_add_up_to_accumulators():
    plan = Plan(name="PPO", benefits={"deductible": 100_00, "coinsurance": "0.20", "copay": {"office": 30_00}})
    told = [decide(claim(line(1, code, 400_00), control=code), payer(plans=(plan,))) for code in ("71046", "99213")]
    assert accumulated(told) == Accumulators(100_00, 100_00 + 28_00 + 30_00)


# --- contracts of a practice, what if -------------------------------------------------------------------------------


def of(key, start, end="2099-12-31", payer="bluepeak", percent="0.5", practice=""):
    head = f'key = "{key}"\npayer = "{payer}"\npractice = "{practice}"\nstart = {start}\nend = {end}\n'
    return f"{key}.toml", contract(HALF.replace("0.5", percent), head)


def test_the_contract_of_the_day_is_found_and_one_of_the_practice_goes_before():
    book = ContractBook(
        [of("old", "2025-01-01", "2025-12-31"), of("new", "2026-01-01"), of("ours", "2026-01-01", practice="lakeland")]
    )
    days = [DAY.replace(year=2025), DAY]
    assert [book.find("bluepeak", day, "elsewhere").agreement.key for day in days] == ["old", "new"]
    assert book.find("bluepeak", DAY, "lakeland").agreement.key == "ours"
    assert book.find("bluepeak", DAY.replace(year=2024)) is None


def test_two_contracts_of_a_payer_on_one_day_are_refused_with_both_files():
    with pytest.raises(ContractError, match=r"new\.toml: holds on the same days as 'old' of old\.toml"):
        ContractBook([of("old", "2025-01-01", "2026-01-01"), of("new", "2026-01-01")])


def test_what_if_prices_the_same_claims_under_each_contract():
    _, low = of("low", "2025-01-01", percent="0.4")
    _, high = of("high", "2026-06-01", percent="0.6")
    bills = [bill(item("99213", 100_00), item("20610", 200_00, number=2)), bill(item("99213", 100_00))]
    plain = what_if(bills, [low, high])
    assert (plain.allowed, [row.unpriced for row in plain.rows]) == ((160_00, 0), [(0, 1), (0, 2)])
    asked = what_if(bills, [low, high], as_if=DAY.replace(month=7))
    assert asked.allowed == (160_00, 240_00)
    assert [(row.code, row.lines, row.allowed) for row in asked.rows] == [
        ("20610", 1, (80_00, 120_00)),
        ("99213", 2, (80_00, 120_00)),
    ]


def test_a_moved_bill_keeps_the_days_between_its_lines():
    old = bill(item(), item(number=2, day=DAY.replace(day=5)), end=DAY.replace(day=5))
    new = moved(old, DAY.replace(year=2028))
    assert [(each.day.year, each.day.day) for each in new.items] == [(2028, 2), (2028, 5)]
    assert new.end.day == 5


def test_the_best_payer_comes_first_and_one_without_a_price_last():
    contracts = [
        of("a", "2025-01-01", percent="0.4")[1],
        of("b", "2030-01-01")[1],
        of("c", "2025-01-01", percent="0.6")[1],
    ]
    assert [(each.contract, each.allowed) for each in offers(item("99213", 100_00), contracts)] == [
        ("c", 60_00),
        ("a", 40_00),
        ("b", None),
    ]
