"""The texts of an export. The same sums give the same bytes: exporting again shows what changed, and nothing else."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping

from superbill.ledger.export.chart import GlChart
from superbill.ledger.export.days import GlPeriod
from superbill.money import Cents

_OPENED = "1970-01-01"  # before any entry: the accounts' opening must not move with what is exported
_WIDE = 48


def as_csv(periods: Iterable[GlPeriod], _chart: GlChart, practice: str) -> str:
    """date, id, account, name, debit, credit, memo; a row per account and period, dollars with two decimals.

    `id` is the same whenever a period is exported, so that it is not taken in twice.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("date", "id", "account", "name", "debit", "credit", "memo"))
    for period in periods:
        for account, amount in period.lines:
            debit, credit = (_dollars(amount), "") if amount > 0 else ("", _dollars(-amount))
            key = _id(practice, period)
            writer.writerow((period.on, key, account.number, account.name, debit, credit, _memo(period)))
    return out.getvalue()


def as_beancount(periods: Iterable[GlPeriod], chart: GlChart, practice: str) -> str:
    """A beancount file: every account opened, a transaction per period."""
    parts = ['option "operating_currency" "USD"\n', "\n"]
    parts += [f"{_OPENED} open {account.path} USD\n" for account in chart.all()]
    for period in periods:
        parts.append(f'\n{period.on} * "{_plain(practice)}" "{_memo(period)}"\n')
        parts.append(f'  superbill-id: "{_id(practice, period)}"\n')
        parts += [f"  {account.path:<{_WIDE}} {_dollars(amount):>16} USD\n" for account, amount in period.lines]
    return "".join(parts)


def as_hledger(periods: Iterable[GlPeriod], chart: GlChart, practice: str) -> str:
    """A journal for hledger (and ledger): every account declared, a transaction per period."""
    parts = ["commodity 1000.00 USD\n", "\n"]
    parts += [f"account {account.path}\n" for account in chart.all()]
    for period in periods:
        parts.append(f"\n{period.on} * {_plain(practice)} | {_memo(period)}\n")
        parts.append(f"    ; superbill-id: {_id(practice, period)}\n")
        parts += [f"    {account.path:<{_WIDE}}  {_dollars(amount):>16} USD\n" for account, amount in period.lines]
    return "".join(parts)


FORMATS: Mapping[str, Callable[[Iterable[GlPeriod], GlChart, str], str]] = {
    "csv": as_csv,
    "beancount": as_beancount,
    "hledger": as_hledger,
}


def _dollars(amount: Cents) -> str:
    whole, part = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{part:02d}"


def _memo(period: GlPeriod) -> str:
    return f"Patient accounting {period.on}"


def _id(practice: str, period: GlPeriod) -> str:
    return f"{_plain(practice)}:{period.on}"


def _plain(text: str) -> str:
    return "".join(mark if mark.isalnum() or mark in " .-_" else "-" for mark in text)
