"""MS-DRGs: the group of an inpatient stay, by a grouper that Superbill adopts, not its own.

`Grouper` is all that the rest of the house knows. `grouper()` gives the first adapter whose package is installed.
Medicare groups by the day of discharge: versions.csv says which version of the definitions is in force.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal, Protocol

from msgspec import Struct

from superbill.codesets import tables
from superbill.codesets.msdrg import drgpy, mzdrg
from superbill.codesets.msdrg.stay import Grouped, Stay
from superbill.codesets.optional import NotInstalled
from superbill.effective import Period

__all__ = ["Grouped", "Grouper", "GrouperName", "Stay", "Version", "grouper", "version_on", "versions"]

GrouperName = Literal["msdrg", "drgpy"]


class Version(Struct, frozen=True):
    """A version of the MS-DRG definitions ("43.1") and the days of discharge it is for."""

    number: str
    valid: Period


class Grouper(Protocol):
    """Puts stays into groups. `name` says whose work it is."""

    @property
    def name(self) -> str: ...

    def group(self, stay: Stay, version: str) -> Grouped:
        """The group by this version of the definitions. Raises ValueError for a version that the grouper lacks."""
        ...


@cache
def versions() -> tuple[Version, ...]:
    """The versions that we know the days of, oldest first."""
    return tuple(Version(row["version"], tables.period(row)) for row in tables.rows(__package__, "versions.csv"))


def version_on(discharged: date) -> str:
    """The version in force on the day of discharge. Raises ValueError for a day before or after those we know."""
    for version in versions():
        if discharged in version.valid:
            return version.number
    raise ValueError(f"no version of the MS-DRG definitions is known for a discharge on {discharged}")


_MAKERS: dict[GrouperName, Callable[[], Grouper]] = {"msdrg": mzdrg.make, "drgpy": drgpy.make}


def grouper(name: GrouperName | None = None) -> Grouper:
    """The grouper of that name, else the first that is installed. Raises NotInstalled."""
    if name is not None:
        return _MAKERS[name]()
    missing: NotInstalled | None = None
    for make in _MAKERS.values():
        try:
            return make()
        except NotInstalled as problem:
            missing = missing or problem
    assert missing is not None, "there are adapters"
    raise missing


def group(stay: Stay, discharged: date, by: Grouper) -> Grouped:
    """The MS-DRG of a stay by the version in force on its last day. Raises ValueError where there is none."""
    return by.group(stay, version_on(discharged))
