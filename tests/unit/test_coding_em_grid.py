"""The grid of decision making: what one element, or two, are worth, and what they are not."""

import pytest

from superbill.coding.em import grid
from superbill.coding.em.grid import DATA, PROBLEMS, RISK, Element


def one(kind: str, unique: str = "") -> Element:
    return Element(kind, 0, 1, unique=unique)


@pytest.mark.parametrize(("kind", "level"), [(kind, level) for kind, (_, level) in PROBLEMS.items()])
def test_one_problem_gives_the_level_of_its_kind(kind, level):
    assert grid.problems([one(kind)]) == level


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ([], "straightforward"),
        (["minor", "minor"], "low"),
        (["stable chronic", "stable chronic"], "moderate"),
        (["stable chronic", "acute uncomplicated"], "low"),
        (["acute uncomplicated", "acute uncomplicated"], "low"),
        (["chronic not at goal", "chronic not at goal"], "moderate"),
        (["minor", "stable chronic"], "low"),
    ],
)
def test_problems_together(kinds, level):
    assert grid.problems([one(kind) for kind in kinds]) == level


def test_one_problem_named_twice_is_one_problem():
    assert grid.problems([one("stable chronic", "I10"), one("stable chronic", "I10")]) == "low"
    assert grid.problems([one("stable chronic", "I10"), one("stable chronic", "E11")]) == "moderate"


def test_a_problem_seen_in_two_ways_counts_as_the_graver():
    assert grid.problems([one("stable chronic", "E11"), one("chronic not at goal", "E11")]) == "moderate"


@pytest.mark.parametrize(
    ("elements", "level"),
    [
        ([], "straightforward"),
        ([one("test", "cbc")], "straightforward"),
        ([one("test", "cbc"), one("test", "cbc")], "straightforward"),
        ([one("test", "cbc"), one("test", "tsh")], "low"),
        ([one("test", "cbc"), one("document", "records")], "low"),
        ([one("historian")], "low"),
        ([one("test", "cbc"), one("test", "tsh"), one("historian")], "moderate"),
        ([one("test", "cbc"), one("test", "tsh"), one("test", "a1c")], "moderate"),
        ([one("interpretation")], "moderate"),
        ([one("discussion")], "moderate"),
        ([one("interpretation"), one("discussion")], "high"),
        ([one("interpretation", "ecg"), one("interpretation", "ct")], "moderate"),
        ([one("test", "cbc"), one("test", "tsh"), one("interpretation")], "moderate"),
        ([one("test", "cbc"), one("test", "tsh"), one("test", "a1c"), one("interpretation")], "high"),
    ],
)
def test_data_by_its_three_categories(elements, level):
    assert grid.data(elements) == level


@pytest.mark.parametrize(("kind", "level"), [(kind, level) for kind, (_, level) in RISK.items()])
def test_the_riskiest_decision_decides(kind, level):
    assert grid.risk([one("observation"), one(kind)]) == level


def test_nothing_decided_is_minimal_risk():
    assert grid.risk([]) == "straightforward"


@pytest.mark.parametrize(
    ("columns", "level"),
    [
        (("high", "straightforward", "straightforward"), "straightforward"),
        (("high", "straightforward", "low"), "low"),
        (("moderate", "straightforward", "moderate"), "moderate"),
        (("low", "moderate", "high"), "moderate"),
        (("high", "high", "straightforward"), "high"),
    ],
)
def test_two_of_three_columns_decide(columns, level):
    assert grid.decision(*columns) == level


def test_every_level_below_the_highest_says_what_the_next_needs():
    wanted = {(name, level) for name in grid.NAMES for level in grid.LEVELS[:-1]}
    assert set(grid.MISSING) == wanted


def test_every_kind_is_of_a_known_level():
    assert {level for table in (PROBLEMS, DATA, RISK) for _, level in table.values()} <= set(grid.LEVELS)
