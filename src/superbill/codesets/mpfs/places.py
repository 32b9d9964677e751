"""Where a service is priced: Medicare localities, their cost indices, and the locality of a ZIP code."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from superbill.codesets.by_day import ByDay, same_year
from superbill.codesets.mpfs.schema import ANESTHESIA, BASE_UNITS, INDICES, LONG_ZIP_CODES, ZIP_CODES
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Answer, Store


class Locality(Struct, frozen=True, order=True):
    """A pricing locality: Medicare contractor, state and two digits. The number alone says nothing."""

    mac: str
    state: str
    number: str

    def __str__(self) -> str:
        return f"{self.mac}-{self.state}-{self.number}" if self.mac else "national"


NATIONAL = Locality("", "", "")
"""No locality: every index is 1, as in the national payment amounts."""


class Gpci(Struct, frozen=True, kw_only=True):
    """The geographic practice cost indices of a locality. `exact` is False when a release of other days stands in."""

    locality: Locality
    name: str
    work: Decimal
    practice: Decimal
    malpractice: Decimal
    release: Release | None
    exact: bool


_ONE = Decimal("1.000")
_EVERYWHERE = Gpci(
    locality=NATIONAL, name="National", work=_ONE, practice=_ONE, malpractice=_ONE, release=None, exact=True
)


class Localities:
    """The localities of a store by day: indices, ZIP codes, anesthesia factors and base units. Rows are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._indices: ByDay[Locality, Gpci] = ByDay(partial(same_year, store, INDICES), _indices)

    def gpci(self, locality: Locality, day: date) -> Gpci | None:
        """The indices on the day (of service); None without a file of the year, or where it has no such locality."""
        if locality == NATIONAL:
            return _EVERYWHERE
        return self._indices.row(locality, day)

    def all(self, day: date) -> list[Gpci]:
        """Every locality of the year's file, by contractor, state and number."""
        answer = self._indices.answer(day)
        return list(_rows(answer, None)) if answer else []

    def of_zip(self, postal_code: str, day: date) -> Locality | None:
        """The locality of a ZIP code of five or nine digits: where the service was furnished decides.

        None without a file, or where it has no such ZIP code. Raises Refused where five digits lie in more than one
        locality and the further four are missing or not on file.
        """
        digits = "".join(sign for sign in postal_code if sign.isdecimal())
        if len(digits) not in {5, 9}:
            return None
        short, four = digits[:5], digits[5:]
        row = (four and self._zip(LONG_ZIP_CODES, short, four, day)) or self._zip(ZIP_CODES, short, "", day)
        if row is None:
            return None
        if row[3] and not row[4]:
            raise Refused(
                f"ZIP code {short} lies in more than one locality.", place=postal_code,
                fix="Give all nine digits, and import ZIP9 of CMS; or name the locality.",
            )  # fmt: skip
        return Locality(row[1], row[0], row[2])

    def _zip(self, system: str, short: str, four: str, day: date) -> tuple[str, str, str, int, str] | None:
        answer = self._store.nearest(system, day)
        if answer is None:
            return None
        query = "SELECT state, mac, locality, split, four FROM zip WHERE zip = ? AND four = ?"
        row: tuple[str, str, str, int, str] | None = answer.opened.connection.execute(query, (short, four)).fetchone()
        return row

    def anesthesia_factor(self, locality: Locality, day: date, *, qualifying: bool = False) -> Decimal | None:
        """Dollars for a unit of anesthesia; None without a file of the year, or where it has no such locality."""
        answer = same_year(self._store, ANESTHESIA, day)
        if answer is None:
            return None
        row = answer.opened.connection.execute(
            "SELECT factor, qualifying FROM factor WHERE mac = ? AND locality = ?", (locality.mac, locality.number)
        ).fetchone()
        return Decimal(row[qualifying]) if row else None

    def base_units(self, code: str, day: date) -> Decimal | None:
        """The base units of an anesthesia code; None without a file, or where it has no such code."""
        answer = self._store.nearest(BASE_UNITS, day)
        query = "SELECT units FROM base WHERE code = ?"
        row = answer.opened.connection.execute(query, (code,)).fetchone() if answer else None
        return Decimal(row[0]) if row else None


def _indices(answer: Answer, locality: Locality) -> Gpci | None:
    return next(_rows(answer, locality), None)


def _rows(answer: Answer, locality: Locality | None) -> Iterator[Gpci]:
    query = "SELECT mac, state, locality, name, work, practice, malpractice FROM gpci"
    where = (locality.mac, locality.state, locality.number) if locality else ()
    ending = "WHERE mac = ? AND state = ? AND locality = ?" if locality else "ORDER BY 1, 2, 3"
    for row in answer.opened.connection.execute(f"{query} {ending}", where):
        yield Gpci(
            locality=Locality(row[0], row[1], row[2]), name=row[3], work=Decimal(row[4]), practice=Decimal(row[5]),
            malpractice=Decimal(row[6]), release=answer.opened.release, exact=answer.exact,
        )  # fmt: skip
