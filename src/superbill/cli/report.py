"""`superbill report`: aging, the summary, and the page with everything."""

from datetime import date, datetime
from pathlib import Path

import click

from superbill.app.session import Books, moment
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options, day_option
from superbill.money import dollars


@click.group("report")
def command() -> None:
    """Who owes what and since when; the whole picture."""


@command.command("aging")
@day_option("--as-of", "Ages count to this day  [default: the site's as_of, else today]")
@books_options
@json_option
def aging(books: Books, day: date | None, as_json: bool) -> None:
    """Open balances by age since the service, a row per payer and one for the patients.

    \b
    superbill report aging --db practice.db --as-of 2026-11-15
    """
    from superbill.app.reports.aging import BUCKETS
    from superbill.app.reports.aging import aging as aged

    as_of = day or books.today
    rows = aged(books.scope, as_of)
    names = [name for _, name in BUCKETS]
    if as_json:
        put_json(
            {
                "as_of": as_of,
                "buckets": names,
                "rows": [
                    {
                        "payer": row.payer,
                        "name": _holder(books, row.payer),
                        "cents": row.buckets,
                        "total": row.total,
                    }
                    for row in rows
                ],
                "total": sum(row.total for row in rows),
            }
        )
        return
    table = [(_holder(books, row.payer), *map(dollars, row.buckets), dollars(row.total)) for row in rows]
    if rows:
        sums = [sum(column) for column in zip(*(row.buckets for row in rows), strict=True)]
        table.append(("all", *map(dollars, sums), dollars(sum(sums))))
    columns = ("", *names, "total")
    put_table(f"Open balances by age in days, as of {as_of:%-d %b %Y}", columns, table, right=" ".join(columns))


def _holder(books: Books, payer: str) -> str:
    return books.payer_name(payer) if payer else "patients"


@command.command("summary")
@day_option("--as-of", "The day of the summary  [default: the site's as_of, else today]")
@books_options
@json_option
def summary(books: Books, day: date | None, as_json: bool) -> None:
    """The figures of the practice's books, with the proof that they balance. Exit 1 when they don't.

    \b
    superbill report summary --db practice.db
    """
    from superbill.app.path.summary import lines, summarize

    books.at = _at(books, day)
    found, _, proof = summarize(books)
    if as_json:
        put_json({"summary": found, "findings": proof.findings})
    else:
        put_table(f"{found.practice}, as of {found.as_of:%-d %b %Y}", ("", "", ""), lines(found))
        click.echo()
        click.secho(found.proof, bold=True, fg="green" if proof.healthy else "red")
    raise SystemExit(0 if proof.healthy else 1)


@command.command("html")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path, dir_okay=False), required=True)
@day_option("--as-of", "The day of the report  [default: the site's as_of, else today]")
@books_options
@json_option
def html(books: Books, path: Path, day: date | None, as_json: bool) -> None:
    """One self-contained page: claim funnel, money from charge to cash, aging, denials, findings.

    Links to files are made where the page's folder has them (837, 835, statements …).

    \b
    superbill report html --db practice.db -o report.html
    """
    from superbill.app.path.files import write_whole
    from superbill.app.path.report import render_report
    from superbill.app.path.summary import summarize

    books.at = _at(books, day)
    page = render_report(books, path.parent, *summarize(books)[:2]).encode()
    write_whole(path, page)
    if as_json:
        put_json({"file": str(path), "bytes": len(page)})
    else:
        click.echo(f"{path}: written ({len(page):,} bytes). Open it in a browser.")


def _at(books: Books, day: date | None) -> datetime:
    return moment(day) if day else books.at
