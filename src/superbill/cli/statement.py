"""`superbill statement`: patients billed for what is theirs."""

from pathlib import Path

import click

from superbill.cli.output import json_option, put_json, put_table, stages
from superbill.cli.session import Books, Session, books_options, session_options
from superbill.money import dollars


@click.group("statement")
def command() -> None:
    """Bill patients what is theirs to pay."""


@command.command("run")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("statements"),
    show_default=True,
    help="Folder for the PDF files.",
)
@click.option("--no-pdf", is_flag=True, help="Number and keep them; write no files.")
@session_options
@json_option
def run(session: Session, out: Path, no_pdf: bool, as_json: bool) -> None:
    """One statement for every patient who owes at least the site's minimum, a plain line for every amount.

    Again on the same day it makes the same statements under the same numbers.

    \b
    superbill statement run --db practice.db --out statements/
    """
    from superbill.cli.path.statements import run_statements

    with stages(quiet=as_json) as bars:
        counts = run_statements(session, bars, None if no_pdf else out)
    if as_json:
        put_json({"counts": counts, "out": None if no_pdf else str(out)})
        return
    click.echo(f"{counts.statements:,} statements over {dollars(counts.amount)}")
    if counts.files:
        click.echo(f"{counts.files:,} files in {out}/")


@command.command("list")
@books_options
@json_option
def show_all(books: Books, as_json: bool) -> None:
    """Statements made, by number.

    \b
    superbill statement list --db practice.db
    """
    from superbill.app.guarantors.queries import cards
    from superbill.app.statements.queries import statements

    rows = list(statements(books.scope))
    people = cards(books.scope, {row.guarantor_id for row in rows})
    if as_json:
        put_json(
            {
                "statements": [
                    {
                        "number": f"S{row.number:06d}",
                        "guarantor": row.guarantor_id,
                        "on": row.on,
                        "due": row.due,
                        "amount": row.amount,
                        "level": row.level,
                    }
                    for row in rows
                ]
            }
        )
        return
    table = [
        (f"S{row.number:06d}", row.on, people[row.guarantor_id].addressee, row.level or "", dollars(row.amount))
        for row in rows
    ]
    put_table("Statements", ("number", "date", "guarantor", "level", "amount"), table, right="level amount")
