"""`superbill statement hold`, `release`, `holds`: what stops statements and reminders."""

from datetime import date, datetime

import click

from superbill.app.session import Books
from superbill.cli.money import Desk, desk_options
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options
from superbill.cli.statement_who import guarantor_option, guarantor_row

_KINDS = (
    "dispute", "workers compensation", "bankruptcy", "deceased", "in appeal", "returned mail", "bad address",
    "insurance pending", "other",
)  # fmt: skip
_DAY = click.DateTime(["%Y-%m-%d"])


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command("hold")
@click.argument("kind", type=click.Choice(_KINDS))
@click.option("--reason", required=True, help="Why, for whoever looks later.")
@guarantor_option("Ask this guarantor for nothing.")
@click.option("--line", "lines", multiple=True, help="Ask for this charge line no more (A1001-1); again for more.")
@click.option("--until", type=_DAY, callback=_as_date, help="The day on which it ends by itself.")
@desk_options(key=False, preview=False)
def hold(desk: Desk, kind: str, reason: str, guarantor: str, lines: tuple[str, ...], until: date | None) -> None:
    """Stop statements to a guarantor, or asking for lines, until it is released. Reminders wait meanwhile.

    \b
    superbill statement hold bankruptcy --guarantor 3 --reason "Chapter 13, case 26-118" --db practice.db
    superbill statement hold "workers compensation" --line A1001-1 --reason "fell at work" --db practice.db
    """
    from superbill.app.statements.actions import hold as place
    from superbill.app.statements.models import HoldKind

    session = desk.session
    who = guarantor_row(session, guarantor) if guarantor else None
    desk.do(
        lambda: place(
            desk.actor, HoldKind(kind), since=session.today, until=until, reason=reason, guarantor=who, lines=lines,
            at=session.at,
        ),
        lambda ids: f"On hold: {', '.join(map(str, ids))}. Let go: superbill statement release {ids[0]} --reason …",
    )  # fmt: skip


@click.command("release")
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why, for whoever looks later.")
@desk_options(key=False, preview=False)
def release(desk: Desk, number: int, reason: str) -> None:
    """Let a hold go; reminders go on where they stopped.

    \b
    superbill statement release 4 --reason "case dismissed" --db practice.db
    """
    from superbill.app.statements.actions import release as let_go

    session = desk.session
    desk.do(
        lambda: let_go(desk.actor, number, on=session.today, why=reason, at=session.at),
        lambda _: f"Hold {number} is released.",
    )


@click.command("holds")
@click.option("--ended", is_flag=True, help="Those that ended, too.")
@books_options
@json_option
def holds(books: Books, ended: bool, as_json: bool) -> None:
    """What stops statements now: who placed it, since when, and why.

    \b
    superbill statement holds --db practice.db
    """
    from superbill.app.billing.models import ChargeLine
    from superbill.app.rows import found
    from superbill.app.statements.holds import stored_holds

    some = stored_holds(books.scope, standing_on=None if ended else books.today)
    keys = dict(found(books.scope, ChargeLine, "id", {one.line for one in some if one.line}, "id", "key"))
    if as_json:
        put_json({"holds": [{"hold": one, "line": keys.get(one.line or 0, "")} for one in some]})
        return
    rows = [
        (
            one.id, one.kind, f"G{one.guarantor:06d}" if one.guarantor else keys[one.line or 0], one.since,
            one.until or "", one.actor, one.reason,
        )
        for one in some
    ]  # fmt: skip
    put_table("Holds", ("number", "kind", "on", "since", "until", "by", "why"), rows, right="number")
