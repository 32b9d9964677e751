"""A journal entry: one business event, balanced, with a key that makes it post once."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.ledger.accounts import Account
from superbill.money import Cents

Kind = Literal[
    "charge",
    "insurance payment",
    "denial",
    "transfer",
    "reversal",
    "deposit",
    "provider adjustment",
    "patient payment",
    "write-off",
    "adjustment",
    "refund",
    "returned payment",
]


class Unbalanced(ValueError):
    """Postings of one entry that do not add up to zero, or that touch nothing."""


class Reason(Struct, frozen=True, omit_defaults=True):
    """Why money moved: claim adjustment group code and CARC with remark codes, or a PLB reason, or our own word."""

    group: str = ""
    code: str = ""
    remarks: tuple[str, ...] = ()


class Posting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`amount` cents onto `account`, debit positive. `line` is a charge line's key; `payer` the payer's key."""

    account: Account
    amount: Cents
    line: str = ""
    payer: str = ""
    reason: Reason = Reason()


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One business event. The same `key` twice in a practice is the same event and posts once.

    `source` names the document behind it (remittance trace, claim control number, statement); `reverses` the key
    of the entry that this one takes back. Raises Unbalanced when the postings do not add up to zero.
    """

    key: str
    kind: Kind
    on: date
    postings: tuple[Posting, ...]
    source: str = ""
    memo: str = ""
    reverses: str = ""

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise Unbalanced(f"entry {self.key}: an entry moves money from one account to another")
        off = sum(posting.amount for posting in self.postings)
        if off:
            raise Unbalanced(f"entry {self.key}: postings are off by {off} cents")


def reversal(entry: Entry, *, key: str, on: date, memo: str = "", source: str = "") -> Entry:
    """The entry that takes `entry` back, posting for posting."""
    return Entry(
        key=key,
        kind="reversal",
        on=on,
        source=source or entry.source,
        memo=memo or f"reverses {entry.key}",
        reverses=entry.key,
        postings=tuple(
            Posting(account=p.account, amount=-p.amount, line=p.line, payer=p.payer, reason=p.reason)
            for p in entry.postings
        ),
    )


class Balance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where one charge line stands. Always charge = paid + adjusted + insurance + patient.

    `insurance` includes `denied`. `paid` counts insurance and patient payments, `patient_paid` the latter alone.
    """

    charge: Cents = 0
    paid: Cents = 0
    patient_paid: Cents = 0
    adjusted: Cents = 0
    insurance: Cents = 0
    denied: Cents = 0
    patient: Cents = 0

    @property
    def explained(self) -> bool:
        """The invariant of the house."""
        return self.charge == self.paid + self.adjusted + self.insurance + self.patient


def balances(entries: Iterable[Entry]) -> dict[str, Balance]:
    """The balance of every charge line that `entries` touch, recomputed from nothing else."""
    sums: dict[str, dict[Account, Cents]] = {}
    for entry in entries:
        for posting in entry.postings:
            if posting.line:
                line = sums.setdefault(posting.line, {})
                line[posting.account] = line.get(posting.account, 0) + posting.amount
    return {line: balance_of(accounts) for line, accounts in sums.items()}


def balance_of(accounts: dict[Account, Cents]) -> Balance:
    """The Balance that these sums per account make for one line.

    A line's payments are postings on CLEARING (insurance) or CASH and UNAPPLIED (patient) that name the line.
    """
    sums = accounts.get
    patient_paid = sums(Account.CASH, 0) + sums(Account.UNAPPLIED, 0)
    denied = sums(Account.DENIED, 0)
    return Balance(
        charge=-sums(Account.CHARGES, 0),
        paid=sums(Account.CLEARING, 0) + patient_paid,
        patient_paid=patient_paid,
        adjusted=sums(Account.CONTRACTUAL, 0)
        + sums(Account.WRITE_OFF, 0)
        + sums(Account.CHARITY, 0)
        + sums(Account.BAD_DEBT, 0),
        insurance=sums(Account.INSURANCE, 0) + denied,
        denied=denied,
        patient=sums(Account.PATIENT, 0),
    )
