"""What the writers promise: grouping, numbering, transliteration, limits, and refusal with reasons."""

import pytest
from msgspec.structs import replace
from tests.judges import judge_x12
from tests.strategies_parts import ENVELOPE, SUBMITTER
from tests.x12_samples import CLAIM, LINES, REMITTANCE, batch, payment

from superbill.claims.model import Adjustment, LineAdjudication, OtherInsurance, Payer, Person, Subscriber
from superbill.x12 import X12WriteError, identify, read_835, read_837p, read_claims, write_835, write_837p
from superbill.x12.text import plain


def count(data: bytes, start: str) -> int:
    return sum(segment.startswith(start) for segment in data.decode().split("~\n"))


def numbered(number: int):
    return replace(CLAIM, control_number=f"A{number}")


def test_claims_of_one_clinic_and_subscriber_share_their_loops():
    other = replace(numbered(3), subscriber=replace(CLAIM.subscriber, member_id="M78"))
    data = batch(numbered(1), numbered(2), other)
    assert (count(data, "NM1*85"), count(data, "NM1*IL"), count(data, "CLM")) == (1, 2, 3)
    assert [claim.control_number for claim in read_claims(data)] == ["A1", "A2", "A3"]
    assert judge_x12(data) == []


def test_more_than_100_claims_of_one_patient_open_the_loop_again():
    child = replace(CLAIM, subscriber=replace(CLAIM.subscriber, relationship="19"))
    for claim, level, opened in ((CLAIM, "22", 3), (child, "23", 3)):
        sent = [replace(claim, control_number=f"A{number}") for number in range(201)]
        data = batch(*sent)
        assert sum(s.startswith("HL*") and s.split("*")[3] == level for s in data.decode().split("~\n")) == opened
        assert list(read_claims(data)) == sent


def test_a_dependent_gets_a_level_of_its_own_below_the_subscriber():
    child = replace(CLAIM.patient, person=Person("ROE", "SAM"), sex="M")
    claim = replace(CLAIM, subscriber=replace(CLAIM.subscriber, relationship="19"), patient=child)
    data = batch(claim, CLAIM)
    assert [s for s in data.decode().split("~\n") if s.startswith("HL")] == [
        "HL*1**20*1",
        "HL*2*1*22*1",
        "HL*3*2*23*0",
        "HL*4*1*22*0",
    ]
    assert list(read_claims(data)) == [claim, CLAIM]


def test_a_batch_of_more_than_5000_claims_becomes_several_sets():
    small = replace(CLAIM, lines=LINES[:1])
    sets = list(read_837p(batch(*(replace(small, control_number=f"A{n}") for n in range(5001)))))
    assert [len(claims) for _, claims in sets] == [5000, 1]
    assert [each.control_number for each, _ in sets] == ["0001", "0002"]
    assert all(each.findings == () for each, _ in sets)


def test_names_are_transliterated_and_identifiers_never():
    assert plain("Müller-O’Brien: *Œuvre~ ^x") == "Muller-O'Brien; OEuvre- x"
    person = Person("Peña", "Zoë")
    claim = replace(
        CLAIM, subscriber=replace(CLAIM.subscriber, person=person), patient=replace(CLAIM.patient, person=person)
    )
    [back] = read_claims(batch(claim))
    assert back.patient.person == Person("Pena", "Zoe")
    with pytest.raises(X12WriteError, match="A1\\*7"):
        batch(replace(CLAIM, control_number="A1*7"))
    with pytest.raises(X12WriteError, match="can't carry"):
        batch(replace(CLAIM, note="日本"))


@pytest.mark.parametrize(
    "change, says",
    [
        ({"diagnoses": ()}, "Diagnoses .HI. is missing"),
        ({"lines": ()}, r"Loop 2400 \(lines\) is missing"),
        ({"billing": replace(CLAIM.billing, npi="1234567890")}, "is no NPI"),
        ({"billing": replace(CLAIM.billing, address=None)}, "N3"),
        ({"billing": replace(CLAIM.billing, tin="")}, r"Tax id \(REF\) is missing"),
        ({"billing": replace(CLAIM.billing, person=Person("A"))}, "either a person or an organization"),
        ({"patient": replace(CLAIM.patient, person=Person("OTHER"))}, "names differ"),
        ({"referring": CLAIM.billing}, "must be a person"),
        ({"control_number": "A" * 39}, "20 are allowed"),
    ],
)
def test_a_claim_that_a_payer_would_reject_is_refused_with_the_reason(change, says):
    with pytest.raises(X12WriteError, match=says) as refused:
        batch(replace(CLAIM, **change))
    assert refused.value.findings


def test_earlier_payers_must_balance_against_each_line():
    def secondary(adjusted: int):
        told = LineAdjudication(
            payer_id="P1", paid=100_00, procedure=LINES[0].procedure, units=LINES[0].units,
            adjustments=(Adjustment("CO", "45", adjusted),), paid_on=LINES[0].service.start,
        )  # fmt: skip
        who = Subscriber(responsibility="P", relationship="18", person=CLAIM.subscriber.person, member_id="M1")
        other = OtherInsurance(subscriber=who, payer=Payer(name="FIRST PAYER", id="P1"), paid=100_00)
        lines = (replace(LINES[0], adjudications=(told,)), LINES[1])
        return replace(CLAIM, lines=lines, other_insurance=(other,))

    assert list(read_claims(batch(secondary(20_00)))) == [secondary(20_00)]
    with pytest.raises(X12WriteError, match="of line 1, which is not its charge 120"):
        batch(secondary(19_00))


def test_a_remittance_that_does_not_balance_is_refused():
    with pytest.raises(X12WriteError, match="BPR02 pays 91"):
        payment(replace(REMITTANCE, payment_amount=91_00))
    with pytest.raises(X12WriteError, match="names the payer's and the payee's account"):
        payment(replace(REMITTANCE, payment_method="ACH"))


def test_more_than_six_provider_adjustments_take_a_second_plb():
    taken = tuple(
        replace(REMITTANCE.provider_adjustments[0], reason="FB", amount=100, reference=f"R{n}") for n in range(7)
    )
    sent = replace(REMITTANCE, provider_adjustments=taken, payment_amount=93_00)
    data = payment(sent)
    assert count(data, "PLB") == 2
    assert [each for _, each in read_835(data)] == [sent]


@pytest.mark.parametrize(
    "envelope, says",
    [
        ({"sender_id": ""}, "sender_id"),
        ({"receiver_id": "X" * 16}, "receiver_id"),
        ({"sender_id": "A*B"}, "sender_id"),
        ({"interchange_control_number": 0}, "interchange_control_number"),
        ({"group_control_number": 1_000_000_000}, "group_control_number"),
    ],
)
def test_an_envelope_that_no_one_could_deliver_is_refused(envelope, says):
    with pytest.raises(X12WriteError, match=says):
        write_837p([CLAIM], envelope=replace(ENVELOPE, **envelope), submitter=SUBMITTER, reference="B")


def test_nothing_to_write_is_refused():
    with pytest.raises(X12WriteError, match="nothing to write"):
        write_837p([], envelope=ENVELOPE, submitter=SUBMITTER, reference="B")
    with pytest.raises(X12WriteError, match="nothing to write"):
        write_835([], envelope=ENVELOPE)


def test_a_file_says_what_it_holds():
    assert identify(batch()) == [("837", "005010X222A1")]
    assert identify(payment() + batch()) == [("835", "005010X221A1"), ("837", "005010X222A1")]
