"""What is known of coverages: answers go before cards, later ones before earlier ones, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.edits.context import CoverageSpan
from superbill.edits.coverage.known import Answered, spans
from superbill.effective import Period

JANUARY, JULY, ASKED = date(2026, 1, 1), date(2026, 7, 1), date(2026, 9, 1)
UNDATED = Period()
CARD = CoverageSpan(payer_id="00001", member_id="M1", order=2)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
PERIODS = st.builds(
    lambda ends, open_start, open_end: Period(None if open_start else min(ends), None if open_end else max(ends)),
    st.tuples(DAYS, DAYS), st.booleans(), st.booleans(),
)  # fmt: skip


def answer(period: Period = UNDATED, *, active: bool = True, on: date = ASKED, order: int = 0, member: str = "M1"):
    return Answered(payer_id="00001", member_id=member, on=on, active=active, period=period, order=order)


def on(known, day):
    return [span for span in known if day in span.period]


def test_a_card_alone_is_what_is_known():
    assert spans([CARD], []) == (CARD,)


def test_an_answer_takes_the_cards_place_for_its_days_and_keeps_its_order():
    known = spans([CARD], [answer(Period(JANUARY, None), member="M2")])
    [now], [before] = on(known, JANUARY), on(known, JANUARY - timedelta(1))
    assert (now.member_id, now.order, now.verified_on) == ("M2", 2, ASKED)
    assert (before.member_id, before.verified_on) == ("M1", None)


def test_an_answer_that_tells_its_place_goes_before_the_cards():
    [span] = spans([CARD], [answer(order=1)])
    assert span.order == 1


def test_active_without_days_confirms_what_is_known_for_that_day():
    [span] = spans([CoverageSpan(payer_id="00001", member_id="M1", period=Period(JANUARY, None))], [answer()])
    assert (span.period, span.verified_on) == (Period(JANUARY, None), ASKED)


def test_active_without_days_and_without_anything_known_counts_from_its_day():
    [span] = spans([], [answer()])
    assert span.period == Period(ASKED, None)


@pytest.mark.parametrize("cards", [[CARD], []], ids=["with a card", "without"])
def test_not_active_ends_what_was_known_from_its_first_day(cards):
    known = spans(cards, [answer(Period(JULY, None), active=False)])
    assert known, "the payer is known all the same"
    assert on(known, JULY) == []
    assert bool(on(known, JULY - timedelta(1))) == bool(cards)


def test_not_active_without_days_counts_from_the_day_of_the_answer():
    known = spans([CARD], [answer(active=False)])
    assert on(known, ASKED - timedelta(1)) and not on(known, ASKED)


def test_a_later_answer_goes_before_an_earlier_one_in_any_order_of_recording():
    first = answer(Period(JANUARY, None), on=JANUARY)
    ended = answer(Period(JULY, None), active=False, on=ASKED)
    assert spans([], [first, ended]) == spans([], [ended, first])
    assert not on(spans([], [first, ended]), JULY)


@given(st.lists(st.tuples(PERIODS, st.booleans(), DAYS), min_size=1, max_size=5), st.lists(DAYS, min_size=1))
def test_no_day_has_two_coverages_of_a_payer_and_the_last_answer_about_a_day_decides(told, days):
    answers = [answer(period, active=active, on=asked) for period, active, asked in told]
    known = spans([CARD], answers)
    assert known
    for day in days:
        assert len(on(known, day)) <= 1
    last = max(reversed(answers), key=lambda one: one.on)
    if last.period.start:
        assert bool(on(known, last.period.start)) == last.active
