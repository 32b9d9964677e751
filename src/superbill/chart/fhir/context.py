"""What every conversion from FHIR to the chart needs: the index, the report, and careful ways to read values."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from superbill.chart import dates, normal
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Address, CodeableConcept, ContactPoint, Extension, HumanName
from superbill.chart.fhir.references import Index
from superbill.chart.model import Coding, Concept, PersonName, PostalAddress
from superbill.chart.report import ReadReport

EXTENSIONS = "https://superbill.example/fhir/"
ResolveUrl = Callable[[str, str], bytes | None]
"""(file of the bundle, relative url) → the bytes of the file beside it, None when there is none."""

_LARGEST = Decimal(10**9)


class Context(Struct, frozen=True):
    """One reading under way."""

    index: Index
    report: ReadReport
    resolve_url: ResolveUrl | None = None

    def day(self, text: str, item: Item, field: str) -> date | None:
        """The day that `text` names; None for nothing, and for a wrong date with a finding."""
        if not text:
            return None
        try:
            return dates.parse_day(text)
        except ValueError:
            self.report.add("chart.bad-date", item.place, f"{field} {text!r} is not a date.")
            return None

    def moment(self, text: str, item: Item, field: str) -> datetime | None:
        """The moment that `text` names; None for nothing, and for a wrong one with a finding."""
        if not text:
            return None
        try:
            return dates.parse_moment(text)
        except ValueError:
            self.report.add("chart.bad-date", item.place, f"{field} {text!r} does not name a day.")
            return None

    def in_order(self, first: date | None, last: date | None, item: Item, words: str) -> bool:
        """Whether `last` is not before `first`; if it is, with a finding. `words`: "ends … before it starts"."""
        if first is None or last is None or first <= last:
            return True
        self.report.add(
            "chart.impossible-dates", item.place, f"The {item.kind} {words}: {last.isoformat()} < {first.isoformat()}."
        )
        return False

    def number(self, value: Decimal | None, item: Item, field: str) -> Decimal | None:
        """A quantity that can be one: more than nothing, less than a billion. Otherwise None with a finding."""
        if value is None:
            return None
        if not 0 < value < _LARGEST:
            self.report.add("chart.bad-number", item.place, f"{field} {value} can't be meant.")
            return None
        return value


@lru_cache(maxsize=8192)
def concept(value: CodeableConcept) -> Concept:
    """A CodeableConcept as the chart has it; codings without a code are dropped."""
    codings = tuple(Coding(one.system, one.code, one.display) for one in value.coding if one.code)
    return Concept(codings, value.text or next((one.display for one in value.coding if not one.code), ""))


def first_code(value: CodeableConcept) -> str:
    """The first code in any system, or ""."""
    return next((one.code for one in value.coding if one.code), "")


def label(value: CodeableConcept) -> str:
    """The words a person would recognize."""
    return concept(value).label


def present(values: tuple[str | None, ...]) -> tuple[str, ...]:
    """Without the nulls and empty words of a list."""
    return tuple(value for value in values if value)


def name_of(names: tuple[HumanName, ...]) -> PersonName:
    """The official name, else the usual one, else the first that is neither old nor maiden."""
    ranked = sorted(names, key=lambda name: _NAME_USE.get(name.use, 2))
    if not ranked:
        return PersonName("")
    best = ranked[0]
    if not best.family and not best.given:
        return normal.person_name(best.text)
    return PersonName(best.family, present(best.given), " ".join(present(best.suffix)))


_NAME_USE = {"official": 0, "usual": 1, "": 2, "temp": 3, "nickname": 4, "anonymous": 5, "old": 6, "maiden": 7}
_ADDRESS_USE = {"home": 0, "work": 0, "": 0, "billing": 1, "temp": 2, "old": 3}


def address_of(addresses: tuple[Address, ...]) -> PostalAddress | None:
    """The first address in use."""
    ranked = sorted(addresses, key=lambda one: _ADDRESS_USE.get(one.use, 1))
    return postal_address(ranked[0]) if ranked else None


@lru_cache(maxsize=1024)
def postal_address(address: Address) -> PostalAddress:
    """The address with its state, ZIP code and country in the form of claims."""
    country = normal.country_code(address.country)
    # Only a US code is all digits; a foreign one means something with its letters.
    postal_code = normal.digits(address.postal_code) if country == "US" else address.postal_code
    return PostalAddress(present(address.line), address.city, normal.state_code(address.state), postal_code, country)


def phone_of(telecom: tuple[ContactPoint, ...]) -> str:
    """The first telephone number, in digits."""
    return next((normal.phone_digits(one.value) for one in telecom if one.system == "phone" and one.value), "")


def extensions(found: tuple[Extension, ...], name: str) -> list[Extension]:
    """Our own extensions of that name, in their order."""
    return [one for one in found if one.url == EXTENSIONS + name]


def extension(found: tuple[Extension, ...], name: str) -> Extension | None:
    """The first of our own extensions of that name."""
    return next(iter(extensions(found, name)), None)
