"""Key figures: what each says and how it is reckoned, its months, and the cases behind every number."""

from decimal import Decimal
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.contracts import site_contracts
from superbill.app.path.variances import short_cases
from superbill.app.reports.cases import Case
from superbill.app.reports.figures import NEEDED, Figure, cases_behind, whole
from superbill.app.reports.figures import figures as reckoned
from superbill.app.reports.measures import BY_KEY, MEASURES, Measure, Part
from superbill.app.web.charts import Bar, Chart, bars, columns, trend
from superbill.app.web.desk import Desk, desk, read_numbers, show
from superbill.app.web.manage.first import tabs
from superbill.app.web.manage.keeping import catching_up
from superbill.app.web.manage.names import NOBODY, names
from superbill.app.web.manage.period import Months, months
from superbill.app.web.sites import session
from superbill.money import dollars

REPORTS = Permission.READ_REPORTS
PARTS: tuple[Part, ...] = ("payer", "provider", "code")
SHOWN = 200
_SCALE = 10_000  # a chart measures whole numbers
_GREATEST = 12  # bars in one chart; the table beside it has all


class Row(Struct, frozen=True, kw_only=True):
    """One measure over some months: its value in words, the trend of the months, and the newest month's change."""

    measure: Measure
    value: str
    change: str
    better: bool | None
    trend: Chart


class Value(Struct, frozen=True, kw_only=True):
    """One figure of a table: its group in words, the value, what it divides, and the address of its cases."""

    group: str
    value: str
    size: int
    over: str
    under: str
    cases: int
    opens: str


@desk(REPORTS)
def figures(request: HttpRequest, at: Desk) -> HttpResponse:
    """Every figure with its formula. Values come one by one, each from its own page; ?all=1 waits for them all."""
    if (job := catching_up(at)) is not None:
        return redirect("job", at.practice.key, job)
    asked = months(request, at.today)
    every = request.GET.get("all") == "1"
    rows = [(one, _row(one, asked, _reckoned(at, one, asked, ("month",))) if every else None) for one in MEASURES]
    return show(request, at, "manage/figures", "manage", tabs=tabs(at), tab="figures", rows=rows, months=asked)


@desk(REPORTS)
def figure(request: HttpRequest, at: Desk, key: str) -> HttpResponse:
    """One figure: by month as a chart and a table, and by payer, provider or code."""
    measure = _measure(key)
    if not request.headers.get("HX-Request") and (job := catching_up(at)) is not None:
        return redirect("job", at.practice.key, job)
    asked = months(request, at.today)
    by = next((part for part in PARTS if part == request.GET.get("by") and part in measure.by), None)
    monthly = _reckoned(at, measure, asked, ("month",))
    grouped = _values(at, measure, _by(at, measure, asked, by), asked, by) if by else []
    return show(
        request,
        at,
        "manage/figure",
        "manage",
        tabs=tabs(at),
        tab="figures",
        row=_row(measure, asked, monthly),
        measure=measure,
        months=asked,
        parts=[part for part in PARTS if part in measure.by],
        by=by,
        chart=columns(measure.name, _columns(at, measure, monthly, asked)),
        values=_values(at, measure, monthly, asked, "month"),
        grouped=grouped,
        bars=bars(
            f"{measure.name} by {by}",
            [Bar(label=one.group, parts=(one.size,), text=one.value, opens=one.opens) for one in grouped[:_GREATEST]],
        ),
    )


@desk(REPORTS)
def cases(request: HttpRequest, at: Desk, key: str) -> HttpResponse:
    """The claims, lines or payments behind one number, and what each gives to it."""
    measure = _measure(key)
    asked = months(request, at.today)
    by: tuple[Part, ...] = tuple(part for part in measure.by if part == request.GET.get("by"))
    group: tuple[str, ...] = (request.GET.get("group", ""),) if by else ()
    given = _given(at) if key in NEEDED else None
    found = cases_behind(at.scope, key, asked.first, asked.last, by, group, limit=SHOWN, given=given)
    read_numbers(at, [number for one in found for number in (one.subject, one.subject.rpartition("-")[0])])
    shown = [(one, _opens(at, one), amount(measure, one.over), amount(measure, one.under)) for one in found]
    name = names(at, by[0]).get(group[0], group[0]) if by else ""
    return show(
        request,
        at,
        "manage/cases",
        "manage",
        tabs=tabs(at),
        tab="figures",
        measure=measure,
        months=asked,
        group=name,
        cases=shown,
        limit=SHOWN,
    )


def value(measure: Measure, found: Decimal | None) -> str:
    """A figure as people read it: 97.3 %, 41.2 d; a dash for none."""
    if found is None:
        return "–"
    number = found * 100 if measure.unit == "share" else found
    text = f"{number:.1f}"
    return f"{'0.0' if text == '-0.0' else text} {'%' if measure.unit == 'share' else 'd'}"


_MONEY = frozenset(
    {"days-in-ar", "ar-over-90", "bad-debt", "charity", "cost-to-collect", "point-of-service", "underpaid"}
)


def amount(measure: Measure, number: int) -> str:
    """A numerator or denominator: dollars where it counts money."""
    money = measure.key in _MONEY or "collection" in measure.key or measure.key.endswith("-dollars")
    return dollars(number) if money else f"{number:,}"


def _measure(key: str) -> Measure:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def _given(at: Desk) -> list[Case]:
    """What was agreed with payers is no row of a table: the site's contracts say it."""
    books = session(at)
    return list(short_cases(books, site_contracts(books.site, books.site_path.parent)))


def _reckoned(at: Desk, measure: Measure, asked: Months, by: tuple[Part, ...]) -> list[Figure]:
    given = _given(at) if measure.key in NEEDED else None
    return reckoned(at.scope, measure.key, asked.first, asked.last, by, given=given)


def _row(measure: Measure, asked: Months, monthly: list[Figure]) -> Row:
    by_month = {one.group[0]: one.value for one in monthly}
    series = [by_month.get(name) for name in asked.names]
    known = [one for one in series if one is not None]
    step = known[-1] - known[-2] if len(known) > 1 else Decimal(0)
    sign = "" if not step else "+" if step > 0 else "−"
    return Row(
        measure=measure,
        value=value(measure, by_month.get(asked.names[-1]) if measure.standing else whole(monthly)),
        change=f"{sign}{value(measure, abs(step))}" if sign else "",
        better=None if not step else (step > 0) == (measure.better == "higher"),
        trend=trend(f"{measure.name}, month by month", [None if one is None else float(one) for one in series]),
    )


def _by(at: Desk, measure: Measure, asked: Months, by: Part) -> list[Figure]:
    return sorted(_reckoned(at, measure, asked, (by,)), key=lambda one: (-one.denominator, one.group))


def _columns(at: Desk, measure: Measure, found: list[Figure], asked: Months) -> list[Bar]:
    known = {one.group[0]: one.value for one in found}
    return [
        Bar(
            label=asked.labels[name],
            parts=(int((known.get(name) or 0) * _SCALE),),
            text=value(measure, known.get(name)),
            opens=f"{reverse('cases', args=(at.practice.key, measure.key))}?from={name}&to={name}",
        )
        for name in asked.names
    ]


def _values(at: Desk, measure: Measure, found: list[Figure], asked: Months, by: Part) -> list[Value]:
    address = reverse("cases", args=(at.practice.key, measure.key))
    named = asked.labels if by == "month" else names(at, by)
    return [
        Value(
            group=named.get(one.group[0], one.group[0]) or NOBODY[by],
            value=value(measure, one.value),
            size=int((one.value or 0) * _SCALE),
            over=amount(measure, one.numerator),
            under=amount(measure, one.denominator),
            cases=one.cases,
            opens=f"{address}?{_query(asked, by, one.group[0])}",
        )
        for one in found
    ]


def _query(asked: Months, by: Part, group: str) -> str:
    if by == "month":
        return f"from={group}&to={group}"
    return f"{asked.query}&{urlencode({'by': by, 'group': group})}"


def _opens(at: Desk, case: Case) -> str:
    """The page of the claim or account that a case is about; "" where it has none."""
    if case.claim_id is not None:
        return reverse("claim", args=(at.practice.key, case.subject))
    account, dash, _ = case.subject.rpartition("-")
    return reverse("visit", args=(at.practice.key, account)) if dash and case.line_id is not None else ""
