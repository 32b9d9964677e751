"""`superbill remit provider-level`: balances between payers and the practice that are about no claim."""

from typing import Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.money import MoneyError, dollars, parse_dollars


@click.group("provider-level")
def provider_level() -> None:
    """Money between payers and the practice about no claim (PLB): forwarded, recovered, open; settle it by hand."""


@provider_level.command("list")
@click.option("--payer", default="", help="Only this payer's key.")
@click.option("--settled", is_flag=True, help="Also those that are at zero.")
@books_options
@json_option
def show(books: Books, payer: str, settled: bool, as_json: bool) -> None:
    """What is open per payer and reference, oldest first. Positive: the payer will still take it.

    \b
    superbill remit provider-level list --db practice.db
    """
    from superbill.app.remits.queries import provider_balances

    found = provider_balances(books.scope, payer=payer, settled=settled)
    if as_json:
        put_json({"balances": found})
        return
    rows = [
        (
            books.payer_name(one.payer_key), one.reference, dollars(one.forwarded), dollars(one.recovered),
            dollars(one.open), one.since, (books.today - one.since).days, " ".join(one.reasons),
            ", ".join(one.opposite),
        )
        for one in found
    ]  # fmt: skip
    columns = ("payer", "reference", "forwarded", "recovered", "open", "since", "days", "reasons", "opposite")
    put_table("Balances with payers", columns, rows, right="forwarded recovered open days")


@provider_level.command("settle")
@click.argument("payer")
@click.argument("reference")
@click.argument("amount")
@click.option("--line", default="", help="The payer took it for this charge line, or pays it for that line.")
@click.option("--same-as", default="", help="It is the same matter as this other reference of the payer.")
@click.option("--refund", default="", help="Paid to the payer (or by it) with this check or transfer.")
@click.option("--final", is_flag=True, help="It is settled for good: income or loss.")
@click.option("--why", required=True, help="The reason, kept with the entry.")
@click.option("--key", required=True, help="A name of your own: the same key settles once.")
@session_options
@json_option
def settle(
    session: Session,
    payer: str,
    reference: str,
    amount: str,
    line: str,
    same_as: str,
    refund: str,
    final: bool,
    why: str,
    key: str,
    as_json: bool,
) -> None:
    """Settle an open balance, or a part of it: on a line, by another reference, by a refund, or for good.

    \b
    superbill remit provider-level settle bluepeak "ICN 12" 30.00 --line A1007-1 --why "WO of A1007" --key s1
    """
    from superbill.app.remits.actions import Settlement, settle_provider_level

    ways: list[tuple[Any, str]] = [("line", line), ("reference", same_as), ("refund", refund)]
    chosen = [(way, target) for way, target in ways if target] + ([("settlement", "")] if final else [])
    if len(chosen) != 1:
        raise BadInput("Say one of --line, --same-as, --refund and --final: what the money is.")
    try:
        cents = parse_dollars(amount)
    except MoneyError as error:
        raise BadInput(f"AMOUNT: {error}.") from None
    way, target = chosen[0]
    asked = Settlement(payer=payer, reference=reference, amount=cents, way=way, target=target, why=why)
    entry = settle_provider_level(session.actor, asked, key, on=session.today, at=session.at)
    _put(f"{dollars(cents)} with {payer} under {reference} is settled.", entry.key, as_json)


@provider_level.command("undo")
@click.argument("key")
@session_options
@json_option
def undo(session: Session, key: str, as_json: bool) -> None:
    """Take a settlement back, by the key that it was given.

    \b
    superbill remit provider-level undo s1 --db practice.db
    """
    from superbill.app.remits.actions import undo_settlement

    entry = undo_settlement(session.actor, key, on=session.today, at=session.at)
    _put(f"Settlement {key} is undone; its balance is open again.", entry.key, as_json)


def _put(text: str, key: str, as_json: bool) -> None:
    if as_json:
        put_json({"entry": key})
    else:
        say(text)
