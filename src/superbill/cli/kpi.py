"""`superbill kpi`: key figures with their formulas, the cases behind them, payers and providers side by side."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, site_beside
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options
from superbill.money import MoneyError, dollars, parse_dollars

if TYPE_CHECKING:
    from superbill.app.reports.cases import Case
    from superbill.app.reports.figures import Figure
    from superbill.app.reports.measures import Measure, Part

PARTS = ("month", "payer", "provider", "code")
_MONTH = click.DateTime(["%Y-%m"])


@click.group("kpi")
def command() -> None:
    """Key figures by month, payer, provider or code: formulas, values, and the cases behind each."""


def _months(wrapped: Any) -> Any:
    first = click.option("--from", "first", type=_MONTH, help="First month, YYYY-MM  [default: the last one's]")
    last = click.option("--to", "last", type=_MONTH, help="Last month, YYYY-MM  [default: the site's as_of, else now]")
    return first(last(wrapped))


@command.command("list")
@json_option
def listed(as_json: bool) -> None:
    """Every figure: its formula in words, what puts a case into a month, and when a month can still change.

    \b
    superbill kpi list
    """
    from superbill.app.boot import prepare

    prepare()
    from superbill.app.reports.measures import MEASURES

    if as_json:
        put_json({"measures": MEASURES})
        return
    for one in MEASURES:
        click.secho(f"{one.key}  ", bold=True, nl=False)
        click.echo(f"{one.name} ({one.better} is better; by {', '.join(one.by)})")
        click.echo(f"    {one.numerator}\n    over {one.denominator}")
        changes = f"; changes {one.changes}" if one.changes else "; never changes"
        click.echo(f"    month: {one.month}{changes}")
        if one.source:
            click.echo(f"    {one.source}")


@command.command("show")
@click.argument("keys", nargs=-1)
@_months
@click.option("--by", default="month", show_default=True, help=f"One or more of {', '.join(PARTS)}, with commas.")
@books_options
@json_option
def show(
    books: Books, keys: tuple[str, ...], first: datetime | None, last: datetime | None, by: str, as_json: bool
) -> None:
    """Figures for some months; all that can be told so without KEYS.

    \b
    superbill kpi show --db practice.db --from 2026-07 --to 2026-10
    superbill kpi show denied-dollars --by payer,code --db practice.db
    """
    from superbill.app.reports.figures import figures
    from superbill.app.reports.measures import BY_KEY, MEASURES

    start, end = _period(books, first, last)
    parts = _parts(by)
    wanted = keys or tuple(one.key for one in MEASURES if set(parts) <= set(one.by))
    found: list[Figure] = []
    for key in wanted:
        given = _underpaid(books, asked=bool(keys)) if key == "underpaid" else None
        if key != "underpaid" or given is not None:
            found += figures(books.scope, key, start, end, parts, given=given)
    if as_json:
        put_json({"from": start, "to": end, "by": parts, "figures": found})
        return
    rows = [
        (BY_KEY[one.measure].name, *one.group, value(BY_KEY[one.measure], one), *_amounts(BY_KEY[one.measure], one))
        for one in found
    ]
    columns = ("figure", *(part for part in PARTS if part in parts), "value", "over", "under", "cases")
    put_table(f"{start:%-d %b %Y} to {end:%-d %b %Y}", columns, rows, right="value over under cases")


@command.command("cases")
@click.argument("key")
@_months
@click.option("--by", default="", help="As the figure was asked for.")
@click.option("--group", multiple=True, help="Its month, payer, provider or code, in that order; once for each.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Leave out the first so many.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="At most so many.")
@books_options
@json_option
def cases(
    books: Books,
    key: str,
    first: datetime | None,
    last: datetime | None,
    by: str,
    group: tuple[str, ...],
    skip: int,
    limit: int,
    as_json: bool,
) -> None:
    """The claims, lines or payments behind a figure, and what each gives to it.

    \b
    superbill kpi cases denied-claims --db practice.db --from 2026-10 --to 2026-10 --by payer --group acme
    """
    from superbill.app.reports.figures import cases_behind

    start, end = _period(books, first, last)
    parts = _parts(by)
    if group and len(group) != len(parts):
        raise BadInput(f"--group: one for each of --by ({', '.join(parts) or 'none'}).")
    given = _underpaid(books, asked=True) if key == "underpaid" else None
    found = cases_behind(books.scope, key, start, end, parts, group, skip=skip, limit=limit, given=given)
    if as_json:
        shown = [{"subject": c.subject, "day": c.day, "code": c.code, "over": c.over, "under": c.under} for c in found]
        put_json({"key": key, "from": start, "to": end, "cases": shown})
        return
    rows = [(one.subject, one.day, one.code, one.over, one.under) for one in found]
    put_table(f"Behind {key}", ("case", "day", "code", "over", "under"), rows, right="over under")
    if len(found) == limit:
        click.echo(f"Go on: --skip {skip + limit}")


@command.command("payers")
@_months
@books_options
@json_option
def payers(books: Books, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """A scorecard of the payers: rejections, denials, days to pay, collection, what they hold.

    \b
    superbill kpi payers --db practice.db --from 2026-07
    """
    from superbill.app.reports.measures import BY_KEY
    from superbill.app.reports.scorecards import PAYER_MEASURES, payer_scores

    start, end = _period(books, first, last)
    scores = payer_scores(books.scope, start, end)
    if as_json:
        put_json({"from": start, "to": end, "payers": scores})
        return
    rows = [
        (
            books.payer_name(one.payer),
            dollars(one.open),
            dollars(one.denied),
            *(value(BY_KEY[key], one.figures[key]) if key in one.figures else "" for key in PAYER_MEASURES),
        )
        for one in scores
    ]
    columns = ("payer", "open", "refused", *PAYER_MEASURES)
    put_table(f"Payers, {start:%-d %b %Y} to {end:%-d %b %Y}", columns, rows, right=" ".join(columns[1:]))


@command.command("providers")
@_months
@books_options
@json_option
def providers(books: Books, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """What each provider was charged for and was paid: visits, lines, units, charges, payments, charge lag.

    \b
    superbill kpi providers --db practice.db --from 2026-07
    """
    from superbill.app.reports.scorecards import productivity

    start, end = _period(books, first, last)
    found = productivity(books.scope, start, end)
    if as_json:
        put_json({"from": start, "to": end, "providers": found})
        return
    rows = [
        (one.provider or "(nobody named)", one.visits, one.lines, one.units, dollars(one.charges),
         dollars(one.payments), dollars(one.adjustments), "" if one.lag is None else one.lag)
        for one in found
    ]  # fmt: skip
    columns = ("provider", "visits", "lines", "units", "charges", "payments", "adjustments", "lag")
    put_table(f"Providers, {start:%-d %b %Y} to {end:%-d %b %Y}", columns, rows, right=" ".join(columns[1:]))


@command.command("cost")
@click.option("--month", type=_MONTH, required=True, help="The month, YYYY-MM.")
@click.option("--amount", required=True, help="What collecting cost in it, in dollars: staff, systems, fees, agencies.")
@books_options
@json_option
def cost(books: Books, month: datetime, amount: str, as_json: bool) -> None:
    """Say what the revenue cycle cost in a month, for cost to collect. Said again, the latest counts.

    \b
    superbill kpi cost --month 2026-10 --amount 4120.00 --db practice.db
    """
    from superbill.app.reports.actions import BadCost, keep_cost

    try:
        cents = parse_dollars(amount)
        keep_cost(books.actor, month.date(), cents, at=books.at)
    except (MoneyError, BadCost) as error:
        raise BadInput(f"--amount {amount}: {error}.") from None
    if as_json:
        put_json({"month": f"{month:%Y-%m}", "cents": cents})
    else:
        click.echo(f"{month:%B %Y}: collecting cost {dollars(cents)}")


def value(measure: "Measure", figure: "Figure") -> str:
    """The figure as people read it."""
    if figure.value is None:
        return "–"
    return f"{figure.value * 100:.1f} %" if measure.unit == "share" else f"{figure.value:.1f} d"


_MONEY = frozenset(
    {"days-in-ar", "ar-over-90", "bad-debt", "charity", "cost-to-collect", "point-of-service", "underpaid"}
)


def _amounts(measure: "Measure", figure: "Figure") -> tuple[str, str, str]:
    money = measure.key in _MONEY or "collection" in measure.key or measure.key.endswith("-dollars")
    both = (figure.numerator, figure.denominator)
    return (*(dollars(one) if money else f"{one:,}" for one in both), f"{figure.cases:,}")  # type: ignore[return-value]  # two and one


def _period(books: Books, first: datetime | None, last: datetime | None) -> tuple[date, date]:
    """Whole months; the one under way up to today."""
    end = (last.date() if last else books.today).replace(day=1)
    start = first.date() if first else end
    if start > end:
        raise BadInput(f"--from {start:%Y-%m} is after --to {end:%Y-%m}.")
    closing = (end + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return start, min(closing, books.today) if end <= books.today else closing


def _parts(by: str) -> "tuple[Part, ...]":
    named = [part.strip() for part in by.split(",") if part.strip()]
    if wrong := [part for part in named if part not in PARTS]:
        raise BadInput(f"--by {wrong[0]}: one or more of {', '.join(PARTS)}, with commas.")
    return tuple(part for part in PARTS if part in named)  # type: ignore[misc]  # each is one of the parts


def _underpaid(books: Books, *, asked: bool) -> "list[Case] | None":
    """Every line that a contract speaks of; None without contracts, unless somebody asked for it by name."""
    from superbill.app.contracts import site_contracts
    from superbill.app.path.variances import short_cases
    from superbill.cli.contracts import every_mistake

    site = books.known_site
    folder = site_beside(books.db).parent
    book = None
    if site is not None:
        with every_mistake():
            book = site_contracts(site, folder)
    if not book:
        if asked:
            raise BadInput("underpaid: the site names no contracts. Put their files under contracts in the site file.")
        return None
    return list(short_cases(books, book))
