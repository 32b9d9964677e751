"""`superbill deposit`: payments brought to the bank together."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.money import Desk, desk_options, put_preview
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.money import MoneyError, dollars, parse_dollars

if TYPE_CHECKING:
    from collections.abc import Callable

    from superbill.app.deposits.models import Deposit, DepositItem

_NUMBER = click.argument("number", type=int)


@click.group("deposit")
def command() -> None:
    """Bundle payments into deposits, print slips, void a deposit and take it anew."""


@command.command("waiting")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Payments of this day alone.")
@books_options
@json_option
def waiting(books: Books, on: datetime | None, as_json: bool) -> None:
    """Payments that are in no deposit yet: receipts, and payers' checks.

    \b
    superbill deposit waiting --db practice.db
    """
    from superbill.app.deposits.making import undeposited

    found = undeposited(books.scope, on=on.date() if on else None)
    if as_json:
        put_json({"waiting": found})
        return
    rows = [(each.payment, each.method, each.on, dollars(each.amount)) for each in found]
    put_table("Waiting for a deposit", ("payment", "method", "taken on", "amount"), rows, right="amount")


@command.command("make")
@click.argument("payments", nargs=-1)
@click.option("--method", "methods", multiple=True, help="Instead of PAYMENTS: all that wait of this method.")
@click.option("--fee", default="0", help="Dollars that the card processor keeps of the batch.")
@click.option("--reference", default="", help="The bank's slip number, or the processor's batch number.")
@desk_options(key=False)
def make(desk: Desk, payments: tuple[str, ...], methods: tuple[str, ...], fee: str, reference: str) -> None:
    """Make a deposit of payments, or of everything that waits of some methods.

    \b
    superbill deposit make --method cash --method check --reference 17 --db practice.db
    """
    from superbill.app.deposits.actions import make_deposit
    from superbill.app.deposits.making import undeposited

    if bool(payments) == bool(methods):
        raise BadInput("Name PAYMENTS, or methods with --method. See superbill deposit waiting.")
    chosen = payments or tuple(each.payment for each in undeposited(desk.session.scope) if each.method in methods)
    if not chosen:
        raise BadInput(f"Nothing waits of {', '.join(methods)}. See superbill deposit waiting.")
    at = desk.session.at
    cents = _cents(fee)
    _do(desk, lambda: make_deposit(desk.actor, chosen, at.date(), fee=cents, reference=reference, at=at))


def _cents(text: str) -> int:
    try:
        return parse_dollars(text)
    except MoneyError as error:
        raise BadInput(f"{error}. Give dollars, such as 12.50.") from None


@command.command("list")
@books_options
@json_option
def list_(books: Books, as_json: bool) -> None:
    """Deposits by number.

    \b
    superbill deposit list --db practice.db
    """
    from superbill.app.deposits.queries import deposits

    found = deposits(books.scope)
    if as_json:
        put_json({"deposits": [_facts(row, items) for row, items in found]})
        return
    rows = [(row.number, row.on, row.kind, len(items), dollars(row.amount), row.state) for row, items in found]
    put_table("Deposits", ("deposit", "on", "kind", "payments", "amount", "state"), rows, right="payments amount")


@command.command("slip")
@_NUMBER
@books_options
@json_option
def slip(books: Books, number: int, as_json: bool) -> None:
    """A deposit with its payments and totals by method, as it goes to the bank.

    \b
    superbill deposit slip 1 --db practice.db
    """
    _put_one(books, number, as_json)


@command.command("void")
@_NUMBER
@click.option("--why", required=True, help="Why it is voided.")
@desk_options(key=False)
def void(desk: Desk, number: int, why: str) -> None:
    """Take a deposit back with all its payments: they leave every line that they paid. Reapply takes them anew.

    \b
    superbill deposit void 1 --why "returned by the bank" --db practice.db
    """
    from superbill.app.deposits.actions import void_deposit

    at = desk.session.at
    _do(desk, lambda: void_deposit(desk.actor, number, at.date(), why=why, at=at))


@command.command("reapply")
@_NUMBER
@desk_options(key=False)
def reapply(desk: Desk, number: int) -> None:
    """Take the payments of a voided deposit anew, as a new deposit: they go to what is owed now.

    \b
    superbill deposit reapply 1 --db practice.db
    """
    from superbill.app.deposits.actions import reapply_deposit

    at = desk.session.at
    _do(desk, lambda: reapply_deposit(desk.actor, number, at.date(), at=at))


@command.command("take-apart")
@_NUMBER
@click.option("--why", required=True, help="Why the bundle was wrong.")
@desk_options(key=False)
def take_apart_(desk: Desk, number: int, why: str) -> None:
    """Undo a deposit and leave its payments posted: they wait for another one.

    \b
    superbill deposit take-apart 1 --why "a check was left out" --db practice.db
    """
    from superbill.app.deposits.actions import take_apart

    _do(desk, lambda: take_apart(desk.actor, number, why=why, at=desk.session.at))


def _do(desk: Desk, act: "Callable[[], Deposit]") -> None:
    """Make the change and show the deposit, or show what it would change."""
    if desk.preview:
        from superbill.app.billing.preview import rehearse

        put_preview(rehearse(desk.session.scope, act), as_json=desk.as_json)
    else:
        _put_one(desk.session, act().number, desk.as_json)


def _put_one(books: Books, number: int, as_json: bool) -> None:
    from superbill.app.deposits.queries import deposits

    found = deposits(books.scope, number=number)
    if not found:
        raise BadInput(f"{number}: no deposit of this number. See superbill deposit list.")
    ((row, items),) = found
    if as_json:
        put_json({"deposit": _facts(row, items)})
        return
    say(f"Deposit {row.number} of {row.on:%-d %b %Y}: {row.state}{f', {row.why}' if row.why else ''}", bold=True)
    say(books.practice_name + (f", reference {row.reference}" if row.reference else ""))
    put_table("", ("payment", "method", "amount"), [(i.payment, i.method, dollars(i.amount)) for i in items])
    totals: dict[str, list[int]] = {}
    for item in items:
        totals.setdefault(item.method, []).append(item.amount)
    for method, amounts in sorted(totals.items()):
        click.echo(f"{len(amounts)} {method}: {dollars(sum(amounts))}")
    if row.fee:
        click.echo(f"less the fee of {dollars(row.fee)}")
    say(f"Total {dollars(row.amount - row.fee)}", bold=True)


def _facts(row: "Deposit", items: "list[DepositItem]") -> dict[str, Any]:
    names = ("number", "kind", "on", "amount", "fee", "reference", "state", "why", "actor")
    payments = [{"payment": item.payment, "method": item.method, "amount": item.amount} for item in items]
    return {**{name: getattr(row, name) for name in names}, "payments": payments}
