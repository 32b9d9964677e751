"""What comes out when bank lines are held against payments."""

from typing import Literal

from msgspec import Struct

from superbill.money import Cents

How = Literal["trace", "amount", "group", "near"]


class Candidate(Struct, frozen=True, kw_only=True):
    """Lines (ids) and payments (keys) that may be the same money. `difference` = lines − payments; 0 when `certain`.

    `score` ranks candidates, more is better: it is no probability.
    """

    lines: tuple[str, ...]
    payments: tuple[str, ...]
    difference: Cents = 0
    certain: bool = False
    how: How
    why: str
    score: int = 0

    @property
    def state(self) -> str:
        """matched, short (the bank has less than the books) or over."""
        return "short" if self.difference < 0 else "over" if self.difference else "matched"


class Unexplained(Struct, frozen=True, kw_only=True):
    """A bank line that is nothing certain. `missing ERA`: a payer's money for which no 835 is here; `overdue` after
    three business days. `duplicate`: its trace number came in another line already."""

    line: str
    state: Literal["missing ERA", "duplicate", "unknown", "money out"]
    amount: Cents
    days: int
    overdue: bool
    candidates: int = 0
    why: str = ""


class Outstanding(Struct, frozen=True, kw_only=True):
    """A payment of the books that no bank line is. `not yet`: the statements do not go that far; `not cleared`: money
    out that nobody has drawn, overdue when a check is stale (after six months, UCC 4-404)."""

    payment: str
    state: Literal["missing EFT", "in transit", "not deposited", "not cleared", "not yet"]
    amount: Cents
    days: int
    overdue: bool
    candidates: int = 0


class Reconciliation(Struct, frozen=True, kw_only=True):
    """`matched` are certain and share no line and no payment; `candidates` wait for a person, the best first."""

    matched: tuple[Candidate, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    unexplained: tuple[Unexplained, ...] = ()
    outstanding: tuple[Outstanding, ...] = ()
