"""Moving all dates of a patient by one whole number of days."""

import types
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from superbill.chart.model import Chart

S = TypeVar("S", bound=Struct)


def shift(chart: Chart, days: int) -> Chart:
    """The chart with every date moved by `days` (negative: earlier): birth, coverage, visits, records, notes.

    Every interval stays what it was, in days; so do ages in days (completed years may differ next to a birthday,
    because years have different lengths). Texts stay as they are. Raises OverflowError when a date would leave
    the years 1 to 9999.
    """
    return _moved(chart, timedelta(days=days)) if days else chart


def _moved(record: S, by: timedelta) -> S:
    changes = {
        name: _move(value, by)
        for name in _dated_fields(type(record))
        if (value := getattr(record, name)) is not None and value != ()
    }
    return structs.replace(record, **changes) if changes else record


def _move(value: Any, by: timedelta) -> Any:
    if isinstance(value, date):  # a datetime is a date, too
        return value + by
    if isinstance(value, tuple):
        return tuple(_moved(one, by) for one in value)
    return _moved(value, by)


@cache
def _dated_fields(record: type[Struct]) -> tuple[str, ...]:
    """The fields of a record that are or hold dates, by their types: a field added later moves with the others."""
    return tuple(name for name, kind in get_type_hints(record).items() if _holds_dates(kind))


def _holds_dates(kind: Any) -> bool:
    if get_origin(kind) in (Union, types.UnionType, tuple):
        return any(_holds_dates(part) for part in get_args(kind))
    if not isinstance(kind, type):
        return False
    if issubclass(kind, date | datetime):
        return True
    return issubclass(kind, Struct) and bool(_dated_fields(kind))
