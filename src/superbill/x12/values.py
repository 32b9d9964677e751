"""How element text becomes a value and a value text. Every parse raises ValueError for text that is none.

The hot parses are cached: a batch repeats its dates, amounts and procedures thousands of times.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from superbill.claims.model import Adjustment, Contact, Procedure
from superbill.effective import Period
from superbill.money import decimal_dollars, parse_dollars
from superbill.x12.model import StatusCode

money = lru_cache(1 << 14)(parse_dollars)
money_text = lru_cache(1 << 14)(decimal_dollars)

_DECIMAL = re.compile(r"-?(\d{1,15}(\.\d*)?|\.\d+)")
_LEGAL = re.compile(r"[ !\"&'()+,\-./0-9;?=A-Za-z%@\[\]_{}\\|<>#$]*")
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "ß": "ss", "ø": "o", "Ø": "O",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "ı": "i", "`": "'", "*": " ", "~": "-", ":": ";", "^": " ", "\n": " ", "\r": " ", "\t": " ",
})  # fmt: skip


class IllegalText(ValueError):
    """Text that X12's extended character set, less our delimiters, can't hold."""


@lru_cache(1 << 14)
def day(text: str) -> date:
    """CCYYMMDD."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date (CCYYMMDD): {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


@lru_cache(1 << 14)
def day_text(value: date) -> str:
    """CCYYMMDD."""
    return f"{value.year:04}{value.month:02}{value.day:02}"


@lru_cache(1 << 14)
def period(text: str) -> Period:
    """A D8 day (one day: start and end) or an RD8 range."""
    first, dash, last = text.partition("-")
    start = day(first)
    return Period(start, day(last) if dash else start)


def period_text(value: Period) -> str:
    """A day, or a range where the period has a later end. Raises ValueError without a first day."""
    if value.start is None:
        raise ValueError("a period of service needs its first day")
    if value.end is None or value.end == value.start:
        return day_text(value.start)
    return f"{day_text(value.start)}-{day_text(value.end)}"


def period_format(value: Period) -> str:
    """The date format qualifier that `period_text` needs."""
    return "D8" if value.end is None or value.end == value.start else "RD8"


@lru_cache(1 << 12)
def quantity(text: str) -> Decimal:
    """An exact decimal."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"not a number: {text!r}")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None


@lru_cache(1 << 12)
def quantity_text(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@lru_cache(1 << 13)
def count(text: str) -> int:
    """A whole number."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


def yes(text: str) -> bool:
    """Y is true, N false."""
    if text not in ("Y", "N"):
        raise ValueError(f"neither Y nor N: {text!r}")
    return text == "Y"


def yes_text(value: bool) -> str:
    """Y or N."""
    return "Y" if value else "N"


def flag_text(value: bool) -> str:
    """Y, or nothing."""
    return "Y" if value else ""


def plain(value: str) -> str:
    """A name, address or note in X12's extended character set.

    Accents go, typographic marks and our delimiters become their nearest kin (":" ";", "~" "-", "*" and "^" a
    blank), blanks are squeezed. Raises IllegalText for letters that have no Latin form.
    """
    if _LEGAL.fullmatch(value) and "  " not in value:
        return value.strip()
    text = unicodedata.normalize("NFKD", value.translate(_PLAIN))
    text = " ".join("".join(mark for mark in text if not unicodedata.combining(mark)).split())
    if not _LEGAL.fullmatch(text):
        raise IllegalText(f"{value!r} has characters that X12 can't carry")
    return text


def exact(value: str) -> str:
    """An identifier or code, which must go out as it is. Raises IllegalText for a delimiter or a foreign letter."""
    if not _LEGAL.fullmatch(value) or value[:1] == " " or value[-1:] == " ":
        raise IllegalText(f"{value!r} has characters that an X12 identifier can't carry")
    return value


# --- composites ---------------------------------------------------------------------------------------------------


@lru_cache(1 << 13)
def procedure(text: str, mark: str) -> Procedure:
    """Qualifier, code, up to four modifiers, description. Blank modifiers within are dropped."""
    parts = text.split(mark)
    if len(parts) < 2 or not parts[1]:
        if len(parts) == 1 and parts[0]:
            raise ValueError(f"a procedure needs its qualifier and code: {text!r}")
        raise ValueError(f"a procedure needs its code: {text!r}")
    return Procedure(
        code=parts[1],
        modifiers=tuple(part for part in parts[2:6] if part),
        qualifier=parts[0],
        description=parts[6] if len(parts) > 6 else "",
    )


@lru_cache(1 << 13)
def procedure_text(value: Procedure) -> str:
    """The composite of a procedure."""
    parts = [exact(value.qualifier), exact(value.code), *map(exact, value.modifiers)]
    if value.description:
        parts += [""] * (6 - len(parts)) + [plain(value.description)]
    return ":".join(parts)


@lru_cache(1 << 10)
def numbers(text: str, mark: str) -> tuple[int, ...]:
    """Diagnosis pointers."""
    return tuple(count(part) for part in text.split(mark) if part)


@lru_cache(1 << 10)
def numbers_text(value: tuple[int, ...]) -> str:
    """The composite of diagnosis pointers."""
    return ":".join(map(str, value))


def components(text: str, mark: str) -> tuple[str, ...]:
    """The components as they are."""
    return tuple(text.split(mark))


def components_text(value: Sequence[str]) -> str:
    """The composite of components, blank ones at its end left out."""
    return ":".join(map(exact, value)).rstrip(":")


@lru_cache(1 << 10)
def status(text: str, mark: str) -> StatusCode:
    """Category, status, entity of a claim status composite."""
    parts = [*text.split(mark), "", ""]
    return StatusCode(parts[0], parts[1], parts[2])


def status_text(value: StatusCode) -> str:
    """The composite of a claim status."""
    return components_text((value.category, value.status, value.entity))


# --- whole segments: element lists, the segment id first -----------------------------------------------------------


def adjustments(e: list[str], _mark: str) -> list[Adjustment]:
    """The up to six adjustments of a CAS."""
    found = []
    for at in range(2, min(len(e), 20), 3):
        if reason := e[at]:
            amount = e[at + 1] if len(e) > at + 1 else ""
            units = e[at + 2] if len(e) > at + 2 else ""
            found.append(Adjustment(e[1], reason, money(amount), quantity(units) if units else None))
    return found


def adjustments_text(values: Sequence[Adjustment]) -> list[list[str]]:
    """CAS segments: adjustments of one group that follow one another share a segment, six at most."""
    made: list[list[str]] = []
    for value in values:
        if not made or made[-1][1] != value.group or len(made[-1]) >= 20:
            made.append(["CAS", exact(value.group)])
        units = "" if value.quantity is None else quantity_text(value.quantity)
        made[-1] += [exact(value.reason), money_text(value.amount), units]
    return made


def contact(e: list[str], _mark: str) -> list[Contact]:
    """A PER: name, and the first telephone and mail address of its numbers."""
    numbers_: dict[str, str] = {}
    for at in range(3, min(len(e) - 1, 8), 2):
        numbers_.setdefault(e[at], e[at + 1])
    return [Contact(e[2] if len(e) > 2 else "", numbers_.get("TE", ""), numbers_.get("EM", ""))]


def contact_text(values: Sequence[Contact], kind: str = "IC") -> list[list[str]]:
    """PER segments with name, telephone and mail address."""
    made = []
    for value in values:
        row = ["PER", kind, plain(value.name)]
        if value.phone:
            row += ["TE", exact(value.phone)]
        if value.email:
            row += ["EM", exact(value.email)]
        made.append(row)
    return made
