"""What a room wants a person to do. A task follows from facts alone: where the facts go, the task goes."""

import importlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from typing import Protocol

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.settings import ROOMS
from superbill.money import Cents


class Wanted(Struct, frozen=True, kw_only=True):
    """One task. `key` names the fact that asks for it and is the same whenever it is asked again; `kind` is what is to
    be done, one of its room's words ("denial", "rejection").

    `subject_kind` and `subject` are the row that it is about; `why` says in plain words what happened and what to do,
    without a patient's name. `amount` is at stake, in cents; `due` the last day; `role` whose work it is; `rank` orders
    a list, the greatest first. A task that a person has done comes back when `facts` are others than they were then.
    `reason` is a short word to filter by (a denial's cause); `chance` in percent that working it brings the amount;
    `how` shows the rank's parts, "" where the rank is the amount; `since` when the matter began, where that is known.
    """

    key: str
    kind: str
    subject_kind: str
    subject: int
    why: str
    amount: Cents = 0
    due: date | None = None
    role: str = ""
    rank: int = 0
    facts: str = ""
    reason: str = ""
    chance: int | None = None
    how: str = ""
    since: date | None = None


class Source(Protocol):
    """The module `worklist` of a room."""

    def wanted(self, scope: Scope, on: date) -> Iterator[Wanted]: ...


@lru_cache(1)
def sources() -> tuple[Source, ...]:
    """The worklist modules of all rooms that have one, in the order of the rooms."""
    names = (f"superbill.app.{room}.worklist" for room in ROOMS)
    return tuple(importlib.import_module(name) for name in names if find_spec(name))
