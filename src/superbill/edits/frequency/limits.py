"""The limits as data: limits.yaml and ages.yaml, read once, by code.

A row is for its `codes` and counts those of `counts` (the same unless said) that the same payer was billed before:
`lifetime` so many ever, `year` so many in a calendar year, `months` so many full months between the month of the last
one and that of the next. It holds for payers of a kind (Medicare unless said), for `ages` in completed years, from the
day `from` on, with a diagnosis of `when_diagnosis`, and without any of `unless_diagnosis` (beginnings of codes).
"""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from superbill.claims.inputs import PayerKind
from superbill.effective import Dated, dated_table
from superbill.findings import Severity


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of limits.yaml."""

    name: str
    codes: tuple[str, ...]
    source: str
    counts: tuple[str, ...] = ()
    lifetime: int | None = None
    year: int | None = None
    months: int | None = None
    payers: tuple[PayerKind, ...] = ("medicare",)
    ages: tuple[int, int] | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    when_diagnosis: tuple[str, ...] = ()
    unless_diagnosis: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def counted(self) -> tuple[str, ...]:
        """The codes that use the limit up."""
        return self.counts or self.codes


class AgeBand(Struct, frozen=True):
    """From which age and to which a service is paid, by day; with its source."""

    first: Dated[int]
    last: Dated[int]
    source: str


def _rows(name: str) -> Any:
    return msgspec.yaml.decode(files(__package__).joinpath(name).read_bytes())


@cache
def limits() -> dict[str, tuple[Limit, ...]]:
    """The limits of each code."""
    found: dict[str, tuple[Limit, ...]] = {}
    for row in msgspec.convert(_rows("limits.yaml"), tuple[Limit, ...]):
        for code in row.codes:
            found[code] = (*found.get(code, ()), row)
    return found


@cache
def ages() -> dict[str, AgeBand]:
    """The ages for each code that has any."""
    return {
        code: AgeBand(dated_table(row.get("from", {}), int), dated_table(row.get("to", {}), int), row["source"])
        for row in _rows("ages.yaml")
        for code in row["codes"]
    }


def first_day_after(last: date, months: int) -> date:
    """The day from which so many full months have passed after the month of the last service: a first of the month."""
    years, month = divmod(last.month - 1 + months + 1, 12)
    return date(last.year + years, month + 1, 1)
