"""Banking days: the days on which the Federal Reserve settles, which ACH payments and operating rules count."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_ONE = timedelta(days=1)


@lru_cache(64)
def holidays(year: int) -> frozenset[date]:
    """The holidays of the Federal Reserve Banks. One on a Sunday is kept on Monday, one on a Saturday not at all."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    kept = [day + _ONE if day.weekday() == 6 else day for day in fixed if day.weekday() != 5]
    moving = [_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2), _nth(year, 11, 3, 4)]
    last_of_may = date(year, 5, 31)
    return frozenset([*kept, *moving, last_of_may - timedelta(days=last_of_may.weekday())])


def is_banking_day(day: date) -> bool:
    """Neither a weekend nor a holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def banking_days_after(start: date, count: int) -> date:
    """The `count`-th banking day after `start`."""
    days = (start + timedelta(days=step) for step in range(1, 4 * count + 14))
    banking: Iterator[date] = (day for day in days if is_banking_day(day))
    day = start
    for _ in range(count):
        day = next(banking)
    return day


def _nth(year: int, month: int, weekday: int, place: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (place - 1))
