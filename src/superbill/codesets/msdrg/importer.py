"""Reads the yearly list of MS-DRGs with their weights and mean lengths of stay (Table 5 of the IPPS final rule).

Layout: tab-delimited Windows-1252; a title over one or two lines, in quotes; a header that names the fiscal year; one
group to a line. Since FY2023 there may be two weights, before and after the 10 % cap on a fall: the latter is paid.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets.csv_rows import numbered
from superbill.codesets.release import Refused, Release, fiscal_year_end
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "msdrg"
_HEADER = re.compile(r"^\"?MS-DRG\s*\"?\t.*\bFY\s*(20\d\d)\b", re.MULTILINE)
_COLUMNS = {
    "drg": re.compile(r"ms-drg"),
    "post_acute": re.compile(r".*post-acute drg"),
    "special_pay": re.compile(r".*special pay drg"),
    "mdc": re.compile(r"mdc"),
    "kind": re.compile(r"type"),
    "title": re.compile(r"ms-drg title"),
    "weight": re.compile(r"weights?( - .*cap applied)?"),
    "geometric": re.compile(r"geometric mean los"),
    "arithmetic": re.compile(r"arithmetic mean los"),
}
_CREATE = (
    "CREATE TABLE msdrg (drg TEXT PRIMARY KEY, mdc TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, "
    "weight TEXT NOT NULL, geometric TEXT NOT NULL, arithmetic TEXT NOT NULL, post_acute INTEGER NOT NULL, "
    "special_pay INTEGER NOT NULL) WITHOUT ROWID"
)
Kind = Literal["SURG", "MED", ""]


class Group(Struct, frozen=True, kw_only=True):
    """One MS-DRG. `mdc` is two digits, or PRE where it comes before them; weight and means are as published.

    `post_acute`: an early transfer is paid by the day; `special_pay`: then half of the payment falls on the first day.
    """

    drg: str
    mdc: str
    kind: Kind
    title: str
    weight: Decimal
    geometric: Decimal
    arithmetic: Decimal
    post_acute: bool
    special_pay: bool


class DrgTableLayout:
    """Table 5 as the text file that CMS publishes."""

    title = "MS-DRG weights (IPPS Table 5)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By the header, which follows a title of a line or two."""
        return _HEADER.search(source.data[:2_000].decode("cp1252", "replace")) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line for columns that are missing, a group twice, or a number that is none."""
        text = source.text("cp1252")
        header = _HEADER.search(text)
        assert header is not None, "recognized by it"
        day = effective or date(int(header[1]) - 1, 10, 1)
        release = Release(
            system=SYSTEM, version=header[1], effective=day, until=fiscal_year_end(day), source=source.name,
            sha256=source.sha256,
        )  # fmt: skip
        rows = sorted(_groups(text, source.name), key=lambda group: group.drg)
        yield Draft(release=release, tables=(Table("msdrg", _CREATE, [_stored(group) for group in rows]),))


def _groups(text: str, name: str) -> Iterator[Group]:
    places: dict[str, int] = {}
    seen: set[str] = set()
    for where, cells in numbered(io.StringIO(text, newline=""), name, "\t"):
        bare = [cell.strip() for cell in cells]
        if not places:
            places = _places(bare, where) if bare and bare[0] == "MS-DRG" else {}
        elif bare and re.fullmatch(r"\d{1,3}", bare[0], re.ASCII):
            group = _group(bare, places, where)
            if group.drg in seen:
                raise Refused(f"has MS-DRG {group.drg} twice.", place=where, fix="Get the file anew.")
            seen.add(group.drg)
            yield group
    if not seen:
        raise Refused("has no group at all.", place=name, fix="Get the file anew.")


def _places(header: list[str], where: str) -> dict[str, int]:
    places = {
        column: at
        for column, called in _COLUMNS.items()
        for at, cell in enumerate(header)
        if called.fullmatch(" ".join(cell.lower().split()))
    }
    missing = [column for column in _COLUMNS if column not in places]
    if missing:
        raise Refused(f"has no column for {missing[0]!r}.", place=where, fix="Get Table 5 of the final rule.")
    return places


def _group(cells: list[str], places: dict[str, int], where: str) -> Group:
    if len(cells) <= max(places.values()):
        raise Refused(f"has {len(cells)} columns.", place=where, fix="Get the file anew.")
    told = {column: cells[at] for column, at in places.items()}
    kind = told["kind"].replace("*", "")
    if kind not in {"SURG", "MED", ""}:
        raise Refused(f"has the type {kind!r}, neither SURG nor MED.", place=where, fix="Get the file anew.")
    return Group(
        drg=told["drg"].zfill(3),
        mdc=told["mdc"].replace("*", ""),
        kind=cast("Kind", kind),
        title=told["title"],
        weight=_number(told["weight"], where),
        geometric=_number(told["geometric"], where),
        arithmetic=_number(told["arithmetic"], where),
        post_acute=told["post_acute"].lower() == "yes",
        special_pay=told["special_pay"].lower() == "yes",
    )


def _number(text: str, where: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refused(f"has {text!r} where a number is due.", place=where, fix="Get the file anew.") from None
    if not number.is_finite() or number < 0:
        raise Refused(f"has {text!r} where a number is due.", place=where, fix="Get the file anew.")
    return number


def _stored(group: Group) -> tuple[str | int, ...]:
    return (
        group.drg, group.mdc, group.kind, group.title, str(group.weight), str(group.geometric), str(group.arithmetic),
        int(group.post_acute), int(group.special_pay),
    )  # fmt: skip


def find(store: Store, drg: str, on: date) -> Group | None:
    """The MS-DRG by the table in force on the day of discharge; None without a table, or where it has no such group."""
    opened = store.in_force(SYSTEM, on)
    row = opened.connection.execute("SELECT * FROM msdrg WHERE drg = ?", (drg,)).fetchone() if opened else None
    if row is None:
        return None
    return Group(
        drg=row[0], mdc=row[1], kind=row[2], title=row[3], weight=Decimal(row[4]), geometric=Decimal(row[5]),
        arithmetic=Decimal(row[6]), post_acute=bool(row[7]), special_pay=bool(row[8]),
    )  # fmt: skip
