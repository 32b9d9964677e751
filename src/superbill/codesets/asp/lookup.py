"""What Medicare Part B pays for a drug, by the payment limits of the day's quarter."""

from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from superbill.codesets.asp.importer import SYSTEM
from superbill.codesets.by_day import ByDay, exactly
from superbill.codesets.release import Release
from superbill.codesets.store import Answer, Store


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
        self._rows: ByDay[str, DrugLimit] = ByDay(partial(exactly, store, SYSTEM), _read)

    def limit(self, code: str, day: date) -> DrugLimit | None:
        """The limit on the day (of service); None without the quarter's file, or where it has no such code."""
        return self._rows.row(code, day)


def _read(answer: Answer, code: str) -> DrugLimit | None:
    row = answer.opened.connection.execute(
        "SELECT dosage, payment, coinsurance, notes FROM drug WHERE code = ?", (code,)
    ).fetchone()
    if row is None:
        return None
    return DrugLimit(
        code=code, dosage=row[0], limit=_decimal(row[1]), coinsurance=_decimal(row[2]), notes=row[3],
        release=answer.opened.release,
    )  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
