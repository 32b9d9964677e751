"""Applies changes to a claim: what a person accepts of a finding's `changes`, or asks for by a path of their own."""

from collections.abc import Iterable
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from superbill.claims.model import Claim
from superbill.findings import Change


class NoSuchPlace(ValueError):
    """A change that can't be made; the message names its path and what is wrong with it."""


def changed(claim: Claim, changes: Iterable[Change]) -> Claim:
    """The claim with `changes` made in their order (RFC 6902: add, replace, remove). Raises NoSuchPlace."""
    for change in changes:
        try:
            claim = _at(claim, Claim, change.path.split("/")[1:], change)
        except (ValueError, TypeError, IndexError) as problem:
            raise NoSuchPlace(f"{change.path}: {problem}") from None
    return claim


def _at(value: Any, kind: Any, path: list[str], change: Change) -> Any:
    """`value` of the declared type `kind` with the change made at `path` in it."""
    if not path:
        return msgspec.convert(change.value, kind, strict=False)
    name, *rest = path
    kind = _present(kind)
    if isinstance(value, Struct):
        return _in_struct(value, name, rest, change)
    if isinstance(value, tuple) and get_origin(kind) is tuple:
        return _in_tuple(value, get_args(kind)[0], name, rest, change)
    raise ValueError(f"there is nothing that has {name!r} here")


def _in_struct(value: Any, name: str, rest: list[str], change: Change) -> Any:
    field = next((field for field in fields(value) if field.name == name), None)
    if field is None:
        raise ValueError(f"{type(value).__name__} has no {name!r}")
    if not rest and change.op == "remove":
        if field.required:
            raise ValueError(f"{name!r} can't be left out")
        return replace(value, **{name: field.default})
    return replace(value, **{name: _at(getattr(value, name), field.type, rest, change)})


def _in_tuple(value: tuple[Any, ...], kind: Any, name: str, rest: list[str], change: Change) -> tuple[Any, ...]:
    if name == "-" and not rest and change.op == "add":
        return (*value, msgspec.convert(change.value, kind, strict=False))
    if not name.isdecimal() or int(name) >= len(value) + (change.op == "add" and not rest):
        raise ValueError(f"there is no {name!r} among {len(value)}")
    place = int(name)
    if rest:
        return (*value[:place], _at(value[place], kind, rest, change), *value[place + 1 :])
    if change.op == "remove":
        return (*value[:place], *value[place + 1 :])
    made = msgspec.convert(change.value, kind, strict=False)
    return (*value[:place], made, *value[place + (change.op == "replace") :])


def _present(kind: Any) -> Any:
    """The type without None."""
    if get_origin(kind) in (Union, UnionType):
        return next(each for each in get_args(kind) if each is not type(None))
    return kind
