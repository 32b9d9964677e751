"""Drugs by the eleven digits of their NDC, by the directory nearest to the day of service."""

from datetime import date

from msgspec import Struct

from superbill.codesets.ndc.importer import PACKAGES, PRODUCTS
from superbill.codesets.ndc.number import eleven, possible
from superbill.codesets.release import Release
from superbill.codesets.store import Store

_PACKAGE = (
    'SELECT ndc11, written, product, description, start, "end", excluded, sample FROM package WHERE ndc11 = ? '
    "ORDER BY start DESC, product"
)
_PRODUCT = "SELECT name, suffix, generic, form, route, labeler, strength, unit, schedule FROM product WHERE id = ?"


class Drug(Struct, frozen=True, kw_only=True):
    """A package of a drug. `code` has eleven digits, `written` FDA's hyphens. Days are of marketing, both included.

    `name` is the proprietary name, else the generic one; "" without product.txt. `strength` has its unit.
    """

    code: str
    written: str
    description: str
    name: str
    generic: str
    form: str
    route: str
    labeler: str
    strength: str
    schedule: str
    start: date | None
    end: date | None
    excluded: bool
    sample: bool
    release: Release
    exact: bool

    @property
    def title(self) -> str:
        """What it is, in a line: "Amoxil (amoxicillin) 500 mg/1 CAPSULE, 30 in a bottle"."""
        called = f"{self.name} ({self.generic})" if self.generic and self.generic != self.name else self.name
        what = " ".join(part for part in (called, self.strength, self.form) if part)
        return ", ".join(part for part in (what, self.description) if part)

    def on_the_market(self, on: date) -> bool:
        """Whether the day is one of its days of marketing. Stock may be given, and billed, a while after the last."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


def drug(store: Store, ndc: str, on: date) -> Drug | None:
    """The package; None without a directory, or where it has none such. One listed twice: that marketed on the day.

    `ndc`: eleven digits, or with hyphens; ten digits without hyphens where only one of their readings is listed.
    """
    packages, products = store.nearest(PACKAGES, on), store.nearest(PRODUCTS, on)
    if packages is None:
        return None
    listed = [
        (number, rows)
        for number in possible(ndc)
        if (rows := packages.opened.connection.execute(_PACKAGE, (number,)).fetchall())
    ]
    if len(listed) != 1:
        return None
    found: list[Drug] = []
    for row in listed[0][1]:
        product = products.opened.connection.execute(_PRODUCT, (row[2],)).fetchone() if products else None
        found.append(_drug(row, product or ("",) * 9, packages.opened.release, packages.exact))
    return next((each for each in found if each.on_the_market(on)), found[0])


def _drug(row: tuple[str, ...], product: tuple[str, ...], release: Release, exact: bool) -> Drug:
    name, suffix, generic, form, route, labeler, strength, unit, schedule = product
    return Drug(
        code=row[0], written=row[1], description=row[3], name=f"{name or generic} {suffix}".strip(), generic=generic,
        form=form, route=route, labeler=labeler, strength=f"{strength} {unit}".strip(), schedule=schedule,
        start=_day(row[4]), end=_day(row[5]), excluded=bool(row[6]), sample=bool(row[7]), release=release, exact=exact,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


__all__ = ["Drug", "drug", "eleven", "possible"]
