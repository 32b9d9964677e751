"""`superbill collections`: balances that a collection agency collects."""

import click

from superbill.app.labels import number_of
from superbill.app.session import BadInput, Books
from superbill.cli.money import DOLLARS, Desk, desk_options, patient_row, posted
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options
from superbill.money import dollars


@click.group("collections")
def command() -> None:
    """Balances with collection agencies: place, recall, pay, close."""


@command.command("place")
@click.argument("patient", required=False)
@click.option("--guarantor", type=int, help="All that this guarantor is to pay, for all of their patients.")
@click.option("--agency", required=True, help="The agency's name.")
@click.option("--line", "lines", multiple=True, help="Only this line (A1001-1); again for more.  [default: all owed]")
@click.option(
    "--bad-debt/--keep-owed",
    "give_up",
    default=None,
    help="Give it up as bad debt at once, or leave it owed  [default: the policy's]",
)
@desk_options()
def place_(
    desk: Desk, patient: str | None, guarantor: int | None, agency: str, lines: tuple[str, ...], give_up: bool | None
) -> None:
    """Hand what a patient or a guarantor owes to an agency. No statements go out while it is there.

    \b
    superbill collections place 3 --agency "Prairie Recovery" --preview --db practice.db
    """
    from superbill.app.billing.actions import place, place_guarantor

    if (patient is None) == (guarantor is None):
        raise BadInput("Name a patient (superbill collections place 3 …) or a guarantor (--guarantor 2).")
    day, at = desk.session.today, desk.session.at
    if guarantor is not None:
        desk.do(
            lambda: place_guarantor(desk.actor, guarantor, agency, desk.key, day, give_up=give_up, at=at),
            lambda numbers: f"Placements {', '.join(numbers)}.",
        )
        return
    row = patient_row(desk.session, patient or "")
    desk.do(
        lambda: place(desk.actor, row, agency, desk.key, day, lines=lines, give_up=give_up, at=at),
        lambda number: f"Placement {number}.",
    )


@command.command("recall")
@click.argument("number")
@click.option("--reason", required=True, help="Why it is taken back.")
@desk_options(key=False)
def recall_(desk: Desk, number: str, reason: str) -> None:
    """Take a balance back from the agency: what is left of the bad debt is owed again.

    \b
    superbill collections recall CP000001 --reason "insurance found" --db practice.db
    """
    from superbill.app.billing.actions import recall

    wanted, day, at = number_of(number, "CP"), desk.session.today, desk.session.at
    desk.do(lambda: recall(desk.actor, wanted, day, reason=reason, at=at), posted)


@command.command("pay")
@click.argument("number")
@click.argument("gross", type=DOLLARS)
@click.option("--fee", type=DOLLARS, default=0, show_default=True, help="What the agency kept of it.")
@click.option("--reference", default="", help="The agency's check or report number.")
@desk_options()
def pay(desk: Desk, number: str, gross: int, fee: int, reference: str) -> None:
    """What the agency collected: the patient is credited the gross, the fee is our cost.

    \b
    superbill collections pay CP000001 100 --fee 25 --reference 7781 --db practice.db
    """
    from superbill.app.billing.actions import agency_payment

    wanted, day, at = number_of(number, "CP"), desk.session.today, desk.session.at
    desk.do(
        lambda: agency_payment(desk.actor, wanted, gross, fee, desk.key, day, reference=reference, at=at),
        lambda taken: f"Receipt {taken.receipt}: {dollars(gross)} collected, {dollars(gross - fee)} to deposit.",
    )


@command.command("fee")
@click.argument("number")
@click.argument("fee", type=DOLLARS)
@click.option("--reason", required=True, help="What it is for.")
@desk_options()
def charge(desk: Desk, number: str, fee: int, reason: str) -> None:
    """A fee that the agency billed apart, for what the patient paid to us directly.

    \b
    superbill collections fee CP000001 12.50 --reason "paid at the desk" --db practice.db
    """
    from superbill.app.billing.actions import agency_fee

    wanted, day, at = number_of(number, "CP"), desk.session.today, desk.session.at
    desk.do(lambda: agency_fee(desk.actor, wanted, fee, desk.key, day, reason=reason, at=at), posted)


@command.command("close")
@click.argument("number")
@click.option("--reason", required=True, help="What the agency reported.")
@desk_options(key=False, preview=False)
def close(desk: Desk, number: str, reason: str) -> None:
    """The agency is done with it.

    \b
    superbill collections close CP000001 --reason "cannot be found" --db practice.db
    """
    from superbill.app.billing.actions import close_placement

    wanted, day, at = number_of(number, "CP"), desk.session.today, desk.session.at
    desk.do(lambda: close_placement(desk.actor, wanted, day, reason=reason, at=at), lambda _: f"{number} is closed.")


@command.command("list")
@click.option("--patient", help="Of this patient.")
@books_options
@json_option
def show_all(books: Books, patient: str | None, as_json: bool) -> None:
    """Placements by number.

    \b
    superbill collections list --db practice.db
    """
    from superbill.app.billing.queries import placements

    found = list(placements(books.scope, patient=patient_row(books, patient) if patient else None))
    if as_json:
        put_json({"placements": found})
        return
    rows = [
        (one.case.number, one.case.on, one.case.patient, one.case.party, one.case.state,
         "bad debt" if one.facts.given_up else "owed", dollars(one.case.amount))
        for one in found
    ]  # fmt: skip
    columns = ("number", "placed", "patient", "agency", "state", "as", "amount")
    put_table("With agencies", columns, rows, right="patient amount")
