"""Closing a day against what is in the drawer, closing a month, and opening the books again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Max, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.models import Closing, ClosingKind
from superbill.app.deposits.periods import closed_through
from superbill.app.documents import encoded
from superbill.app.rows import insert_one
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.money import Cents, dollars

DRAWER = ("cash", "check", "money order", "desk")  # what lies in the drawer at the end of the day and is counted
_COLUMNS = ("practice_id", "kind", "on", "through", "entries", "difference", "why", "doc", "actor", "at")
_ONE = timedelta(days=1)


class DayTotal(Struct, frozen=True, kw_only=True):
    """Money of one method that one person posted under a date; `kind` is the entries' kind."""

    method: str
    actor: str
    kind: str
    count: int
    amount: Cents


class DayReport(Struct, frozen=True, kw_only=True):
    """A day's money by method and by who posted it, what was counted, and the difference (counted − posted).

    `uncounted`: earlier days with money in the drawer that were never closed by themselves.
    """

    on: date
    totals: tuple[DayTotal, ...] = ()
    counted: dict[str, Cents] = {}
    uncounted: tuple[date, ...] = ()

    def posted(self, method: str) -> Cents:
        """What was posted of a method."""
        return sum(total.amount for total in self.totals if total.method == method)

    @property
    def expected(self) -> dict[str, Cents]:
        """Posted per method, in alphabetical order."""
        return {method: self.posted(method) for method in sorted({total.method for total in self.totals})}

    @property
    def differences(self) -> dict[str, Cents]:
        """Counted − posted, per method that was counted; over is positive."""
        return {method: counted - self.posted(method) for method, counted in sorted(self.counted.items())}

    @property
    def difference(self) -> Cents:
        """All differences together."""
        return sum(self.differences.values())


def day_report(scope: Scope, on: date, counted: Mapping[str, Cents] | None = None) -> DayReport:
    """The day as it stands now: nothing is changed."""
    return DayReport(
        on=on,
        totals=tuple(_totals(scope, on)),
        counted=dict(counted or {}),
        uncounted=tuple(_uncounted(scope, on)),
    )


def _totals(scope: Scope, on: date) -> Iterable[DayTotal]:
    cash = scope.rows(Posting).filter(account=Account.CASH.value, entry__on=on)
    entries: dict[tuple[str, str, str], set[int]] = {}
    totals: dict[tuple[str, str, str], Cents] = {}
    columns = ("entry_id", "entry__actor", "entry__kind", "reason_code", "payer", "amount")
    for entry, actor, kind, method, payer, amount in cash.values_list(*columns).iterator(chunk_size=2000):
        group = (method or ("other" if not payer or payer.startswith("patient:") else "insurance"), actor, kind)
        entries.setdefault(group, set()).add(entry)
        totals[group] = totals.get(group, 0) + amount
    for group, total in sorted(totals.items()):
        method, actor, kind = group
        yield DayTotal(method=method, actor=actor, kind=kind, count=len(entries[group]), amount=total)


def _uncounted(scope: Scope, on: date) -> Iterable[date]:
    """Days before `on`, still open, on which money came into the drawer."""
    through = closed_through(scope)
    drawer = scope.rows(Posting).filter(account=Account.CASH.value, reason_code__in=DRAWER, entry__on__lt=on)
    if through is not None:
        drawer = drawer.filter(entry__on__gt=through)
    days = drawer.values_list("entry__on").annotate(total=Sum("amount")).exclude(total=0).order_by("entry__on")
    return [day for day, _ in days]


def close_day(
    actor: Actor,
    on: date,
    counted: Mapping[str, Cents],
    *,
    why: str = "",
    with_earlier: bool = False,
    at: datetime,
) -> DayReport:
    """Close `on`, and every day before it: nothing more is dated into them.

    `counted` cents per method: each method of DRAWER with money on that day has to be counted. A difference needs
    `why`; it is recorded, not posted. Raises NotReconcilable for a day that is closed or yet to come, for what was not
    counted, and for earlier days that were not, unless `with_earlier` takes them along uncounted.
    """
    with action(actor, Permission.RECONCILE, "close day", at) as work:
        hold_journal(work.scope)
        _may_close(work, on)
        report = day_report(work.scope, on, counted)
        if any(amount < 0 for amount in counted.values()):
            raise NotReconcilable("what is counted is not below zero")
        missing = [method for method in DRAWER if report.posted(method) and method not in counted]
        if missing:
            expected = ", ".join(f"{method} (posted {dollars(report.posted(method))})" for method in missing)
            raise NotReconcilable(f"{on}: count {expected} first. Nothing was closed.")
        if report.uncounted and not with_earlier:
            days = ", ".join(map(str, report.uncounted[:5]))
            raise NotReconcilable(f"{on}: close the days before it first: {days}. Or close them along, uncounted.")
        if any(report.differences.values()) and not why.strip():
            off = ", ".join(f"{method} {dollars(off)}" for method, off in report.differences.items() if off)
            raise NotReconcilable(f"{on}: what was counted differs: {off}. Count again, or say why.")
        _record(work, ClosingKind.DAY, on, on, why, report, report.difference)
        return report


def close_month(actor: Actor, year: int, month: int, *, why: str = "", at: datetime) -> date:
    """Close every day up to the last of a month, which is returned. Days that were never counted go along.

    Raises NotReconcilable for a month that is closed already or has not ended.
    """
    last = date(year + month // 12, month % 12 + 1, 1) - _ONE
    with action(actor, Permission.CLOSE_BOOKS, "close month", at) as work:
        hold_journal(work.scope)
        _may_close(work, last)
        uncounted = tuple(_uncounted(work.scope, last + _ONE))
        _record(work, ClosingKind.MONTH, last, last, why, DayReport(on=last, uncounted=uncounted), 0)
        return last


def reopen(actor: Actor, start: date, *, why: str, at: datetime) -> date:
    """Open the books again from `start` on; the days before stay closed. For a manager, and on record for good.

    Raises NotReconcilable without a reason, or when `start` is open.
    """
    if not why.strip():
        raise NotReconcilable("say why the books are opened again")
    with action(actor, Permission.CLOSE_BOOKS, "reopen books", at) as work:
        hold_journal(work.scope)
        through = closed_through(work.scope)
        if through is None or start > through:
            raise NotReconcilable(f"{start} is open already")
        _record(work, ClosingKind.REOPENED, start, start - _ONE, why, None, 0)
        return start


def _may_close(work: Work, last: date) -> None:
    through = closed_through(work.scope)
    if through is not None and last <= through:
        raise NotReconcilable(f"{last} is closed already; the books are closed through {through}")
    if last > work.at.date():
        raise NotReconcilable(f"{last} is yet to come: a day is closed when it is over, or at its end")


def _record(
    work: Work, kind: ClosingKind, on: date, through: date, why: str, report: DayReport | None, difference: Cents
) -> None:
    doc = encoded(report) if report else ""
    last = work.scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
    row = (work.practice_id, kind.value, on, through, last, difference, why[:300], doc, work.actor.name, work.at)
    row_id = insert_one(Closing, _COLUMNS, row)
    work.note("closing", row_id, what=kind.value, through=through.isoformat(), difference=difference)
