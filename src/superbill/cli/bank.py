"""`superbill bank`: statement lines of the bank, held against what was posted."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.money import Desk, desk_options
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.deposits.queries import Books as Reconciled
    from superbill.banking import CsvMapping, Outstanding, Unexplained

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_LINES = click.argument("lines", nargs=-1, required=True, type=int)


@click.group("bank")
def command() -> None:
    """Read bank statements, match them with 835s and deposits, find what is missing."""


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--account", default="", help="The account's number, where a file does not tell it.")
@click.option("--mapping", type=_FILE, help="TOML that says which column of a CSV is what (superbill bank columns).")
@click.option("--dry-run", is_flag=True, help="Read the files and show their lines; take nothing in.")
@desk_options(key=False, preview=False)
def import_(desk: Desk, files: tuple[Path, ...], account: str, mapping: Path | None, dry_run: bool) -> None:
    """Take in statement files: CSV, OFX or QFX, BAI2, CAMT.053. Every booked line once, however files overlap.

    \b
    superbill bank import november.csv --account 987654321 --db practice.db
    """
    from superbill.app.deposits.actions import take_in_statement
    from superbill.banking import read_statement

    told = _mapping(mapping)
    reads = [(path, _bytes(path)) for path in files]
    found = [(path, data, read_statement(data, str(path), account=account, mapping=told)) for path, data in reads]
    shown: list[dict[str, Any]] = []
    for path, data, read in found:
        took = None if dry_run else take_in_statement(desk.actor, data, path.name, read, at=desk.session.at)
        shown.append({"file": str(path), "format": read.format, "read": len(read.lines), "notes": read.notes,
                      "taken_in": took, "lines": read.lines if dry_run else ()})  # fmt: skip
        if desk.as_json:
            continue
        if took is None:
            rows = [(line.booked_on, dollars(line.amount), line.trace, line.text[:60]) for line in read.lines]
            put_table(f"{path} ({read.format})", ("booked on", "amount", "trace", "text"), rows, right="amount")
        else:
            again = ", taken in before" if took.already else ""
            say(f"{path}: {took.lines:,} lines ({read.format}), {took.new:,} new, {took.known:,} known{again}")
            if took.suspect:
                say(f"  {took.suspect:,} may be lines of another file: superbill bank lines --state suspect")
        for note in read.notes:
            say(f"  {note}")
    if desk.as_json:
        put_json({"files": shown})


def _bytes(path: Path) -> bytes:
    from superbill.banking.model import MAX_BYTES

    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)  # a file that is larger is refused as such, and not read whole


def _mapping(path: Path | None) -> "CsvMapping | None":
    from superbill.banking import read_mapping

    if path is None:
        return None
    try:
        return read_mapping(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None


@command.command("columns")
@click.argument("file", type=_FILE)
@json_option
def columns(file: Path, as_json: bool) -> None:
    """How the columns of a CSV would be read, as TOML: correct it and give it to import with --mapping.

    \b
    superbill bank columns november.csv
    """
    from superbill.banking import guess_mapping
    from superbill.banking.csv_mapping import mapping_text

    guess = guess_mapping(_bytes(file), str(file))
    if as_json:
        put_json({"mapping": guess})
    else:
        click.echo(mapping_text(guess), nl=False)


@command.command("lines")
@click.option("--state", type=click.Choice(["open", "matched", "set aside", "suspect"]), help="Only these.")
@books_options
@json_option
def lines(books: Books, state: str | None, as_json: bool) -> None:
    """Lines of the bank as taken in, by day.

    \b
    superbill bank lines --state open --db practice.db
    """
    from superbill.app.deposits.queries import as_line, bank_lines
    from superbill.banking.model import shown_account

    rows = list(bank_lines(books.scope, state=state or ""))
    if as_json:
        put_json({"lines": [{"number": r.pk, "state": r.state, "why": r.why, "line": as_line(r)} for r in rows]})
        return
    table = [
        (r.pk, shown_account(r.account), r.booked_on, dollars(r.amount), r.state, r.trace, r.text[:60]) for r in rows
    ]
    put_table("Bank lines", ("line", "account", "booked on", "amount", "state", "trace", "text"), table, right="amount")


@command.command("reconcile")
@click.option("--dry-run", is_flag=True, help="Show what would be matched; match nothing.")
@desk_options(key=False, preview=False)
def reconcile(desk: Desk, dry_run: bool) -> None:
    """Match what is certain, and show what is left: to choose, missing 835s, missing money. Exit 1 when a payer's
    money or 835 is missing for more than three business days.

    \b
    superbill bank reconcile --db practice.db
    """
    from superbill.app.deposits.actions import match_certain
    from superbill.app.deposits.queries import reconciliation

    at = desk.session.at
    made = 0
    if dry_run:
        left = reconciliation(desk.session.scope, at.date())
    else:
        matched, left = match_certain(desk.actor, at.date(), at=at)
        made = len(matched)
    found = left.found
    late = [
        *(each for each in found.unexplained if each.overdue and each.state == "missing ERA"),
        *(each for each in found.outstanding if each.overdue and each.state == "missing EFT"),
    ]
    if desk.as_json:
        put_json({"made": made, "on": left.on, "through": left.through, "found": left.found, "rows": left.rows,
                  "payments": left.payments, "stale": left.stale})  # fmt: skip
    else:
        _put_reconciled(left, made, dry_run)
    raise SystemExit(1 if late else 0)


def _put_reconciled(left: "Reconciled", made: int, dry_run: bool) -> None:
    certain = left.found.matched
    click.echo(f"{len(certain):,} matches are certain; none was made" if dry_run else f"{made:,} matches made")
    found = left.found
    choices = [
        (", ".join(str(left.rows[line]) for line in each.lines), ", ".join(each.payments), each.state,
         dollars(each.difference), each.why)
        for each in found.candidates
    ]  # fmt: skip
    if choices:
        put_table("To choose (superbill bank match)", ("lines", "payments", "", "difference", "why"), choices)
    rows = [
        (left.rows[each.line], left.lines[each.line].booked_on, dollars(each.amount), each.state, _late(each),
         left.lines[each.line].text[:50])
        for each in found.unexplained
    ]  # fmt: skip
    put_table("Bank lines without a payment", ("line", "booked on", "amount", "what", "days", "text"), rows)
    waits = [
        (each.payment, left.payments[each.payment].on, dollars(each.amount), each.state, _late(each))
        for each in found.outstanding
    ]
    put_table("Payments without a bank line", ("payment", "dated", "amount", "what", "days"), waits)
    for number in left.stale:
        say(f"match {number} names a payment that was voided since: superbill bank undo {number} --why …")


def _late(each: "Unexplained | Outstanding") -> str:
    return f"{each.days} (overdue)" if each.overdue else str(each.days)


@command.command("match")
@click.option("--line", "chosen", type=int, multiple=True, required=True, help="A bank line's number; may be repeated.")
@click.option("--payment", "payments", multiple=True, required=True, help="A payment, as reconcile shows it.")
@click.option("--why", default="", help="What explains a difference.")
@click.option("--fee", is_flag=True, help="The bank or processor kept the difference: post it to fees.")
@desk_options(key=False, preview=False)
def match(desk: Desk, chosen: tuple[int, ...], payments: tuple[str, ...], why: str, fee: bool) -> None:
    """Say that bank lines are payments; a difference takes a reason, and stays on record.

    \b
    superbill bank match --line 3 --payment deposit:2 --why "coins miscounted" --db practice.db
    """
    from superbill.app.deposits.actions import confirm_match

    made = confirm_match(desk.actor, chosen, payments, why=why, fee=fee, at=desk.session.at)
    if desk.as_json:
        put_json({"match": made})
    else:
        off = f", {dollars(made.difference)} apart" if made.difference else ""
        click.echo(f"match {made.number} made{off}")


@command.command("matches")
@click.option("--all", "undone", is_flag=True, help="Those undone, too.")
@books_options
@json_option
def matches(books: Books, undone: bool, as_json: bool) -> None:
    """Matches, with who made them and how.

    \b
    superbill bank matches --db practice.db
    """
    from superbill.app.deposits.queries import matches as found

    shown: list[dict[str, Any]] = []
    for row, parts in found(books.scope, live=not undone):
        lines_of = [part.line_id for part in parts if part.line_id is not None]
        shown.append({"number": row.number, "how": row.how, "why": row.why, "difference": row.difference,
                      "live": row.live, "by": row.actor, "at": row.at, "undone_by": row.undone_by,
                      "undone_why": row.undone_why, "lines": lines_of,
                      "payments": [part.payment for part in parts if part.payment]})  # fmt: skip
    if as_json:
        put_json({"matches": shown})
        return
    table = [
        (one["number"], one["how"], ", ".join(map(str, one["lines"])), ", ".join(one["payments"]),
         dollars(one["difference"]), one["by"], "" if one["live"] else f"undone: {one['undone_why']}")
        for one in shown
    ]  # fmt: skip
    put_table("Matches", ("match", "how", "lines", "payments", "difference", "by", ""), table, right="difference")


@command.command("undo")
@click.argument("number", type=int)
@click.option("--why", required=True, help="Why it was wrong.")
@desk_options(key=False, preview=False)
def undo(desk: Desk, number: int, why: str) -> None:
    """Undo a match: its lines and payments are open again, a fee that it posted is taken back.

    \b
    superbill bank undo 4 --why "another payer's check" --db practice.db
    """
    from superbill.app.deposits.actions import undo_match

    undo_match(desk.actor, number, why=why, at=desk.session.at)
    put_json({"undone": number}) if desk.as_json else click.echo(f"match {number} undone")


@command.command("set-aside")
@_LINES
@click.option("--why", required=True, help="What the lines are.")
@desk_options(key=False, preview=False)
def set_aside_(desk: Desk, lines: tuple[int, ...], why: str) -> None:
    """Lines that are no payment of the practice's patients or payers: rent, loans, money of the owners.

    \b
    superbill bank set-aside 7 --why rent --db practice.db
    """
    from superbill.app.deposits.actions import set_aside

    count = set_aside(desk.actor, lines, why, at=desk.session.at)
    put_json({"set_aside": count}) if desk.as_json else click.echo(f"{count} lines set aside")


@command.command("take-up")
@_LINES
@desk_options(key=False, preview=False)
def take_up_(desk: Desk, lines: tuple[int, ...]) -> None:
    """Lines that were set aside, or thought to be the same as others, are open again.

    \b
    superbill bank take-up 7 --db practice.db
    """
    from superbill.app.deposits.actions import take_up

    count = take_up(desk.actor, lines, at=desk.session.at)
    put_json({"taken_up": count}) if desk.as_json else click.echo(f"{count} lines are open again")


@command.command("fee")
@click.argument("line", type=int)
@click.option("--why", default="", help="What it is a fee for.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Book it on this day  [default: the bank's]")
@desk_options(key=False)
def fee_(desk: Desk, line: int, why: str, on: datetime | None) -> None:
    """Book a bank line as a fee of the bank.

    \b
    superbill bank fee 5 --why "monthly service charge" --db practice.db
    """
    from superbill.app.deposits.actions import book_fee

    desk.do(
        lambda: book_fee(desk.actor, line, on.date() if on else None, why=why, at=desk.session.at),
        lambda entry: f"booked {dollars(entry.postings[0].amount)} as a fee on {entry.on:%-d %b %Y}",
    )
