"""The days of a global surgical package are counted as Medicare counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims_makers import claim as a_claim

from superbill.edits.surgery.package import DAYS_AFTER, Operation, covers
from superbill.edits.therapy.rule import units_of_minutes

DAY = date(2026, 1, 5)


def operation(global_days, day=DAY):
    return Operation("27447", day, global_days, a_claim(), ())


@pytest.mark.parametrize(
    "global_days, after, inside",
    [
        ("000", 0, False),
        ("000", 1, False),
        ("010", 0, False),
        ("010", 1, True),
        ("010", 10, True),
        ("010", 11, False),
        ("090", 0, False),
        ("090", 1, True),
        ("090", 90, True),
        ("090", 91, False),
        ("090", -1, False),
    ],
)
def test_aftercare_is_the_days_after_the_operation(global_days, after, inside):
    assert covers(operation(global_days), DAY + timedelta(after)) is inside


@given(st.sampled_from(["000", "010", "090"]), st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(-120, 120))
def test_the_last_day_is_the_last_that_is_covered(global_days, day, after):
    one = operation(global_days, day)
    inside = covers(one, day + timedelta(after))
    assert inside == (day < day + timedelta(after) <= one.last_day)
    assert (one.last_day - day).days == DAYS_AFTER.get(global_days, 0)


@pytest.mark.parametrize(
    "minutes, units", [(0, 0), (7, 0), (8, 1), (22, 1), (23, 2), (37, 2), (38, 3), (52, 3), (53, 4), (68, 5)]
)
def test_units_of_therapy_begin_at_their_eighth_minute(minutes, units):
    assert units_of_minutes(minutes) == units
