"""Whatever is billed together: invariants of Medicare's prices over random lines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.medicare_samples import ANES, BASE_UNITS, DAY, DRUGS, HERE, LABORATORY, medicare, row

from superbill.pricing.medicare import NATIONAL, Line, Setting, payment

_SURGERY = {"office": "9.37", "facility": "4.11", "malpractice": "1.29", "multiple": "2", "global_days": "090",
            "pre": "0.10", "intra": "0.70", "post": "0.20"}  # fmt: skip
_TEST = {"office": "7.77", "facility": "7.77", "malpractice": "0.05", "components": "1"}
ROWS = (
    row("99213", work="1.30", office="1.46", facility="0.33", malpractice="0.09"),
    *(row(f"2000{n}", work=f"{n}.33", bilateral=str(n), assistant="2", cosurgeons="2", **_SURGERY) for n in range(4)),
    row("45378", work="3.18", office="7.73", multiple="2"),
    row("45380", work="3.47", office="10.48", multiple="3", base="45378"),
    row("45385", work="4.46", office="10.00", multiple="3", base="45378"),
    row("97110", work="0.45", office="0.41", facility="0.41", malpractice="0.01", components="7", multiple="5"),
    row("97140", work="0.43", office="0.39", facility="0.39", malpractice="0.01", components="7", multiple="5"),
    *(
        row(code, modifier, work=work, multiple=multiple, **{**_TEST, "office": office})
        for code, multiple, technical in
        (("70001", "4", "7"), ("70002", "4", "5"), ("93001", "6", "3"), ("92001", "7", "2"))
        for modifier, work, office in (("", "1.00", f"{technical}.5"), ("26", "1.00", "0.5"), ("TC", "0.00", technical))
    ),
    row("36591", status="T", office="0.90"), row("36000", status="B"), row("0001T", status="C"),
    row("80048", status="X"), row("J1100", status="E"),
)  # fmt: skip
CODES = sorted({each["code"] for each in ROWS} | {"12345", "00100"})


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    others = (("ANES2031.csv", ANES), ("base2031.csv", BASE_UNITS), ("31CLABQ3.csv", LABORATORY), ("asp.csv", DRUGS))
    return medicare(tmp_path_factory.mktemp("medicare"), ROWS, *others)


@st.composite
def claims(draw):
    """Some lines, numbered, each with at most two modifiers."""
    count = draw(st.integers(1, 6))
    return [
        Line(
            number=number,
            code=draw(st.sampled_from(CODES)),
            day=DAY + timedelta(draw(st.integers(0, 1))),
            modifiers=tuple(draw(st.lists(st.sampled_from(
                ["26", "TC", "50", "RT", "LT", "59", "80", "AS", "62", "54", "55", "78", "CQ", "22"]
            ), max_size=2, unique=True))),
            units=Decimal(draw(st.integers(1, 4))),
            minutes=Decimal(draw(st.integers(1, 400))),
            charge=draw(st.one_of(st.none(), st.integers(0, 200_000))),
            performer=draw(st.sampled_from(["A", "B"])),
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


PLACES = st.builds(
    Setting,
    locality=st.sampled_from([NATIONAL, HERE]),
    place_of_service=st.sampled_from(["11", "22", "24"]),
    provider=st.sampled_from(["physician", "363L00000X", "clinical-social-worker"]),
    participating=st.booleans(),
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(lines=claims(), setting=PLACES, seed=st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_amount(prices, lines, setting, seed):
    shuffled = list(lines)
    seed.shuffle(shuffled)
    straight = {each.number: each.amount for each in prices.price(lines, setting)}
    assert {each.number: each.amount for each in prices.price(shuffled, setting)} == straight


@MANY
@given(lines=claims(), setting=PLACES)
def test_what_is_allowed_is_explained_and_within_the_charge(prices, lines, setting):
    for line, priced in zip(lines, prices.price(lines, setting), strict=True):
        assert (priced.number, priced.code) == (line.number, line.code)
        assert priced.steps and priced.steps[-1].amount == priced.amount
        assert all(step.text and step.source for step in priced.steps)
        assert (priced.amount is None) == (priced.outcome in {"by-report", "unpriced"})
        assert (priced.outcome == "priced") != bool(priced.why)
        if priced.amount is not None:
            assert 0 <= priced.amount <= (priced.amount if line.charge is None else max(line.charge, 0))


@MANY
@given(lines=claims(), setting=PLACES)
def test_a_line_of_another_performer_and_day_changes_nothing(prices, lines, setting):
    other = Line(number=99, code="20003", day=date(2031, 9, 9), performer="C")
    assert prices.price([*lines, other], setting)[:-1] == prices.price(lines, setting)


@MANY
@given(lines=claims(), setting=PLACES)
def test_together_never_costs_more_than_alone(prices, lines, setting):
    free = [replace(line, charge=None) for line in lines]
    alone = [prices.price([line], setting)[0].amount for line in free]
    together = [each.amount for each in prices.price(free, setting)]
    assert all(both is None or one is None or both <= one for one, both in zip(alone, together, strict=True))


@MANY
@given(st.integers(0, 10**9), st.dates(date(2010, 1, 1), date(2035, 1, 1)), st.integers(0, 10**6))
def test_a_payment_adds_up(allowed, day, deductible):
    found = payment(allowed, day, deductible_left=deductible)
    parts = (found.deductible, found.coinsurance, found.reduced, found.sequestered, found.paid)
    assert sum(parts) == allowed and min(parts) >= 0
