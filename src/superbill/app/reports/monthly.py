"""Key figures month by month without their cases one by one: what the sums of days, the spells and counts of claims
say at once. Each gives to the last cent what its cases (cases.py, claim_cases.py) add up to.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial

from django.db.models import Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.reports import monthly_claims
from superbill.app.reports.cases import ANSWERS, CHARGE_DAYS, PATIENT, Period
from superbill.app.reports.models import CollectionCost
from superbill.app.reports.monthly_claims import Months
from superbill.app.reports.standings import stood
from superbill.app.reports.sums import Summed, summed
from superbill.app.rows import found
from superbill.ledger.accounts import PAID_FROM, Account
from superbill.money import Cents

Monthly = Callable[[Scope, Period], Months]
_PAID = frozenset(account.value for account in PAID_FROM)


def denied_dollars(scope: Scope, period: Period) -> Months:
    """What answers refused, of what they decided."""
    months = Months()
    for row in summed(scope, "posted", *period, (Account.DENIED, Account.INSURANCE)):
        if row.kind not in ANSWERS or row.loose:
            continue
        if row.account == Account.DENIED and row.sign > 0:
            months.add(row.day, row.amount, 0, row.postings)
        elif row.account == Account.INSURANCE and row.sign < 0:
            months.add(row.day, 0, -row.amount, row.postings)
    return months


def collected(scope: Scope, period: Period, *, basis: str, less: tuple[Account, ...] = ()) -> Months:
    """Payments, over charges and what is taken off them (`less`); by the day posted, or by that of the service."""
    months = Months()
    for row in summed(scope, basis, *period, (*PAID_FROM, Account.CHARGES, *less)):
        if not row.loose:
            paid = row.account in _PAID
            months.add(row.day, row.amount if paid else 0, 0 if paid else -row.amount, row.postings)
    return months


def charge_lag(scope: Scope, period: Period) -> Months:
    """Days from the service to its charge."""
    months = Months()
    for row in summed(scope, "posted", *period, (Account.CHARGES,)):
        if row.kind == "charge" and not row.loose:
            months.add(row.day, row.lag, row.postings, row.postings)
    return months


def written_off(scope: Scope, period: Period, account: Account) -> Months:
    """What went to `account`, over charges."""
    months = Months()
    for row in summed(scope, "posted", *period, (account, Account.CHARGES)):
        if not row.loose:
            charged = row.account == Account.CHARGES
            months.add(row.day, 0 if charged else row.amount, -row.amount if charged else 0, row.postings)
    return months


def cost_to_collect(scope: Scope, period: Period) -> Months:
    """What collecting cost, over the cash of the period."""
    months = Months()
    costs: dict[date, Cents] = dict(scope.rows(CollectionCost).order_by("id").values_list("month", "amount"))
    for month, amount in costs.items():
        if period.first <= month <= period.last:
            months.add(month.toordinal(), amount, 0, 1)
    for row in summed(scope, "posted", *period, (Account.CASH,)):
        months.add(row.day, 0, row.amount, row.postings)
    return months


def point_of_service(scope: Scope, period: Period) -> Months:
    """Patients' payments, and of them those taken up to the day of the service."""
    months, loose = Months(), False
    for row in summed(scope, "posted", *period, (Account.CASH,)):
        if row.patients:
            loose = loose or row.loose
            months.add(row.day, row.amount if row.early else 0, row.amount, row.postings)
    for day, amount in _loose_of_the_day(scope, period) if loose else ():
        months.add(day, amount, 0, 0)
    return months


def _loose_of_the_day(scope: Scope, period: Period) -> Iterable[tuple[int, Cents]]:
    """Money that patients paid on no line on a day on which they were seen."""
    rows = scope.rows(Posting).filter(
        account=Account.CASH.value, payer__startswith=PATIENT, line__isnull=True, entry__on__range=period
    )
    sums = rows.values_list("payer", "entry__on").annotate(total=Sum("amount")).order_by()
    paid = [(int(payer.removeprefix(PATIENT)), day, amount) for payer, day, amount in sums]
    seen = set(found(scope, ChargeLine, "patient_id", {row[0] for row in paid}, "patient_id", "service_start"))
    return [(day.toordinal(), amount) for patient, day, amount in paid if (patient, day) in seen]


def days_in_ar(scope: Scope, period: Period) -> Months:
    """Open balances at each month's end, over the charges of the 90 days up to then."""
    ends, months = period.month_ends, Months()
    for end, (amount, _, lines) in stood(scope, ends).items():
        months.add(end.toordinal(), amount, 0, lines)
    first = ends[0] - timedelta(days=CHARGE_DAYS - 1)
    charges = [row for row in summed(scope, "posted", first, ends[-1], (Account.CHARGES,)) if not row.loose]
    for end in ends:
        last = end.toordinal()
        _add_all(months, last, [row for row in charges if last - CHARGE_DAYS < row.day <= last])
    return months


def _add_all(months: Months, day: int, charges: Iterable[Summed]) -> None:
    for row in charges:
        months.add(day, 0, -row.amount, row.postings)


def ar_over_90(scope: Scope, period: Period) -> Months:
    """Open balances at each month's end, and of them those of services more than 90 days before."""
    months = Months()
    for end, (amount, old, lines) in stood(scope, period.month_ends).items():
        months.add(end.toordinal(), old, amount, lines)
    return months


MONTHLY: Mapping[str, Monthly] = {
    "clean-claims": monthly_claims.clean_claims,
    "first-pass": monthly_claims.first_pass,
    "rejected-claims": monthly_claims.rejected_claims,
    "rejected-dollars": monthly_claims.rejected_dollars,
    "denied-claims": monthly_claims.denied_claims,
    "denied-dollars": denied_dollars,
    "days-in-ar": days_in_ar,
    "ar-over-90": ar_over_90,
    "net-collection": partial(collected, basis="posted", less=(Account.CONTRACTUAL,)),
    "net-collection-of-services": partial(collected, basis="service", less=(Account.CONTRACTUAL,)),
    "gross-collection": partial(collected, basis="posted"),
    "charge-lag": charge_lag,
    "days-to-pay": monthly_claims.days_to_pay,
    "bad-debt": partial(written_off, account=Account.BAD_DEBT),
    "charity": partial(written_off, account=Account.CHARITY),
    "cost-to-collect": cost_to_collect,
    "point-of-service": point_of_service,
}
