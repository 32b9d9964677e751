"""Our accounts under the numbers of a practice's general ledger: defaults, and what its TOML file says instead."""

import re
import tomllib
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from superbill.ledger.accounts import Account

Kind = Literal["Assets", "Liabilities", "Equity", "Income", "Expenses"]
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z.-]{0,19}")
_NAME = re.compile(r"[^\W_][^\x00-\x1f\x7f]{0,59}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")


class ChartError(ValueError):
    """A mapping of accounts that can't be used; the message names the place and the fix."""


class GlAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account of the general ledger: its number, its name and on which side of the books it stands."""

    number: str
    name: str
    kind: Kind

    @property
    def path(self) -> str:
        """Its name in plain-text books: "Assets:1010-Cash"; nothing but ASCII letters, digits and hyphens below."""
        words = _NOT_PLAIN.sub("-", self.name).strip("-")
        return f"{self.kind}:{_NOT_PLAIN.sub('-', self.number)}{'-' if words else ''}{words}"


class GlChart(Struct, frozen=True):
    """A general-ledger account for each of ours. Several of ours may go to one."""

    accounts: dict[Account, GlAccount]

    def all(self) -> list[GlAccount]:
        """Every account of it once, by number."""
        return [account for _, account in sorted({each.number: each for each in self.accounts.values()}.items())]


def _default(number: str, name: str, kind: Kind) -> GlAccount:
    return GlAccount(number=number, name=name, kind=kind)


DEFAULT_CHART = GlChart(
    {
        Account.CASH: _default("1010", "Cash", "Assets"),
        Account.CLEARING: _default("1050", "Remittance clearing", "Assets"),
        Account.INSURANCE: _default("1200", "Receivables from payers", "Assets"),
        Account.DENIED: _default("1210", "Receivables denied", "Assets"),
        Account.PATIENT: _default("1220", "Receivables from patients", "Assets"),
        Account.PROVIDER_LEVEL: _default("2100", "Payers forward balances", "Liabilities"),
        Account.SUSPENSE: _default("2110", "Unidentified payments", "Liabilities"),
        Account.UNAPPLIED: _default("2120", "Patient credits", "Liabilities"),
        Account.CHARGES: _default("4000", "Patient service charges", "Income"),
        Account.CONTRACTUAL: _default("4100", "Contractual adjustments", "Income"),
        Account.WRITE_OFF: _default("4110", "Administrative write-offs", "Income"),
        Account.CHARITY: _default("4120", "Charity care", "Income"),
        Account.CAPITATION: _default("4200", "Capitation", "Income"),
        Account.SETTLEMENT: _default("4210", "Payer settlements", "Income"),
        Account.INTEREST: _default("4900", "Interest", "Income"),
        Account.BAD_DEBT: _default("6100", "Bad debt", "Expenses"),
        Account.FEES: _default("6200", "Bank, card and agency fees", "Expenses"),
    }
)


def read_chart(text: str, name: str) -> GlChart:
    """The chart that a TOML text makes of the default one: a table per account of ours ("cash", "patient", …) with
    number, name and kind. Raises ChartError with the place."""
    try:
        told = msgspec.convert(tomllib.loads(text), dict[Account, dict[str, str]])
        accounts = {
            account: msgspec.convert({**msgspec.to_builtins(DEFAULT_CHART.accounts[account]), **fields}, GlAccount)
            for account, fields in told.items()
        }
    except tomllib.TOMLDecodeError as error:
        raise ChartError(f"{name}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        known = ", ".join(account.value for account in Account)
        raise ChartError(f"{name}: {error}. The accounts are {known}; each takes number, name and kind.") from None
    chart = replace(DEFAULT_CHART, accounts={**DEFAULT_CHART.accounts, **accounts})
    _check(chart, name)
    return chart


def _check(chart: GlChart, name: str) -> None:
    seen: dict[str, tuple[Account, GlAccount]] = {}
    paths: dict[str, str] = {}
    for ours, account in chart.accounts.items():
        if not _NUMBER.fullmatch(account.number):
            raise ChartError(f"{name}: {ours.value}: number {account.number!r}: only A-Z, digits, points, hyphens")
        if not _NAME.fullmatch(account.name):
            raise ChartError(f"{name}: {ours.value}: name {account.name!r}: begins with a letter or digit, 60 at most")
        other, same = seen.setdefault(account.number, (ours, account))
        if same != account:
            raise ChartError(
                f"{name}: {other.value} and {ours.value} both go to {account.number}, under another name or kind. "
                "Write both alike."
            )
        if paths.setdefault(account.path, account.number) != account.number:
            raise ChartError(f"{name}: {ours.value}: {account.number} and {paths[account.path]} read alike in text")
