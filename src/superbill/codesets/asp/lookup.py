"""What Medicare Part B pays for a drug, by the payment limits of the day's quarter."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.codesets.asp.importer import SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.store import Store


class DrugLimit(Struct, frozen=True, kw_only=True):
    """The payment limit in dollars for one unit of the code's dosage, to a tenth of a cent; None where none is set.

    `coinsurance` is the patient's percentage where the file tells one that differs by rebate, else None.
    """

    code: str
    dosage: str
    limit: Decimal | None
    coinsurance: Decimal | None
    notes: str
    release: Release


class DrugLimits:
    """The limits of a store, each read once. Limits change by the quarter: no other quarter stands in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[str, str], DrugLimit] = {}

    def limit(self, code: str, day: date) -> DrugLimit | None:
        """The limit on the day (of service); None without the quarter's file, or where it has no such code."""
        opened = self._store.in_force(SYSTEM, day)
        if opened is None:
            return None
        key = (opened.release.name, code)
        found = self._kept.get(key)
        if found is None:
            row = opened.connection.execute(
                "SELECT dosage, payment, coinsurance, notes FROM drug WHERE code = ?", (code,)
            ).fetchone()
            if row is None:
                return None
            found = self._kept[key] = DrugLimit(
                code=code, dosage=row[0], limit=_decimal(row[1]), coinsurance=_decimal(row[2]), notes=row[3],
                release=opened.release,
            )  # fmt: skip
        return found


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
