"""`superbill eob`: paper explanations of benefits, keyed line by line and posted like an 835."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.money import MoneyError, dollars

if TYPE_CHECKING:
    from superbill.app.eobs.queries import Keyed
    from superbill.remits.paper import PaperRemittance, Parties

_EOB = click.argument("eob_id", metavar="PAPER", type=int)


@click.group("eob")
def command() -> None:
    """Key paper explanations of benefits: begin a check, key its claims, post it when it is explained to the cent."""


@command.command("start")
@click.option("--payer", required=True, help="Who paid: key, name or id of a payer of the site.")
@click.option("--check", required=True, help="The number of the check.")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the check.")
@click.option("--amount", required=True, help="Dollars of the check; 0 when only denials came.")
@session_options
@json_option
def start(session: Session, payer: str, check: str, on: Any, amount: str, as_json: bool) -> None:
    """Begin the paper of one check. A check that was posted from an 835, or is being keyed, is refused.

    \b
    superbill eob start --payer medicare --check 004711 --on 2026-10-01 --amount 80.00 --db practice.db
    """
    from superbill.app.eobs.actions import start_eob
    from superbill.remits.paper import PaperRemittance
    from superbill.remits.paper_rows import amount_of

    try:
        cents = amount_of(amount)
    except MoneyError as error:
        raise BadInput(f"--amount: {error}") from None
    paper = PaperRemittance(payer=_payer_key(session, payer), check_number=check, on=on.date(), amount=cents)
    _show(session, start_eob(session.actor, paper, at=session.at), as_json)


@command.command("key")
@_EOB
@click.option("--claim", required=True, help="Our claim's control number.")
@click.option("--line", "lines", multiple=True, required=True, help='"1 allowed=80 paid=60 ded=20 CO-97=5 N130".')
@click.option(
    "--status", default="1", show_default=True, help="1 primary, 2 secondary, 3 tertiary, 4 denied, 22 taken back."
)
@click.option("--payer-number", default="", help="The payer's own number of the claim.")
@click.option("--version", type=int, help="Refuse if somebody has changed the paper since this version.")
@session_options
@json_option
def key(session: Session, eob_id: int, as_json: bool, **said: Any) -> None:
    """Key one claim with all its lines; a claim that was keyed before is replaced.

    A line is its number on our claim and name=dollars: allowed, ded, coins, copay, paid; other reasons as CO-97=5.00;
    remark codes alone. The charge less what is allowed becomes CO-45.

    \b
    superbill eob key 1 --claim 000001P1 --line "1 allowed=100 paid=80 coins=20" --db practice.db
    """
    from superbill.app.eobs.actions import key_claim
    from superbill.remits.paper import KeyedClaim
    from superbill.remits.paper_rows import read_line

    claim = KeyedClaim(
        control_number=said["claim"],
        status=said["status"],
        payer_control_number=said["payer_number"],
        lines=tuple(read_line(text) for text in said["lines"]),
    )
    key_claim(session.actor, eob_id, _version(session, eob_id, said["version"]), claim, at=session.at)
    _show(session, eob_id, as_json)


@command.command("take-out")
@_EOB
@click.argument("claim")
@session_options
@json_option
def take_out(session: Session, eob_id: int, claim: str, as_json: bool) -> None:
    """Take a claim off a paper again.

    \b
    superbill eob take-out 1 000001P1 --db practice.db
    """
    from superbill.app.eobs.actions import take_out_claim

    take_out_claim(session.actor, eob_id, _version(session, eob_id, None), claim, at=session.at)
    _show(session, eob_id, as_json)


@command.command("adjust")
@_EOB
@click.argument("adjustments", nargs=-1)
@session_options
@json_option
def adjust(session: Session, eob_id: int, adjustments: tuple[str, ...], as_json: bool) -> None:
    """The check's money that belongs to no claim, as REASON=DOLLARS; positive amounts take from the check. None: none.

    \b
    superbill eob adjust 1 L6=-3.20 "WO=50.00 26123" --db practice.db
    """
    from superbill.app.eobs.actions import key_provider_adjustments
    from superbill.remits.paper_rows import read_provider_adjustment

    read = [read_provider_adjustment(text) for text in adjustments]
    key_provider_adjustments(session.actor, eob_id, _version(session, eob_id, None), read, at=session.at)
    _show(session, eob_id, as_json)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@session_options
@json_option
def import_(session: Session, file: Path, as_json: bool) -> None:
    """Begin every check of a CSV (payer, check, date, amount, claim, line, allowed … paid, other), all or none.

    Nothing is posted: look at each with superbill eob show, then post it.

    \b
    superbill eob import checks.csv --db practice.db
    """
    from msgspec.structs import replace

    from superbill.app.eobs.actions import start_eob
    from superbill.app.eobs.queries import eob
    from superbill.app.work import together
    from superbill.remits.paper_rows import read_papers

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            papers = read_papers(lines, str(file))
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not UTF-8 text. Save it as UTF-8.") from None
    with together():
        named = (replace(paper, payer=_payer_key(session, paper.payer)) for paper in papers)
        ids = [start_eob(session.actor, paper, at=session.at) for paper in named]
    begun = [keyed for row_id in ids if (keyed := eob(session.scope, row_id))]
    _list(begun, as_json)
    raise SystemExit(1 if any(keyed.findings for keyed in begun) else 0)


@command.command("list")
@click.option("--state", type=click.Choice(["keying", "posted", "dropped"]), default="keying", show_default=True)
@books_options
@json_option
def list_(books: Books, state: str, as_json: bool) -> None:
    """Papers, and what of each check is still to be keyed.

    \b
    superbill eob list --db practice.db
    """
    from superbill.app.eobs.models import EobState
    from superbill.app.eobs.queries import eobs

    _list(eobs(books.scope, EobState(state)), as_json)


@command.command("show")
@_EOB
@books_options
@json_option
def show(books: Books, eob_id: int, as_json: bool) -> None:
    """One paper with its running balance, and what keeps it from being posted.

    \b
    superbill eob show 1 --db practice.db
    """
    _show(books, eob_id, as_json)


@command.command("post")
@_EOB
@session_options
@json_option
def post(session: Session, eob_id: int, as_json: bool) -> None:
    """Post a paper whose check is explained to the cent. Exit 1, and nothing posted, when something is off.

    \b
    superbill eob post 1 --db practice.db
    """
    from superbill.app.eobs.actions import BadEob, post_eob

    keyed = _keyed(session, eob_id)
    try:
        result = post_eob(session.actor, eob_id, keyed.version, _parties(session, keyed.paper), at=session.at)
    except BadEob as error:
        if not error.findings:
            raise
        if as_json:
            put_json({"posted": False, "findings": error.findings})
        else:
            put_findings(error.findings)
            say("Nothing was posted.")
        raise SystemExit(1) from None
    if as_json:
        put_json({"posted": True, "entries": result.entries, "findings": result.findings})
    else:
        put_findings(result.findings)
        say(f"Check {keyed.paper.check_number} is posted: {dollars(keyed.paper.amount)}, {result.entries} entries.")


@command.command("drop")
@_EOB
@session_options
@json_option
def drop(session: Session, eob_id: int, as_json: bool) -> None:
    """Give up a paper that is not posted. What was keyed can still be read.

    \b
    superbill eob drop 1 --db practice.db
    """
    from superbill.app.eobs.actions import drop_eob

    drop_eob(session.actor, eob_id, _version(session, eob_id, None), at=session.at)
    if as_json:
        put_json({"dropped": eob_id})
    else:
        say(f"Paper {eob_id} is dropped.")


def _payer_key(session: Session, name: str) -> str:
    entry = session.site.payer(name)
    if entry is None:
        known = ", ".join(one.key for one in session.site.payers)
        raise BadInput(f"{name}: no payer of the site is called so. Name one of {known}.")
    return entry.key


def _parties(session: Session, paper: "PaperRemittance") -> "Parties":
    from superbill.remits.paper import Parties

    entry, practice = session.site.payer(paper.payer), session.site.practice
    if entry is None:
        raise BadInput(f"{paper.payer}: the site has no such payer any more. Put it back into the site file.")
    return Parties(
        payer_name=entry.name,
        payer_id=entry.id,
        payee_name=practice.name,
        payee_npi=practice.npi,
        payee_tin=practice.tin,
    )


def _version(session: Session, eob_id: int, version: int | None) -> int:
    return _keyed(session, eob_id).version if version is None else version


def _keyed(books: Books, eob_id: int) -> "Keyed":
    from superbill.app.eobs.queries import eob

    keyed = eob(books.scope, eob_id)
    if keyed is None:
        raise BadInput(f"There is no paper {eob_id} in this practice. See superbill eob list")
    return keyed


def _list(papers: "Sequence[Keyed]", as_json: bool) -> None:
    if as_json:
        put_json([{"left": one.left, "keyed": one} for one in papers])
        return
    columns = ("paper", "payer", "check", "date", "amount", "claims", "left", "by", "state")
    put_table("Papers", columns, [_row(one) for one in papers], right="paper amount claims left")


def _row(one: "Keyed") -> tuple[object, ...]:
    paper = one.paper
    money = (dollars(paper.amount), len(paper.claims), dollars(one.left))
    return (one.id, paper.payer, paper.check_number, _day(paper.on), *money, one.by, one.state)


def _day(day: date) -> str:
    return day.isoformat()


def _show(books: Books, eob_id: int, as_json: bool) -> None:
    keyed = _keyed(books, eob_id)
    paper = keyed.paper
    if as_json:
        put_json({"left": keyed.left, "keyed": keyed})
        return
    say(f"Paper {keyed.id}, version {keyed.version}, {keyed.state}: {books.payer_name(paper.payer)},")
    say(f"check {paper.check_number} of {_day(paper.on)}, {dollars(paper.amount)}")
    rows = []
    left = paper.amount
    for claim in paper.claims:
        for line in claim.lines:
            left -= line.paid
            reasons = " ".join(f"{one.group}-{one.reason}={dollars(one.amount)}" for one in line.adjustments)
            allowed = "" if line.allowed is None else dollars(line.allowed)
            share = [dollars(amount) if amount else "" for amount in (line.deductible, line.coinsurance, line.copay)]
            who = (claim.control_number, claim.status, line.number)
            rows.append((*who, allowed, *share, reasons, dollars(line.paid), dollars(left)))
    columns = ("claim", "status", "line", "allowed", "deductible", "coinsurance", "copay", "other", "paid", "left")
    put_table("Keyed", columns, rows, right="line allowed deductible coinsurance copay paid left")
    for each in paper.provider_adjustments:
        say(f"{each.reason} {dollars(each.amount)} {each.reference} of the check, about no claim")
    put_findings(keyed.findings)
    say(f"{dollars(keyed.left)} of the check is still to be keyed." if keyed.left else "The check is explained.")
