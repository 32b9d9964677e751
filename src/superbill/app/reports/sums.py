"""What the journal's postings add up to by day: kept through some entry, and added up afresh for those after it.

The journal only grows, so what was added once stays right; the sums need no journal of years for a figure of months.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, Max, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, JournalEntry, Posting
from superbill.app.reports.models import DaySum, SumsThrough
from superbill.app.rows import insert
from superbill.app.work import Work
from superbill.ledger.accounts import PAID_FROM, Account
from superbill.money import Cents

COLUMNS = ("basis", "day", "kind", "account", "sign", "patients", "loose", "early", "amount", "postings", "lag")
_ENTRIES = 20_000  # read at once when many are added
_OF_SERVICES = tuple(sorted((*PAID_FROM, Account.CHARGES, Account.CONTRACTUAL)))
COUNTED = (*_OF_SERVICES, Account.BAD_DEBT, Account.CHARITY, Account.DENIED, Account.INSURANCE)
_ADDED = (
    "ON CONFLICT (practice_id, basis, day, kind, account, sign, patients, loose, early) DO UPDATE SET "
    "amount = reports_daysum.amount + excluded.amount, postings = reports_daysum.postings + excluded.postings, "
    "lag = reports_daysum.lag + excluded.lag"
)


class Summed(NamedTuple):
    """A row of DaySum."""

    basis: str
    day: int
    kind: str
    account: str
    sign: int
    patients: bool
    loose: bool
    early: bool
    amount: Cents
    postings: int
    lag: int


def summed(scope: Scope, basis: str, first: date, last: date, accounts: Iterable[Account]) -> Iterator[Summed]:
    """The sums of these days, those of entries that are not kept yet among them: a day may come more than once."""
    names = tuple(account.value for account in accounts)
    days = (first.toordinal(), last.toordinal())
    kept = scope.rows(DaySum).filter(basis=basis, day__range=days, account__in=names)
    for row in kept.values_list(*COLUMNS).iterator(chunk_size=5000):
        yield Summed(*row)
    for row in _added_up(scope, kept_through(scope), None):
        if row.basis == basis and days[0] <= row.day <= days[1] and row.account in names:
            yield row


def first_charge(scope: Scope) -> int | None:
    """The day of the first charge (ordinal), None before any."""
    kept = scope.rows(DaySum).filter(basis="posted", kind="charge").order_by("day").values_list("day", flat=True)
    days = [day for day in (kept.first(),) if day is not None]
    days += [row.day for row in _added_up(scope, kept_through(scope), None) if row.kind == "charge"]
    return min(days, default=None)


def kept_through(scope: Scope) -> int:
    """The number of the last entry that is in the sums; those after it each question adds up afresh."""
    return scope.rows(SumsThrough).values_list("entry", flat=True).first() or 0


def add(work: Work) -> int:
    """Add the entries that are not in the sums yet, inside an action that holds the journal; the last one's number."""
    through = kept_through(work.scope)
    last = int(work.scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0)
    for first in range(through, last, _ENTRIES):
        rows = _added_up(work.scope, first, min(first + _ENTRIES, last))
        insert(DaySum, ("practice_id", *COLUMNS), [(work.practice_id, *row) for row in rows], upsert=_ADDED)
    if last > through and not work.scope.rows(SumsThrough).update(entry=last):
        insert(SumsThrough, ("practice_id", "entry"), [(work.practice_id, last)])
    return last


def drop(work: Work) -> None:
    """Forget the sums of the practice."""
    work.scope.rows(DaySum).delete()
    work.scope.rows(SumsThrough).delete()


def _added_up(scope: Scope, after: int, last: int | None) -> list[Summed]:
    """The sums of the entries numbered above `after`, up to `last`."""
    start = scope.practice_id * ENTRY_ID_STEP
    end = start + last if last is not None else start + ENTRY_ID_STEP - 1
    sums: dict[tuple[Any, ...], list[int]] = {}
    for on, kind, account, sign, patients, service, amount, count in _alike(scope, start + after, end):
        loose = service is None
        lag = 0 if loose else (on - service).days
        key = ("posted", on.toordinal(), kind, account, sign, patients, loose, not loose and lag <= 0)
        _add(sums, key, amount, count, lag * count)
        if not loose and account in _OF_SERVICES:
            _add(sums, ("service", service.toordinal(), "", account, 0, False, False, False), amount, count, 0)
    return [Summed(*key, *cells) for key, cells in sums.items()]


def _alike(scope: Scope, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """Postings of entries above `first` up to `last` (row ids), those that are alike together."""
    names = tuple(account.value for account in COUNTED)
    # The account is no column's here but an expression's: else SQLite walks its index, all postings of the practice.
    named = Coalesce("account", Value(""))
    rows = scope.rows(Posting).annotate(named=named).filter(entry_id__gt=first, entry_id__lte=last, named__in=names)
    sign = Case(When(amount__gt=0, then=Value(1)), When(amount__lt=0, then=Value(-1)), default=Value(0))
    patients = Case(When(Q(payer__startswith="patient:"), then=Value(True)), default=Value(False))
    alike = ("entry__on", "entry__kind", "account", "sign", "patients", "line__service_start")
    grouped = rows.annotate(sign=sign, patients=patients).values(*alike).order_by()
    yield from grouped.annotate(cents=Sum("amount"), n=Count("id")).values_list(*alike, "cents", "n").iterator(5000)


def _add(sums: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], amount: Cents, count: int, lag: int) -> None:
    cells = sums.setdefault(key, [0, 0, 0])
    cells[0] += amount
    cells[1] += count
    cells[2] += lag
