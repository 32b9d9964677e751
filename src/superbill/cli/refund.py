"""`superbill refund`: money given back: asked for, approved, sent, cashed or voided."""

import click

from superbill.app.labels import number_of
from superbill.app.session import BadInput, Books
from superbill.cli.money import DOLLARS, Desk, desk_options, patient_row, posted
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.money import dollars


@click.group("refund")
def command() -> None:
    """Give patients and payers back what they paid too much."""


@command.command("credits")
@click.option("--patient", help="What this patient paid too much.")
@click.option("--payer", help="What this payer paid too much (its key), with --line.")
@click.option("--line", "lines", multiple=True, help="A charge line (A1001-1); again for more.")
@books_options
@json_option
def credits_(books: Books, patient: str | None, payer: str | None, lines: tuple[str, ...], as_json: bool) -> None:
    """What could be given back, and from where.

    \b
    superbill refund credits --patient 3 --db practice.db
    """
    from superbill.app.billing.queries import patient_credits, payer_credits

    if (patient is None) == (payer is None):
        raise BadInput("Name a patient (--patient 3) or a payer with its lines (--payer aetna --line A1001-1).")
    if patient is not None:
        found = patient_credits(books.scope, patient_row(books, patient))
    else:
        found = payer_credits(books.scope, payer or "", lines)
    if as_json:
        put_json({"credits": found})
        return
    rows = [(one.line or f"on account, receipt {one.receipt}", dollars(one.amount)) for one in found]
    put_table("Paid too much", ("where", "amount"), rows, right="amount")


@command.command("request")
@click.argument("amount", type=DOLLARS)
@click.option("--patient", help="To this patient.")
@click.option("--payer", help="To this payer (its key at the site), with --line.")
@click.option("--line", "lines", multiple=True, help="From the credit of this line; again for more.")
@click.option("--reason", required=True, help="Why it is given back.")
@click.option("--despite-balance", is_flag=True, help="Although the patient owes elsewhere.")
@desk_options(preview=False)
def request(
    desk: Desk,
    amount: int,
    patient: str | None,
    payer: str | None,
    lines: tuple[str, ...],
    reason: str,
    despite_balance: bool,
) -> None:
    """Ask for a refund, never more than the credit. Above the policy's limit it waits for a second person.

    \b
    superbill refund request 30 --patient 3 --reason overpaid --db practice.db
    """
    from superbill.app.billing.actions import patient_party, request_refund

    if (patient is None) == (payer is None):
        raise BadInput("Name a patient (--patient 3) or a payer with its lines (--payer aetna --line A1001-1).")
    party = payer or patient_party(patient_row(desk.session, patient or ""))
    day, at = desk.session.today, desk.session.at
    desk.do(
        lambda: request_refund(
            desk.actor,
            party,
            amount,
            desk.key,
            day,
            reason=reason,
            lines=lines,
            despite_balance=despite_balance,
            at=at,
        ),
        lambda number: f"Refund {number}. See superbill refund list.",
    )


@command.command("approve")
@click.argument("number")
@desk_options(key=False, preview=False)
def approve(desk: Desk, number: str) -> None:
    """Say yes to a refund that somebody else asked for.

    \b
    superbill refund approve RF000001 --as manager --db practice.db
    """
    from superbill.app.billing.actions import approve_refund

    wanted, day, at = number_of(number, "RF"), desk.session.today, desk.session.at
    desk.do(lambda: approve_refund(desk.actor, wanted, day, at=at), lambda _: f"{number} is approved.")


@command.command("refuse")
@click.argument("number")
@click.option("--reason", required=True, help="Why not.")
@desk_options(key=False, preview=False)
def refuse(desk: Desk, number: str, reason: str) -> None:
    """Say no to a refund, or withdraw it before it is sent.

    \b
    superbill refund refuse RF000001 --reason "it is owed elsewhere" --db practice.db
    """
    from superbill.app.billing.actions import refuse_refund

    wanted, day, at = number_of(number, "RF"), desk.session.today, desk.session.at
    desk.do(lambda: refuse_refund(desk.actor, wanted, day, reason=reason, at=at), lambda _: f"{number} is refused.")


@command.command("issue")
@click.argument("number")
@click.option("--check", "check_number", required=True, help="The check's number, or that of the card credit.")
@desk_options(key=False)
def issue(desk: Desk, number: str, check_number: str) -> None:
    """The check goes out: post it.

    \b
    superbill refund issue RF000001 --check 2201 --db practice.db
    """
    from superbill.app.billing.actions import issue_refund

    wanted, day, at = number_of(number, "RF"), desk.session.today, desk.session.at
    desk.do(lambda: issue_refund(desk.actor, wanted, day, check_number=check_number, at=at), posted)


@command.command("void")
@click.argument("number")
@click.option("--reason", required=True, help="Lost, never cashed, wrong.")
@click.option("--issue-again", is_flag=True, help="It stays approved, to go out under another check.")
@desk_options(key=False)
def void(desk: Desk, number: str, reason: str, issue_again: bool) -> None:
    """The check was lost or is stale: take its entry back.

    \b
    superbill refund void RF000001 --reason "never cashed" --issue-again --db practice.db
    """
    from superbill.app.billing.actions import void_refund

    wanted, day, at = number_of(number, "RF"), desk.session.today, desk.session.at
    desk.do(lambda: void_refund(desk.actor, wanted, day, reason=reason, issue_again=issue_again, at=at), posted)


@command.command("cleared")
@click.argument("number")
@desk_options(key=False, preview=False)
def cleared(desk: Desk, number: str) -> None:
    """The bank paid the check.

    \b
    superbill refund cleared RF000001 --db practice.db
    """
    from superbill.app.billing.actions import clear_refund

    wanted, day, at = number_of(number, "RF"), desk.session.today, desk.session.at
    desk.do(lambda: clear_refund(desk.actor, wanted, day, at=at), lambda _: f"{number} was cashed.")


@command.command("list")
@books_options
@json_option
def show_all(books: Books, as_json: bool) -> None:
    """Refunds by number, with where they stand.

    \b
    superbill refund list --db practice.db
    """
    from superbill.app.billing.queries import refunds

    found = list(refunds(books.scope))
    if as_json:
        put_json({"refunds": found})
        return
    rows = [
        (one.case.number, one.case.on, one.case.party, one.case.by, one.facts.reason, one.case.state,
         dollars(one.case.amount))
        for one in found
    ]  # fmt: skip
    columns = ("number", "asked", "to", "by", "reason", "state", "amount")
    put_table("Refunds", columns, rows, right="amount")
    if any(one.case.state == "requested" for one in found):
        say("A second person approves: superbill refund approve NUMBER --as NAME")
