"""What Medicare pays for a laboratory test, by the clinical laboratory fee schedule of the day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.codesets.clfs.importer import SYSTEM
from superbill.codesets.mpfs.lookup import same_year
from superbill.codesets.release import Release
from superbill.codesets.store import Store


class LaboratoryFee(Struct, frozen=True, kw_only=True):
    """A test's rate in dollars for one unit; None where the contractor prices it. `national`: the same everywhere.

    `modifier` is that of the row ("" or QW, 26 …). `exact` is False when another quarter of the year stands in.
    """

    code: str
    modifier: str
    rate: Decimal | None
    national: bool
    since: date
    release: Release
    exact: bool


class LaboratoryFees:
    """The rates of a store, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[str, str, str, bool], LaboratoryFee] = {}

    def test(self, code: str, modifiers: Iterable[str], day: date) -> LaboratoryFee | None:
        """The rate on the day of service: of the code with one of the modifiers, else of the code alone, else None."""
        answer = same_year(self._store, SYSTEM, day)
        if answer is None:
            return None
        for modifier in (*modifiers, ""):
            key = (answer.opened.release.name, code, modifier, answer.exact)
            found = self._kept.get(key)
            if found is None:
                row = answer.opened.connection.execute(
                    "SELECT rate, indicator, since FROM test WHERE code = ? AND modifier = ?", (code, modifier)
                ).fetchone()
                if row is None:
                    continue
                found = self._kept[key] = LaboratoryFee(
                    code=code, modifier=modifier, rate=Decimal(row[0]) or None, national=row[1] == "N",
                    since=date.fromisoformat(row[2]), release=answer.opened.release, exact=answer.exact,
                )  # fmt: skip
            return found
        return None
