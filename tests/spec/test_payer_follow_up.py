"""The simulated payers after a claim is in: what they answer when asked, what they lose, how they tell a payment."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.payer_support import assert_balanced, payer, payers
from tests.payer_support import claim as claim_of
from tests.payer_support import line as line_of

from superbill.app.path.asking import question
from superbill.claims.model import Contact, OtherInsurance, Payer, Subscriber
from superbill.payer.config import Rates
from superbill.payer.simulated import SimulatedPayer
from superbill.remits.identity import payment_facts
from superbill.x12 import read_277, read_277ca, read_835, write_276, write_claims
from superbill.x12.model import Envelope, Submitter

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
PAID = AT + timedelta(days=20)
SUBMITTER = Submitter(
    name="ANY PRACTICE",
    id="ANY01",
    contact=Contact("Office", "7155550101"),
    receiver_name="SIM",
    receiver_id="CLEARSIM",
)


def envelope(number):
    return Envelope(
        sender_id="ANY01",
        receiver_id="CLEARSIM",
        interchange_control_number=number,
        group_control_number=number,
        created=AT,
    )


def send(partner, *claims, number=1):
    """The 277CA statuses of these claims by their numbers."""
    data = write_claims(claims, envelope=envelope(number), submitter=SUBMITTER, reference=f"B{number}")
    files = partner.receive(data, AT)
    acks = [ack for file in files if file.kind == "277CA" for _, ack in read_277ca(file.data)]
    return {status.control_number: status for ack in acks for status in ack.claims}


def asked(partner, claim, *, at=AT, number=5, **changed):
    """The answer to one question about a claim."""
    one = replace(question(claim, "Q1"), **changed)
    data = write_276([one], envelope=envelope(number), asker=("ANY PRACTICE", "ANY01"), number="S1")
    (file,) = [file for file in partner.receive(data, at) if file.kind == "277"]
    ((found, (reply,)),) = read_277(file.data)
    assert found.reference == "S1"
    assert (reply.trace, reply.control_number) == ("Q1", claim.control_number)
    return reply


def codes(reply):
    return [(status.category, status.status) for status in reply.statuses]


def told(partner, at=PAID):
    return [(file, payment) for file in partner.pay(at) for _, payment in read_835(file.data)]


def test_a_payer_says_where_a_claim_stands_and_names_its_payment():
    partner, claim = SimulatedPayer(payers()), claim_of()
    number = send(partner, claim)["A1"].payer_control_number
    waiting = asked(partner, claim)
    assert (codes(waiting), waiting.payer_control_number, waiting.paid) == ([("P1", "20")], number, None)
    ((_, payment),) = told(partner)
    decided = asked(partner, claim, at=PAID, number=6)
    assert codes(decided) == ([("F1", "65")] if payment.payment_amount else [("F4", "104")])
    assert (decided.paid, decided.finalized) == (payment.claims[0].paid, payment.payment_date)
    assert decided.payment_trace == (payment.trace_number if payment.payment_amount else "")


def test_a_refused_claim_is_said_to_be_refused():
    partner = SimulatedPayer(payers(payer(rates=Rates(coverage_ended=1000))))
    claim = claim_of()
    send(partner, claim)
    told(partner)
    assert codes(asked(partner, claim, at=PAID)) == [("F2", "1")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"member_id": "M999"}, ("A4", "35")),
        ({"control_number": "A2"}, ("A4", "35")),
        ({"payer_id": "NOBODY"}, ("E0", "116")),
    ],
    ids=["another member", "a claim never sent", "no such payer"],
)
def test_who_does_not_know_a_claim_is_told_nothing_of_it(changed, code):
    partner, claim = SimulatedPayer(payers()), claim_of()
    send(partner, claim)
    one = replace(question(claim, "Q1"), **changed)
    data = write_276([one], envelope=envelope(5), asker=("ANY PRACTICE", "ANY01"), number="S1")
    (file,) = [file for file in partner.receive(data, AT) if file.kind == "277"]
    ((_, (reply,)),) = read_277(file.data)
    assert codes(reply) == [code]
    assert (reply.paid, reply.payer_control_number) == (None, "")


def test_a_lost_claim_is_never_answered_and_not_found_and_may_arrive_when_it_is_sent_again():
    claims = [claim_of(control=f"A{number}") for number in range(1, 13)]
    partner = SimulatedPayer(payers(payer(rates=Rates(lost=500))))
    acknowledged = send(partner, *claims)
    answered = {claim.control_number for _, payment in told(partner) for claim in payment.claims}
    lost = [claim for claim in claims if claim.control_number not in answered]
    assert 0 < len(lost) < 12
    silent = [claim for claim in lost if claim.control_number not in acknowledged]
    assert 0 < len(silent) < len(lost)  # some are lost before the 277CA, some after it
    assert codes(asked(partner, lost[0], at=PAID)) == [("A4", "35")]
    for number in range(10, 30):
        if lost[0].control_number in send(partner, lost[0], number=number):
            break
    again = {
        claim.control_number for _, payment in told(partner, PAID + timedelta(days=20)) for claim in payment.claims
    }
    assert lost[0].control_number in again


def test_a_payment_in_two_files_says_the_whole_amount_in_both_and_each_claim_once():
    claims = [claim_of(control=f"A{number}", member=f"M{number}") for number in range(1, 6)]
    one = SimulatedPayer(payers(payer(rates=Rates(two_files=1000))))
    whole = SimulatedPayer(payers())
    for partner in (one, whole):
        send(partner, *claims)
    (_, first), (_, second) = told(one)
    ((_, payment),) = told(whole)
    assert payment_facts(first) == payment_facts(second) == payment_facts(payment)
    assert (*first.claims, *second.claims) == payment.claims
    assert first.provider_adjustments == ()


def test_a_payment_that_comes_twice_says_the_same_in_other_bytes():
    partner = SimulatedPayer(payers(payer(rates=Rates(twice=1000))))
    send(partner, claim_of())
    (one, first), (other, second) = told(partner)
    assert first == second
    assert one.data != other.data


@pytest.mark.parametrize("rate", ["line_split", "bundled", "replaced", "modifier_dropped", "claim_split"])
def test_however_a_claim_is_told_the_money_is_the_same(rate):
    lines = (
        line_of(1, "99213", 180_00, modifiers=("25",), control="K1"),
        line_of(2, "73030", 91_01, units=3, control="K2"),
        line_of(3, "80053", 40_00, control="K3"),
        line_of(4, "80048", 30_00, control="K4"),
    )
    plain, other = SimulatedPayer(payers()), SimulatedPayer(payers(payer(rates=Rates(**{rate: 1000}))))
    for partner in (plain, other):
        send(partner, claim_of(*lines))
    ((_, usual),), ((_, retold),) = told(plain), told(other)
    assert_balanced(retold)
    assert usual.payment_amount == retold.payment_amount
    assert usual.claims != retold.claims
    assert sum(claim.charge for claim in retold.claims) == usual.claims[0].charge


def test_what_is_owed_may_pass_a_payment_and_is_carried_forward():
    config = payer(rates=Rates(recoupment=1000), recoupment_days=5, recovery_days=5, recoups_beyond_payment=True)
    partner = SimulatedPayer(payers(config))
    forwarded = []
    for number in range(1, 9):
        day = AT + timedelta(days=30 * number)
        claim = claim_of(line_of(1, "99213", 190_00 if number < 5 else 4_00), control=f"A{number}", member=f"M{number}")
        data = write_claims([claim], envelope=envelope(number), submitter=SUBMITTER, reference=f"B{number}")
        partner.receive(data, day)
        for _, payment in told(partner, day + timedelta(days=20)):
            assert_balanced(payment)
            assert payment.payment_amount >= 0
            forwarded += [each for each in payment.provider_adjustments if each.reason == "FB" and each.amount < 0]
    assert forwarded


def test_a_claim_crosses_over_under_its_own_number_with_what_was_decided():
    first = payer(crosses_over_to=("NEXT1",))
    second = payer(key="next", id="NEXT1", name="Next Plan", originator_id="1399999911", always_after=True)
    partner = SimulatedPayer(payers(first, second))
    claim = claim_of(line_of(1, "73030", 900_00, control="K1"))
    waiting = OtherInsurance(
        subscriber=Subscriber(responsibility="S", relationship="18", person=claim.subscriber.person, member_id="N100"),
        payer=Payer(name="Next Plan", id="NEXT1", claim_filing_indicator="CI"),
    )
    send(partner, replace(claim, other_insurance=(waiting,)))
    ((_, payment),) = told(partner)
    (answer,) = payment.claims
    assert (answer.status, answer.crossover_payer_id, answer.remarks) == ("19", "NEXT1", ("MA18",))
    ((_, later),) = told(partner, PAID + timedelta(days=20))
    (after,) = later.claims
    assert (after.control_number, after.status) == ("A1", "2")
    assert after.paid == answer.patient_responsibility
