"""Many rows at once, and the hot reads. The ORM builds an object per row and a statement per call; imports and
postings read and write tens of thousands, so here a statement is compiled once and only its values change."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Field, ForeignKey, Lookup, Model, QuerySet, UniqueConstraint

from superbill.app.accounts.actors import Scope

T = TypeVar("T")
CHUNK = 500
_AT_ONCE = 5000
_ARRAY = 2000  # rows in one statement of arrays
_PRACTICE = -(2**40)  # stands for the practice in a statement that is being compiled


class _Wanted:
    """Stands for the values in a statement that is being compiled."""


_WANTED = _Wanted()


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`field__among`: one parameter, however many values; so the text of the statement is always the same."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        many = "IN (SELECT value FROM json_each(%s))" if connection.vendor == "sqlite" else "= ANY(%s)"
        return f"{left} {many}", (*params, self.rhs)


class _Question(NamedTuple):
    """What tells one compiled statement from another: what `found` is asked, and the kind of database."""

    vendor: str
    model: type[Model]
    field: str
    columns: tuple[str, ...]
    fixed: tuple[tuple[str, Any], ...]
    lock: bool


class _Read(NamedTuple):
    """A SELECT: its text, its parameters, and what turns a column of the database into ours."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def run(self, practice_id: int, wanted: Any = None) -> Iterator[tuple[Any, ...]]:
        """The rows, with the practice and the values wanted in their places."""
        given = [practice_id if p == _PRACTICE else wanted if p is _WANTED else p for p in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            rows = cursor.fetchall()
        yield from (_converted(row, self.converters) for row in rows) if self.converters else rows


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in pieces that fit into one statement of either database."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def found(
    scope: Scope,
    model: type[Model],
    field: str,
    wanted: Iterable[Any],
    *columns: str,
    lock: bool = False,
    **fixed: Any,
) -> Iterator[tuple[Any, ...]]:
    """`columns` of the practice's rows whose `field` is among `wanted`, in as few statements as there are chunks.

    `fixed` are further conditions (`state__in=(…)`); a value that changes from call to call belongs into `wanted`.
    `lock` holds the rows until the transaction ends. Raises NotPermitted as `scope.rows` does.
    """
    scope.must_read(model)
    ordered = sorted(set(wanted))
    if not ordered:
        return
    read = _read(_Question(connection.vendor, model, field, columns, tuple(fixed.items()), lock))
    for some in chunks(ordered, _AT_ONCE):
        yield from read.run(scope.practice_id, json.dumps(some) if connection.vendor == "sqlite" else list(some))


def asked(
    scope: Scope, model: type[Model], question: Callable[[Scope], QuerySet[Any, Any]]
) -> Iterator[tuple[Any, ...]]:
    """What `question` gives for this practice: a function of the scope alone, whose rows are a `values_list`.

    It is called once for each kind of database and its statement kept. Raises NotPermitted for a reader without the
    permission of `model`.
    """
    scope.must_read(model)
    return _answer(connection.vendor, question).run(scope.practice_id)


def values_of(scope: Scope, model: type[Model], column: str) -> list[tuple[str, int, int]]:
    """(value, first row's id, last row's id) of every value but "" that a text column of the practice has, in order.

    It goes from value to value through an index on (practice, column), so it takes as long as there are values, not
    rows. Raises NotPermitted as `scope.rows` does.
    """
    scope.must_read(model)
    table, practice = model._meta.db_table, scope.practice_id
    of_practice = f'FROM {table} WHERE practice_id = %s AND "{column}"'
    sql = (
        f"WITH RECURSIVE found(value) AS (SELECT min(\"{column}\") {of_practice} > '' UNION ALL "  # noqa: S608  # names are our own columns
        f'SELECT (SELECT min("{column}") {of_practice} > found.value) FROM found WHERE found.value IS NOT NULL) '
        f"SELECT value, (SELECT min(id) {of_practice} = value), (SELECT max(id) {of_practice} = value) "
        "FROM found WHERE value IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [practice] * 4)
        return sorted(cursor.fetchall())


def latest(scope: Scope, model: type[Model], many: int) -> tuple[int, ...]:
    """The ids of the practice's last rows, the last first. Raises NotPermitted as `scope.rows` does."""
    scope.must_read(model)
    practice = "+practice_id" if connection.vendor == "sqlite" else "practice_id"  # see `_along`: by id, from the end
    sql = f"SELECT id FROM {model._meta.db_table} WHERE {practice} = %s ORDER BY id DESC LIMIT %s"  # noqa: S608  # names are our own
    with connection.cursor() as cursor:
        cursor.execute(sql, [scope.practice_id, many])
        return tuple(row_id for (row_id,) in cursor.fetchall())


@lru_cache(128)
def _answer(_vendor: str, question: Callable[[Scope], QuerySet[Any, Any]]) -> _Read:
    return _compiled(question(Scope(_PRACTICE)))


@lru_cache(512)
def _read(question: _Question) -> _Read:
    conditions = {**dict(question.fixed), f"{question.field}__among": _WANTED}
    rows = question.model._base_manager.filter(practice_id=_PRACTICE, **conditions)
    if question.lock:
        rows = rows.select_for_update()
    read = _compiled(rows.values_list(*question.columns))
    return read._replace(sql=_along(question, read.sql)) if question.vendor == "sqlite" else read


def _along(question: _Question, sql: str) -> str:
    """The statement with conditions that no index is chosen for (`+column`) beside the field whose values are wanted.

    Without statistics, which a practice's file has none of, SQLite takes an equality for ten rows and the wanted values
    for twenty-five: it would read all rows of the practice, or of a kind, and look among them for those of the values.
    """
    meta = question.model._meta
    alone, of_practice = _indexed(question.model, question.field)
    if not alone and not of_practice:
        return sql
    fixed = {name.partition("__")[0] for name, _ in question.fixed}
    beside = {str(column.column) for column in meta.concrete_fields if {column.name, column.attname} & fixed}
    beside |= set() if of_practice else {"practice_id"}
    head, where, conditions = sql.partition(" WHERE ")
    for column in sorted(beside):
        named = f'"{meta.db_table}"."{column}"'
        conditions = re.sub(rf"(?<!\+){re.escape(named)} (=|IN|>|<|IS)", rf"+{named} \1", conditions)
    return f"{head}{where}{conditions}"


def _indexed(model: type[Model], path: str) -> tuple[bool, bool]:
    """Whether an index begins with the field at the end of a path, and whether one begins with the practice and it."""
    *way, last = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # a step of a path is a relation
    meta = model._meta
    field = meta.pk if last == "pk" else next(one for one in meta.concrete_fields if last in (one.name, one.attname))
    indexes = [index.fields for index in meta.indexes if index.fields and not index.condition]
    indexes += [one.fields for one in meta.constraints if isinstance(one, UniqueConstraint) and not one.condition]
    alone = field.primary_key or field.unique or getattr(field, "db_index", False)
    alone = alone or any(fields[0] == field.name for fields in indexes)
    return alone, not way and any(list(fields[:2]) == ["practice", field.name] for fields in indexes)


def _compiled(rows: QuerySet[Any, Any]) -> _Read:
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters(expression for expression, _, _ in compiler.select)
    chained = tuple((place, _chained(convs, expression)) for place, (convs, expression) in converters.items())
    return _Read(sql, tuple(params), chained)


def _chained(converters: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for converter in converters:
            value = converter(value, expression, connection)
        return value

    return convert


def _converted(row: Sequence[Any], converters: Iterable[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for place, convert in converters:
        values[place] = convert(values[place])
    return tuple(values)


def insert(model: type[Model], columns: tuple[str, ...], rows: Sequence[Sequence[Any]], *, upsert: str = "") -> None:
    """Insert rows; columns that are not named get the field's default. `upsert` is an ON CONFLICT clause."""
    if not rows:
        return
    sql, tail = _insertion(model, columns)
    values = [_adapted((*row, *tail)) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a column is one array: a fraction of the time of a statement per row
            sql = _insertion_of_arrays(model, columns)
            for some in chunks(values, _ARRAY):
                cursor.execute(f"{sql} {upsert}", [list(column) for column in zip(*some, strict=True)])
        else:
            cursor.executemany(f"{sql} {upsert}", values)


def insert_one(model: type[Model], columns: tuple[str, ...], row: Sequence[Any]) -> int:
    """Insert one row as `insert` does; its id."""
    sql, tail = _insertion(model, columns)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id", _adapted((*row, *tail)))
        row_id: int = cursor.fetchone()[0]
    return row_id


@lru_cache(64)
def _insertion(model: type[Model], columns: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """INSERT … VALUES with a place for every column, and the values of those that are not named."""
    names = _columns(model, columns)
    sql = f"INSERT INTO {model._meta.db_table} ({_quoted(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608  # names are our own columns
    return sql, tuple(names[name].get_default() for name in list(names)[len(columns) :])


@lru_cache(64)
def _insertion_of_arrays(model: type[Model], columns: tuple[str, ...]) -> str:
    """The same for PostgreSQL with a place for the array of every column; a text keeps its length for the check."""
    names = _columns(model, columns)
    types = (str(field.db_type(connection)).partition("(")[0] for field in names.values())
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return f"INSERT INTO {model._meta.db_table} ({_quoted(names)}) SELECT * FROM unnest({arrays})"  # noqa: S608  # names are our own columns


def _columns(model: type[Model], columns: tuple[str, ...]) -> dict[str, Any]:
    """Fields by their columns: those named, in that order, then those that get a default. What is nothing then is not
    named at all, so a migration that brings rows in works before a later one adds such a column."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = [
        name for name, field in fields.items() if name not in columns and not _generated(field) and not _nothing(field)
    ]
    return {name: fields[name] for name in (*columns, *rest)}


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


def _nothing(field: Any) -> bool:
    return bool(field.null and not field.has_default())


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


_PLAIN = frozenset({str, int, type(None), bytes, bool})


def _adapted(row: Sequence[Any]) -> list[Any]:
    return [value if type(value) in _PLAIN else _adapt(value) for value in row]


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
