"""Edits hold their word whatever the order of the lines, and in other company."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.claims_makers import claim as clean_claim
from tests.edits_reference import sample_reference

from superbill.claims.model import Claim, Procedure, ServiceLine
from superbill.edits import RULES, Context, PayerFacts, check
from superbill.edits.rule import ERROR, Rule, RuleSet, rule
from superbill.effective import Period
from superbill.findings import Severity

TODAY = Context(today=date(2026, 3, 10), reference=sample_reference())
MEDICARE = replace(TODAY, payer=PayerFacts(kind="medicare"))
DAY = date(2026, 3, 2)
CODES = (
    *("99213", "99396", "20610", "83036", "J1885", "J3490", "00400", "90686", "X", "55250", "93000", "93005", "20611"),
    *("12001", "45378", "11721", "27447", "22614", "97110", "90460", "G0439", "99291"),
)


@st.composite
def lines(draw, number):
    """A service line, right or wrong in any of the ways that edits look at."""
    start = DAY + timedelta(days=draw(st.integers(-3, 20)))
    return ServiceLine(
        number=number,
        control_number=draw(st.sampled_from([f"A1007-{number}", "A1007-1", ""])),
        procedure=Procedure(
            draw(st.sampled_from(CODES)),
            tuple(
                draw(st.lists(st.sampled_from(["25", "59", "XS", "RT", "LT", "50", "QW", "26", "TC", "x"]), max_size=5))
            ),
        ),
        charge=draw(st.integers(-100, 100_00)),
        units=Decimal(draw(st.sampled_from(["0", "0.5", "1", "2", "10000"]))),
        service=Period(start, start + timedelta(days=draw(st.integers(-1, 40)))),
        place_of_service=draw(st.sampled_from(["", "11", "12", "00"])),
        diagnosis_pointers=tuple(draw(st.lists(st.integers(0, 4), max_size=5))),
    )


@st.composite
def claims(draw):
    count = draw(st.integers(1, 5))
    return replace(clean_claim(), lines=tuple(draw(lines(number)) for number in range(1, count + 1)))


def names(claim: Claim, context: Context = MEDICARE) -> set[str]:
    return {finding.rule for finding in check(claim, context)}


@settings(max_examples=80, deadline=None)
@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_rule(claim, random):
    shuffled = list(claim.lines)
    random.shuffle(shuffled)
    assert names(replace(claim, lines=tuple(shuffled))) == names(claim)


# A claim with nothing but tests asks for who ordered them, and a CLIA number that no line needs may come to be needed:
# these two are about the whole set of lines, so company may settle them.
ABOUT_ALL_LINES = {
    "claim.referring-required",
    "laboratory.clia-unneeded",
    "identity.rendering-missing",
    "lines.missing",
}


@settings(max_examples=80, deadline=None)
@given(claims())
def test_an_unrelated_line_takes_no_finding_away(claim):
    first = claim.service.start
    more = ServiceLine(
        number=len(claim.lines) + 1,
        control_number="A1007-99",
        procedure=Procedure("36415"),
        charge=10_00,
        service=Period(first, first),
        diagnosis_pointers=(1,),
    )
    assert names(claim) - ABOUT_ALL_LINES <= names(replace(claim, lines=(*claim.lines, more)))


@settings(max_examples=60, deadline=None)
@given(claims())
def test_no_rule_breaks_and_the_same_claim_gives_the_same_findings(claim):
    found = check(claim, TODAY)
    assert found == check(claim, TODAY)
    assert not [finding for finding in found if finding.severity is Severity.NOT_CHECKED]


def test_a_rule_that_fails_says_so_and_takes_no_other_with_it():
    def broken(claim, context):
        raise KeyError(claim.control_number)

    bad = Rule(
        id="test.broken", family="test", title="", severity=ERROR, source="here", check=broken, wants_context=True
    )
    claim = replace(clean_claim(), diagnoses=())
    found = RuleSet([bad, RULES["diagnosis.missing"]]).run(claim, TODAY)
    assert [(one.rule, one.severity) for one in found] == [
        ("edits.not-run", Severity.NOT_CHECKED),
        ("diagnosis.missing", ERROR),
    ]
    assert "test.broken" in str(found[0].where)


def test_two_rules_can_t_have_one_name():
    with pytest.raises(ValueError, match=r"diagnosis\.missing"):
        rule("diagnosis.missing", ERROR, source="here")(lambda claim: [])
