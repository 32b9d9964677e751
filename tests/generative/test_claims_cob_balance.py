"""Whatever an earlier payer did, as long as it balances, the next claim balances and loses no cent."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.claims_makers import built, chart, coded, coverage, service

from superbill.claims import PriorAdjudication, next_claim
from superbill.claims.cob import unbalanced
from superbill.claims.model import Adjustment, Claim, LineAdjudication
from superbill.edits import Context, check

PLANS = (coverage("buckeye", 1), coverage("second", 2), coverage("medicaid", 3))


@st.composite
def adjudications_of(draw, claim, payer, subscriber):
    """A balanced result: every charge is cut into payment, contract and patient's part, at random."""
    lines = {}
    for line in claim.lines:
        paid = draw(st.integers(0, line.charge))
        contract = draw(st.integers(0, line.charge - paid))
        parts = [("CO", "45", contract), ("PR", "2", line.charge - paid - contract)]
        lines[line.control_number] = LineAdjudication(
            payer_id=payer.id,
            paid=paid,
            procedure=line.procedure,
            units=line.units,
            adjustments=tuple(Adjustment(*part) for part in parts if part[2]),
        )
    taken = draw(st.integers(0, 50_00))
    return PriorAdjudication(
        payer=payer,
        subscriber=subscriber,
        paid_on=date(2026, 3, 20),
        paid=sum(one.paid for one in lines.values()) - taken,
        lines=lines,
        adjustments=(Adjustment("CO", "137", taken),) if taken else (),
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 6))
def test_totals_are_conserved_from_payer_to_payer(data, count):
    result = built(chart(*PLANS), the_coded=coded(*(service("99213") for _ in range(count))))
    claim, coverages = result.claims[0], result.coverages
    original = claim
    for place, letter in ((1, "S"), (2, "T")):
        prior = data.draw(adjudications_of(claim, claim.payer, claim.subscriber))
        assert unbalanced(claim, prior) == []
        moved = next_claim(claim, [prior], coverages[place], f"A1007{letter}1")
        assert isinstance(moved, Claim)
        assert moved.charge == original.charge
        assert moved.other_insurance[place - 1].paid == prior.paid
        for line in moved.lines:
            for one in line.adjudications:
                assert one.paid + sum(adjustment.amount for adjustment in one.adjustments) == line.charge
            share = sum(a.amount for a in line.adjudications[-1].adjustments if a.group == "PR")
            assert line.adjudications[-1].remaining_patient_liability == share
        found = {finding.rule for finding in check(moved, Context(today=date(2026, 4, 1)))}
        assert not {rule for rule in found if rule.startswith("cob.")}
        claim = moved


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(-500, 500).filter(bool))
def test_one_cent_too_many_anywhere_is_refused(data, count, wrong):
    result = built(chart(*PLANS), the_coded=coded(*(service("99213") for _ in range(count))))
    claim, coverages = result.claims[0], result.coverages
    prior = data.draw(adjudications_of(claim, claim.payer, claim.subscriber))
    refused = next_claim(claim, [replace(prior, paid=prior.paid + wrong)], coverages[1], "A1007S1")
    assert isinstance(refused, list) and refused
