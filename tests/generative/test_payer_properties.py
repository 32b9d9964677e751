"""What holds for any claims and any benefits: every cent explained, no limit passed, no fate shared between members."""

from datetime import timedelta
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.payer_support import (
    DAY,
    Desk,
    Rates,
    adjustments,
    assert_balanced,
    claim,
    first_payer,
    line,
    paid_by_first,
    payer,
)

from superbill.claims.model import Adjustment
from superbill.payer.config import Plan
from superbill.payer.state import decode, encode

CODES = [
    "99213",
    "99214",
    "99396",
    "71046",
    "85025",
    "80053",
    "20610",
    "97110",
    "97010",
    "36416",
    "J1885",
    "90471",
    "73721",
]
cents = st.integers(0, 900_00)
parts = st.decimals(0, 1, places=2)
rates = st.integers(0, 300)

benefits = st.fixed_dictionaries(
    {
        "copay": st.dictionaries(st.sampled_from(["office", "laboratory", "imaging"]), st.integers(0, 100_00)),
        "deductible": st.integers(0, 800_00),
        "coinsurance": parts.map(str),
        "out_of_pocket_maximum": st.none() | st.integers(0, 1_500_00),
        "preventive": st.just(["99396", "90471"]),
        "non_covered": st.just({"97010": "PR-204"}),
        "authorization_required": st.just(["73721"]),
        "filing_days": st.none() | st.integers(5, 60),
    }
)
configs = st.builds(
    payer,
    percent_of_charge=parts.map(lambda part: {"1900-01-01": part}),
    fees=st.dictionaries(st.sampled_from(CODES), cents.map(lambda fee: {"2020-01-01": fee}), max_size=4),
    plans=benefits.map(lambda fields: (Plan(name="any", benefits=fields),)),
    patient_share=st.booleans(),
    sequestration=st.sampled_from([{}, {"2013-04-01": Decimal("0.02")}]),
    rates=st.builds(Rates, **dict.fromkeys(Rates.__struct_fields__, rates)),
)
lines = st.builds(
    line,
    code=st.sampled_from(CODES),
    charge=cents,
    units=st.integers(1, 4),
    modifiers=st.sampled_from([(), ("25",), ("59",)]),
    day=st.integers(-120, 0).map(lambda days: DAY + timedelta(days=days)),
)


def _numbered(each):
    return tuple(msgspec.structs.replace(one, number=n, control_number=f"L{n}") for n, one in enumerate(each, 1))


bodies = st.lists(lines, min_size=1, max_size=5).map(_numbered)
visits = st.lists(st.tuples(st.sampled_from(["M1", "M2", "M3"]), bodies), min_size=1, max_size=8)


def _claims(visits):
    return [claim(*body, control=f"A{n}", member=member) for n, (member, body) in enumerate(visits)]


def _limits_hold(desk, config):
    for sums in desk.history.state.accumulators.values():
        limits = config.benefits("", DAY)
        assert 0 <= sums.deductible <= limits.deductible
        assert sums.out_of_pocket >= 0
        assert limits.out_of_pocket_maximum is None or sums.out_of_pocket <= limits.out_of_pocket_maximum


@settings(max_examples=80, deadline=None)
@given(config=configs, visits=visits, cycles=st.integers(1, 3), seed=st.integers(0, 9))
def test_every_payment_balances_and_no_limit_is_passed(config, visits, cycles, seed):
    desk = Desk(config, seed=seed)
    claims = _claims(visits)
    for cycle in range(cycles):
        received = DAY + timedelta(days=3 + 40 * cycle)
        for each in claims[cycle::cycles]:
            desk.accept(each, received=received)
        if not desk.history.state.pending:
            continue
        due = [each.icn for each in desk.history.state.reopenings]
        desk.history.state.reopenings.clear()
        remittance = desk.pay(on=received + timedelta(days=35), reopen=tuple(due))
        assert_balanced(remittance)
        _limits_hold(desk, config)
        for answer in remittance.claims:
            for each in answer.lines:
                assert answer.status == "22" or 0 <= each.paid <= each.charge
    accumulated = sum(sums.out_of_pocket for sums in desk.history.state.accumulators.values())
    shares = sum(each.share.total for each in desk.history.state.settled.values() if not each.reversed)
    assert accumulated == shares


@settings(max_examples=80, deadline=None)
@given(config=configs, visits=visits, order=st.randoms(use_true_random=False))
def test_a_members_claims_are_decided_alike_in_whatever_company_they_come(config, visits, order):
    together = Desk(config)
    claims = _claims(visits)
    shuffled = list(claims)
    order.shuffle(shuffled)
    together.accept(*shuffled)
    answers = {each.payer_control_number: each for each in together.pay().claims}
    for member in {each.subscriber.member_id for each in claims}:
        alone = Desk(config)
        alone.accept(*(each for each in claims if each.subscriber.member_id == member))
        for each in alone.pay().claims:
            assert answers[each.payer_control_number] == each


@settings(max_examples=100, deadline=None)
@given(config=configs, body=bodies, supplement=st.booleans(), data=st.data())
def test_two_payers_never_pay_more_than_the_charge(config, body, supplement, data):
    answered = []
    for each in body:
        paid = data.draw(st.integers(0, each.charge), label="paid")
        share = data.draw(st.integers(0, each.charge - paid), label="share")
        copay = data.draw(st.integers(0, share), label="copay")
        pieces = [Adjustment("PR", "2", share - copay), Adjustment("PR", "3", copay)]
        answered.append(paid_by_first(each, paid, *(piece for piece in pieces if piece.amount)))
    first = sum(each.adjudications[0].paid for each in answered)
    desk = Desk(msgspec.structs.replace(config, always_after=supplement))
    desk.accept(claim(*answered, responsibility="S", other_insurance=(first_payer(first),)))
    remittance = desk.pay(on=DAY + timedelta(days=25))
    assert_balanced(remittance)
    (answer,) = remittance.claims
    for each, decided in zip(answered, answer.lines, strict=True):
        prior = each.adjudications[0]
        left = sum(piece.amount for piece in prior.adjustments if piece.group == "PR")
        assert prior.paid + decided.paid <= each.charge
        assert decided.paid <= left
        assert adjustments(decided).get("OA-23", 0) == each.charge - left
    assert first + answer.paid <= answer.charge
    assert not desk.history.state.accumulators


@settings(max_examples=40, deadline=None)
@given(config=configs, visits=visits, seed=st.integers(0, 3))
def test_the_same_seed_gives_the_same_payment_and_the_same_state(config, visits, seed):
    def run():
        desk = Desk(config, seed=seed)
        desk.accept(*_claims(visits))
        return desk.pay(), encode(desk.history.state)

    first, second = run(), run()
    assert first == second
    assert encode(decode(first[1])) == first[1]


@settings(max_examples=80, deadline=None)
@given(config=configs, visits=visits, seed=st.integers(0, 30))
def test_debts_are_withheld_to_the_last_cent_once_there_is_money(config, visits, seed):
    """Whatever was asked back or forwarded is taken from later payments, exactly once."""
    desk = Desk(msgspec.structs.replace(config, rates=Rates()), seed=seed)
    icns = desk.accept(*_claims(visits))
    remittances = [desk.pay(on=DAY + timedelta(days=20))]
    paid = tuple(icn for icn in icns if desk.history.state.settled[icn].result.paid > 0)
    for n in range(4):
        more = claim(line(code="99396", charge=90_000_00, day=DAY + timedelta(days=n)), control=f"B{n}", member="M9")
        if n == 0:  # no money in the cycle of the second looks: what can't be netted is forwarded
            more = claim(line(code="36416", charge=1_00), line(2, "36415", 0), control="B0", member="M9")
        desk.accept(more, received=DAY + timedelta(days=30))
        on = DAY + timedelta(days=60 + 30 * n)
        remittances.append(desk.pay(on=on, reopen=paid if n == 0 else ()))
    for each in remittances:
        assert_balanced(each)
    rich = remittances[-1].payment_amount > 0
    if rich:
        assert desk.history.state.debts == []
        sums = {}
        for each in remittances:
            for taken in each.provider_adjustments:
                key = (taken.reason, taken.reference)
                sums[key] = sums.get(key, 0) + taken.amount
        assert all(amount == 0 for (reason, _), amount in sums.items() if reason in ("WO", "FB"))
        standing = sum(s.result.paid for s in desk.history.state.settled.values() if not s.reversed)
        interest = sum(amount for (reason, _), amount in sums.items() if reason == "L6")
        assert sum(each.payment_amount for each in remittances) == standing - interest
