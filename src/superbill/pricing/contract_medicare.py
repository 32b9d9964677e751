"""Medicare's prices as a contract asks for them: a bill's lines together, in its locality, of its year or another."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from superbill.codesets.release import Refused
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract_methods import Amount
from superbill.pricing.medicare import NATIONAL, Line, Locality, Medicare, Priced, Setting

_UNPRICED = frozenset({"not-payable", "by-report", "unpriced"})


class PricesOfMedicare:
    """What Medicare allows for the lines of a bill, before any charge is looked at.

    The locality is that of the postal code where the service was given, unless `locality` is given. A code that
    Medicare does not pay for, or for which no table has a price, has none here either: the contract's next clause
    speaks. What Medicare bundles into another service is priced at nothing.
    """

    def __init__(self, medicare: Medicare, locality: Locality | None = None) -> None:
        self._medicare = medicare
        self._locality = locality
        self._last: tuple[Bill, int | None, Mapping[int, Amount]] | None = None

    def of_bill(self, bill: Bill, year: int | None) -> Mapping[int, Amount]:
        """The amounts by line number; the last bill asked for is kept, for its lines are asked for one by one."""
        if self._last is not None and self._last[0] is bill and self._last[1] == year:
            return self._last[2]
        found = self._price(bill, year)
        self._last = (bill, year, found)
        return found

    def _price(self, bill: Bill, year: int | None) -> Mapping[int, Amount]:
        dated = [item for item in bill.items if item.day is not None and item.code]
        if not dated:
            return {}
        lines = [_line(item, year) for item in dated]
        locality, note = self._where(bill, lines[0].day)
        priced = self._medicare.price(lines, Setting(locality=locality, place_of_service=dated[0].place or "11"))
        return {each.number: _amount(each, note) for each in priced}

    def _where(self, bill: Bill, day: date) -> tuple[Locality, tuple[str, ...]]:
        if self._locality is not None:
            return self._locality, ()
        postal_code = bill.locality_postal_code
        try:
            found = self._medicare.tables.localities.of_zip(postal_code, day) if postal_code else None
        except Refused:
            found = None
        if found is None:
            return NATIONAL, (f"no locality is known for postal code {postal_code or 'none'}: national amounts",)
        return found, ()


def _line(item: Item, year: int | None) -> Line:
    assert item.day is not None
    return Line(
        number=item.number,
        code=item.code,
        day=item.day if year is None else _in_year(item.day, year),
        modifiers=item.modifiers,
        units=Decimal(1) if item.minutes else item.units,
        minutes=item.units if item.minutes else None,
        place_of_service=item.place,
        performer=item.rendering_npi,
    )


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 28 February for 29 February."""
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _amount(priced: Priced, note: tuple[str, ...]) -> Amount:
    steps = (*note, *(f"Medicare: {step.text}" for step in priced.steps))
    if priced.outcome in _UNPRICED or priced.amount is None:
        return Amount(None, (priced.why or "Medicare has no price for it",))
    return Amount(priced.amount, steps)
