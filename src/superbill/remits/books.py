"""What the ledger says of the lines of a claim, with what a plan has added so far: balances, and what stands."""

from collections.abc import Iterable, Sequence

from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Entry
from superbill.money import Cents
from superbill.remits.model import SentClaim


class PlannedBooks:
    """The books while one remittance is planned. A claim may be answered more than once in it (reversal, then
    corrected; or in parts), and two versions of a claim share their lines."""

    def __init__(self) -> None:
        self._changed: dict[tuple[str, str, Account], Cents] = {}
        self._taken_back: set[str] = set()
        self._added: dict[str, list[Entry]] = {}  # by line key

    def add(self, entry: Entry) -> None:
        """Take note of an entry of the plan."""
        for posting in entry.postings:
            if posting.line and posting.account in INSURANCE_BALANCE:
                place = posting.payer, posting.line, posting.account
                self._changed[place] = self._changed.get(place, 0) + posting.amount
        if entry.reverses:
            self._taken_back.add(entry.reverses)
        elif entry.kind in ("insurance payment", "denial"):
            for line in {posting.line for posting in entry.postings} - {""}:
                self._added.setdefault(line, []).append(entry)

    def balance(self, sent: SentClaim, line: str) -> Cents:
        """What the payer still answers for on a line, denied money included."""
        changed = sum(self._changed.get((sent.payer, line, account), 0) for account in INSURANCE_BALANCE)
        return sent.insurance.get(line, 0) + changed

    def denied(self, sent: SentClaim, line: str) -> Cents:
        """What of it was denied and stands so."""
        return sent.denied.get(line, 0) + self._changed.get((sent.payer, line, Account.DENIED), 0)

    def standing(self, sent: SentClaim) -> list[Entry]:
        """The payer's answers on the claim's lines that were not taken back, oldest first."""
        entries = {entry.key: entry for entry in sent.posted}
        for line in sent.lines:
            for entry in self._added.get(line.key, ()):
                entries.setdefault(entry.key, entry)
        return [entry for entry in entries.values() if entry.key not in self._taken_back]


def touching(entries: Iterable[Entry], lines: Iterable[str]) -> list[Entry]:
    """Those of `entries` that say something of one of `lines`."""
    wanted = set(lines)
    return [entry for entry in entries if any(posting.line in wanted for posting in entry.postings)]


def paid_on(entries: Sequence[Entry]) -> dict[str, Cents]:
    """What insurers paid under `entries`, per line key; lines without a payment are left out."""
    paid: dict[str, Cents] = {}
    for entry in entries:
        for posting in entry.postings:
            if posting.line and posting.account is Account.CLEARING:
                paid[posting.line] = paid.get(posting.line, 0) + posting.amount
    return {line: amount for line, amount in paid.items() if amount}
