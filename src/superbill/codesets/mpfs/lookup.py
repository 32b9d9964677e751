"""The indicators and relative values of a procedure on a day, by the Medicare physician fee schedule (MPFS).

    schedule = Mpfs(store)
    found = schedule.indicators("20610", "50", date(2026, 7, 1))
    found.bilateral        # "1": both sides are paid at 150 %

A release file is opened read-only and shared between processes by the page cache; each row is read once and kept.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from superbill.codesets.by_day import ByDay, same_year
from superbill.codesets.mpfs.importer import COLUMNS
from superbill.codesets.mpfs.schema import QUALIFYING, VALUES
from superbill.codesets.release import Release
from superbill.codesets.store import Answer, Store

SPLIT = frozenset(["26", "TC"])
"""Modifiers for a component of a service: without a row of its own there is no such component."""
_OWN_ROW = SPLIT | {"53"}
PAYABLE = frozenset("ART")
"""Statuses of codes that are paid by their relative values (record layout of PPRRVU, status code)."""


class Indicators(Struct, frozen=True, kw_only=True):
    """One row of PPRRVU, values as published (its record layout; CMS manual 100-04, ch. 23, addendum).

    `modifier` is that of the row: "", 26, TC or 53. `status`: A active, R restricted, T injections (paid when nothing
    else is), C priced by the contractor, B and P bundled, I, N, E, X, M, J not paid by this schedule. `work`,
    `nonfacility`, `facility` (practice expense) and `malpractice` are relative value units; `*_na` says that the code
    is hardly ever performed there. `components` is the PC/TC indicator (0-9). `global_days`: 000, 010, 090, MMM, XXX,
    YYY, ZZZ; `pre`, `intra`, `post` the shares of the global package. `multiple` 0, 2 surgery, 3 endoscopy, 4 imaging,
    5 therapy, 6 cardiovascular, 7 ophthalmology, 9 none; `bilateral` 0-3, 9; `assistant`, `cosurgeons`, `team` 0-2, 9.
    `supervision` and `family` (of imaging) have two characters. `factor` is the conversion factor in dollars. `cap_*`
    are the practice expense and malpractice of the cap at the hospital outpatient payment, 0 where there is none.
    `exact` is False when a release of another quarter of the same year stands in.
    """

    code: str
    modifier: str
    status: str
    work: Decimal
    nonfacility: Decimal
    nonfacility_na: bool
    facility: Decimal
    facility_na: bool
    malpractice: Decimal
    components: str
    global_days: str
    pre: Decimal
    intra: Decimal
    post: Decimal
    multiple: str
    bilateral: str
    assistant: str
    cosurgeons: str
    team: str
    endoscopic_base: str
    factor: Decimal
    supervision: str
    family: str
    cap_nonfacility: Decimal
    cap_facility: Decimal
    cap_malpractice: Decimal
    release: Release
    exact: bool

    @property
    def payable(self) -> bool:
        """Whether the schedule pays it by relative values: an active, restricted or injection code that has some."""
        return self.status in PAYABLE and bool(self.work or self.nonfacility or self.facility or self.malpractice)

    def expense(self, facility: bool) -> Decimal:
        """The practice expense RVU of the setting."""
        return self.facility if facility else self.nonfacility

    def total(self, facility: bool) -> Decimal:
        """Work, practice expense and malpractice of the setting, before any locality."""
        return self.work + self.expense(facility) + self.malpractice


class Mpfs:
    """The fee schedule's rows by code, modifier and day."""

    def __init__(self, store: Store, *, qualifying: bool = False) -> None:
        """`qualifying`: with the conversion factor of qualifying participants in advanced payment models."""
        system = QUALIFYING if qualifying else VALUES
        self._rows: ByDay[tuple[str, str], Indicators] = ByDay(partial(same_year, store, system), _read)

    def answer(self, day: date) -> Answer | None:
        """The release for the day: that of its quarter, else the nearest of the same calendar year, else None.

        Conversion factor and relative values are set by the year: another year's would be another price.
        """
        return self._rows.answer(day)

    def indicators(self, code: str, modifier: str, day: date) -> Indicators | None:
        """The row for a code with a modifier on the day (date of service), or None.

        26, TC and 53 have rows of their own where the service has such a price; asked with any other modifier, or with
        53 where it has no row, the answer is the row without one. None: no release of the year is there, the code is
        not on the schedule, or it has no professional (26) or technical (TC) component.
        """
        return self._rows.row((code, modifier if modifier in _OWN_ROW else ""), day)

    def of_line(self, code: str, modifiers: Iterable[str], day: date) -> Indicators | None:
        """The row for a line as billed: by the first of its modifiers that has a row of its own."""
        return self._rows.row((code, next((each for each in modifiers if each in _OWN_ROW), "")), day)


def _read(answer: Answer, key: tuple[str, str]) -> Indicators | None:
    code, modifier = key
    for each in (modifier,) if modifier in SPLIT or not modifier else (modifier, ""):
        row = answer.opened.connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM item WHERE code = ? AND modifier = ?",  # noqa: S608 - constants
            (code, each),
        ).fetchone()
        if row is not None:
            return _struct(row, answer)
    return None


def _struct(row: tuple[str, ...], answer: Answer) -> Indicators:
    told = dict(zip(COLUMNS, row, strict=True))
    return Indicators(
        code=told["code"], modifier=told["modifier"], status=told["status"], work=Decimal(told["work"]),
        nonfacility=Decimal(told["nonfacility"]), nonfacility_na=told["nonfacility_na"] == "NA",
        facility=Decimal(told["facility"]), facility_na=told["facility_na"] == "NA",
        malpractice=Decimal(told["malpractice"]), components=told["components"], global_days=told["global_days"],
        pre=Decimal(told["pre"]), intra=Decimal(told["intra"]), post=Decimal(told["post"]), multiple=told["multiple"],
        bilateral=told["bilateral"], assistant=told["assistant"], cosurgeons=told["cosurgeons"], team=told["team"],
        endoscopic_base=told["endoscopic_base"], factor=Decimal(told["factor"]), supervision=told["supervision"],
        family=told["family"], cap_nonfacility=Decimal(told["cap_nonfacility"]),
        cap_facility=Decimal(told["cap_facility"]), cap_malpractice=Decimal(told["cap_malpractice"]),
        release=answer.opened.release, exact=answer.exact,
    )  # fmt: skip
