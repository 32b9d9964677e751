"""Modifiers of procedures: HCPCS Level II (CMS) and CPT (the AMA's; numbers only), all in our own words.

The first days of Level II modifiers are those on which CMS added them. Where two modifiers of an ambulance line are
letters of `all_trip_letters`, they are no modifier of this list but where the trip began and ended: see `trip`.
"""

from datetime import date
from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

SYSTEM = "modifier"
Level = Literal["cpt", "hcpcs"]
Payment = Literal["pricing", "informational", "statistical", "anatomic"]
Side = Literal["", "left", "right", "both"]


class Modifier(Struct, frozen=True):
    """One modifier.

    `payment` is our reading of what it does: pricing (may change what is paid, so it goes first), anatomic (where on
    the body), informational, or statistical (measured, not paid by). `side`: the side of the body it names, if any.
    """

    code: str
    name: str
    level: Level
    payment: Payment
    side: Side
    valid: Period
    note: str = ""


class Trip(Struct, frozen=True):
    """Where an ambulance trip began and ended."""

    code: str
    origin: str
    destination: str

    @property
    def name(self) -> str:
        """ "Residence to hospital"."""
        return f"{self.origin} to {self.destination[:1].lower()}{self.destination[1:]}"


@cache
def all_modifiers() -> dict[str, Modifier]:
    """Every modifier on file, by its two characters."""
    return {
        row["code"]: Modifier(
            row["code"],
            row["name"],
            cast("Level", row["level"]),
            cast("Payment", row["payment"]),
            cast("Side", row["side"]),
            tables.period(row),
            row["note"],
        )
        for row in tables.rows(__package__, "codes.csv")
    }


def modifier(code: str, on: date | None = None) -> Modifier | None:
    """The modifier with this code, or None when there is none, or none on the date of service `on`."""
    found = all_modifiers().get(code)
    return found if found and (on is None or on in found.valid) else None


@cache
def all_trip_letters() -> dict[str, str]:
    """The places an ambulance drives from or to, by letter (Claims Processing Manual chapter 15 §30)."""
    return {row["code"]: row["name"] for row in tables.rows(__package__, "ambulance.csv")}


def trip(code: str) -> Trip | None:
    """The trip an ambulance line's modifier tells, or None where it tells none. X is only ever a destination."""
    places = all_trip_letters()
    if len(code) != 2 or code[0] not in places or code[1] not in places or code[0] == "X":
        return None
    return Trip(code, places[code[0]], places[code[1]])
