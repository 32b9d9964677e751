"""`superbill statement explain`, `itemized`, `receipt`, `print`: answers and papers on request."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.app.labels import number_of
from superbill.app.path.files import write_whole
from superbill.app.session import BadInput, Books, Session
from superbill.cli.explaining import names_of_payers, put_explanation
from superbill.cli.money import patient_row
from superbill.cli.output import json_option, put_json, say
from superbill.cli.session import books_options, session_options
from superbill.cli.statement_who import guarantor_option, guarantor_row, statement_number

if TYPE_CHECKING:
    from superbill.forms.statement import Explanation

_OUT = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The PDF file to write.")


@click.command("explain")
@click.argument("what", required=False)
@guarantor_option("Everything that this guarantor owes.")
@books_options
@json_option
def explain(books: Books, what: str | None, guarantor: str, as_json: bool) -> None:
    """Why is this owed? From the charge to today, step by step: a visit (A1001), a line (A1001-1) or a statement (S12).

    \b
    superbill statement explain A1001 --db practice.db
    superbill statement explain --guarantor 3 --db practice.db
    """
    put_explanation(_explained(books, what or "", guarantor), as_json=as_json)


def _explained(books: Books, what: str, guarantor: str) -> "Explanation":
    from superbill.app.statements.explaining import (
        explained,
        explained_account,
        lines_of_statement,
        lines_of_visit,
    )
    from superbill.app.statements.owing import line_ids
    from superbill.app.statements.queries import statement_numbered

    names = names_of_payers(books)
    if bool(what) == bool(guarantor):
        raise BadInput("Name one visit, line or statement (superbill statement explain A1001), or --guarantor 3.")
    if guarantor:
        return explained_account(books.scope, names, guarantor_row(books, guarantor), books.today)
    lines = lines_of_visit(books.scope, what) or list(line_ids(books.scope, [what]).values())
    if not lines and what.upper().startswith("S") and what[1:].isdecimal():
        row = statement_numbered(books.scope, statement_number(what))
        lines = lines_of_statement(books.scope, row.pk) if row else []
    if not lines:
        raise BadInput(f"{what}: no visit, line or statement of this number has charges here.")
    return explained(books.scope, names, lines)


@click.command("itemized")
@click.argument("patient")
@click.option("--visit", "accounts", multiple=True, help="This visit alone (A1001); again for more.")
@_OUT
@session_options
@json_option
def itemized(session: Session, patient: str, accounts: tuple[str, ...], output: Path | None, as_json: bool) -> None:
    """An itemized bill as PDF: every service of a patient with code, units, diagnoses and what became of its charge.

    \b
    superbill statement itemized p01 --visit A1001 -o itemized.pdf --db practice.db
    """
    from superbill.app.statements.papers import itemized_bill
    from superbill.forms.itemized import render

    row = patient_row(session, patient)
    bill = itemized_bill(session.scope, session.site, row, session.today, accounts=accounts)
    _write(output or Path(f"itemized-{row}.pdf"), render(bill), as_json=as_json, told={"itemized": bill})


@click.command("receipt")
@click.argument("number")
@_OUT
@session_options
@json_option
def receipt(session: Session, number: str, output: Path | None, as_json: bool) -> None:
    """The receipt of a payment (R000012) as PDF.

    \b
    superbill statement receipt R000001 -o receipt.pdf --db practice.db
    """
    from superbill.app.statements.papers import receipt as of_payment
    from superbill.forms.receipt import render

    data = of_payment(session.scope, session.site, number_of(number, "R"))
    told = {"receipt": data, "amount": data.amount}
    _write(output or Path(f"receipt-{data.number}.pdf"), render(data), as_json=as_json, told=told)


@click.command("print")
@click.argument("number")
@_OUT
@books_options
@json_option
def print_one(books: Books, number: str, output: Path | None, as_json: bool) -> None:
    """A statement as it was made, as PDF again.

    \b
    superbill statement print S000001 -o statement.pdf --db practice.db
    """
    from superbill.app.statements.sending import document
    from superbill.forms.statement import render

    data = document(books.scope, statement_number(number))
    if data is None:
        raise BadInput(f"{number}: no such statement. See superbill statement list.")
    path = output or Path(f"statement-{data.number}.pdf")
    _write(path, render(data), as_json=as_json, told={"number": data.number, "amount": data.amount_due})


def _write(path: Path, pdf: bytes, *, as_json: bool, told: dict[str, object]) -> None:
    write_whole(path, pdf)
    if as_json:
        put_json({**told, "file": str(path)})
    else:
        say(f"{path}: written")
