"""`superbill close`: days against the drawer, months, and opening the books again."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.money import Desk, desk_options
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, day_option
from superbill.money import Cents, MoneyError, dollars, parse_dollars

if TYPE_CHECKING:
    from superbill.app.deposits.models import Closing


@click.group("close")
def command() -> None:
    """Close days and months: nothing more is posted into them. Reopen them, on record."""


@command.command("report")
@day_option("--date", "The day  [default: the site's as_of, else today]")
@books_options
@json_option
def report(books: Books, day: date | None, as_json: bool) -> None:
    """A day's money by method and by who posted it, to count the drawer against; nothing is closed.

    \b
    superbill close report --date 2026-11-15 --db practice.db
    """
    from superbill.app.deposits.closing import day_report
    from superbill.app.deposits.periods import closed_through
    from superbill.app.deposits.queries import closings

    found = day_report(books.scope, day or books.today)
    through = closed_through(books.scope)
    closed = next((row for row in reversed(closings(books.scope)) if row.on == found.on), None)
    if as_json:
        put_json(
            {
                "report": found,
                "closing": _facts(closed) if closed else None,
                "expected": found.expected,
                "closed": bool(through and found.on <= through),
            }
        )
        return
    rows = [(each.method, each.actor, each.kind, each.count, dollars(each.amount)) for each in found.totals]
    put_table(f"{found.on:%-d %b %Y}", ("method", "by", "kind", "count", "amount"), rows, right="count amount")
    for method, amount in found.expected.items():
        click.echo(f"{method}: {dollars(amount)}")
    click.echo("closed" if through and found.on <= through else "open")
    if closed:
        off = f", {dollars(closed.difference)} apart" if closed.difference else ""
        say(f"{closed.kind} by {closed.actor}{off}{f': {closed.why}' if closed.why else ''}")
    for earlier in found.uncounted:
        click.echo(f"{earlier} has money in the drawer and was not closed")


@command.command("day")
@click.option("--counted", multiple=True, metavar="METHOD=DOLLARS", help="What is in the drawer, per method.")
@click.option("--why", default="", help="What explains a difference.")
@click.option("--with-earlier", is_flag=True, help="Close earlier days along that were not counted.")
@desk_options(key=False, preview=False)
def day_(desk: Desk, counted: tuple[str, ...], why: str, with_earlier: bool) -> None:
    """Close a day against what was counted, and all days before it. A difference takes a reason and stays on record.

    \b
    superbill close day --date 2026-11-15 --with-earlier --db practice.db
    """
    from superbill.app.deposits.actions import close_day

    at = desk.session.at
    found = close_day(desk.actor, at.date(), _counted(counted), why=why, with_earlier=with_earlier, at=at)
    if desk.as_json:
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
@desk_options(key=False, preview=False)
def month_(desk: Desk, month: str, why: str) -> None:
    """Close every day up to the end of a month (YYYY-MM).

    \b
    superbill close month 2026-09 --db practice.db
    """
    from superbill.app.deposits.actions import close_month

    try:
        first = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007  # a month of the books has no zone
    except ValueError:
        raise BadInput(f"{month!r} is no month. Give it as YYYY-MM.") from None
    last = close_month(desk.actor, first.year, first.month, why=why, at=desk.session.at)
    put_json({"closed_through": last}) if desk.as_json else say(f"The books are closed through {last:%-d %b %Y}.")


@command.command("reopen")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day to open.")
@click.option("--why", required=True, help="Why; it stays on record.")
@desk_options(key=False, preview=False)
def reopen_(desk: Desk, start: datetime, why: str) -> None:
    """Open the books again from a day on; the days before it stay closed.

    \b
    superbill close reopen --from 2026-09-01 --why "a deposit was dated wrongly" --db practice.db
    """
    from superbill.app.deposits.actions import reopen

    opened = reopen(desk.actor, start.date(), why=why, at=desk.session.at)
    put_json({"open_from": opened}) if desk.as_json else say(f"The books are open from {opened:%-d %b %Y} on.")


@command.command("list")
@books_options
@json_option
def list_(books: Books, as_json: bool) -> None:
    """What was closed and reopened, by whom and why, in that order.

    \b
    superbill close list --db practice.db
    """
    from superbill.app.deposits.queries import closings

    rows = [_facts(row) for row in closings(books.scope)]
    if as_json:
        put_json({"closings": rows})
        return
    table = [
        (one["kind"], one["on"], one["through"] or "", dollars(one["difference"]), one["actor"], one["why"])
        for one in rows
    ]
    columns = ("what", "day", "closed through", "difference", "by", "why")
    put_table("Closings", columns, table, right="difference")


def _facts(row: "Closing") -> dict[str, Any]:
    names = ("kind", "on", "through", "difference", "why", "actor", "at")
    return {name: getattr(row, name) for name in names}
