"""Many rows at once. The ORM builds an object per row; imports and postings write tens of thousands."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

T = TypeVar("T")
CHUNK = 500


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in pieces that fit into one statement of either database."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def found(rows: QuerySet[Any], field: str, wanted: Iterable[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    """`columns` of those rows whose `field` is among `wanted`, in as few statements as there are chunks."""
    for some in chunks(sorted(set(wanted))):
        yield from rows.filter(**{f"{field}__in": some}).values_list(*columns)


def insert(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, upsert: str = "") -> None:
    """Insert rows; columns that are not named get the field's default. `upsert` is an ON CONFLICT clause."""
    if not rows:
        return
    given = set(columns)
    rest = [field for field in model._meta.concrete_fields if field.attname not in given and not _generated(field)]
    names = [*columns, *(field.attname for field in rest)]
    tail = tuple(field.get_default() for field in rest)
    sql = f"INSERT INTO {model._meta.db_table} ({_quoted(names)}) VALUES ({', '.join(['%s'] * len(names))}) {upsert}"  # noqa: S608  # names are our own columns
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_adapted((*row, *tail)) for row in rows])


def update(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set `columns` of many rows; each of `rows` has the values and then the row's id."""
    if not rows:
        return
    key = model._meta.pk.column
    sets = ", ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE {model._meta.db_table} SET {sets} WHERE "{key}" = %s',  # noqa: S608  # names are our own columns
            [_adapted(row) for row in rows],
        )


def adapt_time(value: datetime) -> Any:
    """A point in time as the database at hand keeps it."""
    return connection.ops.adapt_datetimefield_value(value)


def _generated(field: Any) -> bool:
    return bool(getattr(field, "db_returning", False))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _adapted(row: Sequence[Any]) -> tuple[Any, ...]:
    ops = connection.ops
    return tuple(
        value
        if value is None or type(value) in (str, int)
        else ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else ops.adapt_datefield_value(value)
        if isinstance(value, date)
        else value
        for value in row
    )
