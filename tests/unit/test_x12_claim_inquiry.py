"""Claim status: what is asked (276) and answered (277) comes back as it went out, and others can read it."""

from datetime import UTC, date, datetime

import pytest
from tests.judges import judge_x12sdk

from superbill.claims.model import Person
from superbill.effective import Period
from superbill.x12 import X12WriteError, read_276, read_277, write_276, write_277
from superbill.x12.inquiry_model import ClaimQuestion, ClaimReply
from superbill.x12.model import Envelope, StatusCode

ENVELOPE = Envelope(
    sender_id="SENDER",
    receiver_id="RECEIVER",
    interchange_control_number=1,
    group_control_number=1,
    created=datetime(2026, 11, 2, 9, tzinfo=UTC),
)
ASKER = ("Lakeside", "SUB1")
SERVICE = Period(date(2026, 9, 1), date(2026, 9, 1))
REFUSED = b"""ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261102*0900*^*00501*000000001*0*P*:~
GS*HN*SENDER*RECEIVER*20261102*0900*1*X*005010X212~
ST*277*0001*005010X212~
BHT*0010*08*I1*20261102*0900*DG~
HL*1**20*1~
NM1*PR*2*Payer One*****PI*00001~
HL*2*1*21*1~
NM1*41*2*Lakeside*****46*SUB1~
HL*3*2*19*0~
NM1*1P*2*Lakeside*****XX*1234567893~
TRN*1*PT1~
STC*E0:24:1P*20261001~
SE*11*0001~
GE*1*1~
IEA*1*000000001~
"""


def question(trace: str, **changed: object) -> ClaimQuestion:
    usual: dict[str, object] = {
        "trace": trace,
        "payer_name": "Payer One",
        "payer_id": "00001",
        "provider_name": "Lakeside",
        "provider_npi": "1234567893",
        "subscriber": Person("Doe", "Jo"),
        "member_id": "M1",
        "birth_date": date(1970, 1, 1),
        "sex": "F",
        "control_number": "A1001P1",
        "charge": 150_00,
        "service": SERVICE,
    }
    return ClaimQuestion(**usual | changed)  # type: ignore[arg-type]  # the fields of a question


QUESTIONS = [
    question("Q1"),
    question("Q2", control_number="A2", payer_control_number="ICN9", bill_type="131"),
    question("Q3", dependent=Person("Doe", "Kid"), control_number="A3"),
    question("Q4", payer_id="00002", payer_name="Two", sex=None, service=Period(SERVICE.start, date(2026, 9, 4))),
]


def reply(asked: ClaimQuestion, **changed: object) -> ClaimReply:
    names = ("trace", "payer_name", "payer_id", "provider_name", "provider_npi", "subscriber", "member_id", "dependent")
    told = {name: getattr(asked, name) for name in (*names, "control_number", "charge", "service")}
    return ClaimReply(**told | {"statuses": (StatusCode("P1", "20"),), "effective": date(2026, 10, 1)} | changed)


def test_every_question_comes_back_as_it_was_asked():
    data = write_276(QUESTIONS, envelope=ENVELOPE, asker=ASKER, number="I1")
    sets = list(read_276(data))
    assert [one for _, _, some in sets for one in some] == QUESTIONS
    assert [asker for _, asker, _ in sets] == [ASKER, ASKER]
    assert [finding for found, _, _ in sets for finding in found.findings] == []
    assert judge_x12sdk(data) == []


def test_every_answer_comes_back_with_all_its_statuses_and_its_payment():
    statuses = tuple(StatusCode("F1", code) for code in ("65", "3", "12", "15"))
    paid = {
        "statuses": statuses,
        "paid": 80_00,
        "finalized": date(2026, 9, 20),
        "payment_date": date(2026, 9, 22),
        "payment_trace": "T1",
        "payer_control_number": "ICN1",
    }
    replies = [reply(QUESTIONS[0], **paid), *map(reply, QUESTIONS[1:])]
    data = write_277(replies, envelope=ENVELOPE, asker=ASKER, number="I1")
    assert [one for _, some in read_277(data) for one in some] == replies
    assert judge_x12sdk(data) == []


def test_a_question_refused_as_a_whole_is_an_answer_without_a_claim():
    ((found, replies),) = read_277(REFUSED)
    assert found.reference == "I1"
    assert [(one.trace, one.control_number, one.payer_id) for one in replies] == [("PT1", "", "00001")]
    assert replies[0].statuses == (StatusCode("E0", "24", "1P"),)


def test_nobody_asks_about_a_patient_without_a_birth_date():
    with pytest.raises(X12WriteError, match="birth date"):
        write_276([question("Q1", birth_date=None)], envelope=ENVELOPE, asker=ASKER, number="I1")
