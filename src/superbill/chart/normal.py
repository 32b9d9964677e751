"""Words and numbers of addresses in one form: two-letter states, digits of ZIP codes and telephones."""

import re

from superbill.chart.model import PersonName, Sex

_STATES = {
    "alabama": "AL", "alaska": "AK", "american samoa": "AS", "arizona": "AZ", "arkansas": "AR", "california": "CA",
    "colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL",
    "georgia": "GA", "guam": "GU", "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA",
    "kansas": "KS", "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA",
    "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE",
    "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY",
    "north carolina": "NC", "north dakota": "ND", "northern mariana islands": "MP", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virgin islands": "VI",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
_COUNTRIES = frozenset({"", "us", "usa", "united states", "united states of america"})
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "prof"})
_NDC_PARTS = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}
_NOT_DIGIT = re.compile(r"[^0-9]")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d+\s*$", re.IGNORECASE)


def state_code(text: str) -> str:
    """The two-letter code of a US state or territory by name or code; other words as they are."""
    plain = " ".join(text.split())
    return _STATES.get(plain.casefold(), plain.upper() if len(plain) == 2 else plain)


def country_code(text: str) -> str:
    """US for every way to write it and for nothing; other countries as recorded."""
    return "US" if text.strip().casefold() in _COUNTRIES else text.strip()


def digits(text: str) -> str:
    """Only the digits 0 to 9 of a text, as ZIP codes and tax numbers are carried."""
    return _NOT_DIGIT.sub("", text)


def phone_digits(text: str) -> str:
    """The ten digits of a US telephone number: no country code 1, no extension. Others: all their digits."""
    plain = digits(_EXTENSION.sub("", text))
    return plain[1:] if len(plain) == 11 and plain[0] == "1" else plain


def ndc11(text: str) -> str:
    """A National Drug Code as claims carry it: eleven digits, 5-4-2, each part filled with zeros on the left.

    An NDC without hyphens counts only with eleven digits: of ten, nobody can say where the zero belongs
    (21 CFR 207.33). Anything else gives "".
    """
    parts = tuple(text.strip().split("-"))
    if len(parts) == 3 and tuple(len(part) for part in parts) in _NDC_PARTS:
        plain = parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)
    else:
        plain = text.strip()
    return plain if len(plain) == 11 and not _NOT_DIGIT.search(plain) else ""


def person_name(text: str) -> PersonName:
    """A name written in one string: the last word is the family name, titles are dropped."""
    words = [word for word in text.split() if word.strip(".").casefold() not in _TITLES]
    return PersonName(words[-1], tuple(words[:-1])) if words else PersonName("")


def sex(text: str) -> Sex:
    """F, M or U of an administrative gender ("female", "M", …)."""
    first = text[:1].casefold()
    return "F" if first == "f" else "M" if first == "m" else "U"
