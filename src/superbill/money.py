"""Money is integer cents, from file to ledger to database. No float ever stands for money here."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

Cents: TypeAlias = int

_CENT = Decimal("0.01")
_LIMIT = 10**16  # X12 R elements hold at most 18 characters; a larger amount is a mistake, not money


class MoneyError(ValueError):
    """Text or a number that is not an exact amount of dollars and cents."""


def parse_dollars(text: str) -> Cents:
    """Exact cents of a decimal dollar amount: "12", "12.3", "-.05", "12.3400".

    Raises MoneyError for anything that is not a plain decimal number, that has a part of a cent, or that is
    too large to be meant.
    """
    plain = text.strip()
    digits = plain.lstrip("+-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(plain) - len(digits) > 2:
        raise MoneyError(f"not an amount of money: {text!r}")
    try:
        cents = Decimal(plain) * 100
    except InvalidOperation:
        raise MoneyError(f"not an amount of money: {text!r}") from None
    if cents != cents.to_integral_value():
        raise MoneyError(f"an amount has at most two decimals: {text!r}")
    if abs(cents) >= _LIMIT:
        raise MoneyError(f"too large to be an amount of money: {text!r}")
    return int(cents)


def decimal_dollars(amount: Cents) -> str:
    """Dollars as X12 writes them: no trailing zeros, no point when whole, "-" when negative ("12.3", "-5", "0")."""
    whole, part = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:02d}".rstrip("0")


def dollars(amount: Cents) -> str:
    """Dollars for people: "$1,234.50"; negative amounts in parentheses."""
    whole, part = divmod(abs(amount), 100)
    text = f"${whole:,}.{part:02d}"
    return f"({text})" if amount < 0 else text


def split(total: Cents, weights: Sequence[int]) -> list[Cents]:
    """Split `total` in proportion to `weights` so that the parts add up to it exactly.

    Largest remainder; ties go to the earlier part. All-zero weights split evenly. Raises MoneyError for no
    weights or a negative one.
    """
    if not weights or min(weights) < 0:
        raise MoneyError("split needs at least one weight, none negative")
    whole = sum(weights)
    if whole == 0:
        return split(total, [1] * len(weights))
    sign = -1 if total < 0 else 1
    parts = [divmod(abs(total) * weight, whole) for weight in weights]
    missing = abs(total) - sum(part for part, _ in parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    lucky = set(by_remainder[:missing])
    return [sign * (part + (i in lucky)) for i, (part, _) in enumerate(parts)]


def portion(amount: Cents, rate: Decimal) -> Cents:
    """`amount` × `rate` rounded half up to the cent, away from zero (coinsurance 0.20 of 83.33 → 16.67)."""
    return int((Decimal(amount) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def times(price: Cents, units: Decimal) -> Cents:
    """The charge of `units` at `price` each, rounded half up to the cent."""
    return portion(price, units)
