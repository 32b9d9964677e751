"""The tables of this room: YAML beside the code, read once."""

from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec

T = TypeVar("T")


@cache
def _bytes(package: str, name: str) -> bytes:
    return resources.files(package).joinpath(name).read_bytes()


def table(package: str, name: str, shape: type[T]) -> T:
    """One table as `shape`. Raises msgspec.ValidationError naming the file for one that departs from it."""
    try:
        return msgspec.yaml.decode(_bytes(package, name), type=shape)
    except msgspec.DecodeError as reason:
        raise msgspec.ValidationError(f"{name}: {reason}") from reason
