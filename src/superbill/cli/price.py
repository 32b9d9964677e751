"""`superbill price`: what Medicare allows for a service on a day, and how that comes about."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import click
from msgspec import Struct

from superbill.app.session import BadInput, moment
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option
from superbill.codesets.mpfs.places import NATIONAL, Gpci, Localities, Locality
from superbill.codesets.store import Store
from superbill.money import MoneyError, dollars, parse_dollars
from superbill.pricing.medicare import Line, Medicare, Payment, Priced, Setting, payment

_SHOWN = 40
"""Localities that a message names at most."""


class Answered(Struct, frozen=True, kw_only=True):
    """A line as asked, its price, and how an amount is split between Medicare and the patient after the deductible."""

    line: Line
    price: Priced
    payment: Payment | None


class Answer(Struct, frozen=True, kw_only=True):
    """What was asked of a day, and what comes of each line."""

    on: date
    locality: str
    locality_name: str
    setting: Setting
    lines: tuple[Answered, ...]


@click.command("price")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option("--modifier", "modifiers", multiple=True, help="A modifier of every code; again for a further one.")
@day_option("--on", "The date of service  [default: today]")
@click.option("--locality", default="", help="MAC-STATE-NUMBER, or a state with one locality  [default: national]")
@click.option("--zip", "postal_code", default="", help="Instead: the ZIP code where the service was furnished.")
@click.option("--place-of-service", default="11", show_default=True, help="Two digits (11 office, 22 hospital …).")
@click.option("--units", default="1", show_default=True, help="Units of every code.")
@click.option("--minutes", help="Minutes of anesthesia.")
@click.option("--charge", help="Dollars charged for every line: no more is allowed.")
@click.option("--provider", default="physician", show_default=True, help="A taxonomy code, or nurse-practitioner …")
@click.option("--nonparticipating", is_flag=True, help="Of one who doesn't participate in Medicare.")
@click.option("--qualifying", is_flag=True, help="Of a qualifying participant in a payment model (from 2026).")
@store_option
@json_option
def command(
    codes: tuple[str, ...], modifiers: tuple[str, ...], day: date | None, locality: str, postal_code: str,
    place_of_service: str, units: str, minutes: str | None, charge: str | None, provider: str,
    nonparticipating: bool, qualifying: bool, folder: Path, as_json: bool,
) -> None:  # fmt: skip
    """What Medicare allows for a service, step by step. Several codes are services of one day.

    \b
    superbill price 99214 --locality AL
    superbill price 45380 45385 20610-50 --place-of-service 22

    A code may carry its modifiers (20610-50-RT). Prices come from the files of CMS that were imported (superbill
    codesets import). Exits with 1 where a line has no price.
    """
    on = moment(day).date()
    store = open_store(folder)
    where, name = _locality(store, locality, postal_code, on)
    setting = Setting(
        locality=where, place_of_service=_place(place_of_service, on), provider=provider,
        participating=not nonparticipating,
    )  # fmt: skip
    cents = _cents(charge) if charge is not None else None
    lines = [
        Line(
            number=number, code=code, day=on, modifiers=(*own, *(each.upper() for each in modifiers)),
            units=_number(units, "--units"), charge=cents,
            minutes=_number(minutes, "--minutes") if minutes is not None else None,
        )
        for number, (code, *own) in enumerate((each.upper().split("-") for each in codes), 1)
    ]  # fmt: skip
    prices = Medicare.of(store, qualifying=qualifying).price(lines, setting)
    answered = tuple(_answered(line, price) for line, price in zip(lines, prices, strict=True))
    answer = Answer(on=on, locality=str(where), locality_name=name, setting=setting, lines=answered)
    if as_json:
        put_json(answer)
    else:
        _put(answer)
    if any(price.amount is None for price in prices):
        raise click.exceptions.Exit(1)


def _answered(line: Line, price: Priced) -> Answered:
    split = None
    if price.amount:
        split = payment(
            price.amount, line.day, coinsurance=price.coinsurance, medicare_share=price.medicare_share
        )  # fmt: skip
    return Answered(line=line, price=price, payment=split)


def _put(answer: Answer) -> None:
    at = f"{answer.locality_name} ({answer.locality})" if answer.locality != "national" else "national, no locality"
    say(f"Medicare on {answer.on}, {at}, place of service {answer.setting.place_of_service}", bold=True)
    for each in answer.lines:
        say("")
        _put_line(each.line, each.price, each.payment)
    amounts = [each.price.amount for each in answer.lines if each.price.amount is not None]
    if len(amounts) > 1:
        say("")
        say(f"All lines that have a price: {dollars(sum(amounts))}", bold=True)


def _put_line(line: Line, price: Priced, split: Payment | None) -> None:
    called = "-".join((line.code, *line.modifiers)) + (f" × {line.units}" if line.units != 1 else "")
    said = (
        price.outcome.replace("-", " ") if price.outcome != "priced" or price.amount is None else dollars(price.amount)
    )
    put_table(
        f"{called}: {said}",
        ("allowed", "step", "by"),
        (("" if step.amount is None else dollars(step.amount), step.text, step.source) for step in price.steps),
        right="allowed",
    )
    for note in price.notes:
        say(f"  note: {note}")
    if price.fix:
        say(f"  to do: {price.fix}")
    if price.limiting_charge is not None:
        say(f"  without assignment no more may be charged than {dollars(price.limiting_charge)}")
    if split:
        patient = f"the patient {dollars(split.coinsurance)} ({price.coinsurance * 100:.0f} %)"
        taken = f" after {dollars(split.sequestered)} of sequestration" if split.sequestered else ""
        say(f"  once the deductible is met Medicare pays {dollars(split.paid)}{taken}, {patient}")


def _locality(store: Store, told: str, postal_code: str, on: date) -> tuple[Locality, str]:
    """The locality asked for, with its name. Raises BadInput for one that is not on file, or that is several."""
    if told and postal_code:
        raise BadInput("--locality and --zip: give one of them.")
    localities = Localities(store)
    if postal_code:
        found = localities.of_zip(postal_code, on)
        if found is None:
            raise BadInput(f"--zip {postal_code}: not on file. Import ZIP5 of CMS, or give --locality.")
        gpci = localities.gpci(found, on)
        return found, gpci.name if gpci else ""
    if not told or told.lower() == "national":
        return NATIONAL, "National"
    known = localities.all(on)
    if not known:
        raise BadInput(f"--locality: no geographic indices of {on.year} are here. Import GPCI{on.year}.csv of CMS.")
    fitting = [each for each in known if _fits(each, told)]
    if len(fitting) == 1:
        return fitting[0].locality, fitting[0].name
    shown = "; ".join(f"{each.locality} {each.name}" for each in (fitting or known)[:_SHOWN])
    many = f"{len(fitting)} localities fit" if fitting else "no such locality"
    more = " …" if len(fitting or known) > _SHOWN else ""
    raise BadInput(f"--locality {told}: {many}. There are: {shown}{more}.")


def _fits(each: Gpci, told: str) -> bool:
    wanted = told.upper()
    place = each.locality
    return wanted in {
        str(place),
        place.state,
        f"{place.state}-{place.number}",
        f"{place.mac}-{place.number}",
        each.name,
    }


def _place(code: str, on: date) -> str:
    from superbill.codesets.place_of_service.lookup import place

    if place(code, on) is None:
        raise BadInput(f"--place-of-service {code}: no such place on {on}. Two digits, 11 for an office.")
    return code


def _number(text: str, option: str) -> Decimal:
    if not text.replace(".", "", 1).isdecimal() or not text.isascii() or not 0 < Decimal(text) < 100_000:
        raise BadInput(f"{option} {text}: a number greater than 0 is due.")
    return Decimal(text)


def _cents(text: str) -> int:
    try:
        cents = parse_dollars(text)
    except MoneyError as problem:
        raise BadInput(f"--charge: {problem}.") from None
    if cents < 0:
        raise BadInput(f"--charge {text}: not negative, please.")
    return cents
