"""What the report says. Amounts are cents; sums are checked here, so that a chart can't show what the ledger denies."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.findings import Severity
from superbill.money import Cents, dollars

AGES = ("0–30 days", "31–60", "61–90", "91–120", "Over 120")


class Figure(Struct, frozen=True):
    """One number of the summary strip, as text ("97.4 %"), with what it means and a note beneath."""

    label: str
    value: str
    note: str = ""


class Stage(Struct, frozen=True):
    """A stage of the funnel: how many got here, out of the stage before; `note` says where the others went."""

    label: str
    count: int
    note: str = ""


class Step(Struct, frozen=True):
    """Money that left the way from charge to cash; negative where it came back."""

    label: str
    amount: Cents
    note: str = ""


class Waterfall(Struct, frozen=True, kw_only=True):
    """From charge to cash: charges − every step = cash. Raises ValueError when that is not so."""

    charges: Cents
    less: tuple[Step, ...]
    cash: Cents

    def __post_init__(self) -> None:
        off = self.charges - sum(step.amount for step in self.less) - self.cash
        if off:
            raise ValueError(f"the way from charge to cash is off by {dollars(off)}")


class AgingRow(Struct, frozen=True):
    """What one payer, or the patients together, still owe, by age (`AGES`, newest first)."""

    name: str
    amounts: tuple[Cents, ...]

    def __post_init__(self) -> None:
        if len(self.amounts) != len(AGES):
            raise ValueError(f"aging of {self.name}: {len(self.amounts)} amounts for {len(AGES)} ages")

    @property
    def total(self) -> Cents:
        return sum(self.amounts)


class Fate(Struct, frozen=True):
    """What became of encounters, and why (a coding disposition in words)."""

    fate: str
    count: int
    why: str = ""


class RuleCount(Struct, frozen=True):
    """How often a rule found something; `message` is one of its findings or what it checks, `fix` what to do."""

    rule: str
    severity: Severity
    count: int
    message: str = ""
    fix: str = ""


class Denial(Struct, frozen=True):
    """Denied lines under one adjustment reason. `group` CO, PR, OA or PI; `code` a CARC."""

    group: str
    code: str
    count: int
    amount: Cents


class PayerRow(Struct, frozen=True, kw_only=True):
    """One payer's answers. `days` is the mean from submission to payment, None where nothing is paid yet."""

    name: str
    claims: int
    charged: Cents
    paid: Cents
    denied_claims: int = 0
    denied: Cents = 0
    days: Decimal | None = None


class FileLink(Struct, frozen=True):
    """A file of the run; `href` is relative to the report."""

    name: str
    href: str
    what: str = ""


class ReportData(Struct, frozen=True, kw_only=True):
    """All that the report shows. `entries` and `unbalanced` are the proof line: journal entries, and those that
    do not add up to zero."""

    title: str
    practice: str
    as_of: date
    entries: int
    unbalanced: int
    funnel: tuple[Stage, ...]
    waterfall: Waterfall
    aging: tuple[AgingRow, ...] = ()
    figures: tuple[Figure, ...] = ()
    fates: tuple[Fate, ...] = ()
    findings: tuple[RuleCount, ...] = ()
    denials: tuple[Denial, ...] = ()
    payers: tuple[PayerRow, ...] = ()
    files: tuple[FileLink, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def proof(self) -> str:
        """The proof line."""
        return f"ledger balanced: {self.entries:,} entries, {self.unbalanced:,} unbalanced"
