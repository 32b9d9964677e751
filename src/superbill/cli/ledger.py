"""`superbill ledger`: the books of one visit or patient, entry by entry, and the journal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from superbill.app.session import BadInput, Books
from superbill.cli.explaining import names_of_payers, put_explanation
from superbill.cli.ledger_export import export
from superbill.cli.money import patient_row
from superbill.cli.output import json_option, put_json, put_table
from superbill.cli.session import books_options
from superbill.codesets.carc.lookup import reason as carc
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Posting, Reason, balance_of
from superbill.ledger.reasons import words
from superbill.money import Cents, dollars

if TYPE_CHECKING:
    from superbill.app.billing.queries import AccountLedger, LedgerLine
    from superbill.forms.statement import Explanation


@click.group("ledger")
def command() -> None:
    """Show an account entry by entry, or the journal; make what is derived from it anew."""


@command.command("show")
@click.argument("account", required=False)
@click.option("--patient", help="All visits of a patient: the chart's patient id, or our number.")
@click.option("--why", is_flag=True, help="Line by line in plain words: why do I owe this?")
@books_options
@json_option
def show(books: Books, account: str | None, patient: str | None, why: bool, as_json: bool) -> None:
    """The lines of a visit (A1001), a claim (A1001P1) or a patient with their balances, and every entry on them.

    The last two columns run along: what the payers and the patient answer for after each entry.

    \b
    superbill ledger show A1001 --db practice.db
    superbill ledger show --patient 3 --db practice.db
    superbill ledger show A1001 --why --db practice.db
    """
    if (account is None) == (patient is None):
        raise BadInput("Name one account or claim (superbill ledger show A1001), or a patient (--patient 7).")
    ledger = _of_patient(books, patient) if patient is not None else _of_account(books, account or "")
    balance = ledger.balance
    if why:
        put_explanation(_explained(books, ledger), as_json=as_json)
        return
    if as_json:
        put_json(
            {
                "lines": ledger.lines,
                "entries": ledger.entries,
                "unapplied": ledger.unapplied,
                "balance": {name: getattr(balance, name) for name in Balance.__struct_fields__},
                "explained": balance.explained,
            }
        )
        return
    _put_lines(books, ledger)
    click.echo()
    lines = {line.key: line for line in ledger.lines}
    put_table(
        "Entries",
        ("date", "what happened", "amount", "insurance", "patient"),
        _story(books, ledger.entries, lines),
        right="amount insurance patient",
    )
    click.echo()
    b = balance
    click.echo(
        f"{dollars(b.charge)} charged = {dollars(b.paid)} paid + {dollars(b.adjusted)} adjusted + "
        f"{dollars(b.insurance)} with insurance + {dollars(b.patient)} with the patient"
        f"{'' if b.explained else '   DOES NOT ADD UP: run superbill doctor'}"
    )
    if ledger.unapplied:
        click.echo(f"{dollars(ledger.unapplied)} of the patient's money is on no line yet")


def _explained(books: Books, ledger: "AccountLedger") -> "Explanation":
    from superbill.app.statements.explaining import explained
    from superbill.app.statements.owing import line_ids

    lines = line_ids(books.scope, [line.key for line in ledger.lines]).values()
    return explained(books.scope, names_of_payers(books), lines, ledger.unapplied)


def _of_account(books: Books, name: str) -> "AccountLedger":
    from superbill.app.billing.queries import claim_ledger, encounter_ledger

    found = encounter_ledger(books.scope, name) or claim_ledger(books.scope, name)
    if found is None:
        raise BadInput(f"{name}: no account and no claim of this number. See superbill claim list.")
    return found


def _of_patient(books: Books, name: str) -> "AccountLedger":
    from superbill.app.billing.queries import patient_ledger

    return patient_ledger(books.scope, patient_row(books, name))


def _put_lines(books: Books, ledger: "AccountLedger") -> None:
    rows = [
        (
            line.account_number,
            line.service_start,
            "-".join([line.code, *line.modifiers]),
            dollars(line.balance.charge),
            dollars(line.balance.paid),
            dollars(line.balance.adjusted),
            dollars(line.balance.insurance),
            dollars(line.balance.patient),
            _held_by(books, line),
        )
        for line in ledger.lines
    ]
    columns = ("account", "date", "service", "charged", "paid", "adjusted", "insurance", "patient", "waiting for")
    put_table("Lines", columns, rows, right="charged paid adjusted insurance patient")


def _held_by(books: Books, line: "LedgerLine") -> str:
    if not line.balance.insurance:
        return ""
    refused = " (refused)" if line.balance.denied else ""
    return f"{books.payer_name(line.payer)}{refused}"


def _story(
    books: Books, entries: tuple[Entry, ...], lines: "dict[str, LedgerLine]"
) -> Iterator[tuple[object, object, str, str, str]]:
    """Each entry, then its postings on these lines in words; balances run along."""
    sums: dict[Account, Cents] = {}
    for entry in entries:
        own = [posting for posting in entry.postings if posting.line in lines]
        for posting in own:
            sums[posting.account] = sums.get(posting.account, 0) + posting.amount
        now = balance_of(sums)
        memo = f": {entry.memo}" if entry.memo else ""
        yield f"{entry.on:%Y-%m-%d}", f"{entry.kind}{memo}", "", _usd(now.insurance), _usd(now.patient)
        loose = [posting for posting in entry.postings if not posting.line and posting.account is Account.UNAPPLIED]
        for posting in (*own, *loose):
            line = lines.get(posting.line)
            service = f"{line.code} of {line.service_start:%-d %b}: " if line else ""
            yield "", f"   {service}{_words(books, posting)}", _usd(posting.amount), "", ""


def _usd(amount: Cents) -> str:
    """Aligned on the cent, whether in parentheses or not."""
    return dollars(amount) + (" " if amount >= 0 else "")


_TOLD = {
    Account.CHARGES: "charged",
    Account.DENIED: "refused by {payer}, to be worked",
    Account.CONTRACTUAL: "given up under the contract",
    Account.WRITE_OFF: "written off",
    Account.CHARITY: "forgiven as charity care",
    Account.BAD_DEBT: "given up as bad debt",
    Account.CLEARING: "paid by {payer}",
    Account.CASH: "paid by the patient",
    Account.UNAPPLIED: "patient money on no line yet",
    Account.PROVIDER_LEVEL: "between the practice and {payer}, about no claim",
    Account.SUSPENSE: "paid by {payer} for a claim not identified",
    Account.INTEREST: "interest from {payer}",
    Account.CAPITATION: "capitation from {payer}",
    Account.SETTLEMENT: "settled with {payer}, about no claim",
    Account.FEES: "kept as a fee",
}


def _words(books: Books, posting: Posting) -> str:
    """One posting in plain words, with the payer's reason."""
    payer = books.payer_name(posting.payer) or "the payer"
    on = posting.amount > 0
    if posting.account is Account.INSURANCE:
        told = f"on {payer}'s balance" if on else f"off {payer}'s balance"
    elif posting.account is Account.PATIENT:
        told = "on the patient's balance" if on else "off the patient's balance"
    else:
        told = _TOLD[posting.account].format(payer=payer)
    return f"{told}{_why(posting.reason)}"


def _why(why: Reason) -> str:
    if not why.code:
        return ""
    known = carc(why.code) if why.group else None
    code = "-".join(part for part in (why.group, words(why.code)) if part)
    return f" ({code}{': ' + known.meaning if known else ''})"


@command.command("journal")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this entry number.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="At most so many.")
@books_options
@json_option
def journal(books: Books, after: int, limit: int, as_json: bool) -> None:
    """Entries in the order of posting, each with its number, key and amount moved.

    \b
    superbill ledger journal --db practice.db --after 400
    """
    from superbill.app.billing.queries import journal as entries_after

    entries = entries_after(books.scope, after, limit)
    numbered = list(enumerate(entries, after + 1))  # numbers have no gap: doctor proves it
    if as_json:
        put_json({"entries": [{"number": number, "entry": entry} for number, entry in numbered]})
        return
    rows = [(number, entry.on, entry.kind, entry.key, dollars(_moved(entry))) for number, entry in numbered]
    put_table("Journal", ("number", "date", "kind", "key", "amount"), rows, right="number amount")
    if len(entries) == limit:
        click.echo(f"Go on: superbill ledger journal --after {after + limit}")


command.add_command(export)


def _moved(entry: Entry) -> Cents:
    return sum(posting.amount for posting in entry.postings if posting.amount > 0)


@command.command("rebuild")
@books_options
@json_option
def rebuild(books: Books, as_json: bool) -> None:
    """Drop every derived table, make it anew from the journal, and compare. Exit 1 when one had come out otherwise.

    \b
    superbill ledger rebuild --db practice.db
    """
    from superbill.app.billing.rebuild import rebuild as made_anew

    tables = made_anew(books.actor, at=books.at)
    changed = sum(one.differences for one in tables)
    if as_json:
        put_json({"tables": tables, "differences": changed})
    else:
        rows = [(one.table, f"{one.rows:,}", f"{one.differences:,}") for one in tables]
        put_table("Made anew from the journal", ("table", "rows", "differences"), rows, right="rows differences")
        if changed:
            click.echo("The journal counts: what was made anew stays. Find out who changed the tables past it.")
    raise SystemExit(1 if changed else 0)
