"""The bank's side: statement lines of every format, and which payment, deposit or refund each of them is."""

from superbill.banking.evidence import Payment
from superbill.banking.match import reconcile
from superbill.banking.model import BankLine, StatementError, StatementRead
from superbill.banking.reading import CsvMapping, format_of, guess_mapping, read_mapping, read_statement
from superbill.banking.reconciliation import Candidate, Outstanding, Reconciliation, Unexplained

__all__ = [
    "BankLine",
    "Candidate",
    "CsvMapping",
    "Outstanding",
    "Payment",
    "Reconciliation",
    "StatementError",
    "StatementRead",
    "Unexplained",
    "format_of",
    "guess_mapping",
    "read_mapping",
    "read_statement",
    "reconcile",
]
