"""A contract as data: what a payer agreed to pay a practice for what, from when to when, clause by clause.

Amounts are whole cents, parts are decimals ("1.15" is 115 %), days are ISO days; both ends of a period are included.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.claims.model import ClaimKind
from superbill.effective import Period
from superbill.money import Cents
from superbill.pricing.benefits import ServiceKind
from superbill.pricing.bill import DatedBy


class ContractError(ValueError):
    """A contract that can't be used. `told` has each mistake, with its file, its key or line, and the fix."""

    def __init__(self, told: Iterable[str]) -> None:
        self.told = tuple(told)
        super().__init__("\n".join(self.told))


LesserOf = Literal["line", "claim", "none"]


class Scope(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a clause speaks of. A field that is left out says nothing; of those that are there, each must fit.

    `codes`, `revenue_codes` and `drgs` are single ("99213") or ranges ("99202-99215"); one of `modifiers` must be on
    the line; `bills` are types of bill, "X" for any digit ("011X").
    """

    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    revenue_codes: tuple[str, ...] = ()
    drgs: tuple[str, ...] = ()
    kinds: tuple[ServiceKind, ...] = ()
    places: tuple[str, ...] = ()
    bills: tuple[str, ...] = ()
    claims: tuple[ClaimKind, ...] = ()


class _Method(Struct, frozen=True, kw_only=True, tag_field="method", forbid_unknown_fields=True):
    """How a clause pays."""


class PercentOfMedicare(_Method, frozen=True, kw_only=True, tag="percent-of-medicare"):
    """A part of what Medicare allows on the day of service, or allowed in `year` (the same day of that year)."""

    percent: Decimal
    year: int | None = None


class OwnSchedule(_Method, frozen=True, kw_only=True, tag="fee-schedule"):
    """The fee of `schedule` for each unit, times `percent`. A code that is not in it is not priced by this clause."""

    schedule: str
    percent: Decimal = Decimal(1)


class PercentOfCharge(_Method, frozen=True, kw_only=True, tag="percent-of-charge"):
    """A part of the line's charge."""

    percent: Decimal


class Flat(_Method, frozen=True, kw_only=True, tag="flat"):
    """An amount for each unit, or for the line."""

    amount: Cents
    per: Literal["unit", "line"] = "unit"


class AnesthesiaUnits(_Method, frozen=True, kw_only=True, tag="anesthesia"):
    """An amount for each anesthesia unit: the code's base units in table `base_units`, and time.

    A time unit is `minutes`; time is counted to a tenth of a unit, as in the Medicare Claims Processing Manual,
    chapter 12, section 50.
    """

    factor: Cents
    base_units: str
    minutes: int = 15


class CaseRate(_Method, frozen=True, kw_only=True, tag="case-rate"):
    """One amount for the whole claim, or (`covers` = "lines") for those of its lines that the clause speaks of."""

    amount: Cents
    covers: Literal["claim", "lines"] = "claim"


class Tier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rate per day through day `through` of the stay; without it, for all further days."""

    rate: Cents
    through: int | None = None


class PerDiem(_Method, frozen=True, kw_only=True, tag="per-diem"):
    """A rate per day: the units of the lines that the clause names by revenue code are days. It covers the claim."""

    days: tuple[Tier, ...]


class DrgRate(_Method, frozen=True, kw_only=True, tag="drg"):
    """The relative weight of the claim's DRG in table `weights`, times `base_rate`. It covers the claim."""

    base_rate: Cents
    weights: str


Method = PercentOfMedicare | OwnSchedule | PercentOfCharge | Flat | AnesthesiaUnits | CaseRate | PerDiem | DrgRate
OF_CLAIMS = (CaseRate, PerDiem, DrgRate)


class Clause(Struct, frozen=True, omit_defaults=True):
    """Where a price comes from: the clause's id and words in the contract, and its days."""

    id: str
    text: str = ""
    start: date | None = None
    end: date | None = None


class _Dated(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    id: str
    text: str = ""
    start: date | None = None
    end: date | None = None
    scope: Scope = Scope()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class Term(_Dated, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One clause that pays.

    `after`: of two clauses that speak of the same, this one speaks where the other has no price. `carve_out`: its
    lines are priced by it even where a case rate, per diem or DRG covers the claim. `lesser_of` where it differs from
    the contract's.
    """

    pays: Method
    after: str = ""
    carve_out: bool = False
    lesser_of: LesserOf | None = None


class ModifierRule(_Dated, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line with one of the scope's modifiers is paid `percent` of the price (bilateral 50 at 1.5 …)."""

    percent: Decimal


class Reduction(_Dated, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Multiple procedures of one day: the best-priced line at the first of `percents`, the next at the second …

    The last of `percents` holds for all further lines. A line counts once whatever its units.
    """

    percents: tuple[Decimal, ...]


class StopLoss(_Dated, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A claim with charges above `threshold` is paid `percent` of charges: of the excess, added, or of all, instead.

    Charges of carved-out lines don't count.
    """

    threshold: Cents
    percent: Decimal
    of: Literal["excess", "all"] = "excess"


class Agreement(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The terms of one payer with one practice. `document` says where the signed paper is.

    `payer` and `practice` are keys of the site; no practice: every one of the site. `lesser_of`: no line, or no claim,
    is allowed more than its charge. `dated_by`: which day of a stay chooses its terms (lines go by their own day).
    `schedules` and `weights` name CSV files beside the contract's, `clauses` one with further terms.
    """

    key: str
    payer: str
    practice: str = ""
    title: str = ""
    document: str = ""
    start: date
    end: date | None = None
    lesser_of: LesserOf = "line"
    dated_by: DatedBy = "service"
    schedules: dict[str, str] = {}
    weights: dict[str, str] = {}
    clauses: str = ""
    terms: tuple[Term, ...] = ()
    modifiers: tuple[ModifierRule, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    stop_loss: tuple[StopLoss, ...] = ()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    def all_clauses(self) -> Iterator[tuple[str, _Dated]]:
        """Every clause with the table of the file that it stands in."""
        for table in ("terms", "modifiers", "reductions", "stop_loss"):
            for clause in getattr(self, table):
                yield table, clause


class PricedLine(Struct, frozen=True, omit_defaults=True):
    """What is allowed for one line, in cents; None: no clause prices it. `steps` say in words how it came about.

    `shared`: the amount is the line's part, by charge, of one for several lines (case rate, per diem, DRG, stop-loss).
    """

    number: int
    key: str
    label: str
    charge: Cents
    allowed: Cents | None
    clause: Clause | None = None
    steps: tuple[str, ...] = ()
    shared: bool = False


class PricedClaim(Struct, frozen=True, omit_defaults=True):
    """A claim as one contract prices it, line by line."""

    contract: str
    lines: tuple[PricedLine, ...]

    @property
    def allowed(self) -> Cents:
        """The sum of what is priced, in cents."""
        return sum(line.allowed or 0 for line in self.lines)

    @property
    def complete(self) -> bool:
        """Whether every line has a price."""
        return all(line.allowed is not None for line in self.lines)
