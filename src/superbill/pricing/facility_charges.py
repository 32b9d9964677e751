"""A facility's charges: by revenue code, and by revenue code and procedure code where those have their own, dated."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from superbill.codesets.revenue_code.lookup import TOTAL, revenue_code
from superbill.effective import Dated
from superbill.money import Cents
from superbill.pricing.charge_master import ChargeMaster, ChargeMasterError, charge_row, read_charges

_COLUMNS = ["revenue_code", "code", "modifier", "start", "charge"]


class FacilityCharges:
    """Charges in cents per unit (a day, for accommodation). A revenue code's own row holds for every procedure billed
    under it that has no row of its own.
    """

    __slots__ = ("_charges",)

    def __init__(self, prices: Mapping[tuple[str, str], Dated[Cents]]) -> None:
        self._charges = ChargeMaster(prices)

    def __len__(self) -> int:
        return len(self._charges)

    def price(self, revenue: str, code: str, modifiers: Sequence[str], day: date) -> Cents | None:
        """Cents for one unit on `day`; None where neither the code nor its revenue code has a charge then."""
        own = self._charges.price(_key(revenue, code), day, modifiers) if code else None
        return own if own is not None else self._charges.price(revenue, day)


def _key(revenue: str, code: str) -> str:
    return f"{revenue} {code}" if code else revenue


NO_FACILITY_CHARGES = FacilityCharges({})


def read_facility_charges(lines: Iterable[str], name: str = "facility_charges.csv") -> FacilityCharges:
    """The charges of a CSV with the columns revenue_code, code, modifier, start (ISO day), charge (dollars; empty ends
    it).

    Raises ChargeMasterError with file and line for a row that can't be meant: an unknown column or revenue code, a day
    or an amount that is none, a charge that is not positive, the same service twice on one day.
    """
    return FacilityCharges(read_charges(lines, name, _COLUMNS, _row))


def _row(row: Sequence[str]) -> tuple[tuple[str, str], date, Cents | None]:
    if len(row) != len(_COLUMNS):
        raise ChargeMasterError(f"a row has {len(_COLUMNS)} fields, this one {len(row)}")
    revenue, code, modifier, start, charge = (field.strip() for field in row)
    if revenue == TOTAL or revenue_code(revenue) is None:
        raise ChargeMasterError(f"{revenue!r} is no revenue code of a charge; four digits, as 0120")
    if modifier and not code:
        raise ChargeMasterError(f"{revenue}: a modifier without a code")
    return charge_row((_key(revenue, code), modifier, start, charge))
