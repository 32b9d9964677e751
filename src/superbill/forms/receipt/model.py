"""What a receipt says."""

from datetime import date

from msgspec import Struct

from superbill.forms.statement.model import PracticeParty
from superbill.money import Cents


class Applied(Struct, frozen=True, kw_only=True):
    """A part of the payment that went to one service."""

    on: date
    label: str
    amount: Cents
    patient: str = ""


class ReceiptData(Struct, frozen=True, kw_only=True):
    """A payment as it was taken. `method` in words ("by card, ending in 4242"); `undone` says what became of one that
    did not stay ("This payment came back from the bank."). `tin` for who claims the expense."""

    practice: PracticeParty
    number: str
    on: date
    payer: str
    method: str
    applied: tuple[Applied, ...]
    on_account: Cents = 0
    undone: str = ""
    tin: str = ""

    @property
    def amount(self) -> Cents:
        """The whole payment: what went to services and what stayed on account."""
        return sum(part.amount for part in self.applied) + self.on_account
