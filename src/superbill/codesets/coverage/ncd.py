"""Reads lists of national coverage determinations: which diagnoses cover which procedures (XLSX or delimited text).

CMS publishes the codes of each NCD as a spreadsheet with its change request, the procedures and the diagnoses on sheets
of their own. A list here has them joined, one pair to a row, under a header that begins "NCD", "HCPCS/CPT", "ICD-10 CM"
and may go on with "Effective" and "Termination" days.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.coverage import packed
from superbill.codesets.coverage.importer import FIRST, day
from superbill.codesets.grid import Header, column, top
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.effective import Period

SYSTEM = "ncd-diagnoses"
_HEADER = Header(
    ("NCD.*", "(?:HCPCS|CPT).*", "ICD-?10.*"),
    {
        "determination": column("NCD[^,]*"), "procedure": column("(?:HCPCS|CPT)[^,]*"),
        "diagnosis": column("ICD-?10[^,]*"), "first": column("(?:eff|start)[^,]*", needed=False),
        "last": column("(?:term|end)[^,]*", needed=False),
    },
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2}){0,2}")
_PROCEDURE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}", re.ASCII)
_LISTS = "CREATE TABLE list (number INTEGER PRIMARY KEY, ncd TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL)"
_ITEMS = "CREATE TABLE item (code TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID"
_ANEW = "Correct the row, or get the file anew."


class NationalLayout:
    """Procedures and diagnoses of national coverage determinations."""

    title = "National coverage determinations, procedures and diagnoses"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        return _HEADER.among(top(source))

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row whose number, code or day is none, or whose days run backwards."""
        lists: dict[tuple[str, str, str], int] = {}
        items: dict[str, set[bytes]] = {}
        for place, row in _HEADER.rows(source):
            procedure = row["procedure"].upper()
            diagnosis = row["diagnosis"].upper().replace(".", "")
            if not _PROCEDURE.fullmatch(procedure) or not _DIAGNOSIS.fullmatch(diagnosis):
                raise Refused(f"has {procedure!r} with {diagnosis!r}.", place=place, fix=_ANEW)
            number = lists.setdefault(_list(row, place), len(lists))
            items.setdefault(procedure, set()).add(packed.code_bytes(diagnosis) + number.to_bytes(2, "big"))
        if not items:
            raise Refused("has no row.", place=source.name, fix=_ANEW)
        release = Release(
            system=SYSTEM, version=max(first for _, first, _ in lists) or "undated", effective=effective or FIRST,
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        numbered = [(number, *told) for told, number in lists.items()]
        packs = [(code, b"".join(sorted(items[code]))) for code in sorted(items)]
        yield Draft(release=release, tables=(Table("list", _LISTS, numbered), Table("item", _ITEMS, packs)))


def _list(row: dict[str, str], place: str) -> tuple[str, str, str]:
    """The determination and the days of a row."""
    ncd = _NUMBER.search(row["determination"])
    if ncd is None:
        raise Refused(f"has {row['determination']!r} where an NCD is due.", place=place, fix=_ANEW)
    first, last = day(row["first"], place), day(row["last"], place)
    if first is not None and last is not None and last < first:
        raise Refused(f"ends {last} before it begins {first}.", place=place, fix=_ANEW)
    return ncd[0], str(first or ""), str(last or "")


class Determination(Struct, frozen=True):
    """Which determinations speak of a procedure on a day, and the one that a diagnosis meets, "" for none."""

    numbers: tuple[str, ...]
    met: str


class NationalTable:
    """The newest lists of a store, asked by procedure, day and diagnoses; `procedures` are those that have a list."""

    def __init__(self, store: Store) -> None:
        opened = store.opened(store.releases(SYSTEM)[-1])
        self._file = opened.connection
        rows = self._file.execute("SELECT number, ncd, first, last FROM list").fetchall()
        self._lists = {number: (ncd, _period(first, last)) for number, ncd, first, last in rows}
        self.procedures = frozenset(code for (code,) in self._file.execute("SELECT code FROM item"))
        self._packed = lru_cache(4_096)(self._read)
        self.ask = lru_cache(65_536)(self._ask)

    def _read(self, code: str) -> bytes:
        row = self._file.execute("SELECT packed FROM item WHERE code = ?", (code,)).fetchone()
        return bytes(row[0]) if row else b""

    def _ask(self, code: str, on: date, diagnoses: frozenset[str]) -> Determination | None:
        """None where no determination has a list for the procedure on the day."""
        records = self._packed(code)
        if not records:
            return None
        numbers = {int.from_bytes(records[at + 7 : at + 9], "big") for at in range(0, len(records), packed.WIDTH)}
        speaking = {number for number in numbers if on in self._lists[number][1]}
        if not speaking:
            return None
        met = (number for each in sorted(diagnoses) for number in packed.groups(records, each) if number in speaking)
        number = next(met, None)
        names = tuple(sorted({self._lists[each][0] for each in speaking}))
        return Determination(names, "" if number is None else self._lists[number][0])


def _period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
