"""`superbill variance`: what payers allowed on posted remittances against what was agreed; underpayments to ask for."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from superbill.app.contracts import payer_key, read_plan, site_contracts
from superbill.app.session import BadInput, Books, open_books, site_beside
from superbill.cli.contracts import every_mistake
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import note_reading, place_options, practice_option
from superbill.money import Cents, MoneyError, dollars, parse_dollars
from superbill.pricing.variance import Tolerance

if TYPE_CHECKING:
    from superbill.app.path.variances import Compared

_SHOWN = 30
_DAYS = click.DateTime(["%Y-%m-%d"])
VERDICTS = ("as agreed", "underpaid", "overpaid", "denied", "patient share", "no price", "later payer")


@click.command("variance")
@place_options
@practice_option
@click.option("--payer", default="", help="Only this payer.")
@click.option("--since", type=_DAYS, help="Only services from this day on.")
@click.option("--until", type=_DAYS, help="Only services up to this day.")
@click.option("--claim", "control_number", default="", help="Only this claim, every line with its arithmetic.")
@click.option("--tolerance", default="1.00", show_default=True, help="Differences up to so many dollars are as agreed.")
@click.option("--percent", default="0", show_default=True, help="… or up to this percentage of the expected amount.")
@click.option(
    "--verdict",
    type=click.Choice([*VERDICTS, "all"]),
    default="underpaid",
    show_default=True,
    help="Which lines are listed.",
)
@click.option(
    "--benefits",
    "plan",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML with the plan of --payer: compares the patient's share too.",
)
@json_option
def command(
    db: str,
    site_path: Path | None,
    practice: str,
    payer: str,
    since: datetime | None,
    until: datetime | None,
    control_number: str,
    tolerance: str,
    percent: str,
    verdict: str,
    plan: Path | None,
    as_json: bool,
) -> None:
    """What payers allowed on posted remittances against what their contracts say, most dollars short first.

    Sequestration, the patient's share, denials and what a later payer leaves are no underpayments; they are told apart.

    \b
    superbill variance --db practice.db --payer bluepeak --since 2026-01-01
    superbill variance --db practice.db --claim A1007
    """
    path = site_path or site_beside(db)
    books = open_books(db, site_path, practice)
    note_reading(books)
    from superbill.app.path.variances import Shares, compared

    if books.known_site is None:
        raise BadInput(f"{path}: no site file, so no contracts. Name one with --site.")
    with every_mistake():
        book = site_contracts(books.known_site, path.parent)
        wanted = payer_key(books.known_site, payer) if payer else ""
    if not len(book):
        raise BadInput(f"{path}: names no contracts. Put their files under contracts.")
    if plan and not payer:
        raise BadInput("--benefits: name the payer that has this plan with --payer.")
    given = _tolerance(tolerance, percent)
    shares = Shares(read_plan(plan)) if plan else None
    start, end = (each.date() if each else None for each in (since, until))
    every = compared(books, book, given, wanted, start, end, shares)
    found = [each for each in every if control_number in ("", each.claim)]
    if control_number and not found:
        raise BadInput(f"{control_number}: no posted answer to a claim of this number.")
    found.sort(key=lambda each: (each.variance.difference, each.claim, each.variance.keys))
    if as_json:
        put_json(
            {"lines": [each for each in found if _listed(each, verdict, control_number)], "totals": _totals(found)}
        )
    elif control_number:
        _put_claim(found)
    else:
        _put(found, verdict, books)


def _tolerance(amount: str, percent: str) -> Tolerance:
    try:
        return Tolerance(cents=parse_dollars(amount), percent=Decimal(parse_dollars(percent)) / 10_000)
    except MoneyError as error:
        raise BadInput(f"--tolerance, --percent: {error}.") from None


def _listed(each: "Compared", verdict: str, control_number: str) -> bool:
    return bool(control_number) or verdict in ("all", each.variance.verdict)


class Total(Struct, frozen=True, kw_only=True):
    """The comparisons of one contract added up, in cents: `short` and `over` beyond the tolerance."""

    contract: str
    payer: str
    lines: int
    expected: Cents
    allowed: Cents
    underpaid: int
    short: Cents
    overpaid: int
    over: Cents
    denied: int
    no_price: int


def _totals(found: "list[Compared]") -> list[Total]:
    rows = []
    for contract in sorted({each.contract for each in found}):
        mine = [each for each in found if each.contract == contract]
        by = {name: [each.variance for each in mine if each.variance.verdict == name] for name in VERDICTS}
        priced = [*by["as agreed"], *by["patient share"], *by["underpaid"], *by["overpaid"]]
        rows.append(
            Total(
                contract=contract,
                payer=mine[0].payer,
                lines=len(mine),
                expected=sum(each.expected or 0 for each in priced),
                allowed=sum(each.allowed for each in priced),
                underpaid=len(by["underpaid"]),
                short=-sum(each.difference for each in by["underpaid"]),
                overpaid=len(by["overpaid"]),
                over=sum(each.difference for each in by["overpaid"]),
                denied=len(by["denied"]),
                no_price=len(by["no price"]),
            )
        )
    return rows


def _put(found: "list[Compared]", verdict: str, books: Books) -> None:
    rows = [
        (
            total.contract,
            books.payer_name(total.payer),
            f"{total.lines:,}",
            dollars(total.expected),
            dollars(total.allowed),
            f"{dollars(total.short)} ({total.underpaid:,})",
            f"{dollars(total.over)} ({total.overpaid:,})",
            f"{total.denied:,}",
            f"{total.no_price:,}",
        )
        for total in _totals(found)
    ]
    columns = ("contract", "payer", "lines", "expected", "allowed", "short", "over", "denied", "unpriced")
    put_table("Agreed and allowed", columns, rows, right="lines expected allowed short over denied unpriced")
    listed = [each for each in found if _listed(each, verdict, "")]
    click.echo()
    lines = [
        (
            each.claim,
            f"{each.service:%-d %b %Y}",
            each.variance.label,
            each.variance.verdict,
            "" if each.variance.expected is None else dollars(each.variance.expected),
            dollars(each.variance.allowed),
            dollars(each.variance.difference),
            f"{each.contract} {each.variance.clause.id}" if each.variance.clause else "",
            "; ".join(each.variance.reasons),
        )
        for each in listed[:_SHOWN]
    ]
    heads = ("claim", "service", "line", "", "expected", "allowed", "difference", "clause", "also told")
    put_table(verdict.capitalize(), heads, lines, right="expected allowed difference")
    if len(listed) > _SHOWN:
        click.echo(f"… and {len(listed) - _SHOWN:,} more (--json lists all)")


def _put_claim(found: "list[Compared]") -> None:
    for each in found:
        one = each.variance
        expected = "no price" if one.expected is None else dollars(one.expected)
        say(f"{one.label}: {one.verdict}", bold=True)
        say(f"  expected {expected}, allowed {dollars(one.allowed)}, paid {dollars(one.paid)}; payment {each.trace}")
        if one.clause is not None:
            words = f": “{one.clause.text}”" if one.clause.text else ""
            say(f"  {each.contract}, clause {one.clause.id}{words}")
        for text in (*one.steps, *one.reasons):
            say(f"  · {text}")
