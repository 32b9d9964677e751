"""Provider-level adjustment reasons (835, PLB03-1 and its like; X12 data element 426): why a payment is more or less
than its claims, in our own words, and where that money goes in the books.

The codes and which of them an 835 may use are X12's (835 TR3, segment PLB). The account is our own reading of each.
"""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables

Goes = Literal["provider level", "interest", "capitation", "settlement", "fees"]


class ProviderReason(Struct, frozen=True):
    """One reason. `goes` names what the money is: "provider level" is owed between payer and provider until it has
    come back, tracked by its reference down to zero; the others are final. `text` says what to make of it."""

    code: str
    name: str
    goes: Goes
    text: str

    @property
    def tracked(self) -> bool:
        """Does what moves under this reason have to come back?"""
        return self.goes == "provider level"


@cache
def all_reasons() -> dict[str, ProviderReason]:
    """Every reason on file, by code."""
    return {
        row["code"]: ProviderReason(row["code"], row["name"], cast("Goes", row["goes"]), row["text"])
        for row in tables.rows(__package__, "reasons.csv")
    }


def reason(code: str) -> ProviderReason | None:
    """The reason with this code, or None when it is not on file: treat its money as owed until a person has looked."""
    return all_reasons().get(code)
