"""Key figures, and the cases behind each of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from itertools import islice

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.reports import cases, claim_cases
from superbill.app.reports.cases import Case, Period
from superbill.app.reports.deriving import claim_performers, performed
from superbill.app.reports.measures import BY_KEY, Measure, Part
from superbill.app.reports.monthly import MONTHLY
from superbill.app.reports.sums import first_charge
from superbill.app.reports.view import one_view
from superbill.app.rows import found
from superbill.ledger.accounts import Account

Cases = Callable[[Scope, Period], Iterator[Case]]
_AT_ONCE = 5000
_PLACES = Decimal("0.0001")
_NAMED = ("month", "payer", "provider", "code")


class NoMeasure(ValueError):
    """There is no figure of this name, or it can't be asked for by this part."""


class Figure(Struct, frozen=True, kw_only=True):
    """One value of a measure. `group` has the month (YYYY-MM), payer, provider or code that it was asked by, in that
    order. `numerator` and `denominator` are counts, days or cents; `value` None where there is nothing below.
    """

    measure: str
    group: tuple[str, ...]
    numerator: int
    denominator: int
    cases: int
    value: Decimal | None


CASES: Mapping[str, Cases] = {
    "clean-claims": claim_cases.clean_claims,
    "first-pass": claim_cases.first_pass,
    "rejected-claims": claim_cases.rejected_claims,
    "rejected-dollars": claim_cases.rejected_dollars,
    "denied-claims": claim_cases.denied_claims,
    "denied-dollars": cases.denied_dollars,
    "days-in-ar": cases.days_in_ar,
    "ar-over-90": cases.ar_over_90,
    "net-collection": cases.net_collection,
    "net-collection-of-services": cases.net_collection_of_services,
    "gross-collection": cases.gross_collection,
    "charge-lag": cases.charge_lag,
    "days-to-pay": claim_cases.days_to_pay,
    "appeals-won": claim_cases.appeals_won,
    "bad-debt": partial(cases.written_off, account=Account.BAD_DEBT),
    "charity": partial(cases.written_off, account=Account.CHARITY),
    "cost-to-collect": cases.cost_to_collect,
    "point-of-service": cases.point_of_service,
}

NEEDED = frozenset({"underpaid"})


def figures(
    scope: Scope,
    key: str,
    first: date,
    last: date,
    by: tuple[Part, ...] = ("month",),
    *,
    given: Iterable[Case] | None = None,
) -> list[Figure]:
    """The figure `key` for the days from `first` to `last`, by the parts named, in the order of their groups.

    `given` are its cases where they come from elsewhere: what was agreed with a payer (NEEDED) is no row of a table.
    Raises NoMeasure.
    """
    measure, period = _measure(key, by), Period(first, last)
    with one_view():
        quick = key in MONTHLY and by in ((), ("month",))
        sums = _monthly(scope, measure, period, by) if quick else _added_up(scope, measure, period, by, given)
        charged = first_charge(scope) if key == "days-in-ar" else None
        scales = {group: _scale(measure, group, last, by, charged) for group in sums}
    return [
        Figure(
            measure=key, group=group, numerator=over, denominator=under, cases=count,
            value=_value(over * scales[group], under),
        )
        for group, (over, under, count) in sorted(sums.items())
    ]  # fmt: skip


def whole(monthly: Iterable[Figure]) -> Decimal | None:
    """The value over all the months of a measure that is not standing: its months above over its months below."""
    found = list(monthly)
    return _value(sum(one.numerator for one in found), sum(one.denominator for one in found))


def cases_behind(
    scope: Scope,
    key: str,
    first: date,
    last: date,
    by: tuple[Part, ...] = (),
    group: tuple[str, ...] = (),
    *,
    skip: int = 0,
    limit: int = 200,
    given: Iterable[Case] | None = None,
) -> list[Case]:
    """Claims, lines or payments behind one figure of `figures`, asked in the same way. Raises NoMeasure."""
    measure = _measure(key, by)
    with one_view():
        grouped = _grouped(scope, measure, Period(first, last), by, given)
        fitting = (case for of, case in grouped if of == group or not group)
        return list(islice(fitting, skip, skip + limit))


def _measure(key: str, by: tuple[Part, ...]) -> Measure:
    measure = BY_KEY.get(key)
    if measure is None:
        raise NoMeasure(f"{key}: no such figure. There are {', '.join(BY_KEY)}.")
    if wrong := [part for part in by if part not in measure.by]:
        raise NoMeasure(f"{key} is not known by {wrong[0]}, but by {', '.join(measure.by)}.")
    return measure


def _grouped(
    scope: Scope, measure: Measure, period: Period, by: tuple[Part, ...], given: Iterable[Case] | None
) -> Iterator[tuple[tuple[str, ...], Case]]:
    if measure.standing and "month" not in by:
        period = Period(period.last, period.last)
    parts = [part for part in _NAMED if part in by]
    if given is None and measure.key in NEEDED:
        raise NoMeasure(f"{measure.key}: its cases come from the site's contracts. Ask where they are at hand.")
    rows = CASES[measure.key](scope, period) if given is None else _within(given, period)
    for some in _chunked(rows):
        payers = _first_payers(scope, some) if "payer" in by else {}
        providers = _providers(scope, some) if "provider" in by else {}
        for case in some:
            told = {
                "month": f"{case.day:%Y-%m}",
                "payer": case.payer if case.payer is not None else payers.get(case.line_id, ""),
                "provider": providers.get((case.line_id, case.claim_id), ""),
                "code": case.code,
            }
            yield tuple(told[part] for part in parts), case


def _monthly(scope: Scope, measure: Measure, period: Period, by: tuple[Part, ...]) -> dict[tuple[str, ...], list[int]]:
    """The same as `_added_up` for months, or for all of the period, without a look at each case."""
    if measure.standing and not by:
        period = Period(period.last, period.last)
    sums: dict[tuple[str, ...], list[int]] = {}
    for month, cells in MONTHLY[measure.key](scope, period).items():
        if cells[2]:
            before = sums.get((month,) if by else (), [0, 0, 0])
            sums[(month,) if by else ()] = [one + more for one, more in zip(before, cells, strict=True)]
    return sums


def _added_up(
    scope: Scope, measure: Measure, period: Period, by: tuple[Part, ...], given: Iterable[Case] | None
) -> dict[tuple[str, ...], list[int]]:
    """What is above, what is below, and the cases, by group."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for group, case in _grouped(scope, measure, period, by, given):
        cells = sums.setdefault(group, [0, 0, 0])
        cells[0] += case.over
        cells[1] += case.under
        cells[2] += 1
    return sums


def _within(given: Iterable[Case], period: Period) -> Iterator[Case]:
    return (case for case in given if period.first <= case.day <= period.last)


def _chunked(rows: Iterable[Case]) -> Iterator[list[Case]]:
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        yield some


def _first_payers(scope: Scope, some: Iterable[Case]) -> dict[int | None, str]:
    """By line: whom its charge was put to ("" the patient)."""
    lines = {case.line_id for case in some if case.payer is None and case.line_id is not None}
    billed = found(
        scope, Posting, "line_id", lines, "line_id", "payer", account=Account.INSURANCE.value, entry__kind="charge"
    )
    return dict(billed)


def _providers(scope: Scope, some: Iterable[Case]) -> dict[tuple[int | None, int | None], str]:
    lines = {case.line_id for case in some if case.line_id is not None}
    of_line = {row_id: rest for row_id, *rest in found(scope, ChargeLine, "id", lines, "id", "key", "encounter_id")}
    known = performed(scope, {encounter for _, encounter in of_line.values()})
    told: dict[tuple[int | None, int | None], str] = {}
    for line, (key, encounter) in of_line.items():
        who = known.get(key) or known.get(encounter)
        told[line, None] = who.provider if who else ""
    claims = {case.claim_id for case in some if case.claim_id is not None}
    docs = found(scope, ClaimRow, "id", claims, "id", "control_number", "doc")
    told.update(((None, row_id), name) for row_id, name in claim_performers(docs))
    return told


def _scale(measure: Measure, group: tuple[str, ...], last: date, by: tuple[Part, ...], first_charge: int | None) -> int:
    """By what the numerator is multiplied: days in A/R divide by the charge of one day."""
    if measure.key != "days-in-ar":
        return 1
    end = last
    if "month" in by:
        year, month = map(int, group[0].split("-"))
        end = Period(date(year, month, 1), last).month_ends[0]
    days = end.toordinal() - first_charge + 1 if first_charge is not None else 0
    return min(cases.CHARGE_DAYS, days) if days > 0 else cases.CHARGE_DAYS


def _value(over: int, under: int) -> Decimal | None:
    return (Decimal(over) / Decimal(under)).quantize(_PLACES, ROUND_HALF_EVEN) if under else None
