"""A facility's charges: by revenue code, by revenue code and procedure, dated; what is wrong is told with its line."""

from datetime import date

import pytest

from superbill.pricing.charge_master import ChargeMasterError
from superbill.pricing.facility_charges import NO_FACILITY_CHARGES, read_facility_charges

HEAD = "revenue_code,code,modifier,start,charge"
DAY = date(2026, 3, 2)


def read(*rows):
    return read_facility_charges([HEAD, *rows])


def test_a_procedures_own_charge_comes_before_that_of_its_revenue_code():
    charges = read("0450,,,2026-01-01,720", "0450,99285,,2026-01-01,1890", "0320,73610,LT,2026-01-01,300")
    assert charges.price("0450", "99285", (), DAY) == 1890_00
    assert charges.price("0450", "99283", ("25",), DAY) == 720_00
    assert charges.price("0450", "", (), DAY) == 720_00
    assert charges.price("0320", "73610", ("LT",), DAY) == 300_00
    assert charges.price("0320", "73610", (), DAY) is None
    assert charges.price("0360", "99285", (), DAY) is None
    assert len(charges) == 3


def test_a_charge_holds_from_its_day_to_the_next_and_ends_with_an_empty_one():
    charges = read("0120,,,2026-01-01,1180", "0120,,,2026-03-02,1240.50", "0120,,,2026-04-01,")
    days = (date(2025, 12, 31), date(2026, 3, 1), DAY, date(2026, 4, 1))
    assert [charges.price("0120", "", (), day) for day in days] == [None, 1180_00, 1240_50, None]


@pytest.mark.parametrize(
    "row, said",
    [
        ("0001,,,2026-01-01,5", "'0001' is no revenue code of a charge"),
        ("120,,,2026-01-01,5", "'120' is no revenue code"),
        ("0120,,LT,2026-01-01,5", "a modifier without a code"),
        ("0120,,,yesterday,5", "start is not a day"),
        ("0120,,,2026-01-01,five", "charge"),
        ("0120,,,2026-01-01,0", "more than zero"),
        ("0120,,2026-01-01,5", "a row has 5 fields, this one 4"),
    ],
)
def test_a_row_that_can_not_be_meant_is_told_with_its_line(row, said):
    with pytest.raises(ChargeMasterError, match=r"^facility_charges\.csv:3: .*" + said):
        read("0250,,,2026-01-01,68", row)


def test_the_same_service_twice_on_a_day_and_other_columns_are_refused():
    with pytest.raises(ChargeMasterError, match="two charges from 2026-01-01"):
        read("0120,,,2026-01-01,5", "0120,,,2026-01-01,6")
    with pytest.raises(ChargeMasterError, match=r"csv:1: the columns must be"):
        read_facility_charges(["code,modifier,start,charge"])


def test_no_charges_know_nothing():
    assert NO_FACILITY_CHARGES.price("0120", "", (), DAY) is None
