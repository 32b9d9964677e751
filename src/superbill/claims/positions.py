"""Where a field of a claim stands: its box on the CMS-1500, form locator on the UB-04, item on the dental form, and its
place in the 837. Box numbers only; sources: NUCC 1500 manual, NUBC form locators, ADA claim form items, the 837 guides.
"""

import csv
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from superbill.claims.model import ClaimKind
from superbill.findings import Place

_COLUMNS: dict[ClaimKind, tuple[str, str, str]] = {
    "professional": ("CMS-1500 box", "cms1500", "837P"),
    "institutional": ("UB-04 FL", "ub04", "837I"),
    "dental": ("ADA item", "ada", "837D"),
}


class Position(NamedTuple):
    """Where a field stands on the form of its kind of claim ("CMS-1500 box 24D") and in the 837 ("2400 SV101-3").

    "" where the form or the 837 has no place for it.
    """

    form: str = ""
    x12: str = ""

    def __str__(self) -> str:
        return "; ".join(part for part in (self.form, f"loop {self.x12}" if self.x12 else "") if part)


@lru_cache(1)
def _rows() -> dict[str, dict[str, str]]:
    text = files("superbill.claims").joinpath("positions.csv").read_text("utf-8")
    return {row.pop("field"): row for row in csv.DictReader(text.splitlines())}


@lru_cache(4096)
def position(place: Place, kind: ClaimKind) -> Position:
    """Where the field that a finding names stands; that of the part it belongs to where it has no place of its own."""
    field = ("line." if place.service_line is not None else "") + place.field
    field = field.rstrip(".").replace(" ", "_")
    while field:
        row = _rows().get(field)
        if row is not None:
            form, box, guide = _COLUMNS[kind]
            return Position(f"{form} {row[box]}" if row[box] else "", row[guide])
        field = field.rpartition(".")[0]
    return Position()
