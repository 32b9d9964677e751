"""Fields of segments and composites as JSON values, and back."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from superbill.effective import Period
from superbill.x12.codec import Field, fields
from superbill.x12.convert import quantity_text
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.tools.words import ToolError

Json = dict[str, Any]
_DAY = r"\d{4}-\d\d-\d\d"
_WHEN = re.compile(rf"{_DAY}(?:/{_DAY}|/|T\d\d:\d\d)?")


def _when(value: date | Period | datetime | str) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return f"{value.start}/{value.end or ''}"
    return {"text": value} if _WHEN.fullmatch(value) else value  # text that only looks like one of ours


def _read_when(value: Any) -> date | Period | datetime | str:
    if isinstance(value, dict):
        return str(value["text"])
    text = str(value)
    if not _WHEN.fullmatch(text):
        return text
    if "T" in text:
        return datetime.fromisoformat(text)
    first, slash, last = text.partition("/")
    if not slash:
        return date.fromisoformat(first)
    return Period(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"not a whole number: {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a text: {value!r}")
    return value


_WRITE: dict[str, Callable[[Any], Any]] = {"day": date.isoformat, "when": _when, "quantity": quantity_text}
_READ: dict[str, Callable[[Any], Any]] = {
    "money": _whole,
    "count": _whole,
    "day": date.fromisoformat,
    "when": _read_when,
    "quantity": Decimal,
}


def _writer(field: Field) -> Callable[[Any], Any] | None:
    """How a field's value becomes JSON; None where it is JSON already."""
    if field.repeats:
        one = _writer(field._replace(repeats=False))
        return lambda values: [each if one is None else one(each) for each in values]
    if field.composite is not None:
        return values_of
    return _WRITE.get(field.kind.name) if field.kind is not None else None


def _reader(field: Field) -> Callable[[Any], Any]:
    """How a field's JSON becomes its value; raises ValueError and its like."""
    if field.repeats:
        one = _reader(field._replace(repeats=False))
        return lambda values: tuple(map(one, values))
    if (composite := field.composite) is not None:
        return lambda value: struct_of(composite, value)
    return _READ[field.kind.name] if field.kind is not None else _text


@cache
def _writers(cls: type[Segment] | type[Composite]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((field.name, _writer(field)) for field in fields(cls))


@cache
def _readers(cls: type[Segment] | type[Composite]) -> dict[str, Callable[[Any], Any]]:
    return {field.name: _reader(field) for field in fields(cls)}


def values_of(struct: Segment | Composite) -> Json:
    """The fields of a segment or composite that say something."""
    made: Json = {}
    for name, write in _writers(type(struct)):
        value = getattr(struct, name)
        if value is not None and value != "" and value != ():
            made[name] = value if write is None else write(value)
    return made


def struct_of(cls: Any, value: Any, raw: str | None = None) -> Any:
    """The segment or composite that an object says, a segment with its raw text. Raises ToolError."""
    readers = _readers(cls)
    given: Json = {}
    for name, each in value.items():
        if name.startswith("$"):
            continue
        if name not in readers:
            raise ToolError(f"{cls.__name__} has no field {name!r}; it has {', '.join(readers)}.")
        try:
            given[name] = readers[name](each)
        except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
            raise ToolError(f"The value of {name} in {cls.__name__} is not of its kind.") from None
    return cls(**given) if raw is None else cls(raw, **given)
