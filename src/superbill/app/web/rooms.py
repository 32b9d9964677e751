"""The rooms of the workbench, as the rail shows them. A room is a folder here: its addresses in `urls`, with ROOM."""

import importlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

from django.urls import URLPattern
from msgspec import Struct

from superbill.app.accounts.permissions import Permission

RAIL = ("today", "register", "coding", "claims", "payments", "denials", "accounts", "manage")
ELSEWHERE = ("jobs", "portal")  # addresses inside a practice that no entry of the rail leads to


class Room(Struct, frozen=True, kw_only=True):
    """One entry of the rail: what it is called, its route, the key after `g`, and what its first page needs: all of
    `needs`, and one of `any_of` where it has such."""

    name: str
    route: str
    key: str
    needs: tuple[Permission, ...] = ()
    any_of: tuple[Permission, ...] = ()


@cache
def rooms() -> tuple[Room, ...]:
    """The rail, from the top."""
    return tuple(_urls(name).ROOM for name in RAIL if _there(name) and hasattr(_urls(name), "ROOM"))


def addresses() -> Sequence[URLPattern]:
    """Every address inside a practice, room by room."""
    return [pattern for name in (*RAIL, *ELSEWHERE) if _there(name) for pattern in _urls(name).urlpatterns]


def _there(name: str) -> bool:
    return find_spec(f"superbill.app.web.{name}.urls") is not None


def _urls(name: str):  # type: ignore[no-untyped-def]  # a module, whose names mypy can't know
    return importlib.import_module(f"superbill.app.web.{name}.urls")
