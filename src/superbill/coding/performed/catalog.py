"""The tables of services, read once: data/*.yaml compiled to one index of phrases."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from superbill.coding.performed.model import Entry
from superbill.coding.performed.status import Manner
from superbill.coding.performed.words import Index, Phrase, compiled
from superbill.coding.reading.tables import table

_DATA = "superbill.coding.performed.data"


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Services that are spoken of alike (see the head of services.yaml)."""

    services: dict[str, str]
    alone: float = 0.2
    act: bool = False
    house: bool = False
    sides: bool = False

    @property
    def manner(self) -> Manner:
        return Manner(self.alone, self.act)


def read(name: str, shape: Any) -> Any:
    """One of the tables of this room's folder, as `shape`."""
    return table(_DATA, name, shape)


@cache
def groups() -> dict[str, Group]:
    """The groups of plain services."""
    found: dict[str, Group] = read("services.yaml", dict[str, Group])
    return found


def plain() -> Iterator[Phrase]:
    """The phrases of the plain services; an entry's label stands before "="."""
    for name, group in groups().items():
        for code, line in group.services.items():
            label, _, said = line.partition(" = ")
            yield from compiled(Entry("services", name, code, label), said)


def phrases_of(table_name: str, group: str, entries: dict[str, str]) -> Iterator[Phrase]:
    """The phrases of a family's table: key to phrases."""
    for key, said in entries.items():
        yield from compiled(Entry(table_name, group, key, key), said)


@cache
def index() -> Index:
    """Everything that can be named. The families say their own phrases."""
    from superbill.coding.performed import families

    return Index([*plain(), *(phrase for family in families.ALL for phrase in family.phrases())])
