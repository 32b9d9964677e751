"""Everything that is derived from the journal is dropped, made anew from it, and compared with what was there."""

import importlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from typing import Protocol

from django.db import connection
from django.db.models import Model
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal
from superbill.app.settings import ROOMS
from superbill.app.work import Work, action

Table = tuple[type[Model], Sequence[str]]


class Derived(Protocol):
    """The module `derived` of a room: its derived TABLES, each with the columns that must come out the same.

    `freshen` brings them up to date with the journal; `drop` and `build` work inside one action.
    """

    TABLES: Sequence[Table]

    def freshen(self, actor: Actor, at: datetime) -> None: ...
    def drop(self, work: Work) -> None: ...
    def build(self, work: Work) -> None: ...


class Rebuilt(Struct, frozen=True):
    """One derived table: its rows now, and how many rows are others than before (each counts once per side)."""

    table: str
    rows: int
    differences: int


@lru_cache(1)
def sources() -> tuple[Derived, ...]:
    """The `derived` modules of all rooms that have one, in the order of the rooms."""
    names = (f"superbill.app.{room}.derived" for room in ROOMS)
    return tuple(importlib.import_module(name) for name in names if find_spec(name))


def rebuild(actor: Actor, *, at: datetime) -> tuple[Rebuilt, ...]:
    """Drop every derived table of the practice and make it anew from the journal, in one transaction.

    The journal counts: where the two differ, what was made anew stays. Nobody posts meanwhile.
    """
    with action(actor, Permission.ADJUST, "rebuild derived tables", at) as work:
        hold_journal(work.scope)
        for source in sources():
            source.freshen(actor, at)
        tables = [table for source in sources() for table in source.TABLES]
        copies = [_copied(work, table, number) for number, table in enumerate(tables)]
        for source in reversed(sources()):
            source.drop(work)
        for source in sources():
            source.build(work)
        results = tuple(_compared(work, table, copy) for table, copy in zip(tables, copies, strict=True))
        changed = sum(result.differences for result in results)
        work.note("derived tables", rows=sum(result.rows for result in results), differences=changed)
        return results


def _copied(work: Work, table: Table, number: int) -> str:
    name = f"rebuilt_from_{number}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS temp.{name}" if _lite() else f"DROP TABLE IF EXISTS pg_temp.{name}")
        cursor.execute(f"CREATE TEMP TABLE {name} AS {_selected(work, table)}")
    return name


def _compared(work: Work, table: Table, copy: str) -> Rebuilt:
    columns, now = ", ".join(f'"{name}"' for name in table[1]), _selected(work, table)
    before = f"SELECT {columns} FROM {copy}"  # noqa: S608  # our own names
    with connection.cursor() as cursor:
        counts = []
        for query in (now, f"{before} EXCEPT {now}", f"{now} EXCEPT {before}"):
            cursor.execute(f"SELECT COUNT(*) FROM ({query}) AS found")  # noqa: S608  # our own names
            counts.append(int(cursor.fetchone()[0]))
        cursor.execute(f"DROP TABLE {copy}")
    return Rebuilt(table[0]._meta.db_table, counts[0], counts[1] + counts[2])


def _selected(work: Work, table: Table) -> str:
    """The practice's rows, without what a row is numbered by."""
    columns = ", ".join(f'"{name}"' for name in table[1])
    return f"SELECT {columns} FROM {table[0]._meta.db_table} WHERE practice_id = {int(work.practice_id)}"  # noqa: S608  # our own names


def _lite() -> bool:
    return connection.vendor == "sqlite"
