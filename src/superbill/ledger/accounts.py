"""The chart of accounts. Debits are positive, credits negative; every entry adds up to zero."""

from enum import StrEnum


class Account(StrEnum):
    """Where money stands.

    Line accounts (a posting names its charge line): CHARGES is revenue at full charge; INSURANCE what a payer is
    expected to answer for; DENIED what a payer refused and nobody has worked yet, still the payer's balance and
    never a write-off; PATIENT what the patient owes; CONTRACTUAL, WRITE_OFF, CHARITY, BAD_DEBT what nobody will pay,
    for the contract's sake, by our own decision, out of need, or because it could not be collected.
    Payment accounts: CLEARING holds one remittance until its claims and its provider-level adjustments explain
    it (it ends at zero); CASH is the deposit; PROVIDER_LEVEL is money between a payer and us tied to no claim (forward
    balances, recoveries under way), tracked by reference until it is zero; SUSPENSE is paid for a claim that we can't
    identify yet; UNAPPLIED is a patient's money not yet put to a line. INTEREST and CAPITATION are income;
    SETTLEMENT is what else a payer adds or keeps for good (incentives, pass-through, penalties, withholding); FEES
    are what a bank, a card processor or a collection agency keeps.
    """

    __hash__ = str.__hash__  # Enum's own is a Python function, and postings are summed by account

    CHARGES = "charges"
    INSURANCE = "insurance"
    DENIED = "denied"
    PATIENT = "patient"
    CONTRACTUAL = "contractual"
    WRITE_OFF = "write_off"
    CHARITY = "charity"
    BAD_DEBT = "bad_debt"
    CLEARING = "clearing"
    CASH = "cash"
    PROVIDER_LEVEL = "provider_level"
    SUSPENSE = "suspense"
    INTEREST = "interest"
    CAPITATION = "capitation"
    SETTLEMENT = "settlement"
    FEES = "fees"
    UNAPPLIED = "unapplied"


INSURANCE_BALANCE = frozenset({Account.INSURANCE, Account.DENIED})
ADJUSTMENTS = frozenset({Account.CONTRACTUAL, Account.WRITE_OFF, Account.CHARITY, Account.BAD_DEBT})
PAID_FROM = frozenset({Account.CLEARING, Account.CASH, Account.UNAPPLIED})
