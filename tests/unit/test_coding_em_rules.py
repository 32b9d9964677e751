"""Time, families by day, critical care, preventive ages: the rules apart from any note."""

from datetime import date, timedelta

import pytest

from superbill.coding.em import categories, preventive, time
from superbill.coding.em.problems import nature

NOW = date(2026, 5, 1)
DAY = timedelta(days=1)


def family(name: str, on: date = NOW) -> categories.Family:
    found = categories.family(name, on)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("office", date(2021, 1, 1)),
        ("emergency", date(2023, 1, 1)),
        ("initial hospital", date(2023, 1, 1)),
        ("subsequent nursing facility", date(2023, 1, 1)),
        ("home", date(2023, 1, 1)),
        ("consultation", date(2023, 1, 1)),
        ("telehealth", date(2025, 1, 1)),
        ("audio", date(2025, 1, 1)),
    ],
)
def test_a_family_begins_on_its_day_and_not_the_day_before(name, begins):
    assert categories.family(name, begins) is not None
    assert categories.family(name, begins - DAY) is None


def test_minutes_of_nursing_facilities_changed_with_2024():
    before, after = (
        family("initial nursing facility", date(2023, 12, 31)),
        family("initial nursing facility", date(2024, 1, 1)),
    )
    assert time.level(before, "new", 45) == "high"
    assert time.level(after, "new", 45) == "moderate"


@pytest.mark.parametrize(
    ("patient", "minutes", "level"),
    [
        ("new", 14, None),
        ("new", 15, "straightforward"),
        ("new", 30, "low"),
        ("new", 44, "low"),
        ("new", 45, "moderate"),
        ("new", 60, "high"),
        ("established", 9, None),
        ("established", 10, "straightforward"),
        ("established", 19, "straightforward"),
        ("established", 20, "low"),
        ("established", 30, "moderate"),
        ("established", 39, "moderate"),
        ("established", 40, "high"),
    ],
)
def test_office_minutes(patient, minutes, level):
    assert time.level(family("office"), patient, minutes) == level


def test_the_emergency_department_has_no_time():
    assert time.level(family("emergency"), "new", 90) is None


@pytest.mark.parametrize(("minutes", "units"), [(54, 0), (55, 1), (69, 1), (70, 2), (85, 3)])
def test_prolonged_office_visits_by_cpt(minutes, units):
    assert time.prolonged(family("office").prolonged, "established", minutes) == ("99417",) * units


@pytest.mark.parametrize(("minutes", "units"), [(68, 0), (69, 1), (83, 1), (84, 2)])
def test_prolonged_office_visits_by_medicare(minutes, units):
    assert time.prolonged(family("office").medicare, "established", minutes) == ("G2212",) * units


def test_no_family_without_prolonged_services_gives_one():
    assert time.prolonged(family("emergency").prolonged, "new", 500) == ()


@pytest.mark.parametrize(
    ("minutes", "cpt", "medicare"),
    [(29, 0, 0), (30, 1, 1), (74, 1, 1), (75, 2, 1), (103, 2, 1), (104, 2, 2), (105, 3, 2), (134, 3, 3), (135, 4, 3)],
)
def test_critical_care_by_minutes(minutes, cpt, medicare):
    assert len(time.critical(minutes, medicare=False)) == cpt
    assert len(time.critical(minutes, medicare=True)) == medicare


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("45 minutes", [45]),
        ("45-minute", [45]),
        ("45 min.", [45]),
        ("1 hour and 10 minutes", [70]),
        ("1.5 hours", [90]),
        ("2 hrs", [120]),
        ("no time", []),
        ("90 days", []),
        ("0 minutes", []),
    ],
)
def test_minutes_as_people_write_them(said, minutes):
    assert [each for each, *_ in time.minutes_in(said)] == minutes


@pytest.mark.parametrize(
    ("age", "new", "code"),
    [
        (0, True, "99381"),
        (0.5, False, "99391"),
        (1, False, "99392"),
        (4.9, False, "99392"),
        (5, False, "99393"),
        (11, True, "99383"),
        (12, True, "99384"),
        (17, False, "99394"),
        (18, False, "99395"),
        (39, True, "99385"),
        (40, False, "99396"),
        (64, False, "99396"),
        (65, False, "99397"),
        (101, True, "99387"),
    ],
)
def test_preventive_codes_by_age(age, new, code):
    assert preventive.code(age, new=new) == code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("I10", "chronic"),
        ("E11.65", "chronic"),
        ("J00", "minor"),
        ("N30.00", "acute"),
        ("N30.10", "chronic"),
        ("N10", "systemic"),
        ("S93.401A", "acute"),
        ("S72.001A", "complicated injury"),
        ("S62.632A", "acute"),
        ("I21.4", "threat"),
        ("A41.9", "threat"),
        ("R07.9", "undiagnosed"),
        ("N63.10", "undiagnosed"),
        ("R05.9", "acute"),
        ("Z79.4", "status"),
        ("C50.911", "chronic"),
        ("G56.01", "chronic"),
        ("Z94.0", "chronic"),
    ],
)
def test_what_kind_of_problem_a_code_is(code, kind):
    assert nature(code) == kind
