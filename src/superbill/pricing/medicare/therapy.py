"""Therapy of a day: the unit with the highest practice expense in full, all others with part of it (ch. 5 § 10.7).

Indicator 5 of the fee schedule, over all disciplines and all units of one performer (or group) and day.
"""

from collections.abc import Sequence

from superbill.money import dollars
from superbill.pricing.medicare.fee import Fees
from superbill.pricing.medicare.model import Setting
from superbill.pricing.medicare.rules import rules
from superbill.pricing.medicare.work import Work

_ASSISTANTS = frozenset(["CQ", "CO"])


def reduce_therapy(works: Sequence[Work], fees: Fees, setting: Setting) -> None:
    """Takes part of the practice expense off every unit but one."""
    lines = [work for work in works if work.open and work.row is not None and work.row.multiple == "5"]
    if sum(work.whole for work in lines) > 1:
        highest = max(lines, key=lambda work: (_expense(work), -work.line.number))
        for work in lines:
            _reduce(work, fees, setting, full=1 if work is highest else 0)
    for work in lines:
        _by_assistant(work)


def _expense(work: Work) -> object:
    assert work.row is not None
    return work.row.expense(work.facility)


def _reduce(work: Work, fees: Fees, setting: Setting, full: int) -> None:
    rates = rules()["therapy"].on(work.line.day)
    reduced = work.whole - full
    if not rates or not reduced:
        return
    assert work.row is not None and work.gpci is not None
    rate = rates[setting.institution]
    each = fees.fee(work.row, work.gpci, work.facility, rate).uncapped
    first = f"1 unit in full, {reduced}" if full else str(reduced)
    text = f"{first} of {work.whole} units with {rate * 100:.0f} % of the practice expense: {dollars(each)}"
    work.step("therapy", text, full * work.unit + reduced * each)


def _by_assistant(work: Work) -> None:
    if _ASSISTANTS.isdisjoint(work.line.modifiers):
        return
    rates = rules()["therapy-assistant"].on(work.line.day)
    if rates:
        work.medicare_share = rates[0]
        text = f"By a therapist's assistant: allowed as ever, but Medicare pays {rates[0] * 100:.0f} % of its part"
        work.step("therapy-assistant", text, work.amount)
