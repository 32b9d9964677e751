"""A deposit ticket for the bank, as a tagged PDF."""

from superbill.forms.deposit.model import DepositTicket, TicketItem
from superbill.forms.deposit.pdf import render

__all__ = ["DepositTicket", "TicketItem", "render"]
