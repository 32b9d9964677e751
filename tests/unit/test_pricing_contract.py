"""Contracts: each method to the cent, which clause speaks, and what a file may not say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.contracts import DAY, HEAD, TABLES, allowed, bill, contract, item, stay

from superbill.pricing.contract_file import ContractError, read_fees, read_weights
from superbill.pricing.contract_methods import Amount

ALL = '[[terms]]\nid = "1"\npays = { method = "percent-of-charge", percent = "0.6" }\n'


def clause(id, pays, scope="", more=""):
    return f'[[terms]]\nid = "{id}"\nscope = {{ {scope} }}\npays = {{ {pays} }}\n{more}\n'


FEES = 'schedules = { base = "fees.csv" }\n'
WEIGHTS = 'weights = { ms = "weights.csv" }\n'
FEE = 'method = "fee-schedule", schedule = "base"'


class Medicare:
    """Medicare's prices as if they were half the charge; 10 % less in another year."""

    def of_bill(self, bill, year):
        part = 45 if year else 50
        return {each.number: Amount(each.charge * part // 100, ("the fee schedule",)) for each in bill.items}


@pytest.mark.parametrize(
    ("pays", "line", "cents"),
    [
        ('method = "percent-of-charge", percent = "0.333"', item(charge=100_01), 33_30),
        (FEE, item("99213", units=2), 160_00),
        (FEE + ', percent = "1.105"', item("93000", modifiers=("26",)), 11_66),
        ('method = "flat", amount = 45_00', item(units=2), 90_00),
        ('method = "flat", amount = 45_00, per = "line"', item(units=2), 45_00),
        ('method = "case-rate", amount = 150_00', item(), 150_00),
        ('method = "percent-of-medicare", percent = "1.2"', item(), 120_00),
        ('method = "percent-of-medicare", percent = "1.2", year = 2019', item(), 108_00),
    ],
    ids=[
        "part of the charge",
        "fee",
        "part of a modifier's fee",
        "flat per unit",
        "flat per line",
        "case rate",
        "percent of Medicare",
        "percent of Medicare of a year",
    ],
)
def test_each_method_to_the_cent(pays, line, cents):
    found = contract(FEES + clause("1", pays), medicare=Medicare())
    priced = found.price(bill(line)).lines[0]
    assert (priced.allowed, priced.clause.id) == (cents, "1")
    assert priced.steps


def test_anesthesia_is_paid_by_base_units_and_time_to_a_tenth():
    pays = 'method = "anesthesia", factor = 62_00, base_units = "asa"'
    files = {**TABLES, "asa.csv": "drg,start,weight\n00810,2026-01-01,5\n"}
    found = contract('weights = { asa = "asa.csv" }\n' + clause("1", pays), files=files)
    timed = replace(item("00810", 2_000_00, units=50), minutes=True)
    line = found.price(bill(timed)).lines[0]
    assert (line.allowed, line.steps) == (514_60, ("5 base units and 3.3 for 50 minutes at $62.00: $514.60",))
    untimed = found.price(bill(item("00810"), replace(timed, code="00811", number=2))).lines
    assert [each.steps[0] for each in untimed] == [
        "clause 1: the line tells no minutes",
        "clause 1: 00811 has no base units in asa",
    ]


def test_a_price_says_its_clause_with_its_days_and_the_arithmetic():
    found = contract(
        FEES + clause("4.2(a)", FEE, 'codes = ["99213"]', 'text = "Visits by Exhibit B."\nend = 2026-06-30')
    )
    line = found.price(bill(item("99213", units=2))).lines[0]
    assert (line.clause.id, line.clause.text) == ("4.2(a)", "Visits by Exhibit B.")
    assert (line.clause.start, line.clause.end) == (date(2026, 1, 1), date(2026, 6, 30))
    assert line.steps == ("fee schedule base: 99213 $80.00 since 2026-01-01 × 2 units: $160.00",)


@pytest.mark.parametrize(
    ("line", "speaks"),
    [
        (item("99213"), "single code"),
        (item("99214"), "narrow range"),
        (item("99220"), "wide range"),
        (item("80053"), "kind"),
        (item("80053", place="81"), "kind and place"),
        (item("11042"), "everything"),
        (item("99213", modifiers=("95",)), "single code and modifier"),
        (item("11042", modifiers=("95",)), "everything"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.label + each.place,
)
def test_the_clause_that_names_the_most_speaks(line, speaks):
    flat = 'method = "flat", amount = 1_00'
    found = contract(
        clause("everything", flat)
        + clause("kind", flat, 'kinds = ["laboratory"]')
        + clause("kind and place", flat, 'kinds = ["laboratory"], places = ["81"]')
        + clause("wide range", flat, 'codes = ["99202-99499"]')
        + clause("narrow range", flat, 'codes = ["99211-99215"]')
        + clause("single code", flat, 'codes = ["99213"]')
        + clause("single code and modifier", flat, 'codes = ["99213"], modifiers = ["95"]')
    )
    assert found.price(bill(line)).lines[0].clause.id == speaks


def test_of_two_modifiers_that_clauses_name_the_first_on_the_line_decides():
    found = contract(
        clause("pc", 'method = "flat", amount = 26_00', 'modifiers = ["26"]')
        + clause("repeat", 'method = "flat", amount = 76_00', 'modifiers = ["76"]')
    )
    assert allowed(found, item(modifiers=("26", "76"))) == [26_00]
    assert allowed(found, item(modifiers=("76", "26"))) == [76_00]


def test_a_clause_that_has_no_price_leaves_the_line_to_the_one_that_comes_after_it():
    found = contract(FEES + clause("1", FEE) + clause("2", 'method = "flat", amount = 5_00', more='after = "1"'))
    lines = found.price(bill(item("99213"), item("99214", number=2))).lines
    assert [(line.allowed, line.clause.id) for line in lines] == [(80_00, "1"), (5_00, "2")]
    assert lines[1].steps[0] == "clause 1: not in fee schedule base"


@pytest.mark.parametrize(
    ("day", "cents"),
    [(date(2025, 12, 31), None), (date(2026, 1, 1), 120_00), (date(2026, 12, 31), 120_00), (date(2027, 1, 1), None)],
    ids=["day before", "first", "last", "day after"],
)
def test_a_contract_speaks_on_its_days_only(day, cents):
    line = contract(ALL).price(bill(item(day=day), start=day)).lines[0]
    assert line.allowed == cents
    assert cents is not None or f"does not hold on {day}" in line.steps[-1]


@pytest.mark.parametrize(
    ("day", "cents"),
    [(date(2026, 3, 31), 120_00), (date(2026, 4, 1), 7_00), (date(2026, 6, 30), 7_00), (date(2026, 7, 1), 120_00)],
    ids=["day before", "first", "last", "day after"],
)
def test_a_clause_speaks_on_its_days_only(day, cents):
    special = clause("2", 'method = "flat", amount = 7_00', 'codes = ["99213"]', "start = 2026-04-01\nend = 2026-06-30")
    assert allowed(contract(ALL + special), item(day=day)) == [cents]


# --- whole claims ---------------------------------------------------------------------------------------------------

ROOM = item("", 9_000_00, units=5, revenue="0120")
DRUG = item("J1885", 1_000_00, number=2, revenue="0636")
DRG = clause("drg", 'method = "drg", base_rate = 6_000_00, weights = "ms"', 'bills = ["011X"]')


def test_a_drg_pays_its_weight_for_the_claim_parted_by_charge():
    found = contract(WEIGHTS + DRG, HEAD + 'lesser_of = "none"\n')
    lines = found.price(stay(ROOM, DRUG)).lines
    assert [line.allowed for line in lines] == [10_260_00, 1_140_00]
    assert lines[0].steps[0] == "DRG 470: weight 1.9 × base rate $6,000.00: $11,400.00"
    assert all(line.shared for line in lines)


def test_the_day_that_the_contract_names_chooses_the_weight():
    days = {"start": date(2026, 9, 29), "end": date(2026, 10, 2)}
    made = bill(ROOM, kind="institutional", type_of_bill="0111", drg="470", **days)
    by = {
        each: contract(WEIGHTS + DRG, HEAD + f'lesser_of = "none"\ndated_by = "{each}"\n')
        for each in ("admission", "discharge")
    }
    assert allowed(by["admission"], made) == [11_400_00]
    assert allowed(by["discharge"], made) == [12_000_00]


def test_a_drg_without_a_weight_leaves_the_claim_to_other_clauses():
    assert allowed(contract(WEIGHTS + DRG + ALL), stay(ROOM, drg="999")) == [5_400_00]


def test_a_carve_out_is_priced_apart_from_what_covers_the_claim():
    drugs = clause(
        "drugs", 'method = "percent-of-charge", percent = "0.8"', 'codes = ["J0120-J9999"]', "carve_out = true"
    )
    found = contract(WEIGHTS + DRG + drugs, HEAD + 'lesser_of = "none"\n')
    lines = found.price(stay(ROOM, DRUG)).lines
    assert [(line.allowed, line.clause.id) for line in lines] == [(11_400_00, "drg"), (800_00, "drugs")]


def test_a_per_diem_counts_days_by_tier_and_covers_the_claim():
    ward = 'method = "per-diem", days = [{ through = 3, rate = 1_000_00 }, { rate = 600_00 }]'
    care = 'method = "per-diem", days = [{ rate = 3_000_00 }]'
    found = contract(
        clause("ward", ward, 'revenue_codes = ["0110-0169"]') + clause("intensive", care, 'revenue_codes = ["0200"]'),
        HEAD + 'lesser_of = "none"\n',
    )
    icu = item("", 6_000_00, number=3, units=2, revenue="0200")
    assert found.price(stay(ROOM, DRUG)).allowed == 4_200_00
    assert found.price(stay(ROOM, DRUG, icu)).allowed == 10_200_00
    assert "3 days at $1,000.00: $3,000.00" in found.price(stay(ROOM)).lines[0].steps[0]


def test_a_case_rate_for_its_lines_leaves_the_others_alone():
    rate = clause("knee", 'method = "case-rate", amount = 100_00, covers = "lines"', 'codes = ["20610"]')
    assert allowed(contract(rate + ALL), item("20610", 150_00), item("99213", 200_00, number=2)) == [100_00, 120_00]


@pytest.mark.parametrize(
    ("charge", "of", "total"),
    [(50_000_00, "excess", 11_400_00), (60_000_00, "excess", 18_400_00), (60_000_00, "all", 42_000_00)],
    ids=["at the threshold", "above it", "first dollar"],
)
def test_stop_loss_pays_a_part_of_charges_above_its_threshold(charge, of, total):
    loss = f'[[stop_loss]]\nid = "out"\nthreshold = 50_000_00\npercent = "0.7"\nof = "{of}"\n'
    assert contract(WEIGHTS + DRG + loss).price(stay(item("", charge, revenue="0120"))).allowed == total


# --- rules on top of prices -----------------------------------------------------------------------------------------


def test_a_modifier_rule_takes_its_part_and_several_multiply():
    rules = (
        '[[modifiers]]\nid = "b"\nscope = { modifiers = ["50"] }\npercent = "1.5"\n'
        '[[modifiers]]\nid = "a"\nscope = { modifiers = ["80", "AS"] }\npercent = "0.16"\n'
    )
    found = contract(ALL + rules)
    assert allowed(found, item(modifiers=("50",))) == [180_00]
    assert allowed(found, item(modifiers=("50", "80"))) == [28_80]


def test_multiple_procedures_of_a_day_are_reduced_best_priced_first():
    rules = '[[reductions]]\nid = "mp"\nscope = { codes = ["10004-69990"] }\npercents = ["1", "0.5", "0.25"]\n'
    found = contract(ALL + rules)
    lines = [item("20610", 100_00), item("11042", 300_00, number=2), item("99213", 200_00, number=3)]
    assert allowed(found, *lines) == [30_00, 180_00, 120_00]
    assert allowed(found, lines[0], item("11042", 300_00, number=2, day=DAY + timedelta(1))) == [60_00, 180_00]


@pytest.mark.parametrize(
    ("lesser", "cents"),
    [("line", [100_00, 50_00]), ("claim", [236_84, 13_16]), ("none", [900_00, 50_00])],
)
def test_lesser_of_by_line_by_claim_or_not_at_all(lesser, cents):
    terms = clause("1", 'method = "flat", amount = 900_00', 'codes = ["99213"]') + clause(
        "2", 'method = "flat", amount = 50_00', 'codes = ["99214"]'
    )
    found = contract(terms, HEAD + f'lesser_of = "{lesser}"\n')
    assert allowed(found, item("99213", 100_00), item("99214", 150_00, number=2)) == cents


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ("x", "blue-peak.toml: not TOML"),
        (ALL + "zz = 1", "terms[0]: Object contains unknown field `zz`"),
        ("terms = []", "terms: a contract has at least one"),
        (ALL + ALL, "terms: '1': this id stands in terms already"),
        (ALL + clause("2", 'method = "flat", amount = 1'), "terms: '2': scope: names the same as '1' on the same days"),
        (clause("1", 'method = "flat", amount = -1'), "'1': pays: no amount is negative"),
        (clause("1", 'method = "percent-of-charge", percent = "62"'), "62: write a part, 0.62 for 62 %"),
        (clause("1", 'method = "percent-of-charge", percent = "NaN"'), "NaN: a part is a number"),
        (clause("1", 'method = "flat", amount = 1', 'codes = ["j1885"]'), "'j1885': a code has capitals and digits"),
        (clause("1", 'method = "flat", amount = 1', 'codes = [""]'), "'': a code has capitals and digits"),
        (clause("1", 'method = "flat", amount = 1', 'codes = ["9921-99.1"]'), "a code has capitals and digits"),
        (clause("1", 'method = "flat", amount = 1', 'revenue_codes = ["450"]'), "a revenue code has four digits"),
        (clause("1", 'method = "flat", amount = 1', 'drgs = ["39"]'), "a DRG has three digits"),
        (clause("1", 'method = "flat", amount = 1', 'modifiers = ["LT-RT"]'), "a modifier has two capitals or digits"),
        (ALL + '[[modifiers]]\nid = "2"\nscope = { modifiers = ["50"] }\npercent = "150"', "150: write a part"),
        (ALL + '[[modifiers]]\nid = "2"\npercent = "1.5"', "name the modifiers that it is for"),
        (ALL + '[[reductions]]\nid = "2"\npercents = ["1", "50"]', "50: a reduction is a part between 0 and 1"),
        (ALL + '[[reductions]]\nid = "2"\npercents = []', "name at least one part"),
        (clause("1", FEE), "'base' is none of [] under [schedules]"),
        (clause("1", 'method = "flat", amount = 1', 'codes = ["99215-99202"]'), "not a range of codes"),
        (clause("1", 'method = "flat", amount = 1', 'bills = ["11X"]'), "a type of bill has four characters"),
        (clause("1", 'method = "per-diem", days = [{ rate = 1 }]'), "names the revenue codes"),
        (ALL + clause("2", 'method = "flat", amount = 1', more='after = "9"'), "there is no term '9'"),
        (clause("1", 'method = "flat", amount = 1', more="start = 2027-01-01"), "not within the contract's"),
        ('schedules = { base = "other.csv" }\n' + ALL, "there is no such file beside it"),
        ('schedules = { base = "../fees.csv" }\n' + ALL, "name a file beside the contract's, no folder"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_place_and_fix(terms, says):
    with pytest.raises(ContractError) as refused:
        contract(terms)
    assert says in str(refused.value)
    assert all(told.startswith("blue-peak.toml") for told in refused.value.told)


@pytest.mark.parametrize(
    ("scopes", "tie"),
    [
        (('codes = ["99202-99215"]', 'codes = ["99211-99224"]'), True),
        (('codes = ["99202-99215"]', 'codes = ["99211-99225"]'), False),
        (('codes = ["99202-99215"]', 'codes = ["99216-99229"]'), False),
        (('codes = ["99213"]', 'codes = ["99213", "99214"]'), True),
        (('kinds = ["office"]', 'kinds = ["laboratory"]'), False),
        (('kinds = ["office"]', 'places = ["11"]'), False),
        (('bills = ["011X"]', 'bills = ["01X1"]'), True),
        (('bills = ["011X"]', 'bills = ["013X"]'), False),
    ],
)
def test_two_clauses_that_name_the_same_are_refused(scopes, tie):
    terms = "".join(clause(str(n), 'method = "flat", amount = 1', scope) for n, scope in enumerate(scopes))
    if tie:
        with pytest.raises(ContractError, match="names the same"):
            contract(terms)
    else:
        assert len(contract(terms).agreement.terms) == 2


@pytest.mark.parametrize("start", ["2026-06-30", "2026-07-01"])
def test_clauses_on_different_days_do_not_tie(start):
    flat = 'method = "flat", amount = 1_00'
    terms = clause("1", flat, more="end = 2026-06-30") + clause("2", flat, more=f"start = {start}")
    if start == "2026-06-30":
        with pytest.raises(ContractError, match="names the same"):
            contract(terms)
    else:
        assert allowed(contract(terms), item(day=date(2026, 7, 1))) == [1_00]


def test_every_bad_row_of_a_fee_schedule_is_named():
    rows = [
        "code,modifier,start,amount",
        "99213,,2026-01-01,eighty",
        "99214,,tomorrow,80",
        ",,2026-01-01,1",
        "99215,,2026-01-01",
    ]
    with pytest.raises(ContractError) as refused:
        read_fees(rows, "fees.csv")
    assert [told.split(": ")[0] for told in refused.value.told] == [f"fees.csv:{line}" for line in (2, 3, 4, 5)]


def test_weights_are_read_by_drg_of_three_digits_and_day():
    table = read_weights(["drg,start,weight", "39,2025-10-01,1.1234", "39,2026-10-01,"], "weights.csv")
    assert table.weight("039", DAY) == Decimal("1.1234")
    assert table.weight("039", date(2026, 10, 1)) is None


def test_the_sample_tables_hold_what_the_tests_above_say():
    assert read_fees(TABLES["fees.csv"].splitlines(), "fees.csv").fee("93000", DAY, ("26",)) == 10_55
