"""Type of bill (NUBC; UB-04 form locator 4, CLM05), in our own words.

Four characters: a zero, the kind of facility, what is billed there, and the frequency of the claim. The second and
third are one code in practice (`classification`): not every facility bills everything. CLM05-1 has those two, CLM05-3
the last.
"""

from datetime import date
from functools import cache

from msgspec import Struct

from superbill.codesets import listed, tables
from superbill.codesets.listed import ListedCode
from superbill.effective import Period

SYSTEM = "type_of_bill"
FACILITY_SYSTEM = "facility_type"
CLASSIFICATION_SYSTEM = "bill_type"
FREQUENCY_SYSTEM = "claim_frequency"
REPLACES, VOIDS = "7", "8"


class Classification(Struct, frozen=True):
    """What a kind of facility bills (two digits). `inpatient`: the stay itself, so that admission data are due."""

    code: str
    name: str
    inpatient: bool
    valid: Period
    note: str = ""


class TypeOfBill(Struct, frozen=True):
    """A type of bill and the names of its parts."""

    code: str
    facility: str
    classification: Classification
    frequency: ListedCode

    @property
    def name(self) -> str:
        """ "Hospital outpatient; replaces an earlier claim"."""
        frequency = self.frequency.name
        return f"{self.classification.name}; {frequency[:1].lower()}{frequency[1:]}"


@cache
def all_facilities() -> dict[str, ListedCode]:
    """Kinds of facility, by their digit."""
    return listed.read(__package__, FACILITY_SYSTEM, "facilities.csv")


@cache
def all_classifications() -> dict[str, Classification]:
    """What is billed, by two digits: the facility's and that of the care."""
    return {
        row["code"]: Classification(
            row["code"], row["name"], row["inpatient"] == "yes", tables.period(row), row["note"]
        )
        for row in tables.rows(__package__, "classifications.csv")
    }


@cache
def all_frequencies() -> dict[str, ListedCode]:
    """Claim frequencies, by code."""
    return listed.read(__package__, FREQUENCY_SYSTEM, "frequencies.csv")


def frequency(code: str, on: date | None = None) -> ListedCode | None:
    """The claim frequency with this code, or None when there is none, or none on the day `on`."""
    return listed.valid_on(all_frequencies().get(code), on)


def classification(code: str, on: date | None = None) -> Classification | None:
    """What the two digits bill, or None when that is nothing, or nothing on the day `on`."""
    found = all_classifications().get(code)
    return found if found and (on is None or on in found.valid) else None


def refusal(code: str, on: date | None = None) -> str | None:
    """Why `code` is no type of bill on the day `on`; None for one that is."""
    if len(code) != 4 or not code.isascii() or not code[:3].isdigit() or code[0] != "0":
        return f"{code!r} is not a zero, two digits and a frequency"
    if code[1] not in all_facilities():
        return f"{code[1]!r} in {code!r} is no kind of facility"
    if code[1:3] not in all_classifications():
        return f"{all_facilities()[code[1]].name} bills no {code[1:3]!r}"
    if classification(code[1:3], on) is None:
        return f"{code[1:3]!r} was not in use on {on}"
    return None if frequency(code[3], on) else f"{code[3]!r} in {code!r} is no claim frequency"


def type_of_bill(code: str, on: date | None = None) -> TypeOfBill | None:
    """The type of bill with these four characters, or None where `refusal` gives a reason."""
    if refusal(code, on) is not None:
        return None
    return TypeOfBill(
        code, all_facilities()[code[1]].name, all_classifications()[code[1:3]], all_frequencies()[code[3]]
    )
