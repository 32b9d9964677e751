"""The fee for one unit: relative values × geographic indices × conversion factor, to the cent (42 CFR 414.20-414.28).

The sum of the three products is not rounded; its product with the conversion factor is, half up: the formula of the
record layout of PPRRVU knows no rounding before that, and payment amounts have two decimals. A cap at the hospital
outpatient payment (§ 1848(b)(4) of the Act) is computed the same way from the values that the file has for it, and the
lower of the two is the fee.
"""

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from superbill.codesets.mpfs.lookup import Indicators
from superbill.codesets.mpfs.places import Gpci
from superbill.money import Cents, dollars
from superbill.pricing.medicare.model import Step
from superbill.pricing.medicare.rules import rules

_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_KEEP = 200_000
"""Fees kept before all are let go: far more than the codes of a year in the localities of a practice."""


class Fee(Struct, frozen=True):
    """A fee for one unit in cents: `amount` the lower of `uncapped` and `cap` (None without one), with its steps."""

    amount: Cents
    uncapped: Cents
    cap: Cents | None
    steps: tuple[Step, ...]


class Fees:
    """Fees by row, locality and setting, each computed once."""

    def __init__(self) -> None:
        # The rows and indices are kept too: as long as they live, no other has their identity.
        self._kept: dict[tuple[int, int, bool, Decimal], tuple[Indicators, Gpci, Fee]] = {}

    def fee(self, row: Indicators, gpci: Gpci, facility: bool, expense_share: Decimal = _ONE) -> Fee:
        """The fee of a row in a locality, in a facility or in an office, of a share of the practice expense."""
        key = (id(row), id(gpci), facility, expense_share)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _KEEP:
                self._kept.clear()
            kept = self._kept[key] = (row, gpci, compute(row, gpci, facility, expense_share))
        return kept[2]


def compute(row: Indicators, gpci: Gpci, facility: bool, expense_share: Decimal = _ONE) -> Fee:
    """The fee, computed anew."""
    expense = row.expense(facility)
    geographic = row.work * gpci.work + expense * expense_share * gpci.practice + row.malpractice * gpci.malpractice
    uncapped = cents(geographic * row.factor)
    setting = "facility" if facility else "office"
    share = "" if expense_share == 1 else f" × {expense_share}"
    text = (
        f"(work {row.work} × {gpci.work} + {setting} practice expense {expense}{share} × {gpci.practice} + "
        f"malpractice {row.malpractice} × {gpci.malpractice}) × ${row.factor} = {dollars(uncapped)}"
    )
    steps = (Step("fee", text, uncapped, rules()["fee"].source),)
    cap = _cap(row, gpci, facility)
    if cap is None or cap >= uncapped:
        return Fee(uncapped, uncapped, cap, steps)
    capped = Step("cap", f"No more than a hospital outpatient department gets: {dollars(cap)}", cap, _CAP)
    return Fee(cap, uncapped, cap, (*steps, capped))


def cents(amount: Decimal) -> Cents:
    """Dollars, of whatever decimals, as cents rounded half up."""
    return int((amount * _HUNDRED).quantize(_ONE, rounding=ROUND_HALF_UP))


_CAP = rules()["cap"].source


def _cap(row: Indicators, gpci: Gpci, facility: bool) -> Cents | None:
    expense = row.cap_facility if facility else row.cap_nonfacility
    if not expense:
        return None
    geographic = row.work * gpci.work + expense * gpci.practice + row.cap_malpractice * gpci.malpractice
    return cents(geographic * row.factor)
