"""`superbill work`: the tasks of the office."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.worklists.models import WorkItem

STATES = ("open", "snoozed", "done", "closed")


@click.group("work")
def command() -> None:
    """Tasks that follow from the facts: list, take, put off, finish."""


@command.command("refresh")
@session_options
@json_option
def refresh(session: Session, as_json: bool) -> None:
    """Bring the tasks up to what the books, claims and answers ask for today. Asking again changes nothing.

    \b
    superbill work refresh --db practice.db
    """
    from superbill.app.worklists.actions import refresh as make
    from superbill.app.worklists.queries import summary

    done = make(session.actor, session.today, at=session.at)
    counts = summary(session.scope, session.today)
    if as_json:
        put_json({"refreshed": done, "open": counts})
        return
    click.echo(f"{done.opened:,} opened, {done.reopened:,} opened again, {done.closed:,} closed")
    rows = [(one.kind, one.tasks, dollars(one.amount), one.overdue, one.unassigned) for one in counts]
    put_table(
        "Open", ("kind", "tasks", "at stake", "overdue", "nobody's"), rows, right="tasks at stake overdue nobody's"
    )


@command.command("list")
@click.option("--kind", default="", help="Only this kind, such as denial.")
@click.option("--role", default="", help="Only tasks of this role.")
@click.option("--assignee", default="", help="Only this person's; \"-\" is nobody's.")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, default=("open",), show_default=True)
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 is all.")
@books_options
@json_option
def show_all(
    books: Books, kind: str, role: str, assignee: str, states: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Tasks, the most worthwhile first, each with why.

    \b
    superbill work list --db practice.db --kind denial --assignee -
    """
    from superbill.app.worklists.models import WorkState
    from superbill.app.worklists.queries import tasks

    wanted = tuple(WorkState(state) for state in states)
    rows = tasks(books.scope, kind=kind, role=role, assignee=assignee, states=wanted)
    shown = list(rows[:limit] if limit else rows)
    total = rows.count()
    if as_json:
        put_json({"total": total, "tasks": [_facts(row) for row in shown]})
        return
    table = [(row.pk, row.kind, dollars(row.amount), row.due or "", row.role, row.assignee, row.why) for row in shown]
    put_table("Tasks", ("task", "kind", "at stake", "due", "role", "who", "why"), table, right="task")
    if total > len(shown):
        click.echo(f"… and {total - len(shown):,} more: --limit 0 shows all")


@command.command("show")
@click.argument("number", metavar="TASK", type=int)
@books_options
@json_option
def show(books: Books, number: int, as_json: bool) -> None:
    """One task, and all that happened to it.

    \b
    superbill work show 12 --db practice.db
    """
    from superbill.app.worklists.queries import history, task

    row = task(books.scope, number)
    if row is None:
        raise BadInput(f"{number}: no such task. See superbill work list.")
    events = history(books.scope, number)
    if as_json:
        told = [{"what": one.what, "text": one.text, "by": one.by, "at": one.at} for one in events]
        put_json({**_facts(row), "history": told})
        return
    say(f"Task {row.pk}, {row.kind}, {row.state}: {row.why}")
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", one.what, one.by, one.text) for one in events]
    put_table("History", ("when", "what", "who", "words"), rows)


@command.command("assign")
@click.argument("numbers", metavar="TASK…", type=int, nargs=-1, required=True)
@click.option("--to", required=True, help='A member of the practice; "-" is nobody.')
@session_options
@json_option
def assign(session: Session, numbers: tuple[int, ...], to: str, as_json: bool) -> None:
    """Give tasks to a person.

    \b
    superbill work assign 12 13 --to ana --db practice.db
    """
    from superbill.app.worklists.actions import assign as give

    count = give(session.actor, numbers, "" if to == "-" else to, at=session.at)
    _told(count, "assigned", as_json)


@command.command("snooze")
@click.argument("numbers", metavar="TASK…", type=int, nargs=-1, required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which they come back.")
@click.option("--why", default="", help="What is waited for.")
@session_options
@json_option
def snooze(session: Session, numbers: tuple[int, ...], until: datetime, why: str, as_json: bool) -> None:
    """Put tasks off until a day, or until their facts change.

    \b
    superbill work snooze 12 --until 2026-12-01 --why "payer calls back" --db practice.db
    """
    from superbill.app.worklists.actions import snooze as put_off

    count = put_off(session.actor, numbers, until.date(), session.today, why=why, at=session.at)
    _told(count, "put off", as_json)


@command.command("done")
@click.argument("numbers", metavar="TASK…", type=int, nargs=-1, required=True)
@click.option("--note", default="", help="What was done.")
@session_options
@json_option
def done(session: Session, numbers: tuple[int, ...], note: str, as_json: bool) -> None:
    """Finish tasks. One comes back when its facts change, or go and come again.

    \b
    superbill work done 12 --note "payer reprocesses" --db practice.db
    """
    from superbill.app.worklists.actions import finish

    _told(finish(session.actor, numbers, text=note, at=session.at), "done", as_json)


@command.command("reopen")
@click.argument("numbers", metavar="TASK…", type=int, nargs=-1, required=True)
@click.option("--note", default="", help="Why.")
@session_options
@json_option
def reopen(session: Session, numbers: tuple[int, ...], note: str, as_json: bool) -> None:
    """Open tasks again that were done or put off.

    \b
    superbill work reopen 12 --db practice.db
    """
    from superbill.app.worklists.actions import reopen as again

    _told(again(session.actor, numbers, text=note, at=session.at), "opened again", as_json)


@command.command("note")
@click.argument("number", metavar="TASK", type=int)
@click.argument("text")
@session_options
@json_option
def note(session: Session, number: int, text: str, as_json: bool) -> None:
    """Write on a task what the next one should know.

    \b
    superbill work note 12 "called, reference 8841" --db practice.db
    """
    from superbill.app.worklists.actions import note as write

    write(session.actor, number, text, at=session.at)
    _told(1, "noted", as_json)


def _told(count: int, what: str, as_json: bool) -> None:
    if as_json:
        put_json({"tasks": count})
    else:
        click.echo(f"{count:,} {what}")


def _facts(row: "WorkItem") -> dict[str, Any]:
    columns = ("key", "kind", "subject_kind", "subject", "why", "amount", "due", "role", "rank", "state", "assignee")
    return {"task": row.pk, **{name: getattr(row, name) for name in columns}, "snoozed_until": row.snoozed_until}
