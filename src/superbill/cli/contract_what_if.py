"""`superbill contract what-if` and `best`: past claims under another contract; which payer pays best for a service."""

from datetime import date
from pathlib import Path

import click

from superbill.app.contracts import Office, payer_key, read_file, services, site_contracts
from superbill.app.session import SITE_FILE, BadInput, Books, moment, open_books, site_beside
from superbill.cli.contracts import every_mistake, office_options
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option, place_options, practice_option
from superbill.money import dollars
from superbill.pricing.contract import Contract
from superbill.pricing.what_if import CodeRow, WhatIf, offers, what_if

_SHOWN = 25


@click.command("what-if")
@click.argument("contracts", nargs=-1, required=True)
@place_options
@practice_option
@click.option("--payer", default="", help="Only claims to this payer.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only services from this day on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only services up to this day.")
@day_option("--as-if", "A contract that does not hold on a claim's day is asked as if the claim began on this one.")
@json_option
def what_if_command(
    contracts: tuple[str, ...],
    db: str,
    site_path: Path | None,
    practice: str,
    payer: str,
    since: date | None,
    until: date | None,
    day: date | None,
    as_json: bool,
) -> None:
    """The claims of the books under other contracts, code by code, the widest difference first.

    CONTRACTS are keys of the site's contracts, or contract files. Each claim counts once, as last sent.

    \b
    superbill contract what-if bluepeak-2026 offer.toml --db practice.db --payer bluepeak --as-if 2026-07-01
    """
    path = site_path or site_beside(db)
    books = open_books(db, site_path, practice)
    from superbill.app.path.past import past_bills

    with every_mistake():
        chosen = _chosen(contracts, books, path)
        wanted = payer_key(books.known_site, payer) if payer and books.known_site else payer
        bills = past_bills(books.scope, wanted, _day(since), _day(until))
        found = what_if(bills, chosen, as_if=day)
    if as_json:
        put_json({"what_if": found, "charge": found.charge, "allowed": found.allowed})
    else:
        _put(found)


def _chosen(names: tuple[str, ...], books: Books, path: Path) -> list[Contract]:
    book = site_contracts(books.known_site, path.parent) if books.known_site else None
    chosen = []
    for name in names:
        known = book.named(name) if book is not None else None
        if known is None and not Path(name).is_file():
            keys = ", ".join(each.agreement.key for each in book or ()) or "none"
            raise BadInput(f"{name!r}: neither a contract of {path or SITE_FILE} (it has {keys}) nor a file.")
        chosen.append(known or read_file(Path(name)))
    return chosen


def _day(value: date | None) -> date | None:
    """click gives a moment."""
    return date(value.year, value.month, value.day) if value else None


def _put(found: WhatIf) -> None:
    say(f"{found.claims:,} claims, {dollars(found.charge)} charged", bold=True)
    rows = [_row(row) for row in found.rows[:_SHOWN]]
    totals = found.allowed
    lines = f"{sum(row.lines for row in found.rows):,}"
    rows.append(("all", lines, dollars(found.charge), *map(dollars, totals), dollars(totals[-1] - totals[0])))
    columns = ("code", "lines", "charged", *found.contracts, "last less first")
    put_table("Allowed by contract", columns, rows, right=f"lines charged {' '.join(found.contracts)}")
    if len(found.rows) > _SHOWN:
        click.echo(f"… and {len(found.rows) - _SHOWN:,} more codes (--json lists all)")


def _row(row: CodeRow) -> tuple[str, ...]:
    amounts = [
        dollars(cents) + (f" ({none} without)" if none else "")
        for cents, none in zip(row.allowed, row.unpriced, strict=True)
    ]
    difference = dollars(row.allowed[-1] - row.allowed[0])
    return (row.code, f"{row.lines:,}", dollars(row.charge), *amounts, difference)


@click.command("best")
@click.argument("service")
@click.option("--place", default="11", show_default=True, help="Place of service.")
@day_option("--date", "The day of service  [default: the site's as_of, else today]")
@office_options
@json_option
def best(office: Office, service: str, place: str, day: date | None, as_json: bool) -> None:
    """Which payer pays best for a SERVICE: every contract of the day, the best first.

    \b
    superbill contract best 99214
    """
    on = day or moment(office.site.as_of).date()
    item = services((service,), office, on, place).items[0]
    found = offers(item, office.contracts.on(on, office.site.practice.key))
    if as_json:
        put_json({"service": item.label, "charge": item.charge, "date": on, "offers": found})
        return
    rows = [
        (
            offer.contract,
            offer.payer,
            "no price" if offer.allowed is None else dollars(offer.allowed),
            offer.clause.id if offer.clause else "",
            offer.steps[-1] if offer.steps else "",
        )
        for offer in found
    ]
    title = f"{item.label} on {on:%-d %b %Y}, charged {dollars(item.charge)}"
    put_table(title, ("contract", "payer", "allowed", "clause", "how"), rows, right="allowed")
