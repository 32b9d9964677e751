"""The journal as a general ledger takes it: sums by account and day."""

from datetime import date, datetime

from django.db.models import Sum
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.models import Posting
from superbill.app.deposits.periods import closed_through
from superbill.app.work import action
from superbill.ledger.accounts import Account
from superbill.ledger.export import DEFAULT_CHART, FORMATS, GlChart, gl_periods
from superbill.ledger.export.days import By


class GlExport(Struct, frozen=True, kw_only=True):
    """The text, how many periods it has, and whether all of its days are closed: then it never changes any more."""

    text: str
    periods: int
    closed: bool


def export_general_ledger(
    actor: Actor,
    start: date,
    end: date,
    *,
    form: str = "csv",
    by: By = "day",
    chart: GlChart = DEFAULT_CHART,
    practice: str = "",
    at: datetime,
) -> GlExport:
    """What moved from `start` to `end`, both included, in one of `ledger.export.FORMATS`. Taking it is an event.

    Raises NotPermitted without the permission to export; ValueError for a format that is none, or an end before its
    start.
    """
    if form not in FORMATS or end < start:
        raise ValueError(f"formats are {', '.join(FORMATS)}; {end} must not be before {start}")
    with action(actor, Permission.EXPORT, "export general ledger", at) as work:
        moved = work.scope.rows(Posting).filter(entry__on__gte=start, entry__on__lte=end)
        sums = moved.values_list("entry__on", "account").annotate(total=Sum("amount")).order_by("entry__on", "account")
        periods = gl_periods(((on, Account(account), int(total)) for on, account, total in sums), chart, by)
        through = closed_through(work.scope)
        work.note("export", periods=len(periods), start=start.isoformat(), end=end.isoformat())
        text = FORMATS[form](periods, chart, practice)
        return GlExport(text=text, periods=len(periods), closed=through is not None and end <= through)
