"""Place of service codes (CMS, Claims Processing Manual chapter 26 §10.5), under short names of our own."""

from datetime import date
from functools import cache

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period


class Place(Struct, frozen=True):
    """One place of service. `facility`: Medicare pays the facility rate there (chapter 12 §20.4.2)."""

    code: str
    name: str
    facility: bool
    valid: Period
    note: str = ""


@cache
def all_places() -> dict[str, Place]:
    """Every place of service, by its two digits."""
    return {
        row["code"]: Place(row["code"], row["name"], row["facility"] == "yes", tables.period(row), row["note"])
        for row in tables.rows(__package__, "places.csv")
    }


def place(code: str, on: date | None = None) -> Place | None:
    """The place with this code, or None when there is none, or none yet on the date of service `on`."""
    found = all_places().get(code)
    return found if found and (on is None or on in found.valid) else None
