"""Text as the CMS-1500 prints it: capitals, no punctuation but what the NUCC manual asks for."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from superbill.claims.model import Address, Person
from superbill.money import Cents

_NOT_PRINTED = re.compile(r"[^A-Z0-9 \-/&]+")
_SPACES = re.compile(r" {2,}")


def plain(text: str) -> str:
    """Capitals without punctuation or accents; hyphens stay (NUCC: a hyphenated name keeps its hyphen)."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SPACES.sub(" ", _NOT_PRINTED.sub(" ", letters.upper().replace("'", "").replace(".", ""))).strip()


def name(person: Person) -> str:
    """ "LAST SUFFIX, FIRST, M": commas between the parts, as boxes 2, 4 and 9 want it."""
    last = plain(f"{person.last} {person.suffix}")
    return ", ".join(part for part in (last, plain(person.first), plain(person.middle)[:1]) if part)


def natural_name(person: Person) -> str:
    """ "FIRST M LAST", as boxes 17, 32 and 33 want it."""
    return plain(f"{person.first} {person.middle[:1]} {person.last} {person.suffix}")


def postal(address: Address) -> str:
    """City, state and ZIP on one line; a nine-digit ZIP keeps its hyphen."""
    digits = address.postal_code.replace("-", "")
    code = f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits
    return _SPACES.sub(" ", f"{plain(address.city)} {plain(address.state)} {code}").strip()


def day4(day: date | None) -> str:
    """ "MM DD CCYY"; "" for no day."""
    return f"{day:%m %d} {day.year:04d}" if day else ""


def day6(day: date | None) -> str:
    """ "MM DD YY"; "" for no day."""
    return f"{day:%m %d} {day.year % 100:02d}" if day else ""


def amount(cents: Cents) -> str:
    """Dollars and cents apart, no sign of currency, no point: "125 00"."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole} {part:02d}"


def quantity(units: Decimal) -> str:
    """A count without leading or trailing zeros ("1", "1.5")."""
    text = f"{units:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
