"""Claim adjustment reason codes (CARC, X12 external code source 139): why a payer took money off, in our own words."""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

Handling = Literal["contractual", "denial", "patient", "prior_payer"]


class AdjustmentReason(Struct, frozen=True):
    """One CARC. `patient_text` is one or two plain sentences for a statement.

    `handling` says what becomes of the money: contractual (nobody will pay it), denial (someone must work it),
    patient, or prior_payer (an earlier payer's part). `listed`: from the day on which the list took the code in to the
    day on which it was retired, where these are known; a retired code may still come on an old claim.
    """

    code: str
    meaning: str
    patient_text: str
    handling: Handling
    listed: Period = Period()


@cache
def all_reasons() -> dict[str, AdjustmentReason]:
    """Every CARC on file, by code. Codes that are not here may still occur: treat them as denials."""
    return {
        row["code"]: AdjustmentReason(
            row["code"],
            row["meaning"],
            row["patient_text"],
            cast("Handling", row["handling"]),
            Period(tables.day(row["start"]), tables.day(row["stop"])),
        )
        for row in tables.rows(__package__, "reasons.csv")
    }


def reason(code: str) -> AdjustmentReason | None:
    """The reason with this CARC, or None when it is not on file."""
    return all_reasons().get(code)


def handling(group: str, code: str) -> Handling:
    """What becomes of an adjustment of this group and CARC.

    Group PR is always the patient's; under the other groups the CARC decides. A CARC that only ever names a
    patient share is a denial under CO, OA or PI (someone must find out who pays), as is an unknown CARC.
    """
    if group == "PR":
        return "patient"
    found = reason(code)
    if found is None or found.handling == "patient":
        return "denial"
    return found.handling
