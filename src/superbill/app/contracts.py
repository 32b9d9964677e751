"""What pages and commands about expected money share: the site's contracts, and services as people write them."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from superbill.app.session import BadInput, load_site
from superbill.app.stages import tell
from superbill.money import MoneyError, parse_dollars, times
from superbill.pricing import Benefits, Bill, Item
from superbill.pricing.contract import Contract
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.contract_file import read_contract
from superbill.pricing.contract_methods import Amount
from superbill.pricing.contract_model import ContractError
from superbill.site import Location, Site

# CODE, modifiers, units, charge of the whole line: 20610-RT:2=300.00
_SERVICE = re.compile(
    r"(?P<code>[A-Za-z0-9]{3,8})(?P<modifiers>(-[A-Za-z0-9]{2}){0,4})(:(?P<units>[\d.]+))?(=(?P<charge>.+))?"
)
SERVICE_HELP = "CODE, with modifiers, units and charge where they matter: 99213, 20610-RT, 97110:2, 99213=185.00."


class InstalledMedicare:
    """Medicare's prices by what is imported here; opened when a clause first asks."""

    def __init__(self) -> None:
        self._prices: Any = None

    def of_bill(self, bill: Bill, year: int | None) -> Mapping[int, Amount]:
        """The amounts by line number."""
        if self._prices is None:
            from superbill.codesets.store import open_default
            from superbill.pricing.contract_medicare import PricesOfMedicare
            from superbill.pricing.medicare import Medicare

            self._prices = PricesOfMedicare(Medicare.of(open_default(say=tell)))
        found: Mapping[int, Amount] = self._prices.of_bill(bill, year)
        return found


_MEDICARE = InstalledMedicare()


def read_file(path: Path) -> Contract:
    """The contract of a file. Raises ContractError, or BadInput where there is no such file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise BadInput(f"{path}: no such contract file.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    return read_contract(text, str(path), lambda name: (path.parent / name).read_text("utf-8"), _MEDICARE)


def site_contracts(site: Site, folder: Path) -> ContractBook:
    """The contracts that a site names. Raises ContractError with every mistake in any of them."""
    wrong: list[str] = []
    read: list[tuple[str, Contract]] = []
    known = {entry.key for entry in site.payers} | {"self-pay"}
    for name in site.contracts:
        try:
            contract = read_file(folder / name)
        except ContractError as error:
            wrong += error.told
            continue
        payer = contract.agreement.payer
        if payer not in known:
            wrong.append(
                f"{folder / name}: payer: {payer!r} is none of {sorted(known)}. Name a payer of the site file."
            )
        read.append((str(folder / name), contract))
    if wrong:
        raise ContractError(wrong)
    return ContractBook(read)


class Office:
    """A site with its charges and contracts, for commands that need no database."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.site, self.charges = load_site(path)
        self.contracts = site_contracts(self.site, path.parent)

    @property
    def location(self) -> Location:
        """Where the practice gives care, unless a visit says otherwise."""
        return next(each for each in self.site.locations if each.key == self.site.default_location)

    def contract(self, payer: str, day: date) -> Contract:
        """The contract with this payer on `day`. Raises BadInput that says what there is."""
        key = payer_key(self.site, payer)
        found = self.contracts.find(key, day, self.site.practice.key)
        if found is None:
            there = ", ".join(each.agreement.key for each in self.contracts) or "none"
            raise BadInput(
                f"{self.path}: no contract with {payer!r} holds on {day.isoformat()}. Contracts on file: {there}. "
                "Name its file under contracts."
            )
        return found


def payer_key(site: Site, payer: str) -> str:
    """The site's key of a payer that is called so. Raises BadInput for one that the site does not know."""
    entry = site.payer(payer)
    if entry is None and payer != "self-pay":
        raise BadInput(
            f"{payer!r}: the site knows no such payer. It has {', '.join(p.key for p in site.payers)}, self-pay."
        )
    return entry.key if entry else payer


def services(texts: tuple[str, ...], office: Office, day: date, place: str) -> Bill:
    """The bill of services as people write them, given at the site's default location.

    A charge that is not written is the charge master's.

    Raises BadInput for one that can't be read, or has no charge.
    """
    items: list[Item] = []
    for number, text in enumerate(texts, 1):
        found = _SERVICE.fullmatch(text.strip())
        if found is None:
            raise BadInput(f"{text!r}: not a service. Write {SERVICE_HELP}")
        code, modifiers = found["code"].upper(), tuple(found["modifiers"].upper().split("-")[1:])
        units = _units(text, found["units"] or "1")
        items.append(
            Item(
                number=number,
                code=code,
                charge=_charge(text, found["charge"], office.charges.price(code, day, modifiers), units),
                units=units,
                day=day,
                modifiers=modifiers,
                place=place,
                key=str(number),
            )
        )
    return Bill(items=tuple(items), start=day, end=day, locality_postal_code=office.location.address.postal_code)


def _units(text: str, units: str) -> Decimal:
    if units.count(".") > 1 or not units.strip(".") or not Decimal(units):
        raise BadInput(f"{text!r}: {units!r} is not a number of units.")
    return Decimal(units)


def _charge(text: str, written: str | None, price: int | None, units: Decimal) -> int:
    if written is not None:
        try:
            return parse_dollars(written.lstrip("$"))
        except MoneyError as error:
            raise BadInput(f"{text!r}: {error}.") from None
    if price is None:
        raise BadInput(f"{text!r}: is not in the charge master on that day. Write its charge: {text}=120.00")
    return times(price, units)


def read_plan(path: Path) -> Benefits:
    """A plan's benefits, of a TOML file with the fields of the payers file. Raises BadInput."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Benefits)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: not TOML: {error}") from None
    except (msgspec.ValidationError, ValueError) as error:
        raise BadInput(f"{path}: {error}") from None
