"""`superbill audit`: who did and read what; the proof that nobody changed it."""

import sys
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import Command, books_options

if TYPE_CHECKING:
    from superbill.app.audit.queries import Asked


@click.group("audit")
def command() -> None:
    """The audit trail: every reading of a patient's record and every change, each event chained to the one before."""


def _asked_options(command: Command) -> Command:
    """`--actor`, `--action`, `--about`, `--from` and `--to`: the command gets what is `asked` for."""

    @wraps(command)
    def asking(
        *args: Any, actor: str, action: str, subject: str, first: datetime | None, last: datetime | None, **options: Any
    ) -> Any:
        from superbill.app.boot import prepare

        prepare()
        from superbill.app.audit.queries import Asked, UnknownSubject

        days = {"first": first.date() if first else None, "last": last.date() if last else None}
        try:
            return command(*args, asked=Asked(actor=actor, action=action, subject=subject, **days), **options)
        except UnknownSubject as error:
            raise BadInput(str(error)) from None

    day = click.DateTime(["%Y-%m-%d"])
    for option in (
        click.option("--to", "last", type=day, help="Events up to this day (UTC)."),
        click.option("--from", "first", type=day, help="Events from this day on (UTC)."),
        click.option("--about", "subject", default="", help="A claim's or visit's number, or \"patient 17\"."),
        click.option("--action", default="", help="What was done: its name, or how it begins."),
        click.option("--actor", default="", help="Who did it: a log-in, or system."),
    ):
        asking = option(asking)
    return asking


@command.command("verify")
@click.option("--head", default="", help="NUMBER:HASH, noted from an earlier proof: that event must be unchanged.")
@books_options
@json_option
def verify(books: Books, head: str, as_json: bool) -> None:
    """Recompute the whole chain of hashes. Exit 1 where it breaks, naming the first event that does not hold.

    Keep what it prints elsewhere: given to --head later, it proves that nothing up to there was written anew.

    \b
    superbill audit verify --db practice.db
    superbill audit verify --db practice.db --head 4102:9f2c…
    """
    from superbill.app.audit.chain import stands, verify

    number, _, kept = head.partition(":")
    if head and not (number.isascii() and number.isdigit() and kept):
        raise BadInput(f"--head {head}: give NUMBER:HASH as an earlier superbill audit verify printed it.")
    found = verify(books.scope)
    same = not head or stands(books.scope, int(number), kept)
    if as_json:
        put_json({"events": found.count, "head": f"{found.count}:{found.head}", "broken": found.broken, "same": same})
    elif found.broken:
        say(f"BROKEN at event {found.broken.number:,}: {found.broken.why}.", bold=True, fg="red")
        say("Somebody wrote to the database past the program. Find out who, and compare with a backup.")
    else:
        say(f"{found.count:,} events, each chained to the one before it, none missing", bold=True, fg="green")
        say(f"head: {found.count}:{found.head}")
    if not same and not as_json:
        say(f"Event {number} is not the one that was noted: the trail was written anew.", bold=True, fg="red")
    raise SystemExit(0 if found.broken is None and same else 1)


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@_asked_options
@books_options
@json_option
def list_(books: Books, asked: "Asked", limit: int, as_json: bool) -> None:
    """The newest events, or those that match.

    \b
    superbill audit list --db practice.db --about A1001P1
    superbill audit list --db practice.db --actor biller --action read --from 2026-11-01
    """
    from superbill.app.audit.queries import found

    events = found(books.scope, asked, limit=limit)
    if as_json:
        put_json(events)
        return
    rows = [
        (one.number, f"{one.at:%Y-%m-%d %H:%M:%S}", one.actor, one.action, one.subject, one.detail[:60])
        for one in events
    ]
    put_table("events", ("number", "when (UTC)", "who", "what", "about", "with"), rows, right="number")


@command.command("export")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A new file  [default: printed]")
@_asked_options
@books_options
def export(books: Books, asked: "Asked", form: str, output: Path | None) -> None:
    """All events that match, oldest first, as CSV or JSON lines. That they were taken out is an event too.

    \b
    superbill audit export --db practice.db --from 2026-11-01 -o november.csv
    """
    from superbill.app.audit.exporting import export

    if output is not None and output.exists():
        raise BadInput(f"{output}: is there already. Name a new file.")
    lines = export(books.actor, asked, form, at=books.at)
    if output is None:
        sys.stdout.writelines(lines)
        return
    with output.open("x", encoding="utf-8", newline="") as out:
        out.writelines(lines)
    say(f"Written to {output}.")
