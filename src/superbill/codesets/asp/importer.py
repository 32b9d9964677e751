"""Reads the quarterly payment limits of drugs that Medicare Part B pays by average sales price (ASP).

Layout (CSV or XLSX): lines of title, one with the days it is effective, then a header HCPCS Code, Short Description,
HCPCS Code Dosage, Payment Limit, Co-insurance Percentage (since April 2023), Vaccine AWP%, Vaccine Limit, Blood AWP%,
Blood limit, Clotting Factor, Notes; one code to a row. A limit has three decimals, for one unit of the dosage.
Descriptions of CPT codes (vaccines) are the AMA's: descriptions are left behind.
"""

from collections.abc import Iterator
from datetime import date

from superbill.codesets.grid import Header, column, top
from superbill.codesets.mpfs.schema import CODE, number, quarter, quarter_end
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "asp"
_HEADER = Header(
    ("HCPCS(?: code)?", "short descript.*"),
    {
        "code": column("HCPCS(?: code)?"),
        "dosage": column("HCPCS code dosage"),
        "limit": column("payment limit"),
        "coinsurance": column("co-?insurance percentage", needed=False),
        "notes": column("notes", needed=False),
    },
)
_CREATE = """CREATE TABLE drug (
    code TEXT PRIMARY KEY, dosage TEXT NOT NULL, payment TEXT NOT NULL, coinsurance TEXT NOT NULL,
    notes TEXT NOT NULL) WITHOUT ROWID"""


class DrugLimitLayout:
    """The ASP pricing file of a quarter."""

    title = "Medicare drug payment limits (ASP)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By a header with a dosage and a payment limit."""
        rows = (row for row in top(source) if _HEADER.ends_in(row))
        return any({"payment limit", "hcpcs code dosage"} <= {_plain(cell) for cell in row} for row in rows)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row whose code or limit is none, or a code again."""
        rows: dict[str, tuple[str, ...]] = {}
        for place, told in _HEADER.rows(source):
            code = told["code"]
            if not code or (not told["limit"] and not told["dosage"]):
                continue  # a notice under the table
            if not CODE.fullmatch(code) or code in rows:
                again = " again" if code in rows else ""
                raise Refused(f"has code {code[:10]!r}{again}.", place=place, fix="Get the file anew.")
            limit = str(number(told["limit"], place, "payment limit")) if told["limit"] else ""
            share = str(number(told["coinsurance"].rstrip("%"), place, "coinsurance")) if told["coinsurance"] else ""
            rows[code] = (code, told["dosage"], limit, share, told["notes"])
        title = " ".join(cell for row in top(source)[:10] for cell in row)
        name = source.name.rpartition("/")[2]
        day = effective or quarter(name) or effective_from_name(_from_title(title)) or quarter(title)
        if not rows or day is None:
            why = "has no code." if not rows else "doesn't say its quarter."
            raise Refused(why, place=source.name, fix="Get the file anew, or give the first day with --effective.")
        release = Release(
            system=SYSTEM, version=f"{day.year}Q{(day.month + 2) // 3}", effective=day, until=quarter_end(day),
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("drug", _CREATE, sorted(rows.values())),))


def _plain(cell: str) -> str:
    return " ".join(cell.lower().split())


def _from_title(title: str) -> str:
    """The words behind "effective", where the first day stands; "" where the title has none."""
    return title.lower().partition("effective")[2].strip()[:40]
