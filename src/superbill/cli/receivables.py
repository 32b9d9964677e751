"""`superbill receivables`: who owes what on any day, the lines behind it, and what is not on its way yet."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options, day_option
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.reports.aging import Aged, Question

BY = ("payer", "patient", "guarantor", "provider", "location", "claim", "practice")
AGES = ("service", "responsibility")
KINDS = ("insurance", "denied", "patient", "credit")
_FRESH = 5000  # entries that are derived again at every question before it pays to keep what they say


@click.group("receivables")
def command() -> None:
    """Who owes what, since when, on any day; credits, loose money, and what is not billed yet."""


def _question_options(wrapped: Any) -> Any:
    by = click.option("--by", type=click.Choice(BY), default="payer", show_default=True, help="Whose balances.")
    age = click.option(
        "--age",
        type=click.Choice(AGES),
        default="service",
        show_default=True,
        help="Days since the service, or since this holder has owed without a break.",
    )
    return day_option("--as-of", "As the books stood at the end of this day  [default: the site's as_of, else today]")(
        by(age(wrapped))
    )


@command.command("aging")
@_question_options
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many rows.")
@books_options
@json_option
def aging(books: Books, day: date | None, by: str, age: str, limit: int, as_json: bool) -> None:
    """Open balances by age: insurance, denied, patient and credit apart, the greatest first.

    \b
    superbill receivables aging --db practice.db --as-of 2026-10-31 --by provider
    superbill receivables aging --db practice.db --by claim --age responsibility
    """
    from superbill.app.reports.aging import BUCKETS, aged

    question = _question(books, day, by, age)
    rows = sorted(aged(books.scope, question), key=lambda row: (-abs(row.total), row.key, row.kind))
    names = [name for _, name in BUCKETS]
    if as_json:
        shown = [
            {
                "key": row.key,
                "name": told,
                "kind": row.kind,
                "cents": row.buckets,
                "total": row.total,
                "lines": row.lines,
            }
            for row, told in zip(rows[:limit], _names(books, by, rows[:limit]), strict=True)
        ]
        total = sum(row.total for row in rows)
        data = {"as_of": question.on, "by": by, "age": age, "buckets": names, "rows": shown, "total": total}
        put_json({**data, "row_count": len(rows)})
        return
    table = [
        (told, row.kind, *map(dollars, row.buckets), dollars(row.total), f"{row.lines:,}")
        for row, told in zip(rows[:limit], _names(books, by, rows[:limit]), strict=True)
    ]
    sums = [sum(column) for column in zip(*(row.buckets for row in rows), strict=True)]
    if rows:
        lines = sum(row.lines for row in rows)
        table.append(("all", "", *map(dollars, sums), dollars(sum(sums)), f"{lines:,}"))
    title = f"Open balances by {by}, days since the {'service' if age == 'service' else 'holder owes'}"
    columns = (by, "kind", *names, "total", "lines")
    put_table(f"{title}, as of {question.on:%-d %b %Y}", columns, table, right=" ".join(columns[2:]))
    if len(rows) > limit:
        click.echo(f"… and {len(rows) - limit:,} more rows: --limit {len(rows)}")


@command.command("lines")
@_question_options
@click.option("--key", help="Of one payer, patient, provider …, as `aging --json` names it; '' is the patients.")
@click.option("--kind", type=click.Choice(KINDS), help="Of one kind.")
@click.option("--bucket", help="Of one age: 0-30, 31-60, 61-90, 91-120 or 120+.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Leave out the first so many.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="At most so many.")
@books_options
@json_option
def lines(
    books: Books,
    day: date | None,
    by: str,
    age: str,
    key: str | None,
    kind: str | None,
    bucket: str | None,
    skip: int,
    limit: int,
    as_json: bool,
) -> None:
    """The charge lines behind a number of `aging`, oldest first.

    \b
    superbill receivables lines --db practice.db --key acme --kind denied --bucket 61-90
    """
    from superbill.app.reports.aging import lines_behind

    question = _question(books, day, by, age)
    found = lines_behind(
        books.scope, question, key=key, kind=kind, place=_place(bucket), skip=skip, limit=limit  # type: ignore[arg-type]  # click has checked the choice
    )  # fmt: skip
    if as_json:
        put_json({"as_of": question.on, "lines": found})
        return
    rows = [
        (one.line, one.patient_id, one.code, one.service, one.since, one.days, _payer(books, one.payer), one.kind,
         dollars(one.amount))
        for one in found
    ]  # fmt: skip
    columns = ("line", "patient", "code", "service", "owed since", "days", "with", "kind", "amount")
    put_table(f"Balances as of {question.on:%-d %b %Y}", columns, rows, right="days amount")
    if len(found) == limit:
        click.echo(f"Go on: --skip {skip + limit}")


@command.command("unbilled")
@day_option("--as-of", "Days count to this day  [default: the site's as_of, else today]")
@books_options
@json_option
def unbilled(books: Books, day: date | None, as_json: bool) -> None:
    """Visits and claims that nobody has been asked to pay yet, stage by stage, and what holds them.

    \b
    superbill receivables unbilled --db practice.db
    """
    from superbill.app.reports.waiting import STAGES
    from superbill.app.reports.waiting import unbilled as waiting

    found = list(waiting(books.scope, day or books.today))
    if as_json:
        put_json({"waiting": found})
        return
    for stage in STAGES:
        here = [one for one in found if one.stage == stage]
        if here:
            rows = [
                (one.number, _payer(books, one.payer) if one.payer else "", one.service, one.days, dollars(one.amount),
                 one.why)
                for one in here
            ]  # fmt: skip
            title = f"{stage}: {len(here):,}, {dollars(sum(one.amount for one in here))}"
            put_table(title, ("number", "payer", "service", "days", "amount", "why"), rows, right="days amount")
    if not found:
        click.echo("Everything is on its way.")


@command.command("loose")
@day_option("--as-of", "As the books stood at the end of this day  [default: the site's as_of, else today]")
@books_options
@json_option
def loose(books: Books, day: date | None, as_json: bool) -> None:
    """Money on no line: patients' unapplied money, payers' in suspense, forward balances.

    \b
    superbill receivables loose --db practice.db --as-of 2026-10-31
    """
    from superbill.app.reports.waiting import loose as on_no_line

    on = day or books.today
    found = on_no_line(books.scope, on)
    if as_json:
        put_json({"as_of": on, "loose": found})
        return
    rows = [(one.account, _payer(books, one.party), one.since, dollars(one.amount)) for one in found]
    put_table(f"Money on no line, as of {on:%-d %b %Y}", ("account", "whose", "since", "amount"), rows, right="amount")


@command.command("refresh")
@books_options
@json_option
def refresh(books: Books, as_json: bool) -> None:
    """Keep what the journal says of who owed what when, so that later questions are quick. Figures don't change.

    \b
    superbill receivables refresh --db practice.db
    """
    from superbill.app.reports.actions import refresh as bring_up_to_date

    done = bring_up_to_date(books.actor, at=books.at)
    if as_json:
        put_json(done)
    else:
        click.echo(f"{done.lines:,} lines derived anew, through entry {done.entry:,}")


def _question(books: Books, day: date | None, by: str, age: str) -> "Question":
    from superbill.app.reports.actions import refresh as bring_up_to_date
    from superbill.app.reports.aging import Question, entries_behind

    if entries_behind(books.scope) > _FRESH:
        bring_up_to_date(books.actor, at=books.at)
    return Question(on=day or books.today, by=by, age=age)  # type: ignore[arg-type]  # click has checked the choices


def _place(bucket: str | None) -> int | None:
    from superbill.app.reports.aging import BUCKETS

    if bucket is None:
        return None
    names = [name for _, name in BUCKETS]
    wanted = bucket.replace("-", "–")
    if wanted not in names:
        raise BadInput(f"--bucket {bucket}: no such age. There are {', '.join(names).replace('–', '-')}.")
    return names.index(wanted)


def _payer(books: Books, key: str) -> str:
    return books.payer_name(key) if key else "patients"


def _names(books: Books, by: str, rows: Iterable["Aged"]) -> list[str]:
    """What a person reads instead of a key."""
    if by == "payer":
        return [_payer(books, row.key) for row in rows]
    return [row.key or ("practice" if by == "practice" else f"(no {by})") for row in rows]
