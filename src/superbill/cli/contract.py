"""`superbill contract`: what payers agreed to pay: show, check, import, and what if."""

from datetime import date
from pathlib import Path

import click

from superbill.app.contracts import SERVICE_HELP, Office, read_file, services
from superbill.app.session import BadInput, moment
from superbill.cli.contract_import import import_table
from superbill.cli.contract_what_if import best, what_if_command
from superbill.cli.contracts import office_options
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option
from superbill.money import dollars
from superbill.pricing.contract import Contract
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.contract_methods import percent_text
from superbill.pricing.contract_model import ContractError, PricedLine
from superbill.pricing.contract_words import pays_words, scope_words


@click.group("contract")
def command() -> None:
    """What payers agreed to pay: show, check, import, and what if."""


command.add_command(import_table)
command.add_command(what_if_command)
command.add_command(best)


@command.command("show")
@click.argument("key", default="")
@click.option("--service", "texts", multiple=True, help=f"Price a service by it. {SERVICE_HELP}")
@click.option("--place", default="11", show_default=True, help="Place of service.")
@day_option("--date", "The day of service  [default: the site's as_of, else today]")
@office_options
@json_option
def show(office: Office, key: str, texts: tuple[str, ...], place: str, day: date | None, as_json: bool) -> None:
    """All contracts; the clauses of one, KEY; or what it allows for services, with the clause and the arithmetic.

    \b
    superbill contract show
    superbill contract show bluepeak-2026 --service 99214-25 --service 20610-RT
    """
    if not key:
        _list(office, as_json)
        return
    contract = office.contracts.named(key)
    if contract is None:
        known = ", ".join(each.agreement.key for each in office.contracts) or "none"
        raise BadInput(f"{key!r}: no contract has this key. On file: {known}.")
    if not texts:
        _clauses(contract, as_json)
        return
    on = day or moment(office.site.as_of).date()
    bill = services(texts, office, on, place)
    priced = contract.price(bill)
    if as_json:
        put_json(priced)
        return
    say(f"{contract.agreement.title or key}, on {on:%-d %b %Y}", bold=True)
    for line, item in zip(priced.lines, bill.items, strict=True):
        _explained(line)
        fitting = [term.id for term in contract.clauses_for(item, bill)]
        if line.clause is not None and line.clause.id in fitting[:-1]:
            others = fitting[fitting.index(line.clause.id) + 1 :]
            say(f"  it goes before {', '.join(others)}, which names no more")
    say(f"all together {dollars(priced.allowed)}", bold=True)


def _explained(line: PricedLine) -> None:
    price = "no price" if line.allowed is None else dollars(line.allowed)
    say(f"\n{line.label}: {price} of {dollars(line.charge)}".strip())
    if line.clause is not None:
        say(f"  clause {line.clause.id}{_days(line.clause.start, line.clause.end)}")
        if line.clause.text:
            say(f"  “{line.clause.text}”")
    for step in line.steps:
        say(f"  · {step}")


def _days(start: date | None, end: date | None) -> str:
    if start is None and end is None:
        return ""
    if end is None:
        return f", from {start}"
    return f", {start or 'always'} to {end}"


def _list(office: Office, as_json: bool) -> None:
    rows = [
        {
            "key": each.agreement.key,
            "payer": each.agreement.payer,
            "practice": each.agreement.practice,
            "title": each.agreement.title,
            "start": each.agreement.start,
            "end": each.agreement.end,
            "clauses": len(list(each.agreement.all_clauses())),
            "fees": sum(len(schedule) for schedule in each.tools.schedules.values()),
            "file": office.contracts.file(each.agreement.key),
        }
        for each in office.contracts
    ]
    if as_json:
        put_json({"contracts": rows})
        return
    columns = ("key", "payer", "from", "to", "clauses", "fees", "title")
    shown = [(r["key"], r["payer"], r["start"], r["end"] or "", r["clauses"], r["fees"], r["title"]) for r in rows]
    put_table("Contracts", columns, shown, right="clauses fees")


def _clauses(contract: Contract, as_json: bool) -> None:
    agreement = contract.agreement
    if as_json:
        put_json(agreement)
        return
    say(agreement.title or agreement.key, bold=True)
    say(f"payer {agreement.payer}{_days(agreement.start, agreement.end)}; lesser of: {agreement.lesser_of}")
    if agreement.document:
        say(agreement.document)
    rows = [
        (term.id, scope_words(term.scope), pays_words(term), _days(term.start, term.end)[2:])
        for term in agreement.terms
    ]
    click.echo()
    put_table("Clauses", ("id", "of what", "pays", "days"), rows)
    others = [
        *((r.id, scope_words(r.scope), f"× {percent_text(r.percent)}") for r in agreement.modifiers),
        *((r.id, scope_words(r.scope), " / ".join(map(percent_text, r.percents))) for r in agreement.reductions),
        *(
            (r.id, scope_words(r.scope), f"above {dollars(r.threshold)}: {percent_text(r.percent)} of {r.of}")
            for r in agreement.stop_loss
        ),
    ]
    if others:
        put_table("On top of prices", ("id", "of what", "does"), others)


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Whether contract files can be used: every mistake with its file and key or line. Exit 1 when there is one.

    Together they must not hold twice for one payer on a day; of the clauses of each no two may name the same.

    \b
    superbill contract check bluepeak.toml lakeland-medicaid.toml
    """
    wrong: list[str] = []
    read: list[tuple[str, Contract]] = []
    for path in files:
        try:
            read.append((str(path), read_file(path)))
        except ContractError as error:
            wrong += error.told
    try:
        ContractBook(read)
    except ContractError as error:
        wrong += error.told
    if as_json:
        put_json({"contracts": [each.agreement.key for _, each in read], "errors": wrong})
    else:
        for told in wrong:
            say(f"✗ {told}")
        for name, each in read:
            clauses = len(list(each.agreement.all_clauses()))
            fees = sum(len(schedule) for schedule in each.tools.schedules.values())
            say(f"{name}: {each.agreement.key}, {clauses} clauses, {fees:,} fees" + ("" if wrong else ": can be used"))
    raise SystemExit(1 if wrong else 0)
