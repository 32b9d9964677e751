"""The chart of accounts. Debits are positive, credits negative; every entry adds up to zero."""

from enum import StrEnum


class Account(StrEnum):
    """Where money stands.

    Line accounts (a posting names its charge line): CHARGES is revenue at full charge; INSURANCE what a payer is
    expected to answer for; DENIED what a payer refused and nobody has worked yet, still the payer's balance and
    never a write-off; PATIENT what the patient owes; CONTRACTUAL, WRITE_OFF what nobody will pay.
    Payment accounts: CLEARING holds one remittance until its claims and its provider-level adjustments explain
    it (it ends at zero); CASH is the deposit; PROVIDER_LEVEL is money of a payer tied to no claim (forward
    balances, recoveries under way); SUSPENSE is paid for a claim that we can't identify yet; INTEREST is income;
    UNAPPLIED is a patient's money not yet put to a line.
    """

    __hash__ = str.__hash__  # Enum's own is a Python function, and postings are summed by account

    CHARGES = "charges"
    INSURANCE = "insurance"
    DENIED = "denied"
    PATIENT = "patient"
    CONTRACTUAL = "contractual"
    WRITE_OFF = "write_off"
    CLEARING = "clearing"
    CASH = "cash"
    PROVIDER_LEVEL = "provider_level"
    SUSPENSE = "suspense"
    INTEREST = "interest"
    UNAPPLIED = "unapplied"


INSURANCE_BALANCE = frozenset({Account.INSURANCE, Account.DENIED})
ADJUSTMENTS = frozenset({Account.CONTRACTUAL, Account.WRITE_OFF})
PAID_FROM = frozenset({Account.CLEARING, Account.CASH, Account.UNAPPLIED})
