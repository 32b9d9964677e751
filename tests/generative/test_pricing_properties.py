"""What holds for any contract, any benefits and any claim."""

from datetime import timedelta
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts import DAY, bill, item
from tests.payer_support import Desk, claim, line, payer

from superbill.effective import Dated
from superbill.payer.config import Plan
from superbill.pricing.benefits import Accumulators, Benefits
from superbill.pricing.bill import bill_of
from superbill.pricing.contract import Contract
from superbill.pricing.contract_methods import Tools
from superbill.pricing.contract_model import (
    Agreement,
    CaseRate,
    Flat,
    ModifierRule,
    OwnSchedule,
    PercentOfCharge,
    PerDiem,
    Reduction,
    Scope,
    StopLoss,
    Term,
    Tier,
)
from superbill.pricing.estimate import estimate
from superbill.pricing.fee_schedule import FeeSchedule

SETTINGS = settings(deadline=None)  # what holds does not hang on how busy the machine is

CODES = ["99213", "99214", "99396", "71046", "85025", "20610", "11042", "97110", "J1885"]
cents = st.integers(0, 900_00)
parts = st.decimals(0, 2, places=2)
FEES = FeeSchedule("fees", {code: Dated([(DAY - timedelta(300), 100 * int(code[-3:]))]) for code in CODES[:5]})

for_lines = st.one_of(
    st.builds(PercentOfCharge, percent=parts),
    st.builds(Flat, amount=cents, per=st.sampled_from(["unit", "line"])),
    st.builds(OwnSchedule, schedule=st.just("fees"), percent=parts),
)
for_claims = st.one_of(
    st.builds(CaseRate, amount=cents, covers=st.sampled_from(["claim", "lines"])),
    st.builds(PerDiem, days=st.tuples(st.builds(Tier, rate=cents, through=st.just(2)), st.builds(Tier, rate=cents))),
)
scopes = st.builds(
    Scope,
    codes=st.sampled_from([(), ("99213",), ("10004-69990",), ("70010-79999",)]),
    revenue_codes=st.sampled_from([(), ("0120",)]),
)


def _terms(rows):
    """Clauses none of which names the same as another."""
    found = {}
    for pays, scope, carve in rows:
        whole = isinstance(pays, CaseRate | PerDiem)
        named = msgspec.structs.replace(scope, revenue_codes=("0120",)) if isinstance(pays, PerDiem) else scope
        term = Term(id=str(len(found)), pays=pays, scope=named, carve_out=carve and not whole)
        found.setdefault((whole, named), term)
    return tuple(found.values())


agreements = st.builds(
    Agreement,
    key=st.just("any"),
    payer=st.just("any"),
    start=st.just(DAY - timedelta(200)),
    lesser_of=st.sampled_from(["line", "claim", "none"]),
    terms=st.lists(st.tuples(for_lines | for_claims, scopes, st.booleans()), min_size=1, max_size=5).map(_terms),
    modifiers=st.sampled_from([(), (ModifierRule(id="m", scope=Scope(modifiers=("50",)), percent=Decimal("1.5")),)]),
    reductions=st.sampled_from(
        [(), (Reduction(id="r", scope=Scope(codes=("10004-69990",)), percents=(Decimal(1), Decimal("0.5"))),)]
    ),
    stop_loss=st.builds(
        StopLoss, id=st.just("s"), threshold=cents, percent=parts, of=st.sampled_from(["excess", "all"])
    ).map(lambda one: (one,))
    | st.just(()),
)
contracts = agreements.map(lambda each: Contract(each, Tools(schedules={"fees": FEES})))
items = st.builds(
    item,
    code=st.sampled_from(CODES),
    charge=cents,
    units=st.integers(1, 4),
    modifiers=st.sampled_from([(), ("50",), ("25",)]),
    revenue=st.sampled_from(["", "0120", "0450"]),
    day=st.integers(0, 2).map(lambda days: DAY + timedelta(days)),
)
bodies = st.lists(items, min_size=1, max_size=6).map(
    lambda rows: [msgspec.structs.replace(row, number=n, key=f"L{n}") for n, row in enumerate(rows, 1)]
)


@settings(SETTINGS)
@given(contracts, bodies)
def test_no_line_is_allowed_more_than_its_charge_under_lesser_of(contract, lines):
    priced = contract.price(bill(*lines))
    if contract.agreement.lesser_of == "line":
        assert all(line.allowed is None or 0 <= line.allowed <= line.charge for line in priced.lines)
    elif contract.agreement.lesser_of == "claim":
        assert priced.allowed <= sum(line.charge for line in priced.lines if line.allowed is not None)


@settings(SETTINGS)
@given(contracts, bodies, st.randoms(use_true_random=False))
def test_the_order_of_lines_never_changes_what_a_claim_is_worth(contract, lines, random):
    shuffled = random.sample(lines, len(lines))
    assert contract.price(bill(*lines)).allowed == contract.price(bill(*shuffled)).allowed


@settings(SETTINGS)
@given(contracts, bodies)
def test_every_price_has_a_clause_and_its_arithmetic(contract, lines):
    priced = contract.price(bill(*lines))
    assert [one.number for one in priced.lines] == [one.number for one in lines]
    for one in priced.lines:
        assert one.steps
        assert (one.clause is None) == (one.allowed is None)


@settings(SETTINGS)
@given(for_lines | for_claims, st.integers(-2, 12), st.integers(0, 8))
def test_a_clause_outside_its_days_never_speaks(pays, days, length):
    start, end = DAY, DAY + timedelta(length)
    term = Term(id="1", pays=pays, start=start, end=end)
    found = Contract(
        Agreement(key="k", payer="p", start=DAY - timedelta(90), terms=(term,)), Tools(schedules={"fees": FEES})
    )
    day = DAY + timedelta(days)
    line = found.price(bill(item(day=day, revenue="0120"), start=day)).lines[0]
    assert (line.allowed is not None) == (start <= day <= end)


# --- benefits -------------------------------------------------------------------------------------------------------

limits = st.none() | st.integers(0, 1_500_00)
ratios = st.decimals(0, 1, places=2)
benefit_fields = st.fixed_dictionaries(
    {
        "copay": st.dictionaries(st.sampled_from(["office", "laboratory", "imaging"]), st.integers(0, 100_00)),
        "copay_after_deductible": st.sampled_from([(), ("office",), ("imaging", "laboratory")]),
        "deductible": st.integers(0, 800_00),
        "family_deductible": limits,
        "coinsurance": ratios.map(str),
        "coinsurance_for": st.dictionaries(st.sampled_from(["therapy", "drug"]), ratios.map(str)),
        "out_of_pocket_maximum": limits,
        "family_out_of_pocket_maximum": limits,
        "no_deductible": st.sampled_from([(), ("laboratory", "imaging")]),
        "preventive": st.just(["99396"]),
        "non_covered": st.sampled_from([{}, {"97110": "PR-204"}, {"97110": "CO-96:N180"}]),
    }
)
claim_lines = st.builds(
    line, code=st.sampled_from(CODES), charge=cents, units=st.integers(1, 3), modifiers=st.just(("25",))
)
visits = st.lists(
    st.lists(claim_lines, min_size=1, max_size=4, unique_by=lambda each: each.procedure.code), min_size=1, max_size=3
)
# Amounts above the charge are the contract's to allow, and the payer's to explain (CARC 94).
embedded = agreements.map(
    lambda each: (
        msgspec.to_builtins(msgspec.structs.replace(each, key="plan", payer="plan"), builtin_types=(Decimal,))
        | {"start": "2020-01-01"}
    )
)


def _claims(visits):
    return [
        claim(
            *(msgspec.structs.replace(one, number=n, control_number=f"A{v}L{n}") for n, one in enumerate(lines, 1)),
            control=f"A{v}",
            first=f"Member{v % 2}",
        )
        for v, lines in enumerate(visits)
    ]


def _day(made, number):
    """Each visit on a day of its own, so that none is another's duplicate."""
    on = DAY + timedelta(number - 5)
    lines = tuple(msgspec.structs.replace(one, service=type(one.service)(on, on)) for one in made.lines)
    return msgspec.structs.replace(made, lines=lines)


@settings(SETTINGS, max_examples=60)
@given(benefit_fields, embedded, visits)
def test_an_estimate_is_what_the_payer_then_says_to_the_cent(fields, agreement, visits):
    config = payer(
        percent_of_charge={},
        plans=(Plan(name="any", benefits=fields),),
        agreement=agreement,
        fees={key: {day.isoformat(): fee for day, fee in dated.steps} for key, dated in FEES},
    )
    sums: dict[str, Accumulators] = {}
    desk = Desk(config)
    benefits = config.benefits("", DAY)
    for number, made in enumerate(_claims(visits)):
        made = _day(made, number)
        desk.accept(made)
        told = desk.pay().claims[0]
        family = Accumulators(
            family_deductible=sum(each.deductible for each in sums.values()),
            family_out_of_pocket=sum(each.out_of_pocket for each in sums.values()),
        )
        own = sums.get(made.patient.person.first, Accumulators())
        before = own.with_family(family.family_deductible, family.family_out_of_pocket)
        expected = estimate(bill_of(made), config.contract, benefits, before)
        after = expected.after
        sums[made.patient.person.first] = Accumulators(after.deductible, after.out_of_pocket)
        assert [line.allowed for line in told.lines] == [each.priced.allowed for each in expected.lines]
        assert sum(line.paid for line in told.lines) == expected.plan
        assert told.patient_responsibility == expected.patient


@settings(SETTINGS)
@given(benefit_fields, st.lists(st.tuples(st.sampled_from(CODES), cents, st.booleans()), max_size=12))
def test_accumulators_never_pass_a_limit(fields, services):
    benefits = msgspec.convert(fields, Benefits)
    members = [Accumulators(), Accumulators()]
    for code, amount, second in services:
        mine, other = members[second], members[not second]
        before = mine.with_family(mine.deductible + other.deductible, mine.out_of_pocket + other.out_of_pocket)
        share = benefits.share(amount, item(code).kind, before, code=code)
        assert 0 <= share.total <= amount
        members[second] = mine.after(share)
    for each in members:
        assert each.deductible <= benefits.deductible
        assert benefits.out_of_pocket_maximum is None or each.out_of_pocket <= benefits.out_of_pocket_maximum
    for limit, sums in (
        (benefits.family_deductible, sum(each.deductible for each in members)),
        (benefits.family_out_of_pocket_maximum, sum(each.out_of_pocket for each in members)),
    ):
        assert limit is None or sums <= limit
