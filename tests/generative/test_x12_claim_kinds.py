"""Institutional and dental claims and predeterminations come back as they were sent; others find nothing wrong."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.judges import judge_syntax, judge_x12
from tests.strategies import claims
from tests.strategies_claims import adjudications
from tests.strategies_kinds import dental_claims, facility_predeterminations, institutional_claims
from tests.strategies_parts import ENVELOPE, SUBMITTER, adjustments, payers, people

from superbill.claims.cob import PriorAdjudication, next_claim
from superbill.claims.inputs import CoverageOnClaim, PayerOnClaim
from superbill.claims.model import Claim, LineAdjudication, OutpatientAdjudication, Subscriber
from superbill.x12 import (
    X12WriteError,
    identify,
    read_837d,
    read_837i,
    read_837p,
    read_claims,
    validate,
    write_837d,
    write_837i,
    write_837p,
    write_claims,
)

PAID_ON = date(2026, 4, 1)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much]
# Claims are big: shrinking one takes minutes, and the finding tells its place anyway.
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
many = settings(max_examples=12, deadline=None, suppress_health_check=SLOW, phases=QUICK)
few = settings(max_examples=4, deadline=None, suppress_health_check=SLOW, phases=QUICK)


def sent_by(write, documents) -> bytes:
    return write(documents, envelope=ENVELOPE, submitter=SUBMITTER, reference="BATCH1")


def holds(write, read, version, sent):
    """Written by one and by the general writer alike, valid, and read back equal, with nothing to remark."""
    data = sent_by(write, sent)
    assert data == sent_by(write_claims, sent)
    assert identify(data) == [("837", version)]
    assert validate(data) == []
    [(found, again)] = list(read(data))
    assert again == sent and found.findings == ()
    assert list(read_claims(data)) == sent
    return data


@many
@given(st.lists(institutional_claims(), min_size=1, max_size=2))
def test_institutional_claims_come_back_as_they_were_sent(sent):
    data = holds(write_837i, read_837i, "005010X223A2", sent)
    assert list(read_837p(data)) == list(read_837d(data)) == []


@many
@given(st.lists(dental_claims(), min_size=1, max_size=2))
def test_dental_claims_come_back_as_they_were_sent(sent):
    data = holds(write_837d, read_837d, "005010X224A2", sent)
    assert list(read_837p(data)) == list(read_837i(data)) == []


@settings(many, max_examples=5)
@given(st.lists(facility_predeterminations(), min_size=1, max_size=2))
def test_predeterminations_of_facilities_come_back_as_they_were_sent(sent):
    holds(write_837i, read_837i, "005010X292", sent)


@few
@given(st.lists(institutional_claims(), min_size=1, max_size=2))
def test_the_judges_take_every_batch_of_institutional_claims(sent):
    assert judge_x12(sent_by(write_837i, sent)) == []


@few
@given(st.lists(dental_claims(), min_size=1, max_size=2))
def test_a_judge_takes_the_syntax_of_every_batch_of_dental_claims(sent):
    """None of them has the guide of the 837D."""
    assert judge_syntax(sent_by(write_837d, sent)) == []


@settings(few, max_examples=2)
@given(claims(), institutional_claims(), dental_claims())
def test_each_kind_has_a_batch_of_its_own(professional, institutional, dental):
    kinds = {write_837p: professional, write_837i: institutional, write_837d: dental}
    for write in kinds:
        for other, claim in kinds.items():
            if other is not write:
                with pytest.raises(X12WriteError, match=f"The claim is {claim.kind}"):
                    sent_by(write, [claim])
    with pytest.raises(X12WriteError, match="split them") as refused:
        sent_by(write_claims, [professional, dental])
    assert refused.value.findings[0].where.field == f"claim {dental.control_number}"


@st.composite
def answered(draw: st.DrawFn) -> tuple[Claim, PriorAdjudication]:
    """A claim that its first payer decided on, line by line or as a whole."""
    claim = draw(institutional_claims() | dental_claims().filter(lambda one: not one.predetermination))
    lines = tuple(replace(line, adjudications=()) for line in claim.lines)
    subscriber = replace(claim.subscriber, birth_date=None, sex=None, property_casualty_claim_number="")
    claim = replace(claim, lines=lines, other_insurance=())
    decided: dict[str, LineAdjudication] = {}
    paid = draw(st.integers(0, claim.charge))
    whole = draw(adjustments(claim.charge - paid))
    if draw(st.booleans()):
        told = [draw(adjudications(line.charge, line.procedure, claim.payer.id)) for line in lines]
        decided = {
            line.control_number: replace(each, revenue_code=line.revenue_code)
            for line, each in zip(lines, told, strict=True)
        }
        paid, whole = sum(each.paid for each in told), ()
    return claim, PriorAdjudication(
        payer=claim.payer, subscriber=subscriber, paid_on=PAID_ON, paid=paid, lines=decided, adjustments=whole,
        payer_control_number="ICN1", outpatient=draw(st.none() | st.just(OutpatientAdjudication(remarks=("MA01",)))),
    )  # fmt: skip


@settings(many, max_examples=10)
@given(answered(), people(), payers())
def test_the_next_payers_claim_of_any_kind_is_valid_and_comes_back(decided, person, payer):
    claim, result = decided
    who = Subscriber(responsibility="S", relationship="19", person=person, member_id="M2")
    coverage = CoverageOnClaim(coverage_id="", payer=PayerOnClaim(key="two", payer=payer), subscriber=who)
    following = next_claim(claim, [result], coverage, "A1S1")
    assert isinstance(following, Claim)
    assert (following.charge, following.kind) == (claim.charge, claim.kind)
    data = sent_by(write_claims, [following])
    assert validate(data) == []
    assert list(read_claims(data)) == [following]
