"""Whatever valid claim comes in as a file, the payers answer it with valid files, and their amounts add up."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.payer_support import assert_balanced, clinic
from tests.strategies import claims

from superbill.claims.model import Contact
from superbill.payer.config import Rates
from superbill.payer.simulated import SimulatedPayer
from superbill.x12 import read_277ca, read_835, read_999, write_837p
from superbill.x12.model import Envelope, Submitter

AT = datetime(2031, 3, 9, 12, 0, tzinfo=UTC)
SUBMITTER = Submitter(
    name="ANY PRACTICE",
    id="ANY01",
    contact=Contact("Office", "7155550101"),
    receiver_name="SIM",
    receiver_id="CLEARSIM",
)
RATES = Rates(medical_necessity=80, missing_information=50, coverage_ended=50, recoupment=500, late=200)
PAYERS = msgspec.structs.replace(
    clinic(), payers=tuple(msgspec.structs.replace(each, rates=RATES) for each in clinic().payers)
)


def addressed(each, number, payer):
    """The claim, to one of the clinic's payers, under a number of its own."""
    changed = msgspec.structs.replace(each.payer, id=payer.id, name=payer.name)
    return msgspec.structs.replace(each, control_number=f"A{number}", payer=changed)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn=st.lists(st.tuples(claims(), st.sampled_from(PAYERS.payers)), min_size=1, max_size=4))
def test_any_valid_claim_is_answered_in_valid_files_that_add_up(drawn):
    sent = [addressed(each, number, payer) for number, (each, payer) in enumerate(drawn)]
    envelope = Envelope(
        sender_id="ANY01", receiver_id="CLEARSIM", interchange_control_number=1, group_control_number=1, created=AT
    )
    partner = SimulatedPayer(PAYERS)
    # Every writer proves its file before it hands it over: no error here means that the files are valid.
    acknowledgement, *statuses = partner.receive(
        write_837p(sent, envelope=envelope, submitter=SUBMITTER, reference="B1"), AT
    )
    assert [answer.code for _, answer in read_999(acknowledgement.data)] == ["A"]
    answered = [each for file in statuses for _, answer in read_277ca(file.data) for each in answer.claims]
    assert sorted(each.control_number for each in answered) == sorted(each.control_number for each in sent)
    files = [file for week in range(1, 12) for file in partner.pay(AT + timedelta(days=7 * week))]
    remittances = [remittance for file in files for _, remittance in read_835(file.data)]
    for remittance in remittances:
        assert_balanced(remittance)
    accepted = {each.control_number for each in answered if each.action == "WQ"}
    paid = {each.control_number for remittance in remittances for each in remittance.claims}
    assert {each.control_number for each in sent if each.frequency == "1"} & accepted <= paid
    assert partner.waiting == 0
