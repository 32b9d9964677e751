"""A line while it is being priced. The only mutable thing here; it never leaves `engine.price`."""

from decimal import Decimal

from superbill.codesets.mpfs.lookup import Indicators
from superbill.codesets.mpfs.places import Gpci
from superbill.money import Cents
from superbill.pricing.medicare.model import COINSURANCE, Line, Outcome, Priced, Step
from superbill.pricing.medicare.rules import rules

NO_AMOUNT = frozenset(["by-report", "unpriced"])
_SOURCES = {slug: rule.source for slug, rule in rules().items()}


class Work:
    """A line, its row of the fee schedule, and what was done to it so far. `amount` is cents for all units."""

    __slots__ = (
        "amount",
        "coinsurance",
        "facility",
        "first",
        "fix",
        "gpci",
        "limiting_charge",
        "line",
        "medicare_share",
        "notes",
        "outcome",
        "row",
        "second",
        "steps",
        "unit",
        "whole",
        "why",
    )  # fmt: skip

    def __init__(self, line: Line) -> None:
        self.line = line
        self.row: Indicators | None = None
        self.gpci: Gpci | None = None
        self.facility = False
        self.unit: Cents = 0
        """The fee for one unit, capped: what later rules rank and split."""
        self.whole = 1
        """How many units the multiple procedure rules see; 1 for what is paid as one, such as both sides."""
        self.second: Work | None = None
        """The line with the other side, which is ranked together with this one."""
        self.first: Work | None = None
        self.amount: Cents = 0
        self.outcome: Outcome = "unpriced"
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.why = ""
        self.fix = ""
        self.limiting_charge: Cents | None = None
        self.coinsurance = COINSURANCE
        self.medicare_share = Decimal(1)

    def step(self, rule: str, text: str, amount: Cents, source: str = "") -> None:
        """Puts a new amount, and says by which rule."""
        self.amount = amount
        self.steps.append(Step(rule, text, amount, source or _SOURCES[rule]))

    def end(self, outcome: Outcome, rule: str, why: str, fix: str = "") -> None:
        """No amount, or nothing to pay: the line is done."""
        self.outcome, self.why, self.fix = outcome, why, fix
        self.amount = 0
        self.steps.append(Step(rule, why, None if outcome in NO_AMOUNT else 0, _SOURCES[rule]))

    @property
    def open(self) -> bool:
        """Whether there is still an amount for further rules to work on."""
        return self.outcome == "priced"

    def priced(self) -> Priced:
        """What comes of it."""
        return Priced(
            number=self.line.number, code=self.line.code, outcome=self.outcome,
            amount=None if self.outcome in NO_AMOUNT else self.amount, steps=tuple(self.steps),
            why=self.why, fix=self.fix, notes=tuple(self.notes), limiting_charge=self.limiting_charge,
            coinsurance=self.coinsurance, medicare_share=self.medicare_share,
        )  # fmt: skip
