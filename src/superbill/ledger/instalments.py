"""Payment plans: the dates and amounts that were promised, and how promises were kept. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from superbill.money import Cents

Kept = Literal["paid", "paid late", "missed", "due", "to come"]
LONGEST = 120


class BadSchedule(ValueError):
    """Instalments that can't be promised: nothing to pay, too many months, a down payment above the amount."""


class Instalment(Struct, frozen=True):
    """`amount` cents promised for the day `on`."""

    on: date
    amount: Cents


class Promise(Struct, frozen=True, kw_only=True):
    """One instalment and what became of it: `paid` cents of it are there, the last of them on `paid_on`."""

    on: date
    amount: Cents
    paid: Cents
    state: Kept
    paid_on: date | None = None


def month_after(first: date, months: int) -> date:
    """The same day `months` later; the last day of a month that has no such day (31 Jan → 28 Feb → 31 Mar)."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def schedule(
    amount: Cents, first: date, *, months: int = 0, each: Cents = 0, down: Cents = 0, down_on: date | None = None
) -> tuple[Instalment, ...]:
    """Monthly instalments from `first` on: `months` equal ones, or `each` until it is paid; `down` before them.

    The last instalment is the smaller one. Their sum is `amount`. Raises BadSchedule.
    """
    rest = amount - down
    if not 0 <= down < amount or bool(months) == bool(each) or months < 0 or each < 0:
        raise BadSchedule("a plan has an amount, a down payment below it, and either a number of months or an amount")
    each = each or -(-rest // months)
    count = -(-rest // each)
    if count > LONGEST:
        raise BadSchedule(f"a plan of {count} months is too long; {LONGEST} is the most")
    parts = [Instalment(month_after(first, place), min(each, rest - place * each)) for place in range(count)]
    if down:
        if (down_on or first) > first:
            raise BadSchedule("the down payment comes before the first instalment")
        parts.insert(0, Instalment(down_on or first, down))
    return tuple(parts)


def progress(
    promised: Sequence[Instalment], paid: Iterable[tuple[date, Cents]], as_of: date, grace_days: int = 0
) -> tuple[Promise, ...]:
    """Each instalment and whether it was kept, payments put to the earliest first.

    `paid` are the days and cents of the payments on the plan's lines, negative where one came back. An instalment is
    missed once `grace_days` have passed without all of it. A payment that came back counts as never made.
    """
    money = _settled(sorted(paid))
    told = []
    for instalment in promised:
        left, last = instalment.amount, None
        while left and money:
            day, amount = money[0]
            part = min(left, amount)
            left, last = left - part, day
            money[0] = (day, amount - part)
            if amount == part:
                money.pop(0)
        limit = instalment.on + timedelta(days=grace_days)
        told.append(
            Promise(
                on=instalment.on,
                amount=instalment.amount,
                paid=instalment.amount - left,
                paid_on=last,
                state=_kept(left, last, instalment.on, limit, as_of),
            )
        )
    return tuple(told)


def missed_in_a_row(promises: Sequence[Promise]) -> int:
    """How many of the last promises that fell due were missed, without one kept between."""
    count = 0
    for promise in reversed([one for one in promises if one.state not in ("to come", "due")]):
        if promise.state != "missed":
            break
        count += 1
    return count


def _kept(left: Cents, last: date | None, on: date, limit: date, as_of: date) -> Kept:
    if not left:
        return "paid" if last is None or last <= limit else "paid late"
    return "missed" if as_of > limit else "due" if as_of >= on else "to come"


def _settled(paid: Sequence[tuple[date, Cents]]) -> list[tuple[date, Cents]]:
    """Payments that stayed: what came back is taken from the latest before it."""
    kept: list[tuple[date, Cents]] = []
    for day, amount in paid:
        if amount > 0:
            kept.append((day, amount))
        while amount < 0 and kept:
            last, there = kept.pop()
            if there + amount > 0:
                kept.append((last, there + amount))
            amount = min(there + amount, 0)
    return kept
