"""One code of a small public list, as all lists show it, and the reader of the lists that need no more than that.

Code numbers and days are those of the lists' owners (NUBC, X12, CMS). The names are ours, short, and no part of any
owner's text: a payer's manual, or the owner's, says when a code is due.
"""

from datetime import date

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period


class ListedCode(Struct, frozen=True):
    """A code, the list it is of, its short name, the days it may be used (None: not known), and a note."""

    system: str
    code: str
    name: str
    valid: Period
    note: str = ""


def read(package: str, system: str, file: str = "codes.csv") -> dict[str, ListedCode]:
    """The list `file` beside `package`, by code, in the order of the file."""
    return {
        row["code"]: ListedCode(system, row["code"], row["name"], tables.period(row), row["note"])
        for row in tables.rows(package, file)
    }


def valid_on(found: ListedCode | None, on: date | None) -> ListedCode | None:
    """`found`, or None when there is none, or none on the day `on`. Without a day whatever is on file counts."""
    return found if found is not None and (on is None or on in found.valid) else None
