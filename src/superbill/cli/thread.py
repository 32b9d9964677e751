"""`superbill thread`: questions and disputes about bills."""

import click

from superbill.app.session import BadInput, Books
from superbill.cli.money import Desk, desk_options
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.cli.statement_who import guarantor_option, guarantor_row, statement_number

_OUTCOMES = ("explained", "corrected", "written off", "not changed", "withdrawn")


@click.group("thread")
def command() -> None:
    """Questions and disputes: open, answer, resolve, with the account at hand."""


@command.command("open")
@click.argument("text")
@click.option("--dispute", is_flag=True, help="Something is wrong: reminders for its lines stop until it is resolved.")
@click.option("--statement", default="", help="About this statement (S000001).")
@click.option("--visit", default="", help="About this visit (A1001).")
@click.option("--line", "lines", multiple=True, help="About this charge line (A1001-1); again for more.")
@guarantor_option("About this guarantor's whole account.")
@desk_options(preview=False)
def open_one(
    desk: Desk, text: str, dispute: bool, statement: str, visit: str, lines: tuple[str, ...], guarantor: str
) -> None:
    """What a patient asks or disputes, in their words.

    \b
    superbill thread open "I was not there that day." --dispute --visit A1001 --db practice.db
    """
    from superbill.app.threads.actions import open_thread
    from superbill.app.threads.models import Topic

    session = desk.session
    who = guarantor_row(session, guarantor) if guarantor else None
    about = statement_number(statement) if statement else None
    desk.do(
        lambda: open_thread(
            desk.actor, Topic.DISPUTE if dispute else Topic.QUESTION, text, on=session.today, guarantor=who,
            statement=about, visit=visit, lines=lines, key=desk.key, at=session.at,
        ),
        lambda number: f"Thread {number} is open. Answer: superbill thread reply {number} TEXT",
    )  # fmt: skip


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Resolved ones, too.")
@guarantor_option("Those of this guarantor.")
@books_options
@json_option
def show_all(books: Books, every: bool, guarantor: str, as_json: bool) -> None:
    """Threads that wait for us or for a patient, the longest waiting first.

    \b
    superbill thread list --db practice.db
    """
    from superbill.app.threads.models import ThreadState
    from superbill.app.threads.queries import threads

    states = () if every else (ThreadState.OPEN, ThreadState.WAITING)
    some = threads(books.scope, states=states, guarantor=guarantor_row(books, guarantor) if guarantor else None)
    if as_json:
        put_json({"threads": some})
        return
    rows = [
        (
            one.number, one.topic, one.outcome or one.state, one.since, f"G{one.guarantor:06d}",
            f"S{one.statement:06d}" if one.statement else one.visit or ", ".join(one.lines) or "the account",
        )
        for one in some
    ]  # fmt: skip
    put_table("Threads", ("number", "topic", "state", "since", "guarantor", "about"), rows, right="number")


@command.command("show")
@click.argument("number", type=click.IntRange(1))
@books_options
@json_option
def show(books: Books, number: int, as_json: bool) -> None:
    """A thread with everything that was said, and what its guarantor owes.

    \b
    superbill thread show 1 --db practice.db
    """
    from superbill.app.guarantors.queries import cards
    from superbill.app.statements.owing import due_of
    from superbill.app.threads.queries import thread
    from superbill.money import dollars

    whole = thread(books.scope, number)
    if whole is None:
        raise BadInput(f"{number}: no such thread. See superbill thread list.")
    card = whole.card
    owed = due_of(books.scope, card.guarantor, books.today).owed
    if as_json:
        put_json({"thread": whole, "owes": owed})
        return
    who = cards(books.scope, [card.guarantor])[card.guarantor].addressee
    say(f"Thread {number}: {card.topic}, {card.outcome or card.state}. {who} owes {dollars(owed)}.", bold=True)
    if card.lines:
        say(f"About {', '.join(card.lines)}{'; on hold' if whole.holds else ''}")
    rows = [(one.on, one.side, one.actor, one.text) for one in whole.messages]
    put_table("Messages", ("date", "who", "entered by", "what"), rows)


@command.command("reply")
@click.argument("number", type=click.IntRange(1))
@click.argument("text")
@click.option(
    "--from",
    "side",
    type=click.Choice(("staff", "patient", "office")),
    default="staff",
    show_default=True,
    help="Whose words: office notes are for us alone.",
)
@click.option("--wait", is_flag=True, help="We wait for the patient's answer now.")
@desk_options(preview=False)
def reply(desk: Desk, number: int, text: str, side: str, wait: bool) -> None:
    """Add a message. A patient's opens a resolved thread again.

    \b
    superbill thread reply 1 "You signed in at 10:05. Does that help?" --wait --db practice.db
    """
    from superbill.app.threads.actions import add_message
    from superbill.app.threads.models import Side

    session = desk.session
    desk.do(
        lambda: add_message(
            desk.actor, number, Side(side), text, on=session.today, waits=wait, key=desk.key, at=session.at
        ),
        lambda _: f"Added to thread {number}.",
    )


@command.command("resolve")
@click.argument("number", type=click.IntRange(1))
@click.argument("outcome", type=click.Choice(_OUTCOMES))
@click.argument("text")
@desk_options(key=False, preview=False)
def resolve(desk: Desk, number: int, outcome: str, text: str) -> None:
    """Settle a thread with an answer; what a dispute held is asked for again.

    \b
    superbill thread resolve 1 "not changed" "We looked: you signed in that day." --db practice.db
    """
    from superbill.app.threads.actions import resolve as settle

    session = desk.session
    desk.do(
        lambda: settle(desk.actor, number, outcome, text, on=session.today, at=session.at),
        lambda _: f"Thread {number} is resolved: {outcome}.",
    )
