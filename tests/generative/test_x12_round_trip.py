"""Whatever valid documents are written come back equal, and two other implementations find nothing wrong with them."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.judges import judge_x12
from tests.strategies import (
    ENVELOPE,
    SUBMITTER,
    claim_acknowledgements,
    claims,
    functional_acknowledgements,
    remittances,
)

from superbill.findings import Severity
from superbill.x12 import (
    read_277ca,
    read_835,
    read_837p,
    read_999,
    read_claims,
    validate,
    write_277ca,
    write_835,
    write_837p,
    write_999,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
many = settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
# The judges need seconds for a file: few examples, and none spent on shrinking.
few = settings(max_examples=4, deadline=None, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.generate])


def batch_of(documents):
    return write_837p(documents, envelope=ENVELOPE, submitter=SUBMITTER, reference="BATCH1")


@many
@given(st.lists(claims(), min_size=1, max_size=3))
def test_claims_come_back_as_they_were_sent(sent):
    data = batch_of(sent)
    assert list(read_claims(data)) == sent
    [(found, again)] = list(read_837p(data))
    assert again == sent and found.findings == () and found.reference == "BATCH1"


@few
@given(st.lists(claims(), min_size=1, max_size=3))
def test_the_judges_take_every_batch_of_claims(sent):
    assert judge_x12(batch_of(sent)) == []


@many
@given(st.lists(remittances(), min_size=1, max_size=2))
def test_remittances_come_back_as_they_were_sent(sent):
    data = write_835(sent, envelope=ENVELOPE)
    back = list(read_835(data))
    assert [each for _, each in back] == sent
    assert all(found.findings == () for found, _ in back)


@few
@given(remittances())
def test_the_judges_take_every_remittance(sent):
    assert judge_x12(write_835([sent], envelope=ENVELOPE)) == []


@many
@given(st.lists(functional_acknowledgements(), min_size=1, max_size=2))
def test_functional_acknowledgements_come_back_as_they_were_sent(sent):
    data = write_999(sent, envelope=ENVELOPE)
    assert [each for _, each in read_999(data)] == sent


@few
@given(functional_acknowledgements())
def test_the_judges_take_every_999(sent):
    assert judge_x12(write_999([sent], envelope=ENVELOPE)) == []


@many
@given(st.lists(claim_acknowledgements(), min_size=1, max_size=2))
def test_claim_acknowledgements_come_back_as_they_were_sent(sent):
    data = write_277ca(sent, envelope=ENVELOPE)
    assert [each for _, each in read_277ca(data)] == sent


@few
@given(claim_acknowledgements())
def test_the_judges_take_every_277ca(sent):
    assert judge_x12(write_277ca([sent], envelope=ENVELOPE)) == []


@pytest.mark.parametrize("read", [read_837p, read_835, read_999, read_277ca])
@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(sent=claims())
def test_other_transaction_sets_are_passed_over_by_a_reader(read, sent):
    data = batch_of([sent])
    assert len(list(read(data))) == (read is read_837p)
    assert [each for each in validate(data) if each.severity is Severity.ERROR] == []
