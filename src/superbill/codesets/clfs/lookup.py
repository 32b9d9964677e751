"""What Medicare pays for a laboratory test, by the clinical laboratory fee schedule of the day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from superbill.codesets.by_day import ByDay, same_year
from superbill.codesets.clfs.importer import SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.store import Answer, Store


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
        self._rows: ByDay[tuple[str, str], LaboratoryFee] = ByDay(partial(same_year, store, SYSTEM), _read)

    def test(self, code: str, modifiers: Iterable[str], day: date) -> LaboratoryFee | None:
        """The rate on the day of service: of the code with one of the modifiers, else of the code alone, else None.

        Without the file of the day's quarter the nearest of the same year stands in, and says so.
        """
        for modifier in modifiers:
            found = self._rows.row((code, modifier), day)
            if found is not None:
                return found
        return self._rows.row((code, ""), day)


def _read(answer: Answer, key: tuple[str, str]) -> LaboratoryFee | None:
    row = answer.opened.connection.execute(
        "SELECT rate, indicator, since FROM test WHERE code = ? AND modifier = ?", key
    ).fetchone()
    if row is None:
        return None
    return LaboratoryFee(
        code=key[0], modifier=key[1], rate=Decimal(row[0]) or None, national=row[1] == "N",
        since=date.fromisoformat(row[2]), release=answer.opened.release, exact=answer.exact,
    )  # fmt: skip
