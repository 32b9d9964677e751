"""What a deposit ticket says: nothing of a patient, only what a teller counts."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from superbill.forms.statement.model import PracticeParty
from superbill.money import Cents

CHECKS = ("check", "payer's check", "money order")
CASH = "cash"


class TicketItem(Struct, frozen=True, kw_only=True):
    """One payment: `number` is that printed on a check, "" where nobody wrote it down; `of` an insurer's name, "" for
    a person's payment; `reference` our own number for it."""

    method: str
    amount: Cents
    number: str = ""
    of: str = ""
    reference: str = ""


class DepositTicket(Struct, frozen=True, kw_only=True):
    """Payments brought to the bank together. `account` are the last digits of the practice's account, "" where no bank
    statement told it; `fee` what a card processor kept; `undone` says what became of one that does not stand."""

    practice: PracticeParty
    number: int
    on: date
    items: tuple[TicketItem, ...]
    account: str = ""
    slip: str = ""
    fee: Cents = 0
    undone: str = ""

    @property
    def checks(self) -> Sequence[TicketItem]:
        """Checks and money orders, each with its number."""
        return [one for one in self.items if one.method in CHECKS]

    @property
    def cash(self) -> Cents:
        """Coins and notes together."""
        return sum(one.amount for one in self.items if one.method == CASH)

    @property
    def others(self) -> Sequence[TicketItem]:
        """Cards and transfers, which come to the bank by themselves."""
        return [one for one in self.items if one.method not in (*CHECKS, CASH)]

    @property
    def total(self) -> Cents:
        """What the bank books."""
        return sum(one.amount for one in self.items) - self.fee
