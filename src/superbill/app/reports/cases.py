"""The cases behind key figures that the journal tells of: line by line, each with the day that puts it into a month."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, JournalEntry, Posting
from superbill.app.reports.aging import Question, standing
from superbill.app.reports.models import CollectionCost
from superbill.app.rows import chunks, found
from superbill.ledger.accounts import PAID_FROM, Account
from superbill.money import Cents

CHARGE_DAYS = 90
_OLD = 90
ANSWERS = ("insurance payment", "denial")
_PAID_FROM = tuple(sorted(PAID_FROM))
_PAID = frozenset(account.value for account in PAID_FROM)
PATIENT = "patient:"
_AT_ONCE = 5000


class Case(NamedTuple):
    """What one claim or line gives to a figure: `over` to its numerator, `under` to its denominator.

    `payer` None is that of the line, which is looked up when somebody asks by payer.
    """

    subject: str
    day: date
    over: int
    under: int
    payer: str | None = None
    code: str = ""
    line_id: int | None = None
    claim_id: int | None = None


class Move(NamedTuple):
    """A posting, its entry's day, and its line, if it has one."""

    line__key: str | None
    line_id: int | None
    line__code: str | None
    line__service_start: date
    entry__key: str
    entry__on: date
    account: str
    payer: str
    amount: Cents

    def case(self, *, over: int = 0, under: int = 0, payer: str | None = None) -> Case:
        """What it gives to a figure, under its own day."""
        subject = self.line__key or self.payer or self.entry__key
        return Case(subject, self.entry__on, over, under, payer, self.line__code or "", self.line_id)


class Period(NamedTuple):
    """From the `first` to the `last` day, both counted."""

    first: date
    last: date

    @property
    def month_ends(self) -> list[date]:
        """The last day of each month in it; for a month that it ends in, its own last day."""
        days, day = [], self.first
        while day <= self.last:
            after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            days.append(min(after - timedelta(days=1), self.last))
            day = after
        return days


def denied_dollars(scope: Scope, period: Period) -> Iterator[Case]:
    """What answers refused, of what they decided."""
    for move in _moves(scope, period, (Account.DENIED, Account.INSURANCE), kinds=ANSWERS):
        if move.account == Account.DENIED and move.amount > 0:
            yield move.case(over=move.amount, payer=move.payer)
        elif move.account == Account.INSURANCE and move.amount < 0:
            yield move.case(under=-move.amount, payer=move.payer)


def net_collection(scope: Scope, period: Period) -> Iterator[Case]:
    """Payments, over charges less contractual adjustments."""
    for move in _moves(scope, period, (*_PAID_FROM, Account.CHARGES, Account.CONTRACTUAL)):
        yield _collected(move)


def net_collection_of_services(scope: Scope, period: Period) -> Iterator[Case]:
    """The same for the services of the period, whenever the money came."""
    lines = list(scope.rows(ChargeLine).filter(service_start__range=period).values_list("id", flat=True))
    names = tuple(account.value for account in (*_PAID_FROM, Account.CHARGES, Account.CONTRACTUAL))
    for some in chunks(lines, _AT_ONCE):
        for row in found(scope, Posting, "line_id", some, *Move._fields, account__in=names):
            move = Move(*row)
            yield _collected(move)._replace(day=move.line__service_start)


def gross_collection(scope: Scope, period: Period) -> Iterator[Case]:
    """Payments over charges."""
    for move in _moves(scope, period, (*_PAID_FROM, Account.CHARGES)):
        yield _collected(move)


def charge_lag(scope: Scope, period: Period) -> Iterator[Case]:
    """Days from the service to its charge."""
    for move in _moves(scope, period, (Account.CHARGES,), kinds=("charge",)):
        yield move.case(over=(move.entry__on - move.line__service_start).days, under=1)


def written_off(scope: Scope, period: Period, account: Account) -> Iterator[Case]:
    """What went to `account` (bad debt, charity), over charges."""
    for move in _moves(scope, period, (account, Account.CHARGES)):
        charged = move.account == Account.CHARGES
        yield move.case(over=0 if charged else move.amount, under=-move.amount if charged else 0)


def point_of_service(scope: Scope, period: Period) -> Iterator[Case]:
    """Patients' payments, and of them those taken up to the day of the service."""
    seen: dict[str, set[date]] = {}
    for move in _moves(scope, period, (Account.CASH,), on_lines=False):
        if not move.payer.startswith(PATIENT):
            continue
        if move.line_id is None and move.payer not in seen:
            visits = scope.rows(ChargeLine).filter(patient_id=int(move.payer.removeprefix(PATIENT)))
            seen[move.payer] = set(visits.values_list("service_start", flat=True))
        day = move.entry__on
        early = day in seen[move.payer] if move.line_id is None else day <= move.line__service_start
        yield move.case(over=move.amount if early else 0, under=move.amount)


def cost_to_collect(scope: Scope, period: Period) -> Iterator[Case]:
    """What collecting cost, over the cash of the period."""
    costs: dict[date, Cents] = dict(scope.rows(CollectionCost).order_by("id").values_list("month", "amount"))
    for month, amount in sorted(costs.items()):
        if period.first <= month <= period.last:
            yield Case(f"cost of {month:%Y-%m}", month, amount, 0)
    for move in _moves(scope, period, (Account.CASH,), on_lines=False):
        yield move.case(under=move.amount)


def days_in_ar(scope: Scope, period: Period) -> Iterator[Case]:
    """Open balances at each month's end, over the charges of the 90 days up to then."""
    for end in period.month_ends:
        for row in standing(scope, Question(on=end)):
            if row.amount > 0:
                yield Case(row.bill, end, row.amount, 0, None, row.code, row.line_id)
        days = Period(end - timedelta(days=CHARGE_DAYS - 1), end)
        for move in _moves(scope, days, (Account.CHARGES,)):
            yield move.case(under=-move.amount)._replace(day=end)


def ar_over_90(scope: Scope, period: Period) -> Iterator[Case]:
    """Open balances at each month's end, and of them those of services more than 90 days before."""
    for end in period.month_ends:
        for row in standing(scope, Question(on=end)):
            if row.amount > 0:
                old = end.toordinal() - row.service > _OLD
                yield Case(row.bill, end, row.amount if old else 0, row.amount, row.payer, row.code, row.line_id)


def _moves(
    scope: Scope, period: Period, accounts: Iterable[Account], *, kinds: Sequence[str] = (), on_lines: bool = True
) -> Iterator[Move]:
    """Postings on these accounts whose entries are of the period: as much work as there are entries in it."""
    entries = scope.rows(JournalEntry).filter(on__range=period)
    if kinds:
        entries = entries.filter(kind__in=kinds)
    fixed: dict[str, Any] = {"account__in": tuple(account.value for account in accounts)}
    if on_lines:
        fixed["line__isnull"] = False
    for some in chunks(list(entries.order_by("id").values_list("id", flat=True)), _AT_ONCE):
        for row in found(scope, Posting, "entry_id", some, *Move._fields, **fixed):
            yield Move(*row)


def _collected(move: Move) -> Case:
    """Payments above; charges and contractual adjustments (which take away from them) below."""
    if move.account in _PAID:
        return move.case(over=move.amount)
    return move.case(under=-move.amount)
