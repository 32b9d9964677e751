"""What billing derives from the journal: where each charge line stands."""

from collections.abc import Iterable
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.billing.models import ChargeLine, LineBalance, Posting
from superbill.app.rows import chunks, found, insert
from superbill.app.work import Work
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Balance, balance_of
from superbill.money import Cents

TABLES = ((LineBalance, ("line_id", "payer", *Balance.__struct_fields__)),)
_AT_ONCE = 5000


def freshen(_actor: Actor, _at: datetime) -> None:
    """The journal keeps balances in the transaction that posts: they are never behind."""


def drop(work: Work) -> None:
    """Forget every balance of the practice."""
    work.scope.rows(LineBalance).delete()


def build(work: Work) -> None:
    """Every balance of the practice, from its postings and nothing else."""
    lines = list(work.scope.rows(ChargeLine).order_by("id").values_list("id", flat=True))
    for some in chunks(lines, _AT_ONCE):
        insert(LineBalance, ("practice_id", *TABLES[0][1]), list(_rows(work, some)))


def _rows(work: Work, lines: Iterable[int]) -> Iterable[tuple[object, ...]]:
    sums: dict[int, dict[Account, Cents]] = {}
    holders: dict[int, str] = {}
    columns = ("entry_id", "id", "line_id", "account", "amount", "payer")
    for _, _, line, name, amount, payer in sorted(found(work.scope, Posting, "line_id", lines, *columns)):
        account = Account(name)
        of_line = sums.setdefault(line, {})
        of_line[account] = of_line.get(account, 0) + amount
        if payer and amount > 0 and account in INSURANCE_BALANCE:
            holders[line] = payer
    for line, accounts in sums.items():
        balance = balance_of(accounts)
        values = (getattr(balance, name) for name in Balance.__struct_fields__)
        yield (work.practice_id, line, holders.get(line, ""), *values)
