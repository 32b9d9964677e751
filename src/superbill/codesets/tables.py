"""Reads the small tables that ship inside this package. Each look-up module reads its own once and caches it."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources

from superbill.effective import Period


def rows(package: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of the CSV file `name` that lies beside `package`, each keyed by column, cells stripped."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield {key: (value or "").strip() for key, value in row.items()}


def day(text: str) -> date | None:
    """An ISO day; an empty cell is None."""
    return date.fromisoformat(text) if text else None


def period(row: dict[str, str]) -> Period:
    """The days between a row's `start` and `end`, both included; empty is open."""
    return Period(day(row["start"]), day(row["end"]))
