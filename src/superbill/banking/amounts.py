"""Amounts and days as banks write them, told exactly or not at all."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from superbill.money import Cents, MoneyError, parse_dollars

Decimal = Literal[".", ","]

_GROUPED = {
    ".": re.compile(r"(?:\d{1,3}(?:[, ']\d{3})+|\d+)?(?:\.\d+)?"),
    ",": re.compile(r"(?:\d{1,3}(?:[. ']\d{3})+|\d+)?(?:,\d+)?"),
}
_LONGEST = 40
_SIDES = {"cr": 1, "c": 1, "credit": 1, "dr": -1, "d": -1, "debit": -1, "db": -1, "dbit": -1, "crdt": 1, "": 1}
_SIDE = re.compile(r"\s*(cr|dr|db|c|d)\.?$", re.IGNORECASE)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2013": "-", "\u2019": "'"})
# The American order comes first: where every date of a file may be read both ways, that is how it is meant.
DATE_FORMATS = (
    "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%m-%d-%Y", "%m-%d-%y",
    "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip


def parse_amount(text: str, decimal: Decimal = ".") -> Cents:
    """Cents of "1,234.50", "$12", "(12.00)", "12.00-", "-$5", "12.00 CR", or with `decimal` ",": "1.234,50".

    Parentheses, a minus before or after, and DR make it negative. Raises MoneyError for anything else, for separators
    that stand where no thousands end, and for parts of a cent.
    """
    plain = text.translate(_SPACES).strip()
    if len(plain) > _LONGEST:
        raise MoneyError(f"not an amount of money: {plain[:_LONGEST]!r}…")
    side = _SIDE.search(plain)
    sign = _SIDES[side[1].casefold()] if side else 1
    plain = plain[: side.start()] if side else plain
    if plain.startswith("(") and plain.endswith(")"):
        sign, plain = -sign, plain[1:-1].strip()
    marks = [mark for mark in ("-", "+") if mark in plain]
    plain = plain.replace("$", "", 1).strip()
    if plain[:1] in ("-", "+"):
        sign, plain = (-sign if plain[0] == "-" else sign), plain[1:]
    elif plain[-1:] in ("-", "+"):
        sign, plain = (-sign if plain[-1] == "-" else sign), plain[:-1]
    plain = plain.replace("USD", "", 1).strip()
    if len(marks) > 1 or not _GROUPED[decimal].fullmatch(plain) or not any(each.isdigit() for each in plain):
        raise MoneyError(f"not an amount of money: {text!r}")
    digits = re.sub(r"[ ']", "", plain).replace("," if decimal == "." else ".", "").replace(",", ".")
    return sign * parse_dollars(digits)


def side(text: str) -> int | None:
    """1 for a word that means credit, -1 for debit, None for another."""
    return _SIDES.get(text.strip().casefold()) if text.strip() else None


@lru_cache(4096)
def parse_day(text: str, form: str) -> date:
    """The day that `text` means in `form`. Raises ValueError."""
    return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a bank's day has no zone


def fitting_formats(texts: Iterable[str]) -> list[str]:
    """The forms in which every one of `texts` is a day, the likeliest first."""
    wanted = {text for text in texts if text.strip()}
    return [form for form in DATE_FORMATS if wanted and all(_is_day(text, form) for text in wanted)]


def _is_day(text: str, form: str) -> bool:
    try:
        return 1990 <= parse_day(text, form).year <= 2100
    except ValueError:
        return False


def fitting_decimals(texts: Iterable[str]) -> list[Decimal]:
    """Under which decimal mark every one of `texts` is an amount; "." first."""
    marks: tuple[Decimal, ...] = (".", ",")
    wanted = {text for text in texts if text.strip()}
    return [mark for mark in marks if all(_is_amount(text, mark) for text in wanted)]


def _is_amount(text: str, mark: Decimal) -> bool:
    try:
        parse_amount(text, mark)
    except MoneyError:
        return False
    return True
