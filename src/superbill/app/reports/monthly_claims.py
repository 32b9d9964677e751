"""Key figures month by month of what claims and their answers tell, counted by the database."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.reports.cases import Period
from superbill.app.reports.claim_cases import REFUSED, answers, touched
from superbill.app.reports.deriving import among
from superbill.app.rows import found


class Months(dict[str, list[int]]):
    """By month (YYYY-MM): what is above, what is below, and how many cases."""

    def add(self, day: int, over: int, under: int, cases: int) -> None:
        """Add to the month that a day (ordinal) lies in."""
        cells = self.setdefault(date.fromordinal(day).strftime("%Y-%m"), [0, 0, 0])
        cells[0] += over
        cells[1] += under
        cells[2] += cases


def clean_claims(scope: Scope, period: Period) -> Months:
    """Claims sent; clean when nothing and nobody had to touch them."""
    months, days = Months(), _batches(scope, period)
    for day, _, claims, rejected, *_charges in _sent(scope, days):
        months.add(day, claims - rejected, claims, claims)
    columns = ("batch_id", "rejected_once")
    for batch, rejected in found(scope, ClaimRow, "id", touched(scope), *columns):
        if batch in days and not rejected:
            months.add(days[batch], -1, 0, 0)
    return months


def rejected_claims(scope: Scope, period: Period) -> Months:
    """Claims sent, and of them those that were rejected."""
    months = Months()
    for day, _, claims, rejected, *_charges in _sent(scope, _batches(scope, period)):
        months.add(day, rejected, claims, claims)
    return months


def rejected_dollars(scope: Scope, period: Period) -> Months:
    """The same by charge."""
    months = Months()
    for day, _, claims, _, charge, refused in _sent(scope, _batches(scope, period)):
        months.add(day, refused or 0, charge, claims)
    return months


def denied_claims(scope: Scope, period: Period) -> Months:
    """Answers, and of them those that refused something."""
    months = Months()
    rows = answers(scope).filter(remittance__payment_date__range=period).order_by()
    refused = Count("id", filter=Q(outcome__in=REFUSED))
    for day, n, of_them in rows.values_list("remittance__payment_date").annotate(n=Count("id"), refused=refused):
        months.add(day.toordinal(), of_them, n, n)
    return months


def first_pass(scope: Scope, period: Period) -> Months:
    """First submissions by their first answer: resolved when it refused nothing and nothing was rejected before."""
    rows = answers(scope).filter(claim__frequency="1", claim__replaces__isnull=True)
    months = Months()
    for day, told, count in _by_first_answer(scope, rows, period, ("outcome", "claim__rejected_once")):
        outcome, rejected = told
        months.add(day, count * int(outcome == "paid" and not rejected), count, count)
    return months


def days_to_pay(scope: Scope, period: Period) -> Months:
    """Days from the batch to the first answer."""
    sent: dict[int, int] = {
        row: created.date().toordinal() for row, created in scope.rows(Batch).values_list("id", "created")
    }
    months = Months()
    rows = answers(scope).filter(claim__batch__isnull=False)
    for day, (batch,), count in _by_first_answer(scope, rows, period, ("claim__batch_id",)):
        months.add(day, (day - sent[batch]) * count, count, count)
    return months


def _by_first_answer(
    scope: Scope, rows: QuerySet[RemittanceClaimRow], period: Period, columns: tuple[str, ...]
) -> Iterator[tuple[int, tuple[Any, ...], int]]:
    """(day, columns, claims) by the first answer of each claim, where it is in the period.

    Most claims have one answer, and the database counts those; the few with more are read one by one.
    """
    paid = {row: day.toordinal() for row, day in _remittances(scope, period)}
    here = rows.filter(remittance__among=among(paid)).order_by()
    for remittance, *told, count in here.values_list("remittance_id", *columns).annotate(n=Count("id")):
        yield paid[remittance], tuple(told), count
    every = answers(scope).order_by().values_list("claim_id").annotate(n=Count("id"))
    several = rows.filter(claim_id__among=among(claim for claim, _ in every.filter(n__gt=1)))
    several = several.filter(remittance__payment_date__lte=period.last)
    before: int | None = None
    ordered = several.order_by("claim_id", "remittance__payment_date", "id")
    for claim, remittance, *told in ordered.values_list("claim_id", "remittance_id", *columns):
        if claim == before and remittance in paid:  # an answer that is not the first was counted above
            yield paid[remittance], tuple(told), -1
        before = claim


def _remittances(scope: Scope, period: Period) -> QuerySet[RemittanceRow, tuple[int, date]]:
    """(row id, day of payment) of those paid in the period."""
    return scope.rows(RemittanceRow).filter(payment_date__range=period).values_list("id", "payment_date")


def _batches(scope: Scope, period: Period) -> dict[int, int]:
    """The batches of the period by row id: the day of each."""
    first = datetime.combine(period.first, time(), UTC)
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC)
    rows = scope.rows(Batch).filter(created__gte=first, created__lt=after).values_list("id", "created")
    return {row: created.date().toordinal() for row, created in rows}


def _sent(scope: Scope, batches: dict[int, int]) -> Iterable[tuple[Any, ...]]:
    """(day, batch, claims, of them rejected, their charge, that of the rejected) of each batch."""
    if not batches:
        return
    rows = scope.rows(ClaimRow).filter(batch__among=among(batches)).order_by().values_list("batch_id")
    refused = Q(rejected_once=True)
    counted = rows.annotate(
        n=Count("id"), bad=Count("id", filter=refused), total=Sum("charge"), of_bad=Sum("charge", filter=refused)
    )
    for batch, *rest in counted:
        yield (batches[batch], batch, *rest)
