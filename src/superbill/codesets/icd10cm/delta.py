"""Builds a full release from changes: official addenda to the order file, or a list of additions and deletions.

Addenda say what separates two years, so they lead either way: from the year before to their own, and back.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.order import PCS, Listed, draft, listed
from superbill.codesets.release import Refused, fiscal_year
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Opened, Store

_CHANGE = re.compile(r"(Add|Delete|Revise from|Revise to): +([01]) ([A-Z0-9]{3,7}) ")
_CHANGE_WITHOUT_FLAG = re.compile(r"(Add|Delete|Revise from|Revise to): +([0-9A-Z]{3,7}) ")
_COUNT = re.compile(r" +(\d+) (headers|codes) in (icd10cm|icd10pcs)_order_(20\d\d)\.txt")
NO_TITLE = "(new header; its title is not in the source)"


class Changes(Struct, frozen=True):
    """Rows that go and rows that come; a revised title is both. `counts`: rows of (year, "headers" or "codes")."""

    system: str
    gone: tuple[Listed, ...]
    new: tuple[Listed, ...]
    counts: dict[tuple[int, str], int] = {}

    def backwards(self) -> "Changes":
        """The same changes undone."""
        return Changes(self.system, self.new, self.gone, self.counts)


class AddendaLayout:
    """The addenda to an order file. On the release of the year before they give their own year's; if that is there
    already, they give the year before, undone from it."""

    title = "ICD-10-CM or ICD-10-PCS order file addenda"
    systems: tuple[str, ...] = (schema.CODES, PCS)

    def recognizes(self, source: Source) -> bool:
        """By its first line and the counts at its end, which addenda to the plain list of codes lack."""
        return source.data.startswith((b"Add:", b"Delete:", b"Revise from:")) and b" headers in " in source.data[-1500:]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for a line that is no change, without a release to change, or when the counts disagree."""
        changes = _addenda(source)
        day = effective or effective_from_name(source.name)
        if day is None or not changes.counts:
            raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
        system = changes.system
        own, before = store.in_force(system, day), store.before(system, day)
        year = date(day.year - 1, day.month, day.day)
        if own is not None and own.release.effective == day:
            rows = apply(_rows(own), changes.backwards(), source)
            day = year
        elif before is not None:
            rows = apply(_rows(before), changes, source)
        else:
            raise Refused(
                "changes a release that the store doesn't have.", place=source.name,
                fix="Import the whole list (order file) of its year or of the year before first.",
            )  # fmt: skip
        _counted(rows, changes, day, source)
        yield draft(system, day, source, rows)


class ListedChangesLayout:
    """Changes as one JSON document: {"fy", "effective", "add": [[code, title]], "delete": [code], "revise"}."""

    title = "ICD-10-CM changes (JSON)"
    systems: tuple[str, ...] = (schema.CODES,)

    def recognizes(self, source: Source) -> bool:
        """By its first keys."""
        return source.data[:1] == b"{" and all(key in source.data[:200] for key in (b'"effective"', b'"add"'))

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for JSON of another shape, and without an earlier release to change."""
        document = _document(source)
        day = effective or document.effective
        before = store.before(schema.CODES, day)
        if before is None:
            raise Refused(
                f"changes what was in force before {day}, which the store doesn't have.", place=source.name,
                fix="Import the release before it first.",
            )  # fmt: skip
        rows = apply(_rows(before), _listed_changes(document, _rows(before)), source)
        yield draft(schema.CODES, day, source, rows)


class _Document(Struct, frozen=True):
    effective: date
    add: list[tuple[str, str]]
    delete: list[str]
    revise: dict[str, str] = {}


def _document(source: Source) -> _Document:
    try:
        return msgspec.json.decode(source.data, type=_Document)
    except msgspec.MsgspecError as problem:
        line = ""
        try:
            json.loads(source.data)
        except json.JSONDecodeError as where:
            line = f":{where.lineno:,}"
        except UnicodeDecodeError:
            line = ""
        raise Refused(f"is not a list of changes ({problem}).", place=f"{source.name}{line}") from problem


def _listed_changes(document: _Document, base: list[Listed]) -> Changes:
    """A code that ends while others begin under it stays as their header; headers between are put in."""
    known = {row.code: row for row in base}
    new = {schema.undotted(code): Listed(schema.undotted(code), True, "", title) for code, title in document.add}
    nowhere = Listed("", False, "", "")
    gone = {
        known.get(code, msgspec.structs.replace(nowhere, code=code)) for code in map(schema.undotted, document.delete)
    }
    gone |= {known[code] for code in new if code in known}
    for code, title in document.revise.items():
        plain = schema.undotted(code)
        if plain in known:
            gone.add(known[plain])
            new[plain] = msgspec.structs.replace(known[plain], title=title)
    for code in list(new):
        for length in range(3, len(code)):
            header = code[:length]
            before = known.get(header)
            if header in new or header.endswith("X") or (before is not None and not before.billable):
                continue
            if before is not None:
                gone.add(before)
                new[header] = msgspec.structs.replace(before, billable=False)
            elif length == 3 or sum(other.startswith(header) for other in new) > 1:
                new[header] = Listed(header, False, "", NO_TITLE)
    return Changes(
        schema.CODES, tuple(sorted(gone, key=lambda row: row.code)), tuple(new[code] for code in sorted(new))
    )


def _addenda(source: Source) -> Changes:
    sides: dict[str, list[Listed]] = {"Add": [], "Delete": [], "Revise from": [], "Revise to": []}
    counts: dict[tuple[int, str], int] = {}
    system, tail = "", False
    for number, line in enumerate(source.text("ascii").splitlines(), 1):
        found = _CHANGE.match(line) or _CHANGE_WITHOUT_FLAG.match(line)
        if found and not tail:
            sides[found[1]].append(_row(line))
            continue
        counted = _COUNT.fullmatch(line)
        if counted:
            system = counted[3]
            counts[int(counted[4]), counted[2]] = int(counted[1])
        tail = tail or not line.strip()
        if not tail:
            raise Refused("is not a line of the addenda.", place=f"{source.name}:{number:,}", fix="Get the file anew.")
    gone = sides["Delete"] + sides["Revise from"]
    return Changes(system, tuple(gone), tuple(sides["Add"] + sides["Revise to"]), counts)


def _row(line: str) -> Listed:
    """Addenda of ICD-10-CM have the flag before the code; those of ICD-10-PCS have none: three characters, header."""
    if _CHANGE.match(line):
        return listed(f"{line[15:22]} {line[13]} {line[23:]}")
    code = line[13:20].strip()
    return listed(f"{line[13:20]} {int(len(code) == 7)} {line[21:]}")


def _rows(opened: Opened) -> list[Listed]:
    found: list[tuple[Any, ...]] = opened.connection.execute(
        "SELECT code, billable, short, title FROM code ORDER BY ord"
    ).fetchall()
    return [Listed(code, bool(billable), short, title) for code, billable, short, title in found]


def apply(base: list[Listed], changes: Changes, source: Source) -> list[Listed]:
    """The list after the changes, in the order of the book. Raises Refused when a code that goes was never there."""
    rows = {row.code: row for row in base}
    order = [row.code for row in base]
    for row in changes.gone:
        if rows.pop(row.code, None) is None:
            raise Refused(
                f"ends {row.code}, which the release before doesn't have.", place=source.name,
                fix="The changes are of another year than the release in the store.",
            )  # fmt: skip
    for row in changes.new:
        if row.code in rows:
            raise Refused(f"adds {row.code}, which is there already.", place=source.name, fix="See that it is new.")
        rows[row.code] = row
    return [rows[code] for code in _in_book_order(order, [row.code for row in changes.new]) if code in rows]


def _in_book_order(base: list[str], new: list[str]) -> list[str]:
    """The codes of `base` in their order, each new one behind the last of its siblings that sorts before it.

    The book mostly sorts by characters, digits before letters, but not everywhere (C4A stands before C44).
    """
    known = set(base)
    merged = base + [code for code in sorted(new) if code not in known]
    parents = schema.parents(merged)
    children: dict[str, list[str]] = {}
    for code in merged:
        siblings = children.setdefault(parents[code], [])
        smaller = [place for place, other in enumerate(siblings, 1) if other < code] if code not in known else []
        siblings.insert(max(smaller, default=0) if code not in known else len(siblings), code)
    return list(_depth_first(children, ""))


def _depth_first(children: dict[str, list[str]], parent: str) -> Iterator[str]:
    for code in children.get(parent, ()):
        yield code
        yield from _depth_first(children, code)


def _counted(rows: list[Listed], changes: Changes, day: date, source: Source) -> None:
    fiscal = fiscal_year(day)
    have = {"codes": sum(row.billable for row in rows)}
    have["headers"] = len(rows) - have["codes"]
    for kind, number in have.items():
        told = changes.counts.get((fiscal, kind))
        if told is not None and told != number:
            raise Refused(
                f"counts {told:,} {kind} for {fiscal}; the release in the store leads to {number:,}.",
                place=source.name, fix="Import the official order file of the year.",
            )  # fmt: skip
