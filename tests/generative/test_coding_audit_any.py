"""Whatever two codings of a visit hold, their differences account for every code and every cent."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.coding.audit.comparing import compare
from superbill.coding.audit.education import lessons
from superbill.coding.audit.model import Pair, same_codes
from superbill.coding.audit.scoring import figures
from superbill.coding.deciding import Final, FinalService

DAY = date(2026, 5, 1)
DIAGNOSES = ("I10", "I11.0", "I12.9", "E11.9", "E11.22", "N18.9", "N18.31", "M17.11", "M17.12", "S93.401A", "S93.401D")
SERVICES = ("99202", "99213", "99214", "99215", "99283", "99385", "20610", "J7613", "36415")
services = st.builds(
    FinalService, code=st.sampled_from(SERVICES),
    modifiers=st.lists(st.sampled_from(("25", "59", "RT", "LT")), unique=True, max_size=2).map(tuple),
    units=st.integers(1, 4),
)  # fmt: skip
codings = st.builds(
    Final, diagnoses=st.lists(st.sampled_from(DIAGNOSES), unique=True, max_size=6).map(tuple),
    services=st.lists(services, max_size=5).map(tuple),
)  # fmt: skip


def price(code, modifiers, day):
    """Every code and modifier counts, so that no cent goes unseen."""
    return 100 * (1 + SERVICES.index(code)) + sum(7 * len(modifier) + int(modifier == "25") for modifier in modifiers)


def total(final):
    return sum(price(each.code, each.modifiers, DAY) * each.units for each in final.services)


def compared(first, reference):
    return compare(Pair(key=1, coder="maria", on=DAY, first=first, second=reference, reference=reference), None, price)


@given(codings, codings)
@settings(max_examples=150)
def test_the_differences_add_up_to_what_both_bill_apart(first, reference):
    found = compared(first, reference)
    assert sum(each.cents or 0 for each in found.differences) == total(first) - total(reference)
    money = figures([found]).money
    assert money.net == total(first) - total(reference) and money.over >= 0 and money.under >= 0


@given(codings, codings)
@settings(max_examples=150)
def test_every_diagnosis_that_only_one_has_is_in_one_difference(first, reference):
    kinds = ("wrong sequence", "modifier", "units", "missed service", "unsupported service")
    told = [each for each in compared(first, reference).differences if each.cause not in kinds]
    told = [each for each in told if not each.cause.startswith("visit")]
    assert sorted(each.first for each in told if each.first) == sorted(set(first.diagnoses) - set(reference.diagnoses))
    assert sorted(each.reference for each in told if each.reference) == sorted(
        set(reference.diagnoses) - set(first.diagnoses)
    )


@given(codings, codings)
def test_nothing_differs_exactly_where_both_bill_the_same(first, reference):
    found = compared(first, reference)
    assert {each.cause for each in found.differences} <= set(lessons())
    if same_codes(first, reference):
        assert found.exact
    if found.exact:
        assert set(first.diagnoses) == set(reference.diagnoses) and total(first) == total(reference)
    assert compared(first, first).exact
