"""Patient discharge status (NUBC; UB-04 form locator 17, CL103), in our own words."""

from datetime import date
from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

SYSTEM = "discharge_status"
Kind = Literal["home", "transfer", "hospice", "left", "died", "patient", "admitted"]


class DischargeStatus(Struct, frozen=True):
    """Where a patient went. `kind` groups the codes: patient is one who is still there.

    `planned` names, for 81 to 95, the status that means the same without a planned readmission.
    """

    code: str
    name: str
    kind: Kind
    planned: str
    valid: Period
    note: str = ""

    @property
    def died(self) -> bool:
        """Whether the patient died; then occurrence code 55 says when."""
        return self.kind == "died"


@cache
def all_statuses() -> dict[str, DischargeStatus]:
    """Every discharge status, by its two digits."""
    return {
        row["code"]: DischargeStatus(
            row["code"], row["name"], cast("Kind", row["kind"]), row["planned"], tables.period(row), row["note"]
        )
        for row in tables.rows(__package__, "codes.csv")
    }


def discharge_status(code: str, on: date | None = None) -> DischargeStatus | None:
    """The status with this code, or None when there is none, or none on the last day of the statement `on`."""
    found = all_statuses().get(code)
    return found if found and (on is None or on in found.valid) else None
