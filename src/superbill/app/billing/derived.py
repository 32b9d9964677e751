"""What billing derives from the journal: where each charge line stands, and each visit."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.billing.models import ChargeLine, LineBalance, Posting, VisitBalance
from superbill.app.rows import chunks, found, insert
from superbill.app.work import Work
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Balance, balance_of
from superbill.money import Cents

TABLES = (
    (LineBalance, ("line_id", "payer", *Balance.__struct_fields__)),
    (VisitBalance, ("encounter_id", "insurance", "patient", "open")),
)
_AT_ONCE = 5000


def freshen(_actor: Actor, _at: datetime) -> None:
    """The journal keeps balances in the transaction that posts: they are never behind."""


def drop(work: Work) -> None:
    """Forget every balance of the practice."""
    work.scope.rows(VisitBalance).delete()
    work.scope.rows(LineBalance).delete()


def build(work: Work) -> None:
    """Every balance of the practice, from its postings and nothing else."""
    lines = list(work.scope.rows(ChargeLine).order_by("id").values_list("id", "encounter_id"))
    visits: dict[int, tuple[Cents, Cents]] = {}
    for some in chunks(lines, _AT_ONCE):
        balances = dict(_balances(work, (line for line, _ in some)))
        names = Balance.__struct_fields__
        insert(LineBalance, ("practice_id", *TABLES[0][1]), [
            (work.practice_id, line, payer, *(getattr(balance, name) for name in names))
            for line, (payer, balance) in balances.items()
        ])  # fmt: skip
        for line, visit in some:
            insurance, patient = visits.get(visit, (0, 0))
            balance = balances[line][1] if line in balances else Balance()
            visits[visit] = (insurance + balance.insurance, patient + balance.patient)
    rows = [(work.practice_id, visit, i, p, i + p) for visit, (i, p) in visits.items()]
    insert(VisitBalance, ("practice_id", *TABLES[1][1]), rows)


def _balances(work: Work, lines: Iterable[int]) -> Iterator[tuple[int, tuple[str, Balance]]]:
    """(payer, balance) of the lines that anything was posted on."""
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
        yield line, (holders.get(line, ""), balance_of(accounts))
