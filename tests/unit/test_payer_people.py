"""Simulated people do what the rates say, and the same every time."""

from collections import Counter

import pytest

from superbill.payer.people import PeopleRates, reaction

RATES = PeopleRates(
    pays=400, pays_part=200, overpays=50, returned_check=50, asks_plan=50, disputes=30, moved=20
)  # fmt: skip


def test_every_deed_is_as_frequent_as_its_rate_says():
    done = Counter(reaction(RATES, 7, f"S{number:06d}", 123_45).deed for number in range(20_000))
    rates = {"pays": 400, "pays part": 200, "overpays": 50, "returned check": 50, "asks for a plan": 50,
             "disputes": 30, "moved": 20, "nothing": 200}  # fmt: skip
    assert set(done) == set(rates)
    for deed, rate in rates.items():
        assert abs(done[deed] / 20 - rate) < 12, (deed, done[deed])


def test_the_same_statement_is_answered_the_same_and_another_seed_otherwise():
    first = [reaction(RATES, 7, f"S{number}", 100_00) for number in range(200)]
    assert first == [reaction(RATES, 7, f"S{number}", 100_00) for number in range(200)]
    assert first != [reaction(RATES, 8, f"S{number}", 100_00) for number in range(200)]


@pytest.mark.parametrize("amount", [1, 4_99, 5_00, 9_99, 10_00, 123_45])
def test_amounts_follow_from_what_is_asked(amount):
    by_deed = {one.deed: one for number in range(3000) if (one := reaction(RATES, 1, f"S{number}", amount))}
    assert by_deed["pays"].amount == by_deed["returned check"].amount == amount
    assert 0 < by_deed["pays part"].amount <= amount
    assert amount < by_deed["overpays"].amount <= amount + 10_00
    assert by_deed["disputes"].amount == by_deed["moved"].amount == by_deed["nothing"].amount == 0


def test_nobody_does_anything_without_rates():
    assert {reaction(PeopleRates(), 1, str(number), 1).deed for number in range(100)} == {"nothing"}
