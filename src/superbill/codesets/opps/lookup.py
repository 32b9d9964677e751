"""How a HCPCS code is paid on an outpatient hospital claim, by the quarter's Addendum B."""

from datetime import date
from decimal import Decimal
from functools import cache

from msgspec import Struct

from superbill.codesets import tables
from superbill.codesets.opps.importer import LAYOUT, SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.store import Store


class Item(Struct, frozen=True, kw_only=True):
    """One code under OPPS. `rate` is dollars for one unit, None where none is published; so are the copayments.

    They are as published, a drug's to the tenth of a cent: multiply by the units, then round to cents. `weight` is that
    of its APC, None where none is published or the release was imported before weights were read.
    `short` is CMS's short descriptor, "" for CPT and CDT codes. `status` is the status indicator, `means` what it
    means in our words. `exact` is False when another quarter's list stands in.
    """

    code: str
    short: str
    status: str
    means: str
    apc: str
    weight: Decimal | None
    rate: Decimal | None
    copayment: Decimal | None
    least_copayment: Decimal | None
    release: Release
    exact: bool


@cache
def statuses() -> dict[str, str]:
    """Every status indicator that we know, with its meaning in our words."""
    return {row["status"]: row["meaning"] for row in tables.rows(__package__, "status.csv")}


def item(store: Store, code: str, on: date) -> Item | None:
    """The code by the list nearest to the day; None without a list, or where it has no such code."""
    answer = store.nearest(SYSTEM, on)
    if answer is None:
        return None
    weight = "weight" if answer.opened.release.layout >= LAYOUT else "''"
    row = answer.opened.connection.execute(
        f"SELECT code, short, status, apc, rate, copayment, least, {weight} FROM item WHERE code = ?",  # noqa: S608
        (code,),  # what is put into the statement is one of the two constants above
    ).fetchone()
    if row is None:
        return None
    return Item(
        code=row[0], short=row[1], status=row[2], means=statuses().get(row[2], ""), apc=row[3],
        weight=_amount(row[7]), rate=_amount(row[4]), copayment=_amount(row[5]), least_copayment=_amount(row[6]),
        release=answer.opened.release, exact=answer.exact,
    )  # fmt: skip


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None
