"""Numbers in a note, as billing counts them."""

import pytest

from superbill.coding.performed import sides, units


@pytest.mark.parametrize(
    "text, size",
    [
        ("a 2.5 cm laceration", 2.5),
        ("measuring 8 mm", 0.8),
        ("2 x 3 cm", 3.0),
        ("1 inch", 2.54),
        ("1.2 x 0.8 x 0.4 cm", 1.2),
    ],
)
def test_lengths_are_in_centimetres_the_greatest_counts(text, size):
    assert [round(found, 2) for found, _, _ in units.sizes(text)] == [size]


@pytest.mark.parametrize(
    "text, area", [("15 sq cm", 15.0), ("15 square cm", 15.0), ("4 x 5 cm", 20.0), ("40 x 50 mm", 20.0), ("4 cm", None)]
)
def test_areas_are_in_square_centimetres(text, area):
    assert units.area(text) == pytest.approx(area)


@pytest.mark.parametrize(
    "text, minutes",
    [
        ("45 minutes", 45),
        ("45-minute session", 45),
        ("1 hour", 60),
        ("one hour and 10 minutes", 70),
        ("1.5 hours", 90),
        ("half an hour", 30),
        ("from 1:00 pm to 1:50 pm", 50),
        ("from 11:40 am to 12:10 pm", 30),
        ("an hour and a half", 90),
        ("twenty minutes", 20),
        ("no time", None),
    ],
)
def test_times_are_in_minutes(text, minutes):
    assert units.minutes(text) == minutes


@pytest.mark.parametrize(
    "text, dose",
    [
        ("40 mg", (40, "mg")),
        ("1 g", (1000, "mg")),
        ("1000 mcg", (1000, "mcg")),
        ("1.2 million units", (1_200_000, "units")),
        ("1,000 mcg", (1000, "mcg")),
        ("2 cc", (2, "ml")),
        ("155 units", (155, "units")),
    ],
)
def test_doses_are_in_the_unit_that_drugs_are_billed_in(text, dose):
    assert [found[:2] for found in units.doses(text)] == [dose]


def test_a_strength_is_not_a_dose():
    assert list(units.doses("40 mg/ml")) == []


@pytest.mark.parametrize(
    "text, side",
    [
        ("right knee", "right"),
        ("knee on the left", "left"),
        ("bilateral knee", "both"),
        ("right and left knee", "both"),
        ("knee", ""),
        ("left hip. right knee", "right"),
    ],
)
def test_the_side_is_the_one_said_nearest(text, side):
    at = text.rindex("hip") if text.endswith("hip") else text.rindex("knee")
    assert sides.side_of(text, at, at + 4) == side


@pytest.mark.parametrize(
    "text, kind, modifiers",
    [
        ("left thumb", "F", ("FA",)),
        ("right thumb", "F", ("F5",)),
        ("left ring finger", "F", ("F3",)),
        ("right little finger", "F", ("F9",)),
        ("left great toe", "T", ("TA",)),
        ("right fifth toe", "T", ("T9",)),
        ("right finger", "F", ("RT",)),
        ("finger", "F", ()),
    ],
)
def test_fingers_and_toes_have_modifiers_of_their_own(text, kind, modifiers):
    side = sides.side_of(text, 6, len(text)) if " " in text else ""
    assert sides.digits(text, text.rindex(" ") + 1 if " " in text else 0, len(text), side, kind) == modifiers
