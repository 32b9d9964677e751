"""`superbill appeal`: letters, filings, decisions, and what came of them."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options, session_options
from superbill.money import MoneyError, dollars, parse_dollars

if TYPE_CHECKING:
    from superbill.denials.model import Denial
    from superbill.forms.letter import AppealLetter

OUTCOMES = ("overturned", "partly", "upheld", "dismissed", "withdrawn")


@click.group("appeal")
def command() -> None:
    """Appeal what payers refused: letter, filing, decision, next level."""


def letter_options(command: Any) -> Any:
    """What a person adds to the letter."""
    for option in reversed(
        (
            click.option("--signer", default="", help="Who signs the letter."),
            click.option("--title", default="", help="The signer's title."),
            click.option("--because", multiple=True, help="A paragraph of your own: why the payer should pay."),
            click.option("--enclose", "enclosed", multiple=True, help="A further document in the envelope."),
            click.option("--to", multiple=True, help="The address for appeals, a line each  [default: the payer's]"),
            click.option("--good-cause", default="", help="Why it comes after the last day, if it does."),
        )
    ):
        command = option(command)
    return command


@command.command("letter")
@click.argument("number", metavar="CONTROL")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@letter_options
@session_options
@json_option
def letter(session: Session, number: str, out: Path, as_json: bool, **words: Any) -> None:
    """Write the letter for the next appeal level as a PDF, without filing it. Exit 1, naming them, when facts lack.

    Its facts are the claim's, the remittance's and the coding's; the words of the record are those the codes stand on.

    \b
    superbill appeal letter A1001P1 letter.pdf --signer "Dana Whitfield" --because "The notes show …" --db practice.db
    """
    from superbill.forms.letter import missing

    made = _letter(session, _denial(session, number), session.today, words)
    lacking = missing(made)
    if not lacking:
        _write(out, made)
    if as_json:
        put_json({"control_number": number, "file": "" if lacking else str(out), "missing": lacking, "letter": made})
    elif lacking:
        click.echo(f"{number}: not written. The letter lacks:")
        for fact in lacking:
            click.echo(f"  {fact}")
    else:
        click.echo(
            f"{out}: the letter for {made.level}, {dollars(made.refused)}. File it: superbill appeal file {number}"
        )
    raise SystemExit(1 if lacking else 0)


@command.command("file")
@click.argument("number", metavar="CONTROL")
@click.option("--on", "filed", type=click.DateTime(["%Y-%m-%d"]), help="The day it was sent  [default: today]")
@click.option("--how", default="mail", show_default=True, help="How it went: mail, fax, portal.")
@click.option(
    "--letter", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the letter here and keep it."
)
@letter_options
@session_options
@json_option
def file(
    session: Session, number: str, filed: datetime | None, how: str, out: Path | None, as_json: bool, **words: Any
) -> None:
    """File the next appeal level of a refused claim. It leaves the desk until the payer should have answered.

    \b
    superbill appeal file A1001P1 --letter letter.pdf --signer "Dana Whitfield" --db practice.db
    superbill appeal file A1001P1 --on 2026-11-20 --how portal --db practice.db
    """
    from superbill.app.denials.actions import Filing, file_appeal

    on = filed.date() if filed else session.today
    made = _letter(session, _denial(session, number, on), on, words) if out else None
    if out and made:
        _write(out, made)
    filing = Filing(on=on, how=how, letter=made, good_cause=words["good_cause"])
    step = file_appeal(session.actor, number, filing, at=session.at)
    told = _appeal(session, step)
    if as_json:
        put_json({"control_number": number, "appeal": step, **told, "file": str(out) if out else ""})
    else:
        click.echo(f"{number}: {told['level']} filed over {dollars(told['disputed'])}")


@command.command("decide")
@click.argument("number", metavar="CONTROL")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option("--on", "decided", type=click.DateTime(["%Y-%m-%d"]), help="The day of the decision  [default: today]")
@click.option("--won", default="0", help="Dollars that it grants, where it says.")
@click.option("--note", default="", help="What the decision says.")
@session_options
@json_option
def decide(
    session: Session, number: str, outcome: Any, decided: datetime | None, won: str, note: str, as_json: bool
) -> None:
    """Write down how an appeal ended. What was not won goes back to the desk, with the next level's last day.

    \b
    superbill appeal decide A1001P1 upheld --on 2027-01-15 --note "policy L34567 not met" --db practice.db
    """
    from superbill.app.denials.actions import decide_appeal

    on = decided.date() if decided else session.today
    step = decide_appeal(session.actor, number, outcome, on, won=_cents(won), text=note, at=session.at)
    if as_json:
        put_json({"control_number": number, "decision": step, "outcome": outcome})
        return
    from superbill.app.denials.queries import denial

    left = denial(session.scope, number, on, ranked=False)
    then = f"; next: {left.level.name} by {left.appeal_by.last_day}" if left and left.level and left.appeal_by else ""
    click.echo(f"{number}: {outcome}{then}")


@command.command("list")
@click.option("--payer", default="", help="Only this payer (its key).")
@books_options
@json_option
def show_all(books: Books, payer: str, as_json: bool) -> None:
    """Every appeal, what was decided, and what the payer has paid on its lines since: the journal tells it.

    \b
    superbill appeal list --db practice.db
    """
    from superbill.app.denials.queries import appeals

    rows = appeals(books.scope, payer=payer)
    if as_json:
        put_json({"appeals": rows})
        return
    table = [
        (
            one.control_number,
            books.payer_name(one.payer),
            one.level_name,
            one.filed,
            dollars(one.disputed),
            one.result,
            one.decided or "",
            dollars(one.recovered),
        )
        for one in rows
    ]
    columns = ("claim", "payer", "level", "filed", "disputed", "result", "decided", "recovered")
    put_table("Appeals", columns, table, right="disputed recovered")


def _denial(session: Session, number: str, on: date | None = None) -> "Denial":
    from superbill.app.denials.queries import denial

    one = denial(session.scope, number, on or session.today, ranked=False)
    if one is None:
        raise BadInput(f"{number}: nothing of this claim stands refused. See superbill denial list.")
    if not one.refusal.claim:
        raise BadInput(f"{number}: no claim of ours is behind these lines; there is nothing to write about.")
    return one


def _letter(session: Session, about: "Denial", on: date, words: dict[str, Any]) -> "AppealLetter":
    from superbill.app.denials.queries import LetterWords, compose

    entry = next((one for one in session.site.payers if one.key == about.refusal.payer), None)
    return compose(session.scope, about, on, LetterWords(**words), payer_address=entry.address if entry else None)


def _write(out: Path, made: "AppealLetter") -> None:
    """Raises LetterIncomplete before anything is written."""
    from superbill.forms.letter import render

    out.write_bytes(render(made))


def _appeal(session: Session, step: int) -> dict[str, Any]:
    from superbill.app.denials.queries import appeals

    one = next(one for one in appeals(session.scope) if one.row == step)
    return {"level": one.level_name, "disputed": one.disputed, "filed": one.filed}


def _cents(text: str) -> int:
    try:
        return parse_dollars(text)
    except MoneyError as error:
        raise BadInput(f"--won {text}: {error}") from None
