"""Every address of the pages, listed by hand: who may, who may not, and what trace a reading leaves.

A module for each room has ROUTES, by the name of the route, and may have `keys(system, office, folder)`: what the
room's addresses need to find something, by the name of the route, made there when the practice has none yet.
"""

import importlib
import pkgutil
from typing import Any

from msgspec import Struct

from superbill.app.accounts.permissions import Role


class Listed(Struct, frozen=True, kw_only=True):
    """What an address answers. `lacking` is the role of the colleague who gets 403, None where every member may.

    `reads` is the kind of row whose reading leaves a trace, "" where no patient is shown. A route with a `body` is
    asked by POST. `gives` is the status that a manager gets.
    """

    lacking: Role | None
    reads: str = ""
    body: dict[str, Any] | None = None
    gives: int = 200
    page: bool = True  # an HTML page; False for files
    common: bool = False  # its key means the same in every practice: the name of a figure, a contract


def _rooms() -> dict[str, Any]:
    found = [name for _, name, _ in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}") for name in found}


ROOMS = _rooms()
ROUTES: dict[str, Listed] = {name: one for room in ROOMS.values() for name, one in room.ROUTES.items()}
