"""For any refusals: the rank grows with what should make it grow, and what stands refused is what was refused less
what was taken off, to the cent."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.denials.levels import appeal_deadline, levels_of
from superbill.denials.ranking import CALM_DAYS, MOST_URGENT, History, chance, rank, urgency
from superbill.denials.standing import Move, endings, standing
from superbill.ledger.entry import Reason
from superbill.site.appeals import AppealLevel, PayerRules

CENTS = st.integers(1, 10_000_000)
SHARES = st.floats(0, 1, allow_nan=False)
DAYS = st.integers(0, 400)
HISTORIES = st.builds(lambda won, lost: History(resolved=won + lost, won=won), st.integers(0, 50), st.integers(0, 50))
DAY = date(2026, 11, 2)


@given(CENTS, CENTS, SHARES, HISTORIES, st.none() | st.integers(-400, 400))
def test_more_dollars_never_rank_lower(less, more, estimate, history, left):
    low, high = sorted((less, more))
    made = [rank(each, estimate=estimate, history=history, days_left=left).score for each in (low, high)]
    assert made == sorted(made)


@given(SHARES, HISTORIES)
def test_the_chance_lies_between_the_estimate_and_what_was_seen(estimate, history):
    seen = history.won / history.resolved if history.resolved else estimate
    low, high = sorted((estimate, seen))
    assert low - 1e-9 <= chance(estimate, history) <= high + 1e-9


@given(SHARES, HISTORIES)
def test_one_more_won_raises_the_chance_and_one_more_lost_lowers_it(estimate, history):
    now = chance(estimate, history)
    won = History(resolved=history.resolved + 1, won=history.won + 1)
    assert chance(estimate, won) >= now
    assert chance(estimate, replace(history, resolved=history.resolved + 1)) <= now


@given(DAYS, DAYS)
def test_the_nearer_the_last_day_the_more_urgent(one, other):
    near, far = sorted((one, other))
    assert 1 <= urgency(far) <= urgency(near) <= MOST_URGENT
    assert urgency(0) == MOST_URGENT
    assert urgency(CALM_DAYS) == 1 == urgency(None)
    assert urgency(-1) < urgency(10_000)


@given(CENTS, SHARES, HISTORIES, st.none() | st.integers(-400, 400))
def test_the_score_is_the_product_of_the_factors_that_are_shown(amount, estimate, history, left):
    made = rank(amount, estimate=estimate, history=history, days_left=left)
    assert made.score == round(made.amount * made.chance * made.urgency)
    assert f"{made.score / 100:,.2f}" in made.formula


@given(st.sampled_from(["medicare", "medicaid", "commercial", "supplement"]), st.integers(0, 3000))
def test_the_last_day_is_in_time_and_the_next_is_not(kind, shift):
    denied = DAY + timedelta(days=shift)
    first = levels_of(PayerRules(kind=kind), denied)[0]
    last = denied + timedelta(days=first.days + first.mail_days)
    on_it = appeal_deadline(first, denied=denied, decided=None, today=last)
    after = appeal_deadline(first, denied=denied, decided=None, today=last + timedelta(days=1))
    assert (on_it.last_day, on_it.days_left, on_it.passed) == (last, 0, False)
    assert (after.last_day, after.days_left, after.passed) == (last, -1, True)


def test_a_later_level_counts_from_the_decision_and_waits_for_it():
    second = levels_of(PayerRules(kind="medicare"), DAY)[1]
    assert appeal_deadline(second, denied=DAY, decided=None, today=DAY) is None
    assert appeal_deadline(second, denied=DAY, decided=DAY, today=DAY).last_day == DAY + timedelta(days=185)


def test_the_amount_in_controversy_is_that_of_the_year_of_filing():
    def least(year):
        return [level.minimum for level in levels_of(PayerRules(kind="medicare"), date(year, 6, 1))]

    assert least(2025) == [0, 0, 190_00, 0, 1_900_00]
    assert least(2026) == [0, 0, 200_00, 0, 1_960_00]


def test_a_payers_own_levels_go_before_those_of_law():
    own = (AppealLevel(name="Dispute", days=90),)
    assert levels_of(PayerRules(kind="medicare", appeal_levels=own), DAY) == own
    assert levels_of(PayerRules(kind="workers_compensation"), DAY) == ()


REASONS = st.sampled_from([Reason("CO", "50"), Reason("CO", "16", ("M51",)), Reason("OA", "97")])


@st.composite
def stories(draw):
    """A line's refusals, reversals of some, and write-offs of no more than what is left."""
    moves, open_entries, left = [], [], 0
    for entry in range(1, draw(st.integers(1, 12)) + 1):
        on = DAY + timedelta(days=entry)
        deed = draw(st.sampled_from(["refuse", "reverse", "write off"]))
        if deed == "refuse" or not left:
            move = Move(line=1, payer="one", amount=draw(CENTS), reason=draw(REASONS), entry=entry, on=on)
            open_entries.append(move)
        elif deed == "reverse" and left == sum(one.amount for one in open_entries):
            back = open_entries.pop(draw(st.integers(0, len(open_entries) - 1)))
            move = replace(back, amount=-back.amount, entry=entry, on=on, taken_back=True)
        else:
            part = draw(st.integers(1, left))
            move = Move(line=1, payer="one", amount=-part, reason=Reason(), entry=entry, on=on)
        left += move.amount
        moves.append(move)
    return moves


@given(stories())
def test_what_stands_refused_adds_up_to_what_was_refused_less_what_was_taken_off(moves):
    left = sum(move.amount for move in moves)
    parts = standing(moves).get((1, "one"), ())
    assert sum(part.amount for part in parts) == left
    assert all(part.amount > 0 and part.reason.code for part in parts)
    days = {(move.reason, move.on) for move in moves if move.amount > 0}
    assert all((part.reason, part.since) in days for part in parts)


@given(stories(), st.lists(st.tuples(st.integers(1, 20), CENTS), max_size=3))
def test_only_what_is_over_counts_as_history(moves, payments):
    made = endings(moves, {(1, "one"): payments})
    if sum(move.amount for move in moves):
        assert made == {}
    for history in made.values():
        assert 0 <= history.won <= history.resolved == 1


def test_a_refusal_that_was_only_taken_back_tells_nothing():
    refused = Move(line=1, payer="one", amount=50, reason=Reason("CO", "50"), entry=1, on=DAY)
    back = replace(refused, amount=-50, entry=2, taken_back=True)
    assert endings([refused, back], {}) == {}
    assert endings([refused, back], {(1, "one"): [(3, 50)]}) == {("one", "50"): History(resolved=1, won=1)}
    given_up = replace(refused, amount=-50, entry=2, reason=Reason())
    assert endings([refused, given_up], {}) == {("one", "50"): History(resolved=1, won=0)}
