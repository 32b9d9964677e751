"""How the text of one element becomes a value and back. Every parse raises ValueError for text that is none."""

import re
from datetime import date, datetime
from decimal import Decimal

from superbill.effective import Period
from superbill.money import Cents, decimal_dollars, parse_dollars

_DECIMAL = re.compile(r"-?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})")


def money(text: str) -> Cents:
    """Cents of an R element: "12", "12.3", "-.05"."""
    if text.isdigit() and text.isascii() and len(text) < 13:
        return int(text) * 100
    return parse_dollars(text)


money_text = decimal_dollars


def day(text: str) -> date:
    """CCYYMMDD; also YYMMDD, as the ISA has it."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date (CCYYMMDD): {text!r}")
    if len(text) == 6:
        text = f"20{text}"
    if len(text) != 8:
        raise ValueError(f"not a date (CCYYMMDD): {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def day_text(value: date) -> str:
    """CCYYMMDD."""
    return f"{value.year:04}{value.month:02}{value.day:02}"


def when(text: str) -> date | Period | datetime | str:
    """A day (D8), a range of days (RD8), a day with a time (DT); any other text, such as a time, as it stands."""
    size = len(text)
    try:
        if size == 8:
            return day(text)
        if size == 17 and text[8] == "-":
            return Period(day(text[:8]), day(text[9:]))
        if size == 12 and text.isdigit():
            on = day(text[:8])
            return datetime(on.year, on.month, on.day, int(text[8:10]), int(text[10:]))  # noqa: DTZ001 -- X12 gives no zone
    except ValueError:
        pass
    return text


def when_text(value: date | Period | datetime | str) -> str:
    """The text of what `when` gives. A period without end, or that ends where it starts, is its first day."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return f"{day_text(value)}{value.hour:02}{value.minute:02}"
    if isinstance(value, date):
        return day_text(value)
    if value.start is None:
        raise ValueError("a period needs its first day")
    return f"{day_text(value.start)}-{day_text(value.end)}" if value.end else day_text(value.start)


def quantity(text: str) -> Decimal:
    """An exact decimal."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(text)


def quantity_text(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def count(text: str) -> int:
    """A whole number, perhaps negative."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)
