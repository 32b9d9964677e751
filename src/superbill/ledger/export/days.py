"""Sums of the journal by general-ledger account and day or month, each period balanced."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from superbill.ledger.accounts import Account
from superbill.ledger.entry import Unbalanced
from superbill.ledger.export.chart import GlAccount, GlChart
from superbill.money import Cents

By = Literal["day", "month"]


class GlPeriod(Struct, frozen=True, kw_only=True):
    """A day, or a month under its last day. `lines`: account and cents, debit positive, by number; they sum to zero."""

    on: date
    lines: tuple[tuple[GlAccount, Cents], ...]


def gl_periods(sums: Iterable[tuple[date, Account, Cents]], chart: GlChart, by: By = "day") -> tuple[GlPeriod, ...]:
    """The periods in which something moved, in their order; accounts that come to zero are left out.

    Raises Unbalanced when a period does not come to zero: then the journal is damaged, and the doctor says where.
    """
    totals: dict[date, dict[str, Cents]] = {}
    accounts = {account.number: account for account in chart.accounts.values()}
    for day, account, amount in sums:
        period = totals.setdefault(day if by == "day" else month_end(day), {})
        number = chart.accounts[account].number
        period[number] = period.get(number, 0) + amount
    periods = []
    for on, by_number in sorted(totals.items()):
        if off := sum(by_number.values()):
            raise Unbalanced(f"the entries of {on} are off by {off} cents. Run superbill doctor.")
        lines = tuple((accounts[number], amount) for number, amount in sorted(by_number.items()) if amount)
        if lines:
            periods.append(GlPeriod(on=on, lines=lines))
    return tuple(periods)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
