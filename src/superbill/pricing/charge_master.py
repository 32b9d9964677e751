"""The charge master: what the practice charges for each code, dated."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from superbill.effective import Dated
from superbill.findings import Finding, Place, Severity, line
from superbill.money import Cents, MoneyError, parse_dollars, times

_COLUMNS = ["code", "modifier", "start", "charge"]


class ChargeMasterError(ValueError):
    """A charge master that can't be read; the message names the line and the fix."""


class ChargeMaster:
    """Charges in cents per unit by (code, modifier), each with the first day it holds."""

    __slots__ = ("_prices",)

    def __init__(self, prices: Mapping[tuple[str, str], Dated[Cents]]) -> None:
        self._prices = dict(prices)

    def __len__(self) -> int:
        return len(self._prices)

    @property
    def codes(self) -> frozenset[str]:
        """Every code that has a charge, whatever its modifier or day."""
        return frozenset(code for code, _ in self._prices)

    def price(self, code: str, day: date, modifiers: Sequence[str] = ()) -> Cents | None:
        """Cents for one unit on `day`; None when the code has no charge then.

        The first modifier with a charge of its own decides (26 and TC of a test are priced apart).
        """
        for modifier in (*modifiers, ""):
            dated = self._prices.get((code, modifier))
            found = dated.on(day) if dated is not None else None
            if found is not None:
                return found
        return None

    def charge(
        self, code: str, day: date, *, units: Decimal = Decimal(1), modifiers: Sequence[str] = (), number: int = 1
    ) -> tuple[Cents | None, tuple[Finding, ...]]:
        """The charge of a whole line in cents, or None with the finding that says what is missing.

        `number` is the service line, for the finding.
        """
        price = self.price(code, day, modifiers)
        if price is None:
            return None, (self._no_price(code, day, line(number, "charge")),)
        return times(price, units), ()

    def _no_price(self, code: str, day: date, where: Place) -> Finding:
        known = code in self.codes
        return Finding(
            rule="pricing.no-charge",
            severity=Severity.ERROR,
            where=where,
            message=f"{code} has no charge on {day.isoformat()}"
            + (": its first charge starts later or it has ended." if known else ": it is not in the charge master."),
            why="A line is billed at the practice's own charge for the date of service.",
            fix=f"Add a row for {code} that starts on or before {day.isoformat()} to the charge master.",
            source="practice charge master",
        )


def read_charge_master(lines: Iterable[str], name: str = "charge_master.csv") -> ChargeMaster:
    """The charge master of a CSV with the columns code, modifier, start (ISO day), charge (dollars; empty ends it).

    Raises ChargeMasterError with file and line for a row that can't be meant: an unknown column, a day or an amount
    that is none, a charge that is not positive, the same code twice on one day.
    """
    return ChargeMaster(read_charges(lines, name, _COLUMNS, charge_row))


def read_charges(
    lines: Iterable[str],
    name: str,
    columns: Sequence[str],
    read: Callable[[Sequence[str]], tuple[tuple[str, str], date, Cents | None]],
) -> dict[tuple[str, str], Dated[Cents]]:
    """Dated charges of a CSV with these columns, by (code, modifier); `read` reads a row. Raises ChargeMasterError."""
    rows = csv.reader(lines)
    header = next(rows, None)
    if header is None or [column.strip().lstrip("\ufeff") for column in header] != columns:
        raise ChargeMasterError(f"{name}:1: the columns must be {','.join(columns)}")
    steps: dict[tuple[str, str], dict[date, Cents | None]] = {}
    for row in rows:
        if not any(field.strip() for field in row):
            continue
        try:
            key, start, cents = read(row)
            dated = steps.setdefault(key, {})
            if start in dated:
                raise ChargeMasterError(f"{' '.join(key).strip()} has two charges from {start.isoformat()}")
        except ValueError as error:
            raise ChargeMasterError(f"{name}:{rows.line_num}: {error}") from None
        dated[start] = cents
    return {key: Dated(dated.items()) for key, dated in steps.items()}


def charge_row(row: Sequence[str]) -> tuple[tuple[str, str], date, Cents | None]:
    """What a row of code, modifier, start and charge says. Raises ChargeMasterError or ValueError, without a place."""
    if len(row) != len(_COLUMNS):
        raise ChargeMasterError(f"a row has {len(_COLUMNS)} fields, this one {len(row)}")
    code, modifier, start, charge = (field.strip() for field in row)
    if not code:
        raise ChargeMasterError("no code")
    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise ChargeMasterError(f"start is not a day like 2026-01-31: {start!r}") from None
    if not charge:
        return (code, modifier), day, None
    try:
        cents = parse_dollars(charge)
    except MoneyError as error:
        raise ChargeMasterError(f"charge: {error}") from None
    if cents <= 0:
        raise ChargeMasterError(f"the charge of {code} must be more than zero: {charge!r}")
    return (code, modifier), day, cents
