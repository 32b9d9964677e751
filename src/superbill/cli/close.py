"""`superbill close`: days against the drawer, months, and opening the books again."""

from datetime import date, datetime

import click

from superbill.cli.bank import day_of_work
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import BadInput, Books, books_options, day_option
from superbill.money import Cents, MoneyError, dollars, parse_dollars

_DATE = day_option("--date", "The day  [default: the site's as_of, else today]")


@click.group("close")
def command() -> None:
    """Close days and months: nothing more is posted into them. Reopen them, on record."""


@command.command("report")
@_DATE
@books_options
@json_option
def report(books: Books, day: date | None, as_json: bool) -> None:
    """A day's money by method and by who posted it, to count the drawer against; nothing is closed.

    \b
    superbill close report --date 2026-11-15 --db practice.db
    """
    from superbill.app.deposits.closing import day_report
    from superbill.app.deposits.periods import closed_through

    found = day_report(books.scope, day_of_work(books, day).date())
    through = closed_through(books.scope)
    if as_json:
        put_json({"report": found, "expected": found.expected, "closed": bool(through and found.on <= through)})
        return
    rows = [(each.method, each.actor, each.kind, each.count, dollars(each.amount)) for each in found.totals]
    put_table(f"{found.on:%-d %b %Y}", ("method", "by", "kind", "count", "amount"), rows, right="count amount")
    for method, amount in found.expected.items():
        click.echo(f"{method}: {dollars(amount)}")
    click.echo("closed" if through and found.on <= through else "open")
    for earlier in found.uncounted:
        click.echo(f"{earlier} has money in the drawer and was not closed")


@command.command("day")
@click.option("--counted", multiple=True, metavar="METHOD=DOLLARS", help="What is in the drawer, per method.")
@click.option("--why", default="", help="What explains a difference.")
@click.option("--with-earlier", is_flag=True, help="Close earlier days along that were not counted.")
@_DATE
@books_options
@json_option
def day_(books: Books, counted: tuple[str, ...], why: str, with_earlier: bool, day: date | None, as_json: bool) -> None:
    """Close a day against what was counted, and all days before it. A difference takes a reason and stays on record.

    \b
    superbill close day --date 2026-11-15 --with-earlier --db practice.db
    """
    from superbill.app.deposits.actions import close_day

    at = day_of_work(books, day)
    found = close_day(books.actor, at.date(), _counted(counted), why=why, with_earlier=with_earlier, at=at)
    if as_json:
        put_json({"report": found, "differences": found.differences, "difference": found.difference})
        return
    rows = [
        (method, dollars(amount), dollars(found.counted[method]) if method in found.counted else "",
         dollars(found.differences[method]) if method in found.differences else "")
        for method, amount in found.expected.items()
    ]  # fmt: skip
    columns = ("method", "posted", "counted", "difference")
    put_table(f"{found.on:%-d %b %Y}", columns, rows, right="posted counted difference")
    say(f"The books are closed through {found.on:%-d %b %Y}.", bold=True)


def _counted(told: tuple[str, ...]) -> dict[str, Cents]:
    counted = {}
    for one in told:
        method, mark, amount = one.partition("=")
        try:
            counted[method.strip()] = parse_dollars(amount)
        except MoneyError:
            raise BadInput(f"--counted {one!r}: say a method and dollars, such as cash=125.00.") from None
        if not mark or not method.strip():
            raise BadInput(f"--counted {one!r}: say a method and dollars, such as cash=125.00.")
    return counted


@command.command("month")
@click.argument("month")
@click.option("--why", default="", help="A note that stays with it.")
@_DATE
@books_options
@json_option
def month_(books: Books, month: str, why: str, day: date | None, as_json: bool) -> None:
    """Close every day up to the end of a month (YYYY-MM).

    \b
    superbill close month 2026-09 --db practice.db
    """
    from superbill.app.deposits.actions import close_month

    try:
        first = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007  # a month of the books has no zone
    except ValueError:
        raise BadInput(f"{month!r} is no month. Give it as YYYY-MM.") from None
    last = close_month(books.actor, first.year, first.month, why=why, at=day_of_work(books, day))
    put_json({"closed_through": last}) if as_json else say(f"The books are closed through {last:%-d %b %Y}.")


@command.command("reopen")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day to open.")
@click.option("--why", required=True, help="Why; it stays on record.")
@_DATE
@books_options
@json_option
def reopen_(books: Books, start: datetime, why: str, day: date | None, as_json: bool) -> None:
    """Open the books again from a day on; the days before it stay closed.

    \b
    superbill close reopen --from 2026-09-01 --why "a deposit was dated wrongly" --db practice.db
    """
    from superbill.app.deposits.actions import reopen

    opened = reopen(books.actor, start.date(), why=why, at=day_of_work(books, day))
    put_json({"open_from": opened}) if as_json else say(f"The books are open from {opened:%-d %b %Y} on.")


@command.command("list")
@books_options
@json_option
def list_(books: Books, as_json: bool) -> None:
    """What was closed and reopened, by whom and why, in that order.

    \b
    superbill close list --db practice.db
    """
    from superbill.app.deposits.queries import closings

    names = ("kind", "on", "through", "difference", "why", "actor", "at")
    rows = [{name: getattr(row, name) for name in names} for row in closings(books.scope)]
    if as_json:
        put_json({"closings": rows})
        return
    table = [
        (one["kind"], one["on"], one["through"] or "", dollars(one["difference"]), one["actor"], one["why"])
        for one in rows
    ]
    columns = ("what", "day", "closed through", "difference", "by", "why")
    put_table("Closings", columns, table, right="difference")
