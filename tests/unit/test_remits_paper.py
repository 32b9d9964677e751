"""A keyed paper says what the check still lacks, and becomes the remittance that the payer could have sent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app_samples import claim

from superbill.claims.model import Adjustment
from superbill.remits.balancing import imbalances
from superbill.remits.paper import (
    KeyedClaim,
    KeyedLine,
    KeyedProviderAdjustment,
    PaperRemittance,
    Parties,
    as_remittance,
    findings,
)
from superbill.remits.paper_rows import BadKeying, read_line, read_papers, read_provider_adjustment

OURS = claim("000001")
CLAIMS = {OURS.control_number: OURS}
PARTIES = Parties(payer_name="Payer One", payer_id="00001", payee_name="Lakeside", payee_npi="1234567893")
LINES = (read_line("1 allowed=100 ded=5 coins=15 paid=80"), read_line("2 CO-50=30 N115"))


def paper(*lines: KeyedLine, amount: int = 80_00, status: str = "1", **more) -> PaperRemittance:
    keyed = KeyedClaim(control_number=OURS.control_number, lines=lines, status=status)
    return PaperRemittance(
        payer="one", check_number="4711", on=date(2026, 10, 1), amount=amount, claims=(keyed,), **more
    )


def rules(keyed: PaperRemittance) -> set[str]:
    return {finding.rule.removeprefix("remit.paper.") for finding in findings(keyed, CLAIMS)}


def test_the_columns_of_a_paper_become_adjustments_and_the_rest_is_contractual():
    made = as_remittance(paper(*LINES), PARTIES, CLAIMS)
    one, two = made.claims[0].lines
    assert one.adjustments == (Adjustment("PR", "1", 5_00), Adjustment("PR", "2", 15_00), Adjustment("CO", "45", 20_00))
    assert (two.adjustments, two.remarks) == ((Adjustment("CO", "50", 30_00),), ("N115",))
    assert imbalances(made) == []


def test_a_paper_that_explains_its_check_has_nothing_left():
    keyed = paper(*LINES)
    assert (keyed.left, findings(keyed, CLAIMS)) == (0, [])


@pytest.mark.parametrize(
    ("lines", "amount", "rule"),
    [
        (LINES, 80_01, {"total"}),
        (LINES, 79_99, {"total"}),
        ((read_line("1 allowed=100 ded=5 coins=14.99 paid=80"), LINES[1]), 80_00, {"line-balance"}),
        ((LINES[0], read_line("3 CO-50=30")), 80_00, {"line"}),
        ((*LINES, LINES[1]), 80_00, {"line-twice"}),
        ((LINES[0], read_line("2 XX-50=30")), 80_00, {"group"}),
        ((LINES[0], read_line("2 CO-9999=30")), 80_00, {"carc"}),
        ((), 0, {"lines"}),
    ],
    ids=["a cent missing", "a cent too much", "line off", "no such line", "line twice", "group", "carc", "no line"],
)
def test_what_is_wrong_with_a_paper_is_named(lines, amount, rule):
    assert rules(paper(*lines, amount=amount)) == rule


def test_a_claim_that_was_not_sent_and_a_status_that_is_none_are_named():
    assert {finding.rule for finding in findings(paper(*LINES), {})} == {"remit.paper.claim"}
    assert rules(paper(*LINES, status="9")) == {"status"}


def test_interest_of_the_check_counts_towards_it():
    keyed = paper(*LINES, amount=83_20, provider_adjustments=(read_provider_adjustment("L6=-3.20"),))
    assert findings(keyed, CLAIMS) == []
    assert imbalances(as_remittance(keyed, PARTIES, CLAIMS)) == []


def test_a_reversal_is_keyed_with_the_negative_amounts_that_are_printed():
    back = paper(
        read_line("1 allowed=-100 ded=-5 coins=-15 paid=-80"), read_line("2 CO-50=-30"), amount=0, status="22",
        provider_adjustments=(KeyedProviderAdjustment(reason="FB", amount=-80_00, reference="F1"),),
    )  # fmt: skip
    assert findings(back, CLAIMS) == []
    made = as_remittance(back, PARTIES, CLAIMS)
    assert (made.claims[0].charge, made.claims[0].paid, imbalances(made)) == (-150_00, -80_00, [])


def test_what_an_earlier_payer_paid_is_within_what_is_allowed():
    keyed = paper(read_line("1 allowed=100 OA-23=80 paid=16 coins=4"), amount=16_00)
    assert rules(keyed) == set()


@given(
    st.lists(
        st.tuples(*(st.integers(0, 40_00) for _ in range(3))).map(
            lambda parts: (parts[0], parts[1], parts[2], sum(parts))
        ),
        min_size=2,
        max_size=2,
    )
)
def test_any_paper_without_findings_balances_as_an_835(parts):
    lines = [
        KeyedLine(number=number, allowed=allowed, deductible=deductible, coinsurance=share, paid=paid)
        for number, (deductible, share, paid, allowed) in enumerate(parts, 1)
    ]
    keyed = paper(*lines, amount=sum(line.paid for line in lines))
    assert findings(keyed, CLAIMS) == []
    assert imbalances(as_remittance(keyed, PARTIES, CLAIMS)) == []


@pytest.mark.parametrize(
    "text",
    ["", "x paid=1", "0 paid=1", "1 paid=1.234", "1 paid=ten", "1 paid=1 paid=2", "1 what=3", "1 -97=3", "1 CO-=3"],
)
def test_text_that_is_no_line_is_refused_with_the_word(text):
    with pytest.raises(BadKeying):
        read_line(text)


CSV = """payer,check,date,amount,claim,line,allowed,coinsurance,paid,other
one,4711,2026-10-01,"1,083.20",000001P1,1,100,20,80,
one,4711,2026-10-01,"1,083.20",000001P1,2,,,,CO-50=30.00 N115
one,4711,2026-10-01,"1,083.20",plb,,,,,L6=-3.20
two,99,2026-10-02,0,000002P1,1,,,,CO-29=120
"""


def test_a_spreadsheet_becomes_a_paper_for_each_check():
    one, two = read_papers(CSV.splitlines(), "checks.csv")
    assert (one.check_number, one.amount, one.keyed, len(one.claims[0].lines)) == ("4711", 1083_20, 83_20, 2)
    assert two.claims[0].lines[0].adjustments == (Adjustment("CO", "29", 120_00),)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("payer,check", "payor,check", "the header has no payer"),
        ("paid,other", "paid,extra", "there is no column extra"),
        ("2026-10-02", "10/02/2026", r"checks\.csv:5: .*Dates are YYYY-MM-DD"),
        (",80,\n", ",80\n", r"checks\.csv:2: the row has not as many fields"),
        ("L6=-3.20", "L6", r"checks\.csv:4: 'L6'"),
        ("000001P1,2", "000001P1,two", r"checks\.csv:3: .*begins with its number"),
        ('4711,2026-10-01,"1,083.20",plb', '4711,2026-10-09,"1,083.20",plb', "more than one date or amount"),
    ],
    ids=["column missing", "strange column", "date", "short row", "adjustment", "line number", "two dates"],
)
def test_a_spreadsheet_that_cannot_be_used_is_refused_with_its_line(old, new, told):
    assert old in CSV
    with pytest.raises(BadKeying, match=told):
        read_papers(CSV.replace(old, new).splitlines(), "checks.csv")
