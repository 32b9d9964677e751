"""Whose turn a statement is: a cycle of days, spread by letter or by guarantor so that the calls come evenly. Pure."""

from datetime import date, timedelta

from msgspec import Struct

from superbill.site.policy import MoneyPolicy

_START = date(2000, 1, 3)  # a Monday: slots are the same on every machine and in every year
_LETTERS = 26


class Clock(Struct, frozen=True, kw_only=True):
    """What decides whose turn it is on `on`: the office's rules, and the day of the run before (None: the first)."""

    policy: MoneyPolicy
    on: date
    last_run: date | None = None

    def is_due(self, guarantor: int, family: str, last: date | None) -> bool:
        """Whether a guarantor gets a statement on the day, the `last` having been made then.

        Without a stagger: a cycle after the last one. With one: when the guarantor's day of the cycle came since the
        run before; never twice in half a cycle.
        """
        cycle = self.policy.statement_cycle_days
        if last is not None and last >= self.on:
            return False
        if self.policy.statement.stagger == "none":
            return last is None or (self.on - last).days >= cycle
        turn = latest_turn(self.policy, guarantor, family, self.on)
        passed = self.last_run if self.last_run is not None else self.on - timedelta(days=1)
        return passed < turn and (last is None or (self.on - last).days * 2 > cycle)


def latest_turn(policy: MoneyPolicy, guarantor: int, family: str, on: date) -> date:
    """The guarantor's last day at or before `on`."""
    cycle = policy.statement_cycle_days
    slot = _slot(policy.statement.stagger, cycle, guarantor, family)
    return on - timedelta(days=((on - _START).days - slot) % cycle)


def _slot(stagger: str, cycle: int, guarantor: int, family: str) -> int:
    if stagger == "guarantor":
        return guarantor % cycle
    letter = family[:1].upper()
    place = ord(letter) - ord("A") if "A" <= letter <= "Z" else _LETTERS - 1
    return place * cycle // _LETTERS
