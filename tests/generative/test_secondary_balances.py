"""Whatever an earlier payer answers, and however it tells it, the next payer's claim says it to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.judges import judge_pyx12, judge_x12sdk
from tests.payer_support import BILLING, RENDERING, payer, payers
from tests.payer_support import claim as claim_of
from tests.payer_support import line as line_of

from superbill.claims.inputs import PayerOnClaim
from superbill.claims.model import Claim, Contact, OtherInsurance, Payer, Person, Subscriber
from superbill.payer.config import Rates
from superbill.payer.simulated import SimulatedPayer
from superbill.remits.secondary import secondary_claim, standing_answer, waiting_payer
from superbill.x12 import read_835, write_claims
from superbill.x12.model import Envelope, RemittanceClaim, Submitter

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
ORDER = ("BPH10", "SECOND", "THIRD")
RATES = Rates(
    medical_necessity=150,
    missing_information=50,
    coverage_ended=50,
    recoupment=300,
    line_split=300,
    bundled=500,
    replaced=300,
    modifier_dropped=300,
    claim_split=300,
)
PAYERS = {
    key: payer(key=key.lower(), id=key, name=f"Payer {key.title()}", rates=RATES, originator_id=f"139999991{place}")
    for place, key in enumerate(ORDER)
}
SUBMITTER = Submitter(
    name="ANY PRACTICE",
    id="ANY01",
    contact=Contact("Office", "7155550101"),
    receiver_name="SIM",
    receiver_id="CLEARSIM",
)


def find(payer_id: str) -> PayerOnClaim:
    found = PAYERS[payer_id]
    return PayerOnClaim(key=found.key, payer=Payer(name=found.name, id=found.id, claim_filing_indicator="CI"))


def other(payer_id: str, letter: str) -> OtherInsurance:
    person = Person("Testcase", "Vera")
    subscriber = Subscriber(responsibility=letter, relationship="18", person=person, member_id=f"M{payer_id}")
    return OtherInsurance(subscriber=subscriber, payer=find(payer_id).payer)


@st.composite
def visits(draw: st.DrawFn) -> Claim:
    """A claim of one to five lines with two further payers behind its own."""
    codes = ("99213", "99214", "80053", "85025", "36415", "90471", "73030")
    drawn = [
        line_of(
            number,
            draw(st.sampled_from(codes)),
            draw(st.integers(1, 900_00)),
            modifiers=draw(st.sampled_from([(), ("25",), ("59", "LT")])),
            units=draw(st.sampled_from([1, 1, 2, 3])),
            control=f"A{number}-{number}",
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    number = draw(st.integers(1000, 9999))
    made = claim_of(*drawn, control=f"A{number}P1", billing=BILLING, rendering=RENDERING)
    return replace(made, other_insurance=(other("SECOND", "S"), other("THIRD", "T")))


def envelope(number: int, at: datetime) -> Envelope:
    return Envelope(
        sender_id="ANY01",
        receiver_id="CLEARSIM",
        interchange_control_number=number,
        group_control_number=number,
        created=at,
    )


def balanced(claim: Claim) -> None:
    """The arithmetic of COB, reckoned here from the claim alone."""
    for told in claim.other_insurance:
        if told.paid is None:
            continue
        mine = told.payer.id
        lines = [(line, one) for line in claim.lines for one in line.adjudications if one.payer_id == mine]
        assert [line.number for line, _ in lines] == [line.number for line in claim.lines]
        for line, one in lines:
            assert one.paid + sum(piece.amount for piece in one.adjustments) == line.charge
        assert told.paid == sum(one.paid for _, one in lines) - sum(piece.amount for piece in told.adjustments)


def decided(partner: SimulatedPayer, claim: Claim, number: int) -> tuple[RemittanceClaim, date] | None:
    """Send the claim in a file that is proven valid, wait for every second look, and put the answers together."""
    at = AT + timedelta(days=200 * number)
    data = write_claims([claim], envelope=envelope(number + 1, at), submitter=SUBMITTER, reference=f"B{number}")
    partner.receive(data, at)
    files = [file for days in (20, 55, 90) for file in partner.pay(at + timedelta(days=days))]
    told = [(one, each.payment_date) for file in files for _, each in read_835(file.data) for one in each.claims]
    mine = [(one, day) for one, day in told if one.control_number == claim.control_number]
    answer = standing_answer(claim, [one for one, _ in mine])
    return None if answer is None else (answer, mine[-1][1])


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(visit=visits())
def test_the_next_payers_claim_balances_for_every_payer_before_it(visit):
    partner = SimulatedPayer(payers(*PAYERS.values()))
    claim = visit
    for number in range(2):
        found = decided(partner, claim, number)
        assert found is not None
        answer, paid_on = found
        made = secondary_claim(claim, answer, paid_on, find)
        assert isinstance(made, Claim), made
        balanced(made)
        assert len([told for told in made.other_insurance if told.paid is not None]) == number + 1
        assert [line.charge for line in made.lines] == [line.charge for line in claim.lines]
        claim = made
    assert waiting_payer(claim) is None
    assert claim.subscriber.responsibility == "T"
    assert decided(partner, claim, 2) is not None
    assert Decimal(sum(told.paid or 0 for told in claim.other_insurance)) <= claim.charge


def test_a_tertiary_claim_is_what_other_implementations_read():
    visit = claim_of(
        line_of(1, "99213", 180_00, control="A1-1"), line_of(2, "36415", 20_00, control="A1-2"), control="A1P1"
    )
    claim = replace(visit, other_insurance=(other("SECOND", "S"), other("THIRD", "T")))
    partner = SimulatedPayer(payers(*PAYERS.values()))
    for number in range(2):
        found = decided(partner, claim, number)
        assert found is not None
        claim = secondary_claim(claim, *found, find)
        assert isinstance(claim, Claim)
        data = write_claims([claim], envelope=envelope(9, AT), submitter=SUBMITTER, reference="B9")
        assert judge_x12sdk(data) == judge_pyx12(data) == []


def test_the_parts_of_a_split_claim_are_one_answer_and_a_reversal_takes_back_its_own_part():
    first, second = line_of(1, "99213", 100_00, control="K1"), line_of(2, "36415", 50_00, control="K2")
    claim = claim_of(first, second, control="A1P1")
    one = _part(claim, first, 60_00, "N1")
    two = _part(claim, second, 20_00, "N2")
    whole = standing_answer(claim, [one, two])
    assert whole is not None
    assert (whole.charge, whole.paid, len(whole.lines)) == (150_00, 80_00, 2)
    gone = replace(two, status="22", charge=-two.charge, paid=-two.paid)
    assert standing_answer(claim, [one, two, gone]) == one
    again = replace(two, paid=25_00, payer_control_number="N3")
    corrected = standing_answer(claim, [one, two, gone, again])
    assert corrected is not None
    assert corrected.paid == 85_00
    assert standing_answer(claim, [one, two, replace(whole, status="22", payer_control_number="N9")]) is None


def test_an_answer_to_lines_that_were_answered_stands_for_the_earlier_one():
    first = line_of(1, "99213", 100_00, control="K1")
    claim = claim_of(first, control="A1P1")
    denied, paid = _part(claim, first, 0, "N1"), _part(claim, first, 60_00, "N2")
    assert standing_answer(claim, [denied, paid]) == paid
    assert standing_answer(claim, [denied, replace(paid, lines=())]) == replace(paid, lines=())
    assert standing_answer(claim, []) is None


def _part(claim: Claim, line, paid: int, number: str) -> RemittanceClaim:
    from superbill.claims.model import Adjustment
    from superbill.x12.model import RemittanceLine

    told = RemittanceLine(
        procedure=line.procedure,
        charge=line.charge,
        paid=paid,
        control_number=line.control_number,
        service=line.service,
        adjustments=(Adjustment("CO", "45", line.charge - paid),),
    )
    return RemittanceClaim(
        control_number=claim.control_number,
        status="1",
        charge=line.charge,
        paid=paid,
        payer_control_number=number,
        lines=(told,),
    )


assert msgspec.structs.asdict(RATES)["lost"] == 0  # a lost claim would have no answer to balance
