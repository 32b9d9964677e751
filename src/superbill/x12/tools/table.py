"""Claims and remittances as rows: one for each service line, what is the claim's and the file's repeated on each.

In constant memory, whatever the size of the file. The columns are in `columns`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from itertools import chain, islice
from typing import IO, Any

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.convert import quantity_text
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.tools.columns import ADJUSTMENTS, CLAIMS, REMITTANCES, Column, Kind, Table, adjustments
from superbill.x12.tools.words import ToolError, at, several
from superbill.x12.tree import Loop, Record, Transaction
from superbill.x12.walk import walk

Row = tuple[Any, ...]
_TABLES = {"837": CLAIMS, "835": REMITTANCES}
_ROWS_AT_ONCE = 10_000  # of a row group in Parquet
_MONEY_DIGITS, _QUANTITY_DIGITS, _QUANTITY_DECIMALS = 18, 38, 15  # an R element has at most 15 digits on either side


class Rows(Struct):
    """Column names and kinds, and the rows: money as cents, a quantity as a Decimal, dates as dates, None for none."""

    columns: tuple[tuple[str, Kind], ...]
    rows: Iterator[Row]


def rows(source: Source) -> Rows:
    """One row for each service line of a file of claims or of remittances; a claim without lines has one row.

    Raises ToolError for a file of anything else, or of both.
    """
    kind, reads = _kind(source)
    table = _TABLES[kind]
    return Rows(tuple((column.name, column.kind) for column in table.columns), _lines(table, reads))


def adjustment_rows(source: Source) -> Rows:
    """One row for each adjustment: of lines, of claims, and (level "provider") those of a payment that are no claim's.

    In claims they are those of earlier payers. Raises ToolError as `rows` does.
    """
    kind, reads = _kind(source)
    made = _paid(reads) if kind == "835" else _earlier(reads)
    return Rows(ADJUSTMENTS, made)


def _kind(source: Source) -> tuple[str, Iterator[Record | Transaction]]:
    """837 or 835, and the units, each of which is sure to be of that kind."""
    reads = (read for read in walk(source, guides_of, units=True) if isinstance(read, (Record, Transaction)))
    first = next(reads, None)
    if first is None:
        raise ToolError("The file has no transaction set.")
    kind = _identifier(first)
    if kind not in _TABLES:
        raise ToolError(f"Only claims (837) and remittances (835) have service lines; this is {kind or 'unknown'}.")
    return kind, _same(kind, chain([first], reads))


def _identifier(read: Record | Transaction) -> str:
    transaction = read.transaction if isinstance(read, Record) else read
    return transaction.compiled.guide.identifier


def _same(kind: str, reads: Iterable[Record | Transaction]) -> Iterator[Record | Transaction]:
    for read in reads:
        if (found := _identifier(read)) != kind:
            raise ToolError(f"The file has both {kind} and {found or 'unknown'}; split it by transaction set first.")
        yield read


def _values(columns: Sequence[Column], of: Any) -> Row:
    return tuple([_typed(column.kind, column.get(of)) for column in columns])


def _typed(kind: Kind, value: Any) -> Any:
    """A value of the column's kind, None for none and for what a sender put in its place."""
    if kind == "day":
        if isinstance(value, Period):
            value = value.start
        return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
    return None if value == "" else value


def _lines(table: Table, reads: Iterable[Record | Transaction]) -> Iterator[Row]:
    no_line = (None,) * len(table.line)
    known: tuple[Loop, ...] = ()
    header: Row = ()
    for read in reads:
        if isinstance(read, Transaction):
            known = ()
            continue
        if not known or any(one is not other for one, other in zip(known, read.above, strict=False)):
            known, header = read.above, _values(table.header, read)
        claim = _values(table.claim, read.unit)
        empty = True
        for line in several(read.unit, "lines"):
            empty = False
            yield header + claim + _values(table.line, line)
        if empty:
            yield header + claim + no_line


# --- adjustments ----------------------------------------------------------------------------------------------------


def _numbered(claim: Loop, name: str = "lines") -> Iterator[tuple[int, Loop]]:
    yield from enumerate(several(claim, name), 1)


def _paid(reads: Iterable[Record | Transaction]) -> Iterator[Row]:
    for read in reads:
        transaction = read.transaction if isinstance(read, Record) else read
        root = read.above[0] if isinstance(read, Record) else read.root
        guide, number = transaction.compiled.guide.key, transaction.header.control_number
        begin = (guide, number, at(root, "trace.number"))
        payer = at(root, "payer.name.id") or at(root, "trace.originator")
        if isinstance(read, Transaction):
            for provider in several(root, "provider_adjustments"):
                for reason, amount in provider.adjustments:
                    end = ("", reason.reason, amount, None, reason.reference or None)
                    yield (*begin, "provider", payer, None, None, None, *end)
            continue
        claim = at(read.unit, "claim.patient_control_number")
        yield from ((*begin, "claim", payer, claim, None, None, *each, None) for each in adjustments(read.unit))
        for place, line in _numbered(read.unit):
            code = at(line, "service.procedure.code")
            yield from ((*begin, "line", payer, claim, place, code, *each, None) for each in adjustments(line))


def _earlier(reads: Iterable[Record | Transaction]) -> Iterator[Row]:
    for read in reads:
        if isinstance(read, Transaction):
            continue
        begin = (read.transaction.compiled.guide.key, read.transaction.header.control_number, None)
        claim = at(read.unit, "claim.patient_control_number")
        for other in several(read.unit, "other_subscribers"):
            payer = at(other, "other_payer_name.name.id")
            yield from ((*begin, "claim", payer, claim, None, None, *each, None) for each in adjustments(other))
        for place, line in _numbered(read.unit):
            code = at(line, "service.procedure.code")
            for told in several(line, "adjudications"):
                payer = at(told, "adjudication.payer_id")
                yield from ((*begin, "line", payer, claim, place, code, *each, None) for each in adjustments(told))


# --- files ----------------------------------------------------------------------------------------------------------


def _cell(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
    if kind == "quantity":
        return quantity_text(Decimal(value))
    return str(value)


def write_csv(table: Rows, out: IO[str]) -> int:
    """The rows as CSV with a header: money as decimal dollars, dates as YYYY-MM-DD. How many rows there were."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in table.columns])
    kinds = [kind for _, kind in table.columns]
    count = 0
    for count, row in enumerate(table.rows, 1):  # noqa: B007 -- how many there were is the answer
        writer.writerow(map(_cell, kinds, row))
    return count


def write_parquet(table: Rows, out: IO[bytes]) -> int:
    """The rows as Parquet: money as decimal(18, 2) dollars, quantities as decimal(38, 15). How many there were.

    Needs pyarrow; raises ToolError without it.
    """
    try:
        pa: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise ToolError("Parquet needs pyarrow: pip install 'superbill[parquet]'. CSV needs nothing.") from None
    types = {
        "text": pa.string(),
        "money": pa.decimal128(_MONEY_DIGITS, 2),
        "quantity": pa.decimal128(_QUANTITY_DIGITS, _QUANTITY_DECIMALS),
        "count": pa.int64(),
        "day": pa.date32(),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in table.columns])
    count = 0
    with parquet.ParquetWriter(out, schema) as writer:
        while batch := list(islice(table.rows, _ROWS_AT_ONCE)):
            count += len(batch)
            arrays = [
                pa.array([_exact(kind, row[place]) for row in batch], type=types[kind])
                for place, (_, kind) in enumerate(table.columns)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return count


def _exact(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind == "money":
        return Decimal(value).scaleb(-2)
    return Decimal(value) if kind == "quantity" else value
