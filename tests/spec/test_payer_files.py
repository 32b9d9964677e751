"""The simulated payer speaks files: what comes back for a batch, when money comes, and that nothing happens twice."""

from datetime import timedelta

import msgspec
import pytest
from tests.judges import judge_x12
from tests.payer_support import (
    DAY,
    NOON,
    Rates,
    adjustments,
    assert_balanced,
    claim,
    clinic,
    line,
    payer,
    payers,
)

from superbill.claims.model import Contact
from superbill.effective import Period
from superbill.payer.config import Member
from superbill.payer.simulated import SimulatedPayer
from superbill.payer.state import StateError
from superbill.x12 import read_277ca, read_835, read_999, write_837p
from superbill.x12.model import Envelope, StatusCode, Submitter

SUBMITTER = Submitter(
    name="Lakeland Family Medicine",
    id="LAKELAND01",
    contact=Contact("Billing Office", "7155550101"),
    receiver_name="SIMULATED CLEARINGHOUSE",
    receiver_id="CLEARSIM",
)


def batch(*claims, number=1):
    envelope = Envelope(
        sender_id="LAKELAND01",
        receiver_id="CLEARSIM",
        interchange_control_number=number,
        group_control_number=number,
        created=NOON,
        usage="T",
    )
    return write_837p(claims, envelope=envelope, submitter=SUBMITTER, reference=f"B{number}")


def only(reader, file):
    ((_, document),) = reader(file.data)
    return document


def weeks(partner, count, start=NOON):
    """The remittances of so many weekly cycles."""
    files = [file for week in range(1, count + 1) for file in partner.pay(start + timedelta(days=7 * week))]
    return [only(read_835, file) for file in files]


def test_a_good_batch_is_acknowledged_at_once_claim_by_claim():
    partner = SimulatedPayer(payers(payer(members=(Member(member_id="M200", unknown=True),))))
    accepted, statuses = partner.receive(batch(claim(), claim(control="A2", member="M200")), NOON)
    assert (accepted.kind, only(read_999, accepted).code) == ("999", "A")
    answer = only(read_277ca, statuses)
    assert (statuses.kind, answer.batch_reference, answer.source_id) == ("277CA", "B1", "BPH10")
    first, second = answer.claims
    assert (first.control_number, first.action, first.statuses) == ("A1", "WQ", (StatusCode("A2", "20"),))
    assert first.payer_control_number.isdigit()
    assert (second.control_number, second.action, second.statuses) == ("A2", "U", (StatusCode("A3", "33", "IL"),))
    assert partner.waiting == 1


FRONT = {
    "diagnosis of no shape": (b"ABK:I10", b"ABK:999", ("A7", "255")),
    "procedure of no shape": (b"HC:99213", b"HC:9921", ("A7", "454")),
    "no units": (b"*200*UN*1*", b"*200*UN*0*", ("A7", "476")),
    "pointer to nothing": (b"UN*1***1~", b"UN*1***9~", ("A7", "477")),
    "service to come": (b"20260302", b"20260310", ("A7", "187")),
    "service before birth": (b"19800506", b"20260303", ("A7", "187")),
    "another payer": (b"PI*BPH10", b"PI*NOPE1", ("A3", "116")),
    "replaces nothing": (b"11:B:1", b"11:B:7", ("A6", "464")),
}


@pytest.mark.parametrize("name", FRONT)
def test_a_claim_that_the_front_end_refuses_never_reaches_adjudication(name):
    good, bad, status = FRONT[name]
    sent = batch(claim())
    assert good in sent
    partner = SimulatedPayer(payers())
    _, statuses = partner.receive(sent.replace(good, bad), NOON)
    (refused,) = only(read_277ca, statuses).claims
    assert refused.action == "U"
    assert {(each.category, each.status) for each in refused.statuses} == {status}
    assert refused.payer_control_number == ""
    assert partner.waiting == 0


@pytest.mark.parametrize("code", ["0001A", "0011A", "3044F", "0075T", "0241U", "0002M", "G0439", "J7325"])
def test_the_front_end_takes_every_kind_of_procedure_code(code):
    _, statuses = SimulatedPayer(payers()).receive(batch(claim(line(code=code))), NOON)
    assert only(read_277ca, statuses).claims[0].action == "WQ"


def test_an_unknown_number_to_replace_is_refused_and_a_known_one_taken():
    partner = SimulatedPayer(payers())
    _, statuses = partner.receive(batch(claim()), NOON)
    (first,) = only(read_277ca, statuses).claims
    changes = {"frequency": "7", "payer_control_number": "123"}
    _, statuses = partner.receive(batch(claim(control="A2", **changes), number=2), NOON)
    assert only(read_277ca, statuses).claims[0].statuses == (StatusCode("A7", "464", "PR"),)
    changes["payer_control_number"] = first.payer_control_number
    _, statuses = partner.receive(batch(claim(control="A3", **changes), number=3), NOON)
    assert only(read_277ca, statuses).claims[0].action == "WQ"


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: b"hello", lambda data: data[:300], lambda data: data[:60]]
)
def test_a_file_that_can_not_be_read_is_refused_with_a_999(damage):
    partner = SimulatedPayer(payers())
    sent = batch(claim())
    (refusal,) = partner.receive(damage(sent), NOON)
    assert only(read_999, refusal).code == "R"
    assert judge_x12(refusal.data) == []
    assert partner.waiting == 0
    # sent again whole, under the same control number, it is taken
    assert [file.kind for file in partner.receive(sent, NOON)] == ["999", "277CA"]
    assert partner.waiting == 1


def test_the_same_file_again_gives_the_same_answers_and_no_second_claim():
    partner = SimulatedPayer(payers())
    sent = batch(claim())
    first = partner.receive(sent, NOON)
    before = partner.state()
    assert partner.receive(sent, NOON + timedelta(days=2)) == first
    assert partner.state() == before


def test_a_used_control_number_is_refused_for_another_file():
    partner = SimulatedPayer(payers())
    partner.receive(batch(claim()), NOON)
    (refusal,) = partner.receive(batch(claim(control="A2")), NOON)
    assert only(read_999, refusal).code == "R"
    assert partner.waiting == 1


def test_money_comes_when_it_is_due_with_all_claims_of_a_payee_in_one_payment():
    partner = SimulatedPayer(payers())
    partner.receive(batch(claim(), claim(control="A2", member="M2"), claim(line(code="97010"), control="A3")), NOON)
    assert partner.pay(NOON + timedelta(days=13)) == []
    (file,) = partner.pay(NOON + timedelta(days=14))
    remittance = only(read_835, file)
    assert_balanced(remittance)
    assert [each.control_number for each in remittance.claims] == ["A1", "A3", "A2"]
    assert (remittance.payment_amount, remittance.payment_method) == (180_00, "ACH")
    assert (remittance.payer_id, remittance.payee_npi) == ("BPH10", "1999999018")
    assert adjustments(remittance.claims[1].lines[0]) == {"PR-204": 200_00}
    assert partner.pay(NOON + timedelta(days=21)) == []


def test_two_payers_pay_apart():
    other = payer(key="other", id="OTH10", name="Other Plan")
    theirs = claim(control="A2", payer=msgspec.structs.replace(claim().payer, id="OTH10"))
    partner = SimulatedPayer(payers(payer(), other))
    _, statuses = partner.receive(batch(claim(), theirs), NOON)
    assert [answer.source_id for _, answer in read_277ca(statuses.data)] == ["BPH10", "OTH10"]
    assert [only(read_835, file).payer_id for file in partner.pay(NOON + timedelta(days=14))] == ["BPH10", "OTH10"]


def test_a_payment_of_nothing_still_explains_itself():
    partner = SimulatedPayer(payers(payer(members=(Member(member_id="M100", period=Period(end=DAY.replace(day=1))),))))
    partner.receive(batch(claim()), NOON)
    (remittance,) = weeks(partner, 2)
    assert (remittance.payment_amount, remittance.payment_method) == (0, "NON")
    assert remittance.claims[0].status == "4"
    assert remittance.claims[0].coverage_expired == DAY.replace(day=1)


def test_interest_is_owed_for_each_day_beyond_the_limit():
    partner = SimulatedPayer(payers(payer(rates=Rates(late=1000))))
    partner.receive(batch(claim()), NOON)
    (remittance,) = weeks(partner, 8)
    (interest,) = remittance.provider_adjustments
    # 49 days after receipt, 19 beyond the limit: 90.00 × 10 % × 19 ÷ 365
    assert (interest.reason, interest.amount) == ("L6", -47)
    assert interest.reference == remittance.claims[0].payer_control_number
    assert remittance.payment_amount == 90_47


def busy(seed):
    rates = Rates(recoupment=400, late=100, unknown_member=20, medical_necessity=60, missing_information=40)
    return SimulatedPayer(payers(payer(rates=rates), seed=seed))


def busy_year(partner, months, first=0):
    """A batch a month and a cycle a week; every file in the order in which it came."""
    files = []
    for month in range(first, months):
        at = NOON + timedelta(days=28 * month)
        day = DAY + timedelta(days=28 * month)
        claims = [
            claim(line(code="99396", charge=100_00 + n, day=day), control=f"C{month}-{n}", member=f"M{month}-{n}")
            for n in range(30 if month % 3 == 0 else 1)
        ]
        files += partner.receive(batch(*claims, number=month + 1), at)
        files += [file for week in range(4) for file in partner.pay(at + timedelta(days=7 * week + 1))]
    return files


def test_second_looks_debts_and_forwarded_balances_balance_over_the_year():
    partner = busy(5)
    files = busy_year(partner, 13)
    remittances = [only(read_835, file) for file in files if file.kind == "835"]
    for each in remittances:
        assert_balanced(each)
        assert len(each.provider_adjustments) <= 6  # one PLB segment
    seen = {taken.reason for each in remittances for taken in each.provider_adjustments}
    assert seen == {"WO", "FB", "L6"}
    open_debts: dict[str, int] = {}
    for each in remittances:
        for taken in each.provider_adjustments:
            if taken.reason != "L6":
                key = f"{taken.reason} {taken.reference}"
                open_debts[key] = open_debts.get(key, 0) + taken.amount
                assert open_debts[key] <= 0, f"{key}: more was taken than was owed"
    assert -sum(open_debts.values()) == partner.receivable
    assert sum(amount == 0 for amount in open_debts.values()) >= 3  # withheld to the last cent
    reversals = [each for remittance in remittances for each in remittance.claims if each.status == "22"]
    paid_first = {each.payer_control_number: each for r in remittances for each in r.claims if each.status != "22"}
    assert reversals
    for each in reversals:
        assert -each.paid == paid_first[each.payer_control_number].paid


def test_no_number_is_ever_used_twice():
    files = busy_year(busy(5), 13)
    assert len({file.name for file in files}) == len(files)
    controls = [file.data.split(b"*")[13] for file in files]
    assert len(set(controls)) == len(controls)
    remittances = [only(read_835, file) for file in files if file.kind == "835"]
    traces = [each.trace_number for each in remittances]
    assert len(set(traces)) == len(traces)
    first = [each.payer_control_number for r in remittances for each in r.claims if each.status != "22"]
    assert len(set(first)) == len(first)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_year():
    assert busy_year(busy(5), 4) == busy_year(busy(5), 4)
    assert busy_year(busy(5), 4) != busy_year(busy(6), 4)


def test_a_partner_restored_from_its_state_goes_on_as_if_it_had_never_stopped():
    whole = busy_year(busy(5), 6)
    partner = busy(5)
    first = busy_year(partner, 3)
    later = SimulatedPayer(partner.payers, partner.state())
    assert first + busy_year(later, 6, first=3) == whole


def test_a_state_of_something_else_is_refused_and_changes_nothing():
    partner = busy(5)
    busy_year(partner, 1)
    before = partner.state()
    for bad in (b"", b"hello", b"\x80", before[:-3]):
        if bad != b"\x80":
            with pytest.raises(StateError):
                partner.restore(bad)
        assert partner.state() == before


def test_every_file_of_a_busy_year_passes_the_judges():
    files = busy_year(busy(5), 5)
    assert {file.kind for file in files} == {"999", "277CA", "835"}
    for file in files:
        assert judge_x12(file.data) == [], file.name


CODES = ["99213", "99214", "99396", "85025", "80053", "71046", "90686", "36415", "97110", "93000"]


def test_the_clinics_payers_refuse_about_as_many_claims_as_real_ones():
    """The demonstration should look like a practice: a few rejections, six to nine of a hundred denied."""
    sent = []
    for n in range(1500):
        id = ("MCR01", "MCD01", "BPH10", "BPH10", "HMH20")[n % 5]
        code = CODES[n % len(CODES)] if id != "MCR01" or n % len(CODES) != 2 else "G0439"
        sent.append(
            claim(
                line(code=code, charge=210_00),
                control=f"C{n}",
                member=f"M{n % 300}",
                first=f"Vera{chr(65 + n % 300 % 26)}",
                payer=msgspec.structs.replace(claim().payer, id=id),
            )
        )
    spread = [
        msgspec.structs.replace(each, lines=(msgspec.structs.replace(each.lines[0], service=Period(day, day)),))
        for n, each in enumerate(sent)
        for day in (DAY - timedelta(days=n // 300 * 9),)
    ]
    partner = SimulatedPayer(clinic())
    _, statuses = partner.receive(batch(*spread), NOON)
    rejected = sum(each.action == "U" for _, answer in read_277ca(statuses.data) for each in answer.claims)
    remittances = weeks(partner, 10)
    decided = [each for remittance in remittances for each in remittance.claims if each.status != "22"]
    first = {each.control_number: each for each in reversed(decided)}
    denied = sum(all(line.allowed is None for line in each.lines) for each in first.values())
    assert 0.005 <= rejected / 1500 <= 0.03
    assert 0.05 <= denied / len(first) <= 0.10
    assert partner.waiting == 0
    reasons = {taken.reason for remittance in remittances for taken in remittance.provider_adjustments}
    assert "L6" in reasons
    assert any(each.status == "22" for remittance in remittances for each in remittance.claims)
