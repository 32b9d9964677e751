"""`superbill followup`: claims after they were sent: refused, silent, to the next payer, on paper."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from superbill.app.partners import SHAPES, partner
from superbill.app.session import BadInput, Books, Session
from superbill.cli import followup_order
from superbill.cli.output import json_option, put_findings, put_json, put_table, say, stages
from superbill.cli.session import books_options, session_options
from superbill.money import dollars

_PAYERS = click.option(
    "--payers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Rules of the simulated payers  [default: payers.toml in or beside their folder]",
)


@click.group("followup")
def command() -> None:
    """Follow claims up: what was refused, what nobody answers, who is billed next, what goes by mail."""


command.add_command(followup_order.bill_next)
command.add_command(followup_order.bill_first)


@command.command("run")
@click.option("--ask/--no-ask", default=True, show_default=True, help="Ask payers about silent claims (276).")
@click.option("--to", "given", help=f"{SHAPES}  [default: folder:exchange beside the database]")
@_PAYERS
@session_options
@json_option
def run(session: Session, ask: bool, given: str | None, payers: Path | None, as_json: bool) -> None:
    """Do what needs no person: bill the next payers, correct what they were told, ask about silent claims.

    A claim that its payer passed on to the next one is billed by us when that one keeps silent for crossover_days.
    Then the tasks are brought up to date. Exit 1 when a claim could not be made; a task says why.

    \b
    superbill followup run --db practice.db
    """
    from superbill.app.path.asking import AskCounts, ask_payers
    from superbill.app.path.next_payers import bill_next_payers
    from superbill.app.worklists.actions import refresh

    with stages(quiet=as_json) as bars:
        opened, findings = bill_next_payers(session, bars, at=session.at)
        asked = AskCounts()
        if ask:
            with partner(session.db, given, payers, session.at) as connector:
                asked = ask_payers(session, connector, bars, at=session.at)
    tasks = refresh(session.actor, session.today, at=session.at)
    every = [*findings, *asked.findings]
    if as_json:
        put_json({"next_claims": opened, "asked": asked.questions, "tasks": tasks, "findings": every})
    else:
        rows = [
            ("claims to next payers", opened.ready),
            ("of them held", opened.held),
            ("questions asked", asked.questions),
            ("tasks opened", tasks.opened + tasks.reopened),
            ("tasks closed", tasks.closed),
        ]
        put_table("Followed up", ("what", "count"), rows, right="count")
        put_findings(every)
    raise SystemExit(1 if every else 0)


@command.command("list")
@books_options
@json_option
def show_all(books: Books, as_json: bool) -> None:
    """What waits for a person today, the most urgent first: dollars × 30 ÷ days left to file.

    \b
    superbill followup list --db practice.db
    """
    from superbill.app.claims import worklist as of_claims
    from superbill.app.inquiries import worklist as of_answers

    items = [*of_claims.wanted(books.scope, books.today), *of_answers.wanted(books.scope, books.today)]
    items.sort(key=lambda item: (-item.rank, item.key))
    if as_json:
        put_json(items)
        return
    rows = [(item.kind, dollars(item.amount), item.due or "", item.why) for item in items]
    put_table("To follow up", ("task", "charge", "file by", "why"), rows, right="charge")


@command.command("resend")
@click.argument("numbers", metavar="CONTROL...", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why, for whoever asks later: lost, refused with its file, not found …")
@session_options
@json_option
def send_again(session: Session, numbers: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Send claims once more as they are: the same claims with the same numbers, no replacements.

    For what was lost, or refused through no fault of its own. A claim that is wrong is corrected instead.

    \b
    superbill followup resend A1001P1 --reason "Payer has no record of it, call 4711" --db practice.db
    """
    from superbill.app.claims.actions import resend

    ids = _ids(session, numbers)
    moved = _told(lambda: resend(session.actor, ids, reason, at=session.at))
    if as_json:
        put_json({"resent": moved})
    else:
        say(f"{moved:,} claims are ready again; superbill batch send sends them")


@command.command("proof")
@click.argument("number", metavar="CONTROL")
@books_options
@json_option
def proof(books: Books, number: str, as_json: bool) -> None:
    """When a claim and its earlier versions were sent, in which files, and who acknowledged them: the proof of timely
    filing.

    \b
    superbill followup proof A1001P1 --db practice.db
    """
    from superbill.app.claims.queries import events_of, versions_of
    from superbill.cli.claim_show import stored_claim

    one = stored_claim(books, number)
    found = events_of(books.scope, versions_of(books.scope, one.id))
    if as_json:
        put_json(found)
        return
    rows = [(f"{each.at:%Y-%m-%d %H:%M}", each.what, each.file, each.reference, each.by) for each in found]
    title = f"Claim {number}, services to {one.claim.service.end or one.claim.service.start}"
    put_table(title, ("at (UTC)", "what", "file", "reference", "by"), rows)


@command.command("papers")
@books_options
@json_option
def papers(books: Books, as_json: bool) -> None:
    """Claims that wait to be mailed.

    \b
    superbill followup papers --db practice.db
    """
    from superbill.app.claims.queries import papers_to_mail

    found = papers_to_mail(books.scope)
    if as_json:
        put_json(found)
        return
    rows = [
        (
            one.control_number,
            one.payer_key,
            dollars(one.charge),
            one.ready_since,
            one.file_by or "",
            _printed(one.printed),
        )
        for one in found
    ]
    put_table("To mail", ("claim", "payer", "charge", "since", "file by", ""), rows, right="charge")


def _printed(paper: int) -> str:
    return "printed" if paper else ""


@command.command("print")
@click.argument("numbers", metavar="[CONTROL]...", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder.")
@session_options
@json_option
def print_papers(session: Session, numbers: tuple[str, ...], output: Path, as_json: bool) -> None:
    """Print the claims that go by mail, named or all: a PDF each, the earlier payers' explanations behind the form.

    Exit 1 when something does not fit its box.

    \b
    superbill followup print -o mail --db practice.db
    """
    from superbill.app.claims.queries import claims_by_id, papers_to_mail
    from superbill.app.path.files import write_whole
    from superbill.app.path.mailing import print_claim

    ids = _ids(session, numbers) if numbers else [one.id for one in papers_to_mail(session.scope)]
    files, findings = [], []
    for one in claims_by_id(session.scope, ids):
        content, problems = _told(partial(print_claim, session, one, at=session.at))
        path = output / f"{one.control_number}.pdf"
        output.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        files.append(str(path))
        findings += problems
    if as_json:
        put_json({"files": files, "findings": findings})
    else:
        say(f"{len(files):,} claims printed into {output}; superbill followup mailed says that they are gone")
        put_findings(findings)
    raise SystemExit(1 if findings else 0)


@command.command("mailed")
@click.argument("numbers", metavar="CONTROL...", nargs=-1, required=True)
@click.option("--on", "mailed_on", type=click.DateTime(["%Y-%m-%d"]), help="When  [default: the day worked on]")
@click.option("--how", default="", help="The service and its number, such as certified mail 7019 ….")
@session_options
@json_option
def mailed(session: Session, numbers: tuple[str, ...], mailed_on: datetime | None, how: str, as_json: bool) -> None:
    """Say that printed claims are in the mail: from now on they wait for their answers.

    \b
    superbill followup mailed A1001S1 --how "certified 70191640000212345678" --db practice.db
    """
    from superbill.app.claims.actions import mark_mailed

    ids = _ids(session, numbers)
    on = mailed_on.date() if mailed_on else session.today
    moved = _told(lambda: mark_mailed(session.actor, ids, on, how, at=session.at))
    if as_json:
        put_json({"mailed": moved})
    else:
        say(f"{moved:,} claims are in the mail")


def _ids(books: Books, numbers: tuple[str, ...]) -> list[int]:
    from superbill.cli.claim_show import stored_claim

    return [stored_claim(books, number).id for number in numbers]


def _told(do: Callable[[], Any]) -> Any:
    """What `do` gives; what it refuses as a message for the person at the keyboard."""
    from superbill.app.claims.actions import NotThisClaim

    try:
        return do()
    except NotThisClaim as problem:
        raise BadInput(str(problem)) from None
