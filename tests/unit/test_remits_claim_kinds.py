"""Institutional and dental claims after their first payer: which line it answered, and what the next payer is sent."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.claim_kind_samples import DENTAL, INPATIENT
from tests.judges import judge_syntax, judge_x12
from tests.strategies_parts import ENVELOPE, SUBMITTER
from tests.x12_samples import CLAIM, REMITTANCE

from superbill.claims.cob import PriorAdjudication, corrected, next_claim, void
from superbill.claims.inputs import CoverageOnClaim, PayerOnClaim
from superbill.claims.model import (
    Adjustment,
    Attachment,
    Claim,
    InpatientAdjudication,
    OtherInsurance,
    OutpatientAdjudication,
    Payer,
    Procedure,
    SecondaryId,
)
from superbill.remits.match import charge_lines, match_lines
from superbill.remits.secondary import secondary_claim
from superbill.x12 import read_835, read_claims, write_835, write_claims
from superbill.x12.model import RemittanceClaim, RemittanceLine

PAID_ON = date(2026, 4, 1)
NEXT = Payer(name="SECOND PAYER", id="S2")
WAITING = OtherInsurance(subscriber=replace(CLAIM.subscriber, responsibility="S", member_id="M99"), payer=NEXT)
ROOM = RemittanceLine(
    procedure=Procedure("0120", (), "NU"),
    charge=300_000,
    paid=250_000,
    units=Decimal(3),
    adjustments=(Adjustment("CO", "45", 40_000), Adjustment("PR", "1", 10_000)),
)
TEST = RemittanceLine(
    procedure=Procedure("80053"),
    charge=12_000,
    paid=10_000,
    revenue_code="0300",
    adjustments=(Adjustment("CO", "45", 2_000),),
)
ANSWER = RemittanceClaim(
    control_number="H1P1",
    status="1",
    charge=312_000,
    paid=260_000,
    payer_control_number="ICN1",
    remarks=("MA01",),
    lines=(TEST, ROOM),
)


def find_payer(payer_id):
    return PayerOnClaim(key="second", payer=NEXT) if payer_id == NEXT.id else None


def second(claim, answer):
    made = secondary_claim(replace(claim, other_insurance=(WAITING,)), answer, PAID_ON, find_payer)
    assert isinstance(made, Claim), made
    return made


def as_carried(claim):
    """Without what no 837 tells: our own count of versions, birth date and sex of another payer's subscriber."""
    others = tuple(
        replace(each, subscriber=replace(each.subscriber, birth_date=None, sex=None)) for each in claim.other_insurance
    )
    return replace(claim, version=1, other_insurance=others)


def sent(claim):
    return write_claims([claim], envelope=ENVELOPE, submitter=SUBMITTER, reference="B1")


# --- matching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "theirs, key",
    [
        (ROOM, "H1"),
        (replace(ROOM, procedure=Procedure("120", (), "NU")), "H1"),
        (replace(ROOM, procedure=Procedure(""), revenue_code="0120"), "H1"),
        (TEST, "H2"),
        (replace(ROOM, procedure=Procedure("0121", (), "NU")), None),
        (replace(ROOM, charge=1), None),
        (replace(TEST, procedure=Procedure("0300", (), "NU")), None),
        (replace(TEST, procedure=Procedure("0300", (), "NU"), control_number="H2"), "H2"),
    ],
)
def test_a_line_is_found_by_its_revenue_code_where_that_is_all_it_has(theirs, key):
    [found] = match_lines([theirs], charge_lines(INPATIENT))
    assert (found and found.key) == key


def test_a_line_without_a_day_of_its_own_is_of_the_days_of_the_statement():
    assert [each.service for each in charge_lines(INPATIENT)] == [INPATIENT.service, INPATIENT.lines[1].service]
    on = replace(ROOM, service=INPATIENT.service)
    assert match_lines([on], charge_lines(INPATIENT))[0].key == "H1"


# --- the next payer -------------------------------------------------------------------------------------------------


def test_the_next_payer_of_a_stay_is_sent_what_was_decided_line_by_line():
    claim = second(INPATIENT, ANSWER)
    assert (claim.kind, claim.control_number, claim.payer.id, claim.type_of_bill) == (
        "institutional", "H1S1", "S2", "0111",
    )  # fmt: skip
    [[room], [test]] = [line.adjudications for line in claim.lines]
    assert (room.procedure.code, room.revenue_code, room.paid) == ("", "0120", 250_000)
    assert room.remaining_patient_liability == 10_000
    assert (test.procedure.code, test.revenue_code) == ("80053", "0300")
    [former] = claim.other_insurance
    assert former.inpatient == InpatientAdjudication(remarks=("MA01",)) and former.outpatient is None
    data = sent(claim)
    assert b"\nMIA*0****MA01~" in data and b"\nSVD*99999*2500**0120*3~" in data
    assert b"\nSVD*99999*100*HC:80053*0300*1~" in data
    assert list(read_claims(data)) == [as_carried(claim)]
    assert judge_x12(data) == []


def test_a_payer_that_decided_on_the_stay_as_a_whole_is_told_with_its_drg_amount():
    whole = replace(
        ANSWER,
        lines=(),
        remarks=(),
        adjustments=(Adjustment("CO", "45", 42_000), Adjustment("PR", "1", 10_000)),
        inpatient=InpatientAdjudication(drg_amount=260_000),
    )
    claim = second(INPATIENT, whole)
    [former] = claim.other_insurance
    assert former.inpatient == InpatientAdjudication(drg_amount=260_000)
    assert (former.paid_on, former.remaining_patient_liability) == (PAID_ON, 10_000)
    assert list(read_claims(sent(claim))) == [as_carried(claim)]
    assert judge_x12(sent(claim)) == []


@pytest.mark.parametrize("kept, frequency", [("1", "1"), ("2", "2"), ("4", "4"), ("7", "1"), ("8", "1")])
def test_the_bill_of_a_part_of_a_stay_stays_one_at_the_next_payer(kept, frequency):
    claim = second(replace(INPATIENT, frequency=kept, payer_control_number="ICN0" if kept in "78" else ""), ANSWER)
    assert (claim.frequency, claim.payer_control_number) == (frequency, "")


def test_the_next_payer_of_a_dental_claim_is_sent_one_too_without_the_former_s_numbers():
    first, other = DENTAL.lines
    asked = replace(
        DENTAL,
        prior_authorization="PA1",
        referral_number="RF1",
        delay_reason="1",
        attachments=(Attachment("RB"),),
        references=(SecondaryId("D9", "T1"),),
        dental=replace(DENTAL.dental, predetermination_number="PD1"),
        lines=(
            replace(first, prior_authorization="PA2", dental=replace(first.dental, predetermination_number="PD2")),
            other,
        ),
    )
    answer = replace(
        ANSWER,
        control_number="D1P1",
        charge=24_000,
        paid=20_000,
        lines=tuple(
            RemittanceLine(
                procedure=line.procedure,
                charge=line.charge,
                paid=line.charge - 2_000,
                adjustments=(Adjustment("PR", "3", 2_000),),
            )
            for line in DENTAL.lines
        ),
    )
    claim = second(asked, answer)
    assert (claim.kind, claim.control_number, claim.dental, claim.lines[0].dental) == (
        "dental", "D1S1", DENTAL.dental, first.dental,
    )  # fmt: skip
    assert (claim.prior_authorization, claim.lines[0].prior_authorization, claim.delay_reason) == ("", "", "")
    assert (claim.references, claim.attachments) == ((), asked.attachments)
    [former] = claim.other_insurance
    assert (former.prior_authorization, former.referral_number) == ("PA1", "RF1")
    assert former.outpatient == OutpatientAdjudication(remarks=("MA01",))
    data = sent(claim)
    assert b"\nSVD*99999*160*AD:D2392**1~" in data
    assert list(read_claims(data)) == [as_carried(claim)]
    assert judge_syntax(data) == []


def test_nothing_is_billed_on_after_a_predetermination():
    asks = replace(DENTAL, predetermination=True)
    coverage = CoverageOnClaim(coverage_id="", payer=find_payer("S2"), subscriber=WAITING.subscriber)
    result = PriorAdjudication(
        payer=asks.payer, subscriber=asks.subscriber, paid_on=PAID_ON, paid=0,
        adjustments=(Adjustment("CO", "45", asks.charge),),
    )  # fmt: skip
    found = next_claim(asks, [result], coverage, "D1S1")
    assert isinstance(found, list)
    assert [each.rule for each in found] == ["claims.cob-predetermination"]


@pytest.mark.parametrize("claim", [INPATIENT, DENTAL], ids=lambda claim: claim.kind)
def test_corrections_and_voids_of_every_kind_are_written(claim):
    for made, frequency in ((corrected(claim, "ICN1", 2, {"note": "X"}), "7"), (void(claim, "ICN1", 2), "8")):
        assert (made.kind, made.frequency, made.control_number[-1]) == (claim.kind, frequency, "2")
        assert list(read_claims(sent(made))) == [as_carried(made)]


# --- the 835 --------------------------------------------------------------------------------------------------------


def test_what_a_payer_says_of_a_stay_comes_back_from_an_835():
    [claim] = REMITTANCE.claims
    [line] = claim.lines
    line = replace(line, procedure=Procedure("0120", (), "NU"))
    for told in (
        replace(claim, inpatient=InpatientAdjudication(drg_amount=100_00), remarks=("MA01",), place_of_service="11"),
        replace(claim, outpatient=OutpatientAdjudication(reimbursement_rate=Decimal("0.8")), remarks=("MA18",)),
        replace(claim, lines=(replace(line, procedure=Procedure("99213"), revenue_code="0510"),)),
        replace(claim, lines=(line,)),
    ):
        remittance = replace(REMITTANCE, claims=(told,))
        [(found, back)] = read_835(write_835([remittance], envelope=ENVELOPE))
        assert back == remittance and found.findings == ()
