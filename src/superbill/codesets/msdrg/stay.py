"""What a grouper needs of an inpatient stay, and what it answers. Codes without their point."""

from typing import Literal

from msgspec import Struct

Poa = Literal["Y", "N", "U", "W", ""]
UNGROUPABLE = frozenset({"998", "999"})


class Diagnosis(Struct, frozen=True):
    """A diagnosis and whether it was present on admission; empty: exempt from reporting."""

    code: str
    poa: Poa = "Y"


class Stay(Struct, frozen=True, kw_only=True):
    """An inpatient stay as grouped. `age` is in years, on admission; `discharge_status` has two digits.

    `poa_exempt` is for hospitals that need not report what was present on admission: nothing is then left out of the
    grouping as acquired in hospital.
    """

    principal: Diagnosis
    secondary: tuple[Diagnosis, ...] = ()
    procedures: tuple[str, ...] = ()
    age: int
    sex: Literal["M", "F", "U"]
    discharge_status: str = "01"
    poa_exempt: bool = False


class Grouped(Struct, frozen=True, kw_only=True):
    """The group of a stay. `drg` has three digits; `mdc` (of the principal diagnosis) two, empty where not told, as is
    `severity`.

    `problem` says why a stay has no group (DRG 998 or 999); `grouper` and `version` whose answer this is.
    """

    drg: str
    mdc: str = ""
    severity: Literal["MCC", "CC", "none", ""] = ""
    problem: str = ""
    grouper: str
    version: str

    @property
    def grouped(self) -> bool:
        """Whether there is a group that is paid."""
        return self.drg not in UNGROUPABLE
