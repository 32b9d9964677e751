"""What must hold of the journal, whoever wrote it: the pure rules behind the journal's guard and the doctor."""

from collections.abc import Iterable

from superbill.ledger.accounts import ADJUSTMENTS, INSURANCE_BALANCE, PAID_FROM, Account
from superbill.ledger.entry import Balance, Entry, Posting, balance_of
from superbill.money import Cents

LINE_ACCOUNTS = frozenset({Account.CHARGES, Account.PATIENT}) | INSURANCE_BALANCE | ADJUSTMENTS
ON_A_LINE = LINE_ACCOUNTS | PAID_FROM


class LineUnbalanced(ValueError):
    """An entry that balances as a whole but moves money between lines unseen, or off a line to nowhere."""


def by_line(postings: Iterable[Posting]) -> dict[str, dict[Account, Cents]]:
    """Sums per line and account; postings without a line are left out."""
    sums: dict[str, dict[Account, Cents]] = {}
    for posting in postings:
        if posting.line:
            line = sums.setdefault(posting.line, {})
            line[posting.account] = line.get(posting.account, 0) + posting.amount
    return sums


def line_changes(entry: Entry) -> dict[str, Balance]:
    """What `entry` adds to the balance of each of its lines.

    Raises LineUnbalanced when the change of a line does not explain itself (charge = paid + adjusted + insurance +
    patient), or when an account that only makes sense on a line names none.
    """
    for posting in entry.postings:
        if posting.account in LINE_ACCOUNTS and not posting.line:
            raise LineUnbalanced(f"entry {entry.key}: a posting on {posting.account.value} must name its charge line")
        if posting.line and posting.account not in ON_A_LINE:
            raise LineUnbalanced(f"entry {entry.key}: {posting.account.value} holds no money of line {posting.line}")
    changes = {line: balance_of(sums) for line, sums in by_line(entry.postings).items()}
    for line, change in changes.items():
        if not change.explained:
            raise LineUnbalanced(f"entry {entry.key}: the postings of line {line} do not add up to zero")
    return changes


def holder(postings: Iterable[Posting]) -> dict[str, str]:
    """Per line, the payer who last took on its insurance balance (the latest debit on INSURANCE or DENIED)."""
    return {
        posting.line: posting.payer
        for posting in postings
        if posting.line and posting.payer and posting.amount > 0 and posting.account in INSURANCE_BALANCE
    }


def added(one: Balance, other: Balance) -> Balance:
    """The sum of two balances, field by field."""
    return Balance(
        charge=one.charge + other.charge,
        paid=one.paid + other.paid,
        patient_paid=one.patient_paid + other.patient_paid,
        adjusted=one.adjusted + other.adjusted,
        insurance=one.insurance + other.insurance,
        denied=one.denied + other.denied,
        patient=one.patient + other.patient,
    )
