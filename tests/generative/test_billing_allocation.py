"""Any payment over any lines by any rule: nothing is lost, nothing goes above a balance, order does not matter."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from superbill.ledger.accounts import Account
from superbill.ledger.allocation import RULES, AboveBalance, Open, allocate
from superbill.ledger.instalments import missed_in_a_row, month_after, progress, schedule

DAY = date(2026, 1, 31)
CENTS = st.integers(-500, 20_000)


@st.composite
def open_lines(draw):
    rows = draw(
        st.lists(st.tuples(CENTS, CENTS, st.integers(0, 40), st.integers(1, 4), *[st.booleans()] * 2), max_size=8)
    )
    return [
        Open(
            line=f"A{visit}-{place}",
            visit=f"A{visit}",
            on=DAY + timedelta(days=days),
            owed=owed,
            bad_debt=max(lost, 0),
            promised=promised,
            held=held,
        )
        for place, (owed, lost, days, visit, promised, held) in enumerate(rows)
    ]


RULE = st.sampled_from([rule for rule in RULES.values() if rule.share != "as asked"])


@given(
    amount=st.integers(0, 60_000), lines=open_lines(), rule=RULE, visit=st.sampled_from(["A1", "A2"]), seed=st.randoms()
)
def test_a_payment_is_put_to_lines_to_the_cent_and_never_above_a_balance(amount, lines, rule, visit, seed):
    found = allocate(amount, lines, rule, visit=visit)
    assert found.allocated + found.left == amount
    assert found.left >= 0
    there = {(one.line, Account.PATIENT): one.owed for one in lines}
    there |= {(one.line, Account.BAD_DEBT): one.bad_debt for one in lines}
    assert all(0 < part.amount <= there[part.line, part.account] for part in found.parts)
    assert len({(part.line, part.account) for part in found.parts}) == len(found.parts)
    other = list(lines)
    seed.shuffle(other)
    assert allocate(amount, other, rule, visit=visit) == found
    if rule.visit_only:
        assert all(part.line.startswith(f"{visit}-") for part in found.parts)
    elif rule.share != "not at all":
        room = sum(max(one.owed, 0) + one.bad_debt for one in lines if not one.held or one.visit == visit)
        assert found.allocated == min(amount, room)
    held = {one.line for one in lines if one.held and one.visit != visit}
    assert not held & {part.line for part in found.parts}


@given(amount=st.integers(0, 60_000), lines=open_lines())
def test_bad_debt_is_paid_only_once_nothing_else_is_owed(amount, lines):
    found = allocate(amount, lines)
    owed = sum(max(one.owed, 0) for one in lines if not one.held)
    recovered = sum(part.amount for part in found.parts if part.account is Account.BAD_DEBT)
    assert recovered == 0 or found.allocated - recovered == owed


@given(lines=open_lines(), data=st.data())
def test_what_the_patient_asks_for_is_done_or_refused_as_a_whole(lines, data):
    assume(lines)
    asked = {one.line: data.draw(st.integers(1, 25_000)) for one in data.draw(st.lists(st.sampled_from(lines)))}
    amount = data.draw(st.integers(0, 60_000))
    rooms = {one.line: max(one.owed, 0) + one.bad_debt for one in lines}
    if sum(asked.values()) > amount or any(cents > rooms[line] for line, cents in asked.items()):
        with pytest.raises(AboveBalance):
            allocate(amount, lines, RULES["lines"], asked=asked)
        return
    found = allocate(amount, lines, RULES["lines"], asked=asked)
    sums = dict.fromkeys(asked, 0)
    for part in found.parts:
        sums[part.line] += part.amount
    assert sums == asked
    assert found.left == amount - sum(asked.values())


@given(amount=st.integers(2, 500_000), months=st.integers(1, 60), down=st.integers(0, 1_000), first=st.dates(DAY))
def test_instalments_add_up_and_fall_on_the_day_or_the_last_of_the_month(amount, months, down, first):
    assume(down < amount and first.year < 9000)
    promised = schedule(amount, first, months=months, down=down, down_on=DAY)
    assert sum(one.amount for one in promised) == amount
    assert all(one.amount > 0 for one in promised)
    monthly = promised[1:] if down else promised
    assert len(monthly) <= months
    assert max(one.amount for one in monthly[:-1] or monthly) - monthly[-1].amount < max(months, monthly[0].amount)
    for place, one in enumerate(monthly):
        assert one.on == month_after(first, place)
        assert one.on.day == first.day or (one.on + timedelta(days=1)).day == 1


@given(
    paid=st.lists(st.tuples(st.integers(0, 400), st.integers(-3_000, 9_000)), max_size=12),
    late=st.integers(0, 400),
    grace=st.integers(0, 20),
)
def test_no_promise_is_kept_with_money_that_is_not_there(paid, late, grace):
    promised = schedule(30_000, DAY, months=6)
    days = sorted((DAY + timedelta(days=days), amount) for days, amount in paid)
    as_of = DAY + timedelta(days=late)
    told = progress(promised, days, as_of, grace)
    kept = sum(one.paid for one in told)
    assert 0 <= kept <= sum(amount for _, amount in days if amount > 0)
    assert all((one.state in ("paid", "paid late")) == (one.paid == one.amount) for one in told)
    assert 0 <= missed_in_a_row(told) <= 6
    if not any(amount < 0 for _, amount in days):
        assert kept == min(30_000, sum(amount for _, amount in days))
