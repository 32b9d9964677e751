"""The transfers of `superbill adjust`: to another payer, to the patient, to insurance, from line to line."""

from typing import TYPE_CHECKING

import click

from superbill.app.session import BadInput
from superbill.cli.money import DOLLARS, LINE_AMOUNT, Desk, desk_options, patient_row, posted
from superbill.ledger.reasons import TO_PATIENT

if TYPE_CHECKING:
    from superbill.site.model import PayerEntry

Lines = tuple[tuple[str, int], ...]


def _payer(desk: Desk, key: str) -> "PayerEntry":
    entry = desk.session.site.payer(key)
    if entry is None:
        known = ", ".join(one.key for one in desk.session.site.payers)
        raise BadInput(f"{key}: no payer of this key at the site. There are {known}.")
    return entry


@click.command("to-payer")
@click.argument("lines", nargs=-1, required=True, type=LINE_AMOUNT)
@click.option("--from", "from_payer", required=True, help="The payer that holds the balance (its key at the site).")
@click.option("--to", "to_payer", required=True, help="The payer that takes it on.")
@click.option("--reason", required=True, help="Why: wrong payer, coordination of benefits, …")
@desk_options()
def to_payer(desk: Desk, lines: Lines, from_payer: str, to_payer: str, reason: str) -> None:
    """Move a balance from one payer to another.

    \b
    superbill adjust to-payer A1001-1=80 --from medicare --to aetna --reason "aetna is primary" --db practice.db
    """
    from superbill.app.billing.actions import transfer_to_payer

    old, new = _payer(desk, from_payer).key, _payer(desk, to_payer).key
    day, at = desk.session.today, desk.session.at
    desk.do(lambda: transfer_to_payer(desk.actor, lines, old, new, desk.key, day, reason=reason, at=at), posted)


@click.command("to-patient")
@click.argument("lines", nargs=-1, required=True, type=LINE_AMOUNT)
@click.option("--payer", required=True, help="The payer that holds the balance (its key at the site).")
@click.option("--why", required=True, type=click.Choice(sorted(TO_PATIENT)), help="What makes it the patient's.")
@click.option("--note", default="", help="What to know about it.")
@desk_options()
def to_patient(desk: Desk, lines: Lines, payer: str, why: str, note: str) -> None:
    """Make a payer's balance the patient's, where law and contract allow it.

    \b
    superbill adjust to-patient A1001-1=80 --payer aetna --why coverage-ended --db practice.db
    """
    from superbill.app.billing.actions import transfer_to_patient

    entry, day, at = _payer(desk, payer), desk.session.today, desk.session.at
    desk.do(
        lambda: transfer_to_patient(
            desk.actor, lines, entry.key, why, desk.key, day, reason=note, payer_kind=entry.kind, at=at
        ),
        posted,
    )


@click.command("to-insurance")
@click.argument("lines", nargs=-1, required=True, type=LINE_AMOUNT)
@click.option("--payer", required=True, help="The payer that covers it (its key at the site).")
@click.option("--reason", required=True, help="Why: coverage found, …")
@desk_options()
def to_insurance(desk: Desk, lines: Lines, payer: str, reason: str) -> None:
    """Coverage was found: make the patient's balance a payer's.

    \b
    superbill adjust to-insurance A1001-1=80 --payer aetna --reason "coverage found" --db practice.db
    """
    from superbill.app.billing.actions import transfer_to_insurance

    entry, day, at = _payer(desk, payer), desk.session.today, desk.session.at
    desk.do(lambda: transfer_to_insurance(desk.actor, lines, entry.key, desk.key, day, reason=reason, at=at), posted)


@click.command("move-payment")
@click.argument("from_line")
@click.argument("to_line")
@click.argument("amount", type=DOLLARS)
@click.option("--reason", required=True, help="Why it was on the wrong line.")
@desk_options()
def move_payment(desk: Desk, from_line: str, to_line: str, amount: int, reason: str) -> None:
    """Move a patient's money from one line to another.

    \b
    superbill adjust move-payment A1001-1 A1002-1 20 --reason "wrong visit" --db practice.db
    """
    from superbill.app.billing.actions import move_payment as act

    day, at = desk.session.today, desk.session.at
    desk.do(lambda: act(desk.actor, from_line, to_line, amount, desk.key, day, reason=reason, at=at), posted)


@click.command("move-unapplied")
@click.argument("from_patient")
@click.argument("to_patient")
@click.argument("amount", type=DOLLARS)
@click.option("--reason", required=True, help="Why.")
@desk_options()
def move_unapplied(desk: Desk, from_patient: str, to_patient: str, amount: int, reason: str) -> None:
    """Move money on account between two patients of the same guarantor.

    \b
    superbill adjust move-unapplied 3 4 20 --reason "for the sister" --db practice.db
    """
    from superbill.app.billing.actions import move_unapplied as act

    one, other = patient_row(desk.session, from_patient), patient_row(desk.session, to_patient)
    day, at = desk.session.today, desk.session.at
    desk.do(lambda: act(desk.actor, one, other, amount, desk.key, day, reason=reason, at=at), posted)


TRANSFERS = (to_payer, to_patient, to_insurance, move_payment, move_unapplied)
