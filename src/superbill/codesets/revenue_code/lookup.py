"""Revenue codes of an institutional claim (NUBC; UB-04 form locator 42, SV201), under names of our own.

The first three digits are the category, the fourth the kind within it: 0 is the category as a whole, 9 its rest.
"""

from datetime import date
from functools import cache

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

SYSTEM = "revenue"
TOTAL = "0001"
"""The line with the claim's total charge, on paper only: SV2 lines carry none."""


class RevenueCode(Struct, frozen=True):
    """One revenue code. `kind` is empty for a category as a whole."""

    code: str
    category: str
    kind: str
    valid: Period
    note: str = ""

    @property
    def name(self) -> str:
        """The category and, where there is one, the kind: "Pharmacy: take-home drugs"."""
        return f"{self.category}: {_lower(self.kind)}" if self.kind else self.category


def _lower(text: str) -> str:
    """With a small first letter, unless the first word is an abbreviation ("MRI of the brain")."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


@cache
def all_categories() -> dict[str, str]:
    """The names of the categories, by the first three digits."""
    return {row["category"]: row["name"] for row in tables.rows(__package__, "categories.csv")}


@cache
def all_revenue_codes() -> dict[str, RevenueCode]:
    """Every revenue code, by its four digits."""
    categories = all_categories()
    return {
        row["code"]: RevenueCode(row["code"], categories[row["code"][:3]], row["name"], tables.period(row), row["note"])
        for row in tables.rows(__package__, "codes.csv")
    }


def revenue_code(code: str, on: date | None = None) -> RevenueCode | None:
    """The revenue code with these four digits, or None when there is none, or none on the date of service `on`."""
    found = all_revenue_codes().get(code)
    return found if found and (on is None or on in found.valid) else None
