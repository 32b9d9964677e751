"""Reminders as a state machine, against a model that walks day by day: no level without its days, none for what is new,
none while something holds."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from superbill.app.statements.dunning import Held, Part, asked_now, days_at_level, held_parts

START = date(2026, 1, 1)
DAYS = (28, 21, 14)

# What happens between two statements: days that pass, cents that are paid (below zero: new), and a hold's days.
MOVES = st.lists(
    st.tuples(
        st.integers(1, 60), st.integers(-5_000, 5_000), st.none() | st.tuples(st.integers(0, 40), st.integers(1, 40))
    ),
    min_size=1,
    max_size=12,
)


@given(st.integers(1, 20_000), MOVES)
def test_parts_add_up_and_move_one_level_at_most_after_their_days(owed, moves):
    parts, on, holds = asked_now([], owed, START, DAYS, []), START, []
    assert parts == [Part(0, START, owed)]
    for passed, paid, held in moves:
        if held:
            since = on + timedelta(days=held[0])
            holds.append(Held(since, since + timedelta(days=held[1])))
        before, on, owed = parts, on + timedelta(days=passed), max(1, owed - paid)
        paused = [hold for hold in holds if hold.since < on]
        parts = asked_now(before, owed, on, DAYS, paused)
        assert sum(part.amount for part in parts) == owed
        assert all(part.amount > 0 for part in parts)
        assert len({(part.level, part.since) for part in parts}) == len(parts)
        _no_part_without_a_past(before, parts, on, paused)


def _no_part_without_a_past(before, parts, on, holds):
    """What is at a level was there before, or one below it for that level's days; only what is new is at 0."""
    for part in parts:
        if part.level and part.since == on:
            source = sum(
                one.amount
                for one in before
                if one.level == part.level - 1 and _free_days(one.since, on, holds) >= DAYS[part.level - 1]
            )
            assert part.amount <= source
        elif part.since != on:
            assert part.amount <= sum(
                one.amount for one in before if (one.level, one.since) == (part.level, part.since)
            )
        else:
            assert part.level == 0


def _free_days(start, end, holds):
    """Days from `start` to `end` on which nothing held, counted one by one."""
    days = (start + timedelta(days=step) for step in range((end - start).days))
    return sum(
        not any(hold.since <= day and (hold.until is None or day < hold.until) for hold in holds) for day in days
    )


@given(st.integers(1, 20_000), MOVES)
def test_days_of_holds_do_not_count(owed, moves):
    holds, on = [], START
    for passed, _, held in moves:
        on += timedelta(days=passed)
        if held:
            holds.append(Held(on, on + timedelta(days=held[1])))
    end = on + timedelta(days=30)
    part = Part(0, START, owed)
    assert days_at_level(part, end, holds) == _free_days(START, end, holds)
    assert days_at_level(part, end, [Held(START)]) == 0
    assert held_parts([part], owed, end) == [part]


@given(st.integers(-20_000, 0))
def test_a_credit_is_never_reminded_of(owed):
    assert asked_now([Part(2, START, 500)], owed, START, DAYS, []) == ([Part(0, START, owed)] if owed else [])


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.integers(0, 400))
def test_a_payment_lowers_what_is_furthest_first(old, new, days):
    on = START + timedelta(days=days)
    parts = asked_now([Part(2, START, old), Part(0, START, new)], new, on, (), [])
    assert parts == [Part(0, START, new)]
