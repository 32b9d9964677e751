"""`superbill statement`: guarantors billed for what is theirs."""

from pathlib import Path

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table, say, stages
from superbill.cli.session import books_options, session_options
from superbill.cli.statement_holds import hold, holds, release
from superbill.cli.statement_mail import consent, resend, returned, send
from superbill.cli.statement_papers import explain, itemized, print_one, receipt
from superbill.cli.statement_who import guarantor_option, statement_number
from superbill.money import dollars


@click.group("statement")
def command() -> None:
    """Bill guarantors what is theirs: one statement over all their patients, reminders, holds, mail, papers."""


for part in (hold, holds, release, consent, send, returned, resend, explain, itemized, receipt, print_one):
    command.add_command(part)


@command.command("run")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("statements"),
    show_default=True,
    help="Folder for the PDF files.",
)
@click.option("--no-pdf", is_flag=True, help="Number and keep them; write no files.")
@click.option("--everyone", is_flag=True, help="Do not wait for anybody's turn in the cycle.")
@guarantor_option("Make one for this guarantor alone.")
@session_options
@json_option
def run(session: Session, out: Path, no_pdf: bool, everyone: bool, guarantor: str, as_json: bool) -> None:
    """One statement for every guarantor who owes at least the site's minimum and whose turn it is.

    Again on the same day it makes the same statements under the same numbers.

    \b
    superbill statement run --db practice.db --out statements/
    """
    from superbill.app.path.statements import run_statements
    from superbill.cli.statement_who import guarantor_row

    only = guarantor_row(session, guarantor) if guarantor else None
    with stages(quiet=as_json) as bars:
        counts = run_statements(session, bars, None if no_pdf else out, only=only, whoever=everyone)
    if as_json:
        put_json({"counts": counts, "out": None if no_pdf else str(out)})
        return
    click.echo(f"{counts.statements:,} statements over {dollars(counts.amount)}")
    if counts.files:
        click.echo(f"{counts.files:,} files in {out}/")


@command.command("preview")
@click.option("--everyone", is_flag=True, help="As if it were everybody's turn in the cycle.")
@guarantor_option("This guarantor alone.")
@session_options
@json_option
def preview(session: Session, everyone: bool, guarantor: str, as_json: bool) -> None:
    """What a run of the day would do with everybody who owes, and why; nothing is made.

    \b
    superbill statement preview --db practice.db
    """
    from superbill.app.statements.planning import plans
    from superbill.cli.statement_who import guarantor_row

    only = guarantor_row(session, guarantor) if guarantor else None
    minimum = session.site.statement_minimum
    every = list(plans(session.scope, session.today, minimum, only=None if only is None else [only], whoever=everyone))
    if as_json:
        put_json(
            {
                "plans": [
                    {
                        "guarantor": one.card.id,
                        "verdict": one.verdict,
                        "why": one.why,
                        "owes": one.due.owed,
                        "amount": one.amount,
                        "level": one.level,
                        "channel": one.route.channel,
                        "lines": one.lines,
                    }
                    for one in every
                ]
            }
        )
        return
    rows = [
        (
            one.card.id, one.card.addressee, len(one.due.patients), dollars(one.due.owed),
            dollars(one.amount) if one.verdict == "send" else "", one.verdict, one.why,
        )
        for one in every
    ]  # fmt: skip
    columns = ("guarantor", "name", "patients", "owes", "asked for", "what", "why")
    put_table("Statements of the day", columns, rows, right="guarantor patients owes asked")
    made = [one for one in every if one.verdict == "send"]
    say(f"{len(made):,} statements over {dollars(sum(one.amount for one in made))} would be made. Nothing was.")


@command.command("list")
@guarantor_option("Those of this guarantor.")
@books_options
@json_option
def show_all(books: Books, guarantor: str, as_json: bool) -> None:
    """Statements made, by number.

    \b
    superbill statement list --db practice.db
    """
    from superbill.app.guarantors.queries import cards
    from superbill.app.statements.queries import statements
    from superbill.cli.statement_who import guarantor_row

    rows = list(statements(books.scope, guarantor_row(books, guarantor) if guarantor else None))
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


@command.command("show")
@click.argument("number")
@books_options
@json_option
def show(books: Books, number: str, as_json: bool) -> None:
    """What a statement asked for, line by line, and what became of it.

    \b
    superbill statement show S000001 --db practice.db
    """
    from superbill.app.guarantors.queries import cards
    from superbill.app.statements.queries import asked_lines, deliveries, statement_numbered

    row = statement_numbered(books.scope, statement_number(number))
    if row is None:
        raise BadInput(f"{number}: no such statement. See superbill statement list.")
    lines, way = asked_lines(books.scope, row.pk), deliveries(books.scope, row.pk)
    told = [{"on": one.on, "happened": one.happened, "channel": one.channel, "why": one.reason} for one in way]
    if as_json:
        put_json(
            {
                "number": f"S{row.number:06d}", "guarantor": row.guarantor_id, "on": row.on, "due": row.due,
                "amount": row.amount, "level": row.level, "through": row.through, "lines": lines, "way": told,
            }
        )  # fmt: skip
        return
    who = cards(books.scope, [row.guarantor_id])[row.guarantor_id].addressee
    say(f"S{row.number:06d} of {row.on}, due {row.due}: {dollars(row.amount)} from {who}", bold=True)
    rows = [(one.key, one.level or "", one.since, dollars(one.amount), one.held) for one in lines]
    put_table("Lines", ("line", "level", "since", "amount", "on hold"), rows, right="level amount")
    put_table("Its way", ("date", "what", "channel", "why"), [tuple(one.values()) for one in told])
