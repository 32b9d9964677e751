"""`superbill payment`: what patients pay, where it goes, and what becomes of it when it comes back."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from superbill.app.labels import number_of
from superbill.app.session import BadInput, Books
from superbill.cli.money import DOLLARS, LINE_AMOUNT, Desk, desk_options, patient_row, posted
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.ledger.allocation import RULES
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.billing.payments import Taken

METHODS = ("cash", "check", "card", "desk", "money order", "bank transfer", "portal", "other")


@click.group("payment")
def command() -> None:
    """Take patients' payments; apply, move, return and void them."""


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@command.command("take")
@click.argument("patient")
@click.argument("amount", type=DOLLARS)
@click.option("--method", type=click.Choice(METHODS), default="cash", show_default=True)
@click.option("--check", "check_number", default="", help="The check's number.")
@click.option("--card-brand", default="", help="Visa, Mastercard, …")
@click.option("--last-four", default="", help="The card's last four digits, never more.")
@click.option("--authorization", default="", help="The card's authorization number.")
@click.option("--rule", type=click.Choice(sorted(RULES)), help="Where it goes  [default: oldest-first]")
@click.option("--visit", default="", help="Its visit's lines first (A1001); what is left over waits for it.")
@click.option(
    "--for-day",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_as_date,
    help="A deposit for the visit on this day, kept for it.",
)
@click.option("--line", "lines", type=LINE_AMOUNT, multiple=True, help="A1001-1=12.50, as the patient says; again.")
@click.option("--guarantor", type=int, help="Paid by this guarantor, for all of their patients.")
@click.option("--also", multiple=True, help="Another patient that the payment is for; again for more.")
@click.option("--note", default="", help="What to know about it.")
@desk_options()
def take(desk: Desk, patient: str, amount: int, lines: tuple[tuple[str, int], ...], **given: Any) -> None:
    """Take a payment: to the oldest service first, or as --rule, --visit or --line say; the rest stays on account.

    \b
    superbill payment take 3 25 --method check --check 1044 --db practice.db
    superbill payment take 3 40 --visit A1001 --rule visit --preview --db practice.db
    """
    from superbill.app.billing.actions import guarantor_party, take_payment

    facts = _facts(desk, patient, given)
    party = guarantor_party(given["guarantor"]) if given["guarantor"] is not None else ""
    day, at = desk.session.today, desk.session.at
    desk.do(
        lambda: take_payment(desk.actor, amount, facts, desk.key, day, party=party, asked=dict(lines), at=at), _taken
    )


def _facts(desk: Desk, patient: str, given: dict[str, Any]) -> Any:
    from superbill.app.billing.actions import PaymentFacts

    if given["method"] == "check" and not given["check_number"]:
        raise BadInput("A check has a number: --check 1044")
    if given["method"] == "card" and not given["last_four"]:
        raise BadInput("Of a card give the last four digits: --last-four 4242")
    patients = [patient_row(desk.session, name) for name in (patient, *given["also"])]
    if given["guarantor"] is not None:
        from superbill.app.guarantors.queries import patients_ever_of

        patients += patients_ever_of(desk.session.scope, given["guarantor"])
    rule = given["rule"] or ("unapplied" if given["for_day"] else "")
    return PaymentFacts(
        method=given["method"],
        reference=given["check_number"] or given["authorization"],
        brand=given["card_brand"],
        last_four=given["last_four"],
        patients=tuple(dict.fromkeys(patients)),
        visit=given["visit"],
        visit_on=given["for_day"],
        rule=rule,
        note=given["note"],
    )


def _taken(taken: "Taken") -> str:
    parts = ", ".join(f"{dollars(part.amount)} to {part.line}" for part in taken.allocation.parts)
    left = f"{dollars(taken.allocation.left)} on account" if taken.allocation.left else ""
    where = "; ".join(part for part in (parts, left) if part)
    return f"Receipt {taken.receipt}{' (taken before)' if taken.already else ''}: {where}"


@command.command("apply")
@click.argument("patient")
@click.option("--release", is_flag=True, help="Money kept for a visit too.")
@desk_options()
def apply(desk: Desk, patient: str, release: bool) -> None:
    """Put a patient's money on account to what they owe now, oldest first.

    \b
    superbill payment apply 3 --db practice.db
    """
    from superbill.app.billing.actions import apply_unapplied

    row, day, at = patient_row(desk.session, patient), desk.session.today, desk.session.at
    desk.do(lambda: apply_unapplied(desk.actor, row, desk.key, day, release=release, at=at), posted)


@command.command("reallocate")
@click.argument("receipt")
@click.option("--rule", type=click.Choice(sorted(RULES)), help="Where it goes  [default: lines with --line]")
@click.option("--visit", default="", help="The visit whose lines come first (A1001).")
@click.option("--line", "lines", type=LINE_AMOUNT, multiple=True, help="A1001-1=12.50; again for more.")
@click.option("--reason", required=True, help="Why it is moved.")
@desk_options()
def move(
    desk: Desk, receipt: str, rule: str | None, visit: str, lines: tuple[tuple[str, int], ...], reason: str
) -> None:
    """Take a payment off its lines and put it by another rule, as one entry.

    \b
    superbill payment reallocate R000001 --line A1002-1=20 --reason "meant the second visit" --db practice.db
    """
    from superbill.app.billing.actions import reallocate

    number, day, at = number_of(receipt, "R"), desk.session.today, desk.session.at
    how = rule or ("lines" if lines else "visit" if visit else "oldest-first")
    desk.do(
        lambda: reallocate(
            desk.actor, number, how, desk.key, day, reason=reason, visit=visit, asked=dict(lines), at=at
        ),
        posted,
    )


@command.command("return")
@click.argument("receipt")
@click.option("--reason", required=True, help="What the bank said: NSF, account closed, …")
@click.option("--chargeback", is_flag=True, help="A card payment that the card's bank took back.")
@click.option("--fee", type=DOLLARS, help="Charged to the patient  [default: the policy's returned_payment_fee]")
@click.option("--bank-fee", type=DOLLARS, default=0, help="What the bank kept.")
@desk_options(key=False)
def give_back(desk: Desk, receipt: str, reason: str, chargeback: bool, fee: int | None, bank_fee: int) -> None:
    """A payment came back from the bank: it leaves every line that it has come to since, and the account.

    \b
    superbill payment return R000001 --reason NSF --fee 25 --db practice.db
    """
    from superbill.app.billing.actions import return_payment

    number, day, at = number_of(receipt, "R"), desk.session.today, desk.session.at
    desk.do(
        lambda: return_payment(
            desk.actor, number, day, reason=reason, charged_back=chargeback, fee=fee, bank_fee=bank_fee, at=at
        ),
        posted,
    )


@command.command("void")
@click.argument("receipt")
@click.option("--reason", required=True, help="Why it was never paid so.")
@desk_options(key=False)
def void(desk: Desk, receipt: str, reason: str) -> None:
    """A payment was keyed wrongly: take it off every line and the account, without a fee.

    \b
    superbill payment void R000001 --reason "keyed twice" --db practice.db
    """
    from superbill.app.billing.actions import void_payment

    number, day, at = number_of(receipt, "R"), desk.session.today, desk.session.at
    desk.do(lambda: void_payment(desk.actor, number, day, reason=reason, at=at), posted)


@command.command("list")
@click.option("--patient", help="Of this patient.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), callback=_as_date, help="Of this day.")
@books_options
@json_option
def show_all(books: Books, patient: str | None, day: date | None, as_json: bool) -> None:
    """Receipts by number, with what became of them.

    \b
    superbill payment list --patient 3 --db practice.db
    """
    from superbill.app.billing.queries import receipts

    row = patient_row(books, patient) if patient else None
    found = list(receipts(books.scope, patient=row, on=day))
    if as_json:
        put_json({"receipts": found})
        return
    rows = [
        (one.case.number, one.case.on, one.case.party, one.facts.method, one.facts.reference, one.case.state,
         dollars(one.case.amount))
        for one in found
    ]  # fmt: skip
    put_table("Receipts", ("receipt", "date", "payer", "by", "number", "state", "amount"), rows, right="amount")


@command.command("show")
@click.argument("receipt")
@books_options
@json_option
def show(books: Books, receipt: str, as_json: bool) -> None:
    """One payment: the lines that it is on now, and what happened to it.

    \b
    superbill payment show R000001 --db practice.db
    """
    from superbill.app.billing.queries import receipt as find

    one = find(books.scope, number_of(receipt, "R"))
    if one is None:
        raise BadInput(f"{receipt}: no receipt of this number. See superbill payment list.")
    if as_json:
        put_json({"receipt": one})
        return
    card = f" {one.facts.brand} …{one.facts.last_four}" if one.facts.last_four else ""
    say(f"{one.case.number}  {one.case.on}  {dollars(one.case.amount)} by {one.facts.method}{card} "
        f"{one.facts.reference}: {one.case.state}")  # fmt: skip
    put_table("Now on", ("line", "amount"), [(line, dollars(cents)) for line, cents in one.lines], right="amount")
    if one.unapplied:
        say(f"{dollars(one.unapplied)} on no line yet")
    put_table("Steps", ("date", "state", "by", "why"), [(s.on, s.state, s.by, s.reason) for s in one.case.steps])
