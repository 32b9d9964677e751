"""A payer's own prices: dated fees by code, and relative weights by DRG."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.effective import Dated
from superbill.money import Cents


class Fee(NamedTuple):
    """A fee in cents per unit, the key under which it stands ("99213", "93000-26") and its first day."""

    amount: Cents
    key: str
    since: date


class FeeSchedule:
    """Dated allowed cents per unit by code, or by "code-modifier" where a modifier is priced apart.

    A line of a hospital without a code is looked up by its revenue code ("0450").
    """

    __slots__ = ("_fees", "name")

    def __init__(self, name: str, fees: Mapping[str, Dated[Cents]]) -> None:
        self.name = name
        self._fees = dict(fees)

    def __len__(self) -> int:
        return len(self._fees)

    def __iter__(self) -> Iterator[tuple[str, Dated[Cents]]]:
        yield from sorted(self._fees.items())

    def find(self, code: str, day: date, modifiers: Sequence[str] = ()) -> Fee | None:
        """The fee for one unit on `day`; None when there is none then. The first modifier priced apart decides."""
        for modifier in modifiers:
            dated = self._fees.get(f"{code}-{modifier}")
            if dated is not None and (found := _fee(f"{code}-{modifier}", dated, day)):
                return found
        dated = self._fees.get(code)
        return _fee(code, dated, day) if dated is not None else None

    def fee(self, code: str, day: date, modifiers: Sequence[str] = ()) -> Cents | None:
        """Allowed cents for one unit; None when this schedule has no fee on `day`."""
        found = self.find(code, day, modifiers)
        return found.amount if found else None


def _fee(key: str, dated: Dated[Cents], day: date) -> Fee | None:
    found = dated.at(day)
    return Fee(found[1], key, found[0]) if found is not None and found[1] is not None else None


class Weights:
    """Dated relative weights by DRG of three digits, or base units by anesthesia code.

    Medicare's weights are Table 5 of each year's IPPS final rule.
    """

    __slots__ = ("_weights", "name")

    def __init__(self, name: str, weights: Mapping[str, Dated[Decimal]]) -> None:
        self.name = name
        self._weights = dict(weights)

    def __len__(self) -> int:
        return len(self._weights)

    def weight(self, code: str, day: date) -> Decimal | None:
        """The weight on `day`; None when the table has none then."""
        dated = self._weights.get(code)
        return dated.on(day) if dated is not None else None
