"""Samples of codings: the same seed draws the same, risk is drawn more often, and sizes follow the formula."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.coding.audit.model import Basis, Candidate, Plan
from superbill.coding.audit.sampling import draw, risks, shared, sized
from superbill.coding.audit.statistics import kappa, sample_size, wilson
from superbill.coding.deciding import Final, FinalService

DAY = date(2026, 5, 1)


def coding(key, coder="maria", *services, **more):
    made = tuple(FinalService(code=code, modifiers=modifiers) for code, *modifiers in (s.split("-") for s in services))
    made = tuple(FinalService(code=each.code, modifiers=tuple(each.modifiers)) for each in made)
    settled = {"nth": 999, "days": 999, **more}
    return Candidate(key=key, coder=coder, on=DAY, codes=Final(diagnoses=("I10",), services=made), **settled)


def keys(candidates, **plan):
    return [each.key for each in draw(candidates, Plan(**plan))]


def signs(candidates, **plan):
    return {each.key: each.why for each in draw(candidates, Plan(size=len(candidates), **plan))}


MANY = [coding(key, ("maria", "jo", "ann")[key % 3]) for key in range(300)]


@pytest.mark.parametrize("basis", list(Basis))
def test_the_same_seed_draws_the_same_whatever_the_order(basis):
    once = keys(MANY, basis=basis, size=20, seed=5)
    assert once == keys(MANY[::-1], basis=basis, size=20, seed=5) == sorted(once)


def test_a_seed_draws_these_for_good():
    """What was drawn yesterday can be drawn again tomorrow, on any machine and version of Python."""
    assert keys(MANY[:20], size=5, seed=1) == [3, 5, 6, 13, 14]


def test_another_seed_draws_others():
    assert keys(MANY, size=20, seed=1) != keys(MANY, size=20, seed=2)


def test_every_coding_is_as_likely_as_any_other():
    times = [0] * 10
    for seed in range(1000):
        for key in keys(MANY[:10], size=3, seed=seed):
            times[key] += 1
    assert all(240 < each < 360 for each in times), times


def test_a_sign_of_risk_is_drawn_as_often_as_its_weight_says():
    pool = [coding(0, overrides=2), *(coding(key) for key in range(1, 10))]
    weight = 1 + risks()["override"].weight
    hits = sum(keys(pool, basis=Basis.RISK, size=1, seed=seed) == [0] for seed in range(1500))
    assert abs(hits / 1500 - weight / (weight + 9)) < 0.04


SIGNS = [
    ("unspecified", {"unspecified": 1}, ()),
    ("low score", {"score": 0.4}, ()),
    ("modifier 25", {}, ("99213-25",)),
    ("modifier 59", {}, ("20610-59",)),
    ("modifier 59", {}, ("20610-XS",)),
    ("override", {"overrides": 1}, ()),
    ("open query", {"queries": 1}, ()),
    ("new coder", {"nth": 3}, ()),
    ("new coder", {"days": 10}, ()),
]


@pytest.mark.parametrize(("sign", "facts", "services"), SIGNS)
def test_a_sign_of_risk_is_named(sign, facts, services):
    assert signs([coding(1, "maria", *services, **facts), coding(2)]) == {1: (sign,), 2: ()}


def test_a_level_is_high_by_the_coders_own_habit():
    """99215 once among twenty is rare for maria; for jo it is what she gives. Too few visits tell no habit."""
    maria = [coding(key, "maria", "99213") for key in range(19)] + [coding(19, "maria", "99215")]
    jo = [coding(key, "jo", "99215") for key in range(20, 40)]
    few = [coding(40, "ann", "99215"), coding(41, "ann", "99212")]
    said = signs(maria + jo + few)
    assert [key for key, why in said.items() if "high level" in why] == [19]


def test_the_tenth_with_the_highest_charges_is_a_sign_where_there_are_ten():
    assert [key for key, why in signs([coding(n, charge=n * 100) for n in range(20)]).items() if why] == [18, 19]
    assert not any(signs([coding(n, charge=n * 100) for n in range(9)]).values())


def test_the_highest_charges_are_drawn_whatever_the_seed():
    pool = [coding(key, charge=charge) for key, charge in enumerate((5, None, 70, 20, 70, 1))]
    for seed in range(5):
        assert keys(pool, basis=Basis.HIGH_DOLLAR, size=3, seed=seed) == [2, 3, 4]


def test_only_new_coders_are_drawn_when_asked_for():
    pool = [coding(1), coding(2, nth=50), coding(3, nth=51), coding(4, days=89), coding(5, days=90)]
    assert keys(pool, basis=Basis.NEW_CODER, size=9) == [2, 4]
    assert keys(pool, basis=Basis.NEW_CODER, size=9, new_codings=60) == [2, 3, 4]


def test_every_coder_has_a_share():
    pool = [coding(key, "maria") for key in range(90)] + [coding(90, "jo"), coding(91, "ann")]
    drawn = keys(pool, size=10, per_coder=True)
    assert len(drawn) == 10 and {90, 91} <= set(drawn)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50)), st.integers(0, 200))
def test_shares_add_up_and_pass_nobodys_count(counts, size):
    shares = shared(size, counts)
    assert sum(shares.values()) == min(size, sum(counts.values()))
    assert all(0 <= shares[name] <= count for name, count in counts.items())
    if size >= len(counts):
        assert all(shares[name] for name, count in counts.items() if count)


@given(st.sets(st.integers(0, 10_000), max_size=40), st.integers(0, 50), st.integers(), st.sampled_from(list(Basis)))
def test_a_sample_is_a_part_of_what_there_is(pool, size, seed, basis):
    known = [coding(key, charge=key, nth=key + 1) for key in pool]
    drawn = keys(known, basis=basis, size=size, seed=seed)
    assert len(set(drawn)) == len(drawn) <= size and set(drawn) <= pool
    if basis is not Basis.NEW_CODER:
        assert len(drawn) == min(size, len(pool))


def test_a_sample_of_nonsense_is_refused():
    with pytest.raises(ValueError, match="same key"):
        keys([coding(1), coding(1)], size=1)
    with pytest.raises(ValueError, match="0 or more"):
        keys([], size=-1)


@pytest.mark.parametrize(
    ("population", "margin", "size"),
    [(10**9, 0.05, 385), (1000, 0.05, 278), (100, 0.05, 80), (10, 0.05, 10), (1, 0.5, 1), (0, 0.05, 0), (500, 0.1, 81)],
)
def test_sizes_are_those_of_the_tables(population, margin, size):
    """Cochran with finite population correction, as sample size tables print it for 95 % confidence and p = 0.5."""
    assert sample_size(population, margin) == size
    assert sized(Plan(size=7, margin=margin), population).size == size
    assert sized(Plan(size=7), population).size == 7


def test_who_expects_few_errors_needs_fewer_codings():
    assert sample_size(1000, 0.05, expected=0.95) < sample_size(1000, 0.05)
    for margin in (0, 1, -0.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            sample_size(10, margin)


def test_the_interval_is_wilsons():
    """The example of Newcombe (1998), 81 of 263: 0.2553 to 0.3662; and the ends, where p ± z√(pq/n) breaks down."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=5e-5)
    for hits, total in ((1, 0), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="no share"):
            wilson(hits, total)


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share(case):
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] <= high <= 1


def test_kappa_is_cohens():
    """The 2 × 2 table 20, 5, 10, 15: agreement 0.70, by chance 0.50, kappa 0.40."""
    table = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(table) == pytest.approx(0.4)
    assert kappa([]) is None and kappa([("y", "y")]) is None and kappa([("y", "y")] * 9) is None
    assert kappa([("y", "n"), ("n", "y")]) == -1
