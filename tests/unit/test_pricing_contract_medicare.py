"""A contract of "so much of Medicare" on Medicare's own engine: its lines together, its years, what it does not pay."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.contracts import bill, contract, item
from tests.medicare_samples import DAY, medicare, row

from superbill.pricing.contract_medicare import PricesOfMedicare

ROWS = (
    row("99213", work="1.00", office="2.00", facility="0.50", malpractice="0.10"),
    row("45378", work="25.54", multiple="2"),
    row("45380", work="28.598", multiple="3", base="45378"),
    row("45385", work="37.456", multiple="3", base="45378"),
    row("36000", status="B", work="0.50"),
    row("90001", status="I"),
    row("0001T", status="C"),
)
HEAD = 'key = "m"\npayer = "p"\nstart = 2020-01-01\n'


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    return PricesOfMedicare(medicare(tmp_path_factory.mktemp("medicare"), ROWS))


def of(prices, year="", more=""):
    pays = f'pays = {{ method = "percent-of-medicare", percent = "1.2"{year} }}'
    return contract(f'[[terms]]\nid = "1"\n{pays}\n{more}', HEAD, medicare=prices)


def allowed(found, *items):
    return [line.allowed for line in found.price(bill(*items, start=items[0].day)).lines]


def visit(code="99213", **changes):
    return item(code, 900_00, **{"day": DAY, **changes})


@pytest.mark.parametrize(("place", "cents"), [("11", 37_20), ("22", 19_20)], ids=["office", "facility"])
def test_a_part_of_what_medicare_allows_where_the_service_was_given(prices, place, cents):
    line = of(prices).price(bill(visit(place=place), start=DAY)).lines[0]
    assert line.allowed == cents
    assert line.steps[-1].startswith("120 % of Medicare's price")
    assert any(step.startswith("Medicare: ") for step in line.steps)


def test_lines_of_a_day_are_priced_together_as_medicare_does(prices):
    alone = sum(sum(allowed(of(prices), visit(code))) for code in ("45380", "45385"))
    first = allowed(of(prices), visit("45380"), visit("45385", number=2))
    assert sum(first) < alone
    assert sum(allowed(of(prices), visit("45385"), visit("45380", number=2))) == sum(first)


def test_the_prices_of_a_year_go_on_after_it(prices):
    later = date(2033, 8, 4)
    assert allowed(of(prices, ", year = 2031"), visit(day=later)) == [37_20]
    leap = date(2032, 2, 29)
    assert of(prices, ", year = 2031").price(bill(visit(day=leap), start=leap)).lines[0].steps


def test_what_medicare_bundles_is_nothing_and_what_it_does_not_price_is_left_to_the_next_clause(prices):
    assert allowed(of(prices), visit(), visit("36000", number=2), visit("90001", number=3)) == [37_20, 0, None]
    more = '[[terms]]\nid = "2"\nafter = "1"\npays = { method = "percent-of-charge", percent = "0.5" }\n'
    lines = of(prices, more=more).price(bill(visit("90001"), visit("0001T", number=2), start=DAY)).lines
    assert [(line.allowed, line.clause.id) for line in lines] == [(450_00, "2")] * 2
    assert all(line.steps[0].startswith("clause 1: ") for line in lines)


def test_an_unknown_postal_code_is_told_and_priced_at_national_amounts(prices):
    there = replace(bill(visit(), start=DAY), locality_postal_code="99999")
    line = of(prices).price(there).lines[0]
    assert (line.allowed, line.steps[0]) == (37_20, "no locality is known for postal code 99999: national amounts")
