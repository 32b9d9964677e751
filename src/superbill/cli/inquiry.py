"""`superbill inquiry`: what has become of a claim, asked of its payer (276) and answered (277)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.app.partners import SHAPES, partner
from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_findings, put_json, put_table, say, stages
from superbill.cli.session import books_options, session_options
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.inquiries.queries import Open

_PAYERS = click.option(
    "--payers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Rules of the simulated payers  [default: payers.toml in or beside their folder]",
)


@click.group("inquiry")
def command() -> None:
    """Ask payers what has become of claims (276); answers (277) come in with `superbill batch receive`."""


@command.command("send")
@click.argument("numbers", metavar="[CONTROL]...", nargs=-1)
@click.option("--to", "given", help=f"{SHAPES}  [default: folder:exchange beside the database]")
@_PAYERS
@session_options
@json_option
def send(session: Session, numbers: tuple[str, ...], given: str | None, payers: Path | None, as_json: bool) -> None:
    """Ask about the claims named, or about all that have been silent for so long that asking pays.

    How long is the policy's inquiry_days, by kind of payer; what was answered "pending" is asked again after
    pending_days. Exit 1 when a claim can't be asked about; the others are.

    \b
    superbill inquiry send --db practice.db
    superbill inquiry send A1001P1 --db practice.db
    """
    from superbill.app.claims.actions import NotThisClaim
    from superbill.app.path.asking import ask_payers
    from superbill.cli.claim_show import stored_claim

    claims = [stored_claim(session, number).id for number in numbers] or None
    try:
        with stages(quiet=as_json) as bars, partner(session.db, given, payers, session.at) as connector:
            counts = ask_payers(session, connector, bars, at=session.at, claims=claims)
    except NotThisClaim as problem:
        raise BadInput(str(problem)) from None
    if as_json:
        put_json(counts)
    else:
        say(f"{counts.questions:,} questions in {counts.batches:,} files")
        put_findings(counts.findings)
    raise SystemExit(1 if counts.findings else 0)


@command.command("list")
@books_options
@json_option
def show_all(books: Books, as_json: bool) -> None:
    """Claims under way that were asked about: what the payer said last, and what follows.

    \b
    superbill inquiry list --db practice.db
    """
    from superbill.app.inquiries.queries import under_way

    found = under_way(books.scope)
    if as_json:
        put_json([{**_facts(one), "charge": one.charge} for one in found])
        return
    rows = [tuple(_facts(one).values()) for one in found]
    put_table("Asked about", ("claim", "payer", "asked", "answered", "status", "says", "next"), rows)


def _facts(one: "Open") -> dict[str, str]:
    about = one.standing
    step = "wait for the answer" if about.unanswered or about.step is None else about.step.name
    return {
        "claim": one.control_number,
        "payer": one.payer_key,
        "asked": str(about.asked or ""),
        "answered": str(about.told or ""),
        "status": " ".join(part for part in (about.category, about.status) if part),
        "says": about.words,
        "next": step,
    }


@command.command("show")
@click.argument("number", metavar="CONTROL")
@books_options
@json_option
def show(books: Books, number: str, as_json: bool) -> None:
    """Every question about a claim and every answer, with what follows from it.

    \b
    superbill inquiry show A1001P1 --db practice.db
    """
    from superbill.app.inquiries.queries import story
    from superbill.cli.claim_show import stored_claim

    one = stored_claim(books, number)
    found = story(books.scope, one.id)
    if as_json:
        put_json(found)
        return
    rows = [(each.on, each.what, each.trace, each.words, each.step) for each in found]
    put_table(f"Claim {number}, {one.state}, {dollars(one.claim.charge)}", ("on", "", "trace", "says", "next"), rows)
