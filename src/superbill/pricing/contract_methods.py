"""How each method makes a price, with the arithmetic in words. One function per method; a table says which."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from superbill.money import Cents, dollars, portion, times
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract_model import (
    AnesthesiaUnits,
    CaseRate,
    DrgRate,
    Flat,
    OwnSchedule,
    PercentOfCharge,
    PercentOfMedicare,
    PerDiem,
)
from superbill.pricing.fee_schedule import FeeSchedule, Weights


class Amount(NamedTuple):
    """Cents, or None for no price; `steps` say how it came about, or why there is none."""

    cents: Cents | None
    steps: tuple[str, ...]


class MedicarePrices(Protocol):
    """What Medicare allows for each line of a bill, by line number, on its own days or on those days of `year`."""

    def of_bill(self, bill: Bill, year: int | None) -> Mapping[int, Amount]: ...


class Tools(Struct, frozen=True, kw_only=True):
    """The tables that methods look into. `medicare` None: Medicare's prices are not at hand."""

    schedules: Mapping[str, FeeSchedule] = {}
    weights: Mapping[str, Weights] = {}
    medicare: MedicarePrices | None = None


def percent_text(part: Decimal) -> str:
    """A part as people write it: "115 %", "62.5 %"."""
    text = f"{part * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def count_text(units: Decimal) -> str:
    """A quantity without trailing zeros."""
    return f"{units:f}".rstrip("0").rstrip(".") if "." in f"{units:f}" else f"{units:f}"


# --- lines ----------------------------------------------------------------------------------------------------------


def _medicare(pays: PercentOfMedicare, item: Item, bill: Bill, tools: Tools) -> Amount:
    if tools.medicare is None:
        return Amount(None, ("Medicare's prices are not installed",))
    found = tools.medicare.of_bill(bill, pays.year).get(item.number, Amount(None, ()))
    if found.cents is None:
        return Amount(None, found.steps or ("Medicare has no price for it",))
    of = f"Medicare's {pays.year} price" if pays.year else "Medicare's price"
    cents = portion(found.cents, pays.percent)
    return Amount(
        cents, (*found.steps, f"{percent_text(pays.percent)} of {of} {dollars(found.cents)}: {dollars(cents)}")
    )


def _own_schedule(pays: OwnSchedule, item: Item, _bill: Bill, tools: Tools) -> Amount:
    schedule = tools.schedules[pays.schedule]
    assert item.day is not None
    fee = schedule.find(item.code or item.revenue_code, item.day, item.modifiers)
    if fee is None:
        return Amount(None, (f"not in fee schedule {schedule.name}",))
    cents = portion(fee.amount, item.units * pays.percent)
    text = f"fee schedule {schedule.name}: {fee.key} {dollars(fee.amount)} since {fee.since.isoformat()}"
    if item.units != 1:
        text += f" × {count_text(item.units)} units"
    if pays.percent != 1:
        text += f" × {percent_text(pays.percent)}"
    return Amount(cents, (text if cents == fee.amount else f"{text}: {dollars(cents)}",))


def _percent_of_charge(pays: PercentOfCharge, item: Item, _bill: Bill, _tools: Tools) -> Amount:
    cents = portion(item.charge, pays.percent)
    return Amount(cents, (f"{percent_text(pays.percent)} of the charge {dollars(item.charge)}: {dollars(cents)}",))


def _flat(pays: Flat, item: Item, _bill: Bill, _tools: Tools) -> Amount:
    if pays.per == "line" or item.units == 1:
        return Amount(pays.amount, (f"flat {dollars(pays.amount)}",))
    cents = times(pays.amount, item.units)
    return Amount(cents, (f"flat {dollars(pays.amount)} × {count_text(item.units)} units: {dollars(cents)}",))


def _anesthesia(pays: AnesthesiaUnits, item: Item, _bill: Bill, tools: Tools) -> Amount:
    table = tools.weights[pays.base_units]
    assert item.day is not None
    base = table.weight(item.code, item.day)
    if base is None or not item.minutes:
        why = f"{item.code} has no base units in {table.name}" if base is None else "the line tells no minutes"
        return Amount(None, (why,))
    time = (item.units / pays.minutes).quantize(Decimal("0.1"), ROUND_HALF_UP)
    cents = portion(pays.factor, base + time)
    units = f"{count_text(base)} base units and {count_text(time)} for {count_text(item.units)} minutes"
    return Amount(cents, (f"{units} at {dollars(pays.factor)}: {dollars(cents)}",))


_LINES: dict[type[Any], Callable[[Any, Item, Bill, Tools], Amount]] = {
    PercentOfMedicare: _medicare,
    OwnSchedule: _own_schedule,
    PercentOfCharge: _percent_of_charge,
    Flat: _flat,
    AnesthesiaUnits: _anesthesia,
}


def price_line(pays: Any, item: Item, bill: Bill, tools: Tools) -> Amount:
    """The price of one line by a method for lines."""
    return _LINES[type(pays)](pays, item, bill, tools)


# --- whole claims ---------------------------------------------------------------------------------------------------


def _case_rate(pays: CaseRate, _named: Sequence[Item], _bill: Bill, _day: date, _tools: Tools) -> Amount:
    return Amount(pays.amount, (f"case rate {dollars(pays.amount)}",))


def _per_diem(pays: PerDiem, named: Sequence[Item], _bill: Bill, _day: date, _tools: Tools) -> Amount:
    left = sum((item.units for item in named), Decimal(0))
    cents, steps, passed = 0, [], 0
    for tier in pays.days:
        room = left if tier.through is None else min(left, Decimal(tier.through - passed))
        if room <= 0:
            continue
        part = times(tier.rate, room)
        steps.append(f"{count_text(room)} days at {dollars(tier.rate)}: {dollars(part)}")
        cents, left, passed = cents + part, left - room, tier.through or passed
    return Amount(cents, tuple(steps)) if steps else Amount(None, ("the claim has no days",))


def _drg(pays: DrgRate, _named: Sequence[Item], bill: Bill, day: date, tools: Tools) -> Amount:
    if not bill.drg:
        return Amount(None, ("the claim has no DRG",))
    table = tools.weights[pays.weights]
    weight = table.weight(bill.drg, day)
    if weight is None:
        return Amount(None, (f"DRG {bill.drg} has no weight in {table.name} on {day.isoformat()}",))
    cents = portion(pays.base_rate, weight)
    return Amount(
        cents, (f"DRG {bill.drg}: weight {weight:f} × base rate {dollars(pays.base_rate)}: {dollars(cents)}",)
    )


_CLAIMS: dict[type[Any], Callable[[Any, Sequence[Item], Bill, date, Tools], Amount]] = {
    CaseRate: _case_rate,
    PerDiem: _per_diem,
    DrgRate: _drg,
}


def price_claim(pays: Any, named: Sequence[Item], bill: Bill, day: date, tools: Tools) -> Amount:
    """The price of a claim by a method for claims; `named` are the lines that the clause speaks of."""
    return _CLAIMS[type(pays)](pays, named, bill, day, tools)
