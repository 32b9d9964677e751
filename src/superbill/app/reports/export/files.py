"""Tables as files, row by row in constant memory: written, and read back to exactly the same values.

CSV (RFC 4180, UTF-8): days and times in ISO 8601, times in UTC, booleans true and false, bytes in base64. A text that
begins like a formula (= + - @, tab, carriage return) or with an apostrophe has one apostrophe put before it, so that
no spreadsheet runs it; reading takes that one off again. Nothing between two commas is no value where a column may
have none, else an empty text; in a column that may have none an empty text is one apostrophe.
"""

import base64
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from superbill.app.reports.export.tables import Column, Table, Type
from superbill.codesets.csv_rows import long_cells

Format = Literal["csv", "parquet"]
Row = Sequence[Any]
AT_ONCE = 2000
_RUNS = ("=", "+", "-", "@", "\t", "\r", "'")
_CELL = 2**31 - 1  # a file that came in is one field


class ExportUnusable(Exception):
    """An export that can't be written or read; the message names the file and the fix."""


def write_table(path: Path, table: Table, rows: Iterable[Row], form: Format) -> int:
    """Write all of `rows`; how many there were."""
    return (_write_csv if form == "csv" else _write_parquet)(path, table, rows)


def read_table(path: Path, table: Table, form: Format) -> Iterator[tuple[Any, ...]]:
    """The rows as they were. Raises ExportUnusable naming the file and line."""
    return (_read_csv if form == "csv" else _read_parquet)(path, table)


def must_have_parquet() -> None:
    """Raises ExportUnusable when Parquet can't be written on this machine."""
    _arrow()


def _write_csv(path: Path, table: Table, rows: Iterable[Row]) -> int:
    put = [_put(column) for column in table.columns]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        for row in rows:
            writer.writerow([cell(value) for cell, value in zip(put, row, strict=True)])
            count += 1
    return count


def _read_csv(path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
    take = [(_TAKE[column.type], column.nullable) for column in table.columns]
    names = [column.name for column in table.columns]
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        rows = long_cells(reader, _CELL)
        try:
            if next(rows, None) != names:
                raise ExportUnusable(f"{path}: its first line does not name the columns of the schema")
            for row in rows:
                yield tuple(
                    value(cell) if cell or not nullable else None
                    for (value, nullable), cell in zip(take, row, strict=True)
                )
        except (ValueError, csv.Error) as error:
            raise ExportUnusable(f"{path}:{reader.line_num}: {error}. The file was changed; export anew.") from None


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `plain` gives it back."""
    return f"'{text}" if text.startswith(_RUNS) else text


def plain(cell: str) -> str:
    """What `safe` was given."""
    return cell.removeprefix("'")


def _put(column: Column) -> Callable[[Any], str]:
    cell = _PUT[column.type]
    return (lambda value: "" if value is None else cell(value) or "'") if column.nullable else cell


def _put_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_PUT: Mapping[Type, Callable[[Any], str]] = {
    "integer": str,
    "text": safe,
    "boolean": lambda value: "true" if value else "false",
    "date": date.isoformat,
    "time": _put_time,
    "bytes": lambda value: safe(base64.b64encode(bytes(value)).decode("ascii")),
}


def _take_boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(f"{cell!r} is neither true nor false")
    return cell == "true"


_TAKE: Mapping[Type, Callable[[str], Any]] = {
    "integer": int,
    "text": plain,
    "boolean": _take_boolean,
    "date": date.fromisoformat,
    "time": datetime.fromisoformat,
    "bytes": lambda cell: base64.b64decode(plain(cell), validate=True),
}


def _arrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ExportUnusable("Parquet needs pyarrow: pip install 'superbill[parquet]'. CSV needs nothing.") from None


def _schema(arrow: Any, columns: Iterable[Column]) -> Any:
    kinds = {
        "integer": arrow.int64(),
        "text": arrow.string(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "time": arrow.timestamp("us", tz="UTC"),
        "bytes": arrow.binary(),
    }
    return arrow.schema([arrow.field(column.name, kinds[column.type], column.nullable) for column in columns])


def _write_parquet(path: Path, table: Table, rows: Iterable[Row]) -> int:
    arrow, parquet = _arrow()
    schema, count = _schema(arrow, table.columns), 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in _chunked(rows):
            columns = [
                [bytes(value) if isinstance(value, memoryview) else value for value in values]
                for values in zip(*some, strict=True)
            ]
            arrays = [arrow.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            count += len(some)
    return count


def _read_parquet(path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            if file.schema_arrow.names != [column.name for column in table.columns]:
                raise ExportUnusable(f"{path}: its columns are not those of the schema")
            for batch in file.iter_batches(AT_ONCE):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except arrow.ArrowException as error:
        raise ExportUnusable(f"{path}: {error}. The file was changed; export anew.") from None


def _chunked(rows: Iterable[Row]) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
