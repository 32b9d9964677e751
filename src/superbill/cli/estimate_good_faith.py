"""`superbill estimate good-faith` and `check-bill`: estimates for who pays himself (45 CFR 149.610 and 149.620)."""

import tomllib
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from superbill.app.contracts import SERVICE_HELP, Office, services
from superbill.app.path.files import write_whole
from superbill.app.session import BadInput, moment, open_books
from superbill.cli.contracts import office_options
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import day_option, note_reading
from superbill.findings import errors
from superbill.money import MoneyError, dollars, parse_dollars
from superbill.pricing.bill import Bill
from superbill.pricing.contract_model import PricedLine
from superbill.pricing.good_faith import (
    SEPARATE_NOTICE,
    ExpectedProvider,
    ExpectedService,
    GoodFaithEstimate,
    Separate,
    due,
    excess_findings,
    excesses,
    gaps,
)

_SELF_PAY = "self-pay"
_DAYS = click.DateTime(["%Y-%m-%d"])


class _CoProviders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A TOML file with the estimates that co-providers gave."""

    providers: tuple[ExpectedProvider, ...]


@click.command("good-faith")
@click.option("--name", default="", help="The patient's name.")
@click.option("--born", type=_DAYS, help="The patient's birth date.")
@click.option("--patient", default="", help="Name and birth date of this patient of the database (chart id).")
@click.option("--db", default="superbill.db", show_default=True, envvar="SUPERBILL_DB", help="For --patient.")
@click.option("--primary", required=True, help="What the patient comes for, in plain words.")
@click.option("--service", "texts", multiple=True, required=True, help=SERVICE_HELP)
@click.option("--diagnosis", "diagnoses", multiple=True, help="ICD-10-CM codes that the services are for.")
@click.option("--scheduled", type=_DAYS, help="The day of the visit, where it is scheduled.")
@click.option("--separate", multiple=True, help="A service that will be scheduled separately.")
@click.option("--co-providers", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="TOML: theirs.")
@click.option("--place", default="11", show_default=True, help="Place of service.")
@day_option("--date", "The day on which it is given  [default: the site's as_of, else today]")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Keep it as JSON, for check-bill."
)
@office_options
@json_option
def good_faith(
    office: Office,
    name: str,
    born: datetime | None,
    patient: str,
    db: str,
    primary: str,
    texts: tuple[str, ...],
    diagnoses: tuple[str, ...],
    scheduled: datetime | None,
    separate: tuple[str, ...],
    co_providers: Path | None,
    place: str,
    day: date | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """A Good Faith Estimate for someone without insurance, or who does not use it.

    Charges are the charge master's, or what the contract with payer self-pay makes of them. Exit 1 when something is
    missing that the law asks for.

    \b
    superbill estimate good-faith --name "Vera Testcase" --born 1980-05-06 --primary "Knee injection" \\
        --service 20610-RT --service 99213-25 --diagnosis M17.11 --scheduled 2026-12-01 -o estimate.json
    """
    issued = day or moment(office.site.as_of).date()
    visit = scheduled.date() if scheduled else None
    who, birth_date = _patient(db, office, patient) if patient else (name, born.date() if born else None)
    if not who or birth_date is None:
        raise BadInput("Who is it for? Give --name and --born, or --patient.")
    found = GoodFaithEstimate(
        patient_name=who,
        birth_date=birth_date,
        primary=primary,
        issued=issued,
        scheduled=visit,
        providers=(
            _ours(office, services(texts, office, visit or issued, place), diagnoses, visit),
            *(_theirs(co_providers) if co_providers else ()),
        ),
        separate=tuple(Separate(description=each) for each in separate),
    )
    missing = gaps(found)
    if output is not None and not errors(missing):
        write_whole(output, msgspec.json.format(msgspec.json.encode(found), indent=2))
    if as_json:
        put_json({"estimate": found, "total": found.total, "findings": missing})
    else:
        _put(found)
        put_findings(missing)
        _put_due(issued, visit)
        if output is not None and not errors(missing):
            say(f"{output}: written")
    raise SystemExit(1 if errors(missing) else 0)


def _patient(db: str, office: Office, patient: str) -> tuple[str, date | None]:
    """Name and birth date of a patient of the database. Raises BadInput where it has no such chart id."""
    books = open_books(db, office.path)
    note_reading(books)
    from superbill.app.patients import queries as patients

    row = patients.patient(books.scope, patient)
    if row is None:
        raise BadInput(f"{patient!r}: no patient of {books.practice_name} has this chart id.")
    return f"{row.given} {row.family}".strip(), row.birth_date


def _ours(office: Office, bill: Bill, diagnoses: tuple[str, ...], visit: date | None) -> ExpectedProvider:
    site = office.site
    day = bill.start
    contract = office.contracts.find(_SELF_PAY, day, site.practice.key) if day else None
    priced: tuple[PricedLine | None, ...] = contract.price(bill).lines if contract else (None,) * len(bill.items)
    return ExpectedProvider(
        name=site.practice.name,
        npi=site.practice.npi,
        tin=site.practice.tin,
        address=office.location.address,
        convening=True,
        services=tuple(
            ExpectedService(
                code=item.code,
                modifiers=item.modifiers,
                units=item.units,
                charge=item.charge if line is None or line.allowed is None else line.allowed,
                diagnoses=diagnoses,
                on=visit,
                steps=line.steps if line else (),
            )
            for item, line in zip(bill.items, priced, strict=True)
        ),
    )


def _theirs(path: Path) -> tuple[ExpectedProvider, ...]:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _CoProviders).providers
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise BadInput(f"{path}: {error}") from None


def _put(found: GoodFaithEstimate) -> None:
    say("Good Faith Estimate", bold=True)
    say(f"for {found.patient_name}, born {found.birth_date:%-d %b %Y}; given on {found.issued:%-d %b %Y}")
    when = f", scheduled for {found.scheduled:%-d %b %Y}" if found.scheduled else ", not scheduled yet"
    say(f"{found.primary}{when}\n".strip())
    for provider in found.providers:
        address = provider.address
        click.echo()
        say(f"{provider.name}, NPI {provider.npi}, TIN {provider.tin}", bold=True)
        say(f"{address.line1}, {address.city}, {address.state} {address.postal_code}")
        rows = [
            (
                "-".join((each.code, *each.modifiers)),
                each.description,
                ", ".join(each.diagnoses),
                f"{each.units:f}",
                dollars(each.charge),
                "; ".join(each.steps),
            )
            for each in provider.services
        ]
        rows.append(("all", "", "", "", dollars(provider.total), ""))
        columns = ("service", "", "diagnoses", "units", "expected", "how")
        put_table("", columns, rows, right="units expected")
    say(f"Expected charges of all: {dollars(found.total)}", bold=True)
    if found.separate:
        say(SEPARATE_NOTICE)
        for each in found.separate:
            say(f"  - {each.description}")
    for notice in found.notices:
        say(f"* {notice}")


def _put_due(asked: date, visit: date | None) -> None:
    last = due(asked, visit)
    if last is not None:
        say(f"If it was asked for, or scheduled, on {asked:%-d %b %Y}, it is due by {last:%-d %b %Y}.")


@click.command("check-bill")
@click.argument("document", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--billed", multiple=True, required=True, help="NPI=DOLLARS that a provider billed; may come often.")
@day_option("--first-bill", "The day of the first bill: how long the patient may dispute it.")
@json_option
def check_bill(document: Path, billed: tuple[str, ...], day: date | None, as_json: bool) -> None:
    """Whether what was billed is substantially more than a Good Faith Estimate: $400 or more, provider by provider.

    DOCUMENT is what good-faith -o wrote. Exit 1 when the patient may dispute a bill.

    \b
    superbill estimate check-bill estimate.json --billed 1999999018=912.00
    """
    try:
        known = msgspec.json.decode(document.read_bytes(), type=GoodFaithEstimate)
    except msgspec.DecodeError as error:
        raise BadInput(f"{document}: no Good Faith Estimate of superbill estimate good-faith -o: {error}") from None
    found = excesses(known, [_billed(text) for text in billed])
    findings = excess_findings(found, day)
    if as_json:
        put_json({"providers": found, "findings": findings})
    else:
        rows = [
            (each.name, each.npi, dollars(each.expected), dollars(each.billed), dollars(each.over)) for each in found
        ]
        put_table(
            "Expected and billed", ("provider", "NPI", "expected", "billed", "over"), rows, right="expected billed over"
        )
        put_findings(findings)
    raise SystemExit(1 if findings else 0)


def _billed(text: str) -> tuple[str, int]:
    npi, equals, amount = text.partition("=")
    try:
        if not equals or not npi.strip().isdigit():
            raise MoneyError("write NPI=DOLLARS")
        return npi.strip(), parse_dollars(amount.lstrip("$"))
    except MoneyError as error:
        raise BadInput(f"--billed {text!r}: {error}.") from None
