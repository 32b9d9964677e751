"""From the moves of one charge line to the spells in which money stood with somebody. Pure: days are ordinals."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from superbill.app.reports.models import NEVER
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.money import Cents

HELD_BY = INSURANCE_BALANCE | {Account.PATIENT}
NO_PAYER = "(no payer)"


class Move(NamedTuple):
    """One posting on a holder's account of the line; `day` is that of its entry."""

    day: int
    account: str
    payer: str
    amount: Cents


class Stood(NamedTuple):
    """`amount` on `account` with `payer` ("" the patient, NO_PAYER where postings name none), from the day `begins` to
    the day before `ends`."""

    account: str
    payer: str
    since: int
    begins: int
    ends: int
    amount: Cents


def spells(moves: Iterable[Move]) -> Iterator[Stood]:
    """The spells of one line, by holder and day. What comes and goes within one day leaves none.

    `since` is the day from which the holder has owed (or been owed) without a break at a day's end: a payment that
    is reversed and posted anew on one day does not make an old debt young.
    """
    by_holder: dict[tuple[str, str], dict[int, Cents]] = {}
    for day, account, payer, amount in moves:
        holder = (account, "" if account == Account.PATIENT else payer or NO_PAYER)
        days = by_holder.setdefault(holder, {})
        days[day] = days.get(day, 0) + amount
    for (account, payer), days in sorted(by_holder.items()):
        balance = begins = since = 0
        for day in sorted(days):
            if not days[day]:
                continue
            if balance:
                yield Stood(account, payer, since, begins, day, balance)
            before, balance = balance, balance + days[day]
            if not before or (before > 0) != (balance > 0):
                since = day
            begins = day
        if balance:
            yield Stood(account, payer, since, begins, NEVER, balance)
