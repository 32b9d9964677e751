"""What a payer allows for a service: fee schedules by code and date, else a part of the charge."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.effective import Dated
from superbill.money import Cents, portion, times


class Allowed(NamedTuple):
    """The allowed amount of a line in cents, and which part of the contract it comes from."""

    amount: Cents
    source: str


class FeeSchedule:
    """Dated allowed cents per unit by code, or by "code-modifier" where a modifier is priced apart."""

    __slots__ = ("_fees", "name")

    def __init__(self, name: str, fees: Mapping[str, Dated[Cents]]) -> None:
        self.name = name
        self._fees = dict(fees)

    def fee(self, code: str, day: date, modifiers: Sequence[str] = ()) -> Cents | None:
        """Allowed cents for one unit; None when this schedule has no fee on `day`."""
        for key in (*(f"{code}-{modifier}" for modifier in modifiers), code):
            dated = self._fees.get(key)
            found = dated.on(day) if dated is not None else None
            if found is not None:
                return found
        return None


class Contract:
    """The first of `schedules` that has a fee decides; a code in none is allowed at `percent_of_charge` of its charge.

    No contract allows more than the charge ("the lesser of"): a provider is never paid more than it asked for.
    """

    __slots__ = ("_percent", "_schedules")

    def __init__(self, schedules: Sequence[FeeSchedule], percent_of_charge: Dated[Decimal]) -> None:
        self._schedules = tuple(schedules)
        self._percent = percent_of_charge

    def allowed(
        self, code: str, *, charge: Cents, units: Decimal, day: date, modifiers: Sequence[str] = ()
    ) -> Allowed | None:
        """What the payer allows for a line, 0 ≤ allowed ≤ charge; None when the contract is silent on that day."""
        for schedule in self._schedules:
            fee = schedule.fee(code, day, modifiers)
            if fee is not None:
                return Allowed(_within(times(fee, units), charge), schedule.name)
        percent = self._percent.on(day)
        if percent is None:
            return None
        return Allowed(_within(portion(charge, percent), charge), "percent of charge")


def _within(amount: Cents, charge: Cents) -> Cents:
    return max(0, min(amount, charge))
