"""A payer's CSV with columns of its own, read by a mapping ("code=CPT,amount=Rate"); each bad cell has its place.

Payers send fee schedules as exports with a title above the head, dollar signs and thousands separators; what is an
amount, a day or a code is read tolerantly, and what can't be meant is refused with file, row and column.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from superbill.money import Cents, MoneyError, parse_dollars
from superbill.pricing.contract_model import ContractError

_AMOUNT = re.compile(r"\$?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_HEAD_ROWS = 20


class Row(Struct, frozen=True):
    """One row: its line in the file, and the text of each mapped field, "" where the column is empty."""

    line: int
    fields: dict[str, str]


class Table(Struct, frozen=True):
    """The mapped rows of a file. `columns` gives each field's own column, for messages."""

    file: str
    columns: dict[str, str]
    rows: tuple[Row, ...]

    def place(self, row: Row, field: str) -> str:
        """Where a cell is: file, row and column."""
        return f"{self.file}:{row.line}: column {self.columns.get(field, field)!r}"


def read_mapping(text: str, known: Sequence[str]) -> dict[str, str]:
    """A mapping written "code=CPT,amount=Rate". Raises ContractError for a field that is none, or one named twice."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column:
            raise ContractError([f"--map: {pair!r}: write FIELD=COLUMN, as in code=CPT"])
        if field not in known:
            raise ContractError([f"--map: {field!r} is none of {', '.join(known)}"])
        if field in found:
            raise ContractError([f"--map: {field} is named twice"])
        found[field] = column
    return found


def read_table(
    lines: Iterable[str], file: str, mapping: Mapping[str, str], known: Sequence[str], required: Sequence[str]
) -> Table:
    """The rows of a CSV. A field without a mapping is looked for under its own name; case does not count.

    The head is the first of the first rows that has every column that is required or mapped. Raises ContractError.
    """
    rows = [(number, [cell.strip().lstrip("\ufeff") for cell in row]) for number, row in read_csv(lines, file)]
    wanted = {field: mapping.get(field, field).casefold() for field in known}
    needed = {field: wanted[field] for field in (*required, *mapping)}
    place = _head(rows, needed, mapping, file)
    head = rows[place][1]
    names = [cell.casefold() for cell in head]
    where = {field: names.index(column) for field, column in wanted.items() if column in names}
    body = tuple(
        Row(number, {field: row[at] if at < len(row) else "" for field, at in where.items()})
        for number, row in rows[place + 1 :]
        if any(row)
    )
    if not body:
        raise ContractError([f"{file}: has no row below its head"])
    return Table(file, {field: head[at] for field, at in where.items()}, body)


def _head(rows: list[tuple[int, list[str]]], needed: Mapping[str, str], mapping: Mapping[str, str], file: str) -> int:
    """The first row that has every column needed."""
    for place, (_, head) in enumerate(rows[:_HEAD_ROWS]):
        if set(needed.values()) <= {cell.casefold() for cell in head}:
            return place
    first = rows[0][1] if rows else []
    there = {cell.casefold() for cell in first}
    missing = [f"{field} (column {mapping.get(field, field)!r})" for field in needed if needed[field] not in there]
    has = f"The file has {', '.join(filter(None, first)) or 'nothing'}"
    raise ContractError([f"{file}:1: no column for {', '.join(missing)}. {has}. Say which is which with --map"])


def read_csv(lines: Iterable[str], file: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with its line in the file. Raises ContractError for text that is no CSV."""
    reader = csv.reader(lines)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ContractError([f"{file}:{reader.line_num}: not CSV: {error}"]) from None


def amount(text: str) -> Cents:
    """Cents of "$1,234.50", "1234.5", "85". Raises ValueError for text that is no amount, or has a part of a cent."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not an amount of money: {text!r}")
    try:
        return parse_dollars(found[1].replace(",", ""))
    except MoneyError as error:
        raise ValueError(str(error)) from None


def part(text: str) -> Decimal:
    """A part of "115%", "115 %" or "1.15". Raises ValueError for text that is none; 115 without its sign is none."""
    plain = text.strip()
    try:
        value = Decimal(plain.rstrip("% "))
    except InvalidOperation:
        raise ValueError(f"not a part: {text!r}") from None
    if not value.is_finite() or value < 0:
        raise ValueError(f"not a part: {text!r}")
    if plain.endswith("%"):
        return value / 100
    if value > 20:
        raise ValueError(f"a part, or a percentage with its sign: {text!r}")
    return value


def day(text: str) -> date:
    """A day of "2026-01-31", "20260131" or "1/31/2026". Raises ValueError for text that is none."""
    plain = text.strip()
    us = _US_DAY.fullmatch(plain)
    try:
        return date(int(us[3]), int(us[1]), int(us[2])) if us else date.fromisoformat(plain)
    except ValueError:
        raise ValueError(f"not a day like 2026-01-31 or 1/31/2026: {text!r}") from None
