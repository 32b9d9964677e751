"""Everything that people do with bank lines, deposits and closed days."""

from superbill.app.deposits.closing import close_day, close_month, reopen
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.lines import book_fee, set_aside, take_in_statement, take_up
from superbill.app.deposits.making import make_deposit, reapply_deposit, take_apart, void_deposit
from superbill.app.deposits.matching import confirm_match, match_certain, undo_match

__all__ = [
    "NotReconcilable",
    "book_fee",
    "close_day",
    "close_month",
    "confirm_match",
    "make_deposit",
    "match_certain",
    "reapply_deposit",
    "reopen",
    "set_aside",
    "take_apart",
    "take_in_statement",
    "take_up",
    "undo_match",
    "void_deposit",
]
