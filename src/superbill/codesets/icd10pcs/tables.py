"""Reads the official ICD-10-PCS tables (icd10pcs_tables_YYYY.xml): which values may follow which, and what they mean.

Layout: ICD10PCS.tabular / pcsTable; a table fixes its first three characters by `axis pos="1".."3"`, each with a title
("Body System"), one `label code="0"` and, at the operation, a definition. Each `pcsRow codes="99"` lists for axes 4 to
7 the labels that go together; `codes` counts the codes that they make, `values` the labels of an axis.
"""

import re
from collections.abc import Iterator
from datetime import date
from math import prod
from xml.etree.ElementTree import Element

from msgspec import Struct

from superbill.codesets.icd10cm.xml import parsed, text_of
from superbill.codesets.release import Refused, Release, fiscal_year_end
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "icd10pcs-tables"
CHARACTER = re.compile(r"[0-9A-HJ-NP-Z]", re.ASCII)
"""A character of a code: letters I and O are left out, so that nobody takes them for 1 and 0."""

# tbl: the first three characters. row: 0 for the table's own axes, then the rows from 1. axis: the title of the axis.
_LABEL = """CREATE TABLE label (
    tbl TEXT NOT NULL, row INTEGER NOT NULL, pos INTEGER NOT NULL, character TEXT NOT NULL, label TEXT NOT NULL,
    axis TEXT NOT NULL, PRIMARY KEY (tbl, row, pos, character)) WITHOUT ROWID"""
_DEFINITION = "CREATE TABLE definition (tbl TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID"


class Label(Struct, frozen=True, array_like=True):
    """One value of an axis in a row of a table."""

    tbl: str
    row: int
    pos: int
    character: str
    label: str
    axis: str


class TablesLayout:
    """The tables of a fiscal year."""

    title = "ICD-10-PCS tables (XML)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its first element."""
        return b"<ICD10PCS.tabular" in source.data[:2000]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for XML that is broken, a row whose counts are not those of its labels, a table twice."""
        root = parsed(source, "ICD10PCS.tabular")
        labels: list[tuple[str | int, ...]] = []
        definitions: dict[str, str] = {}
        for element in root.iterfind("pcsTable"):
            heads = _heads(element, source.name)
            tbl = "".join(head.character for head in heads)
            if tbl in definitions:
                raise Refused(f"has the table {tbl} twice.", place=source.name, fix="Get the file anew.")
            definitions[tbl] = " ".join(text_of(found) for found in element.iterfind("axis/definition"))
            for label in (*heads, *_rows(element, tbl, source.name)):
                labels.append((tbl, label.row, label.pos, label.character, label.label, label.axis))
        if not labels:
            raise Refused("has no table.", place=source.name, fix="Get the file anew.")
        yield Draft(
            release=release_of(SYSTEM, root, source, effective),
            tables=(
                Table("label", _LABEL, sorted(labels)),
                Table("definition", _DEFINITION, sorted((tbl, text) for tbl, text in definitions.items() if text)),
            ),
        )


def release_of(system: str, root: Element, source: Source, effective: date | None) -> Release:
    """The release of an official XML file, whose `version` is its fiscal year. Raises Refused when it tells none."""
    version = (root.findtext("version") or "").strip()
    day = effective or effective_from_name(source.name)
    if day is None and re.fullmatch(r"20\d\d", version, re.ASCII):
        day = date(int(version) - 1, 10, 1)
    if day is None:
        raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
    return Release(
        system=system, version=version or str(day.year + (day.month >= 10)), effective=day,
        until=fiscal_year_end(day), source=source.name, sha256=source.sha256,
    )  # fmt: skip


def _heads(element: Element, name: str) -> tuple[Label, ...]:
    found = tuple(label for axis in element.iterfind("axis") for label in _labels(axis, "", 0, name))
    if [label.pos for label in found] != [1, 2, 3]:
        told = "".join(label.character for label in found) or "without a name"
        raise Refused(f"has a table {told} whose first three characters aren't fixed.", place=name, fix="Get it anew.")
    return found


def _rows(element: Element, tbl: str, name: str) -> Iterator[Label]:
    for number, row in enumerate(element.iterfind("pcsRow"), 1):
        axes = [tuple(_labels(axis, tbl, number, name)) for axis in row.iterfind("axis")]
        whole = [labels[0].pos for labels in axes if labels] == [4, 5, 6, 7]
        counted = row.get("codes") or ""
        if not whole or counted != str(prod(len(labels) for labels in axes)):
            raise Refused(
                f"has in table {tbl}, row {number}, not the {counted or 'count of'} codes that it says.", place=name,
                fix="Get the file anew.",
            )  # fmt: skip
        for labels in axes:
            yield from labels


def _labels(axis: Element, tbl: str, row: int, name: str) -> Iterator[Label]:
    at = axis.get("pos") or ""
    title = text_of(axis.find("title"))
    found = axis.findall("label")
    seen = {label.get("code") or "" for label in found}
    good = at.isdecimal() and axis.get("values") in {None, str(len(found))} and len(seen) == len(found)
    if not good or not all(CHARACTER.fullmatch(character) for character in seen):
        where = f"table {tbl}, row {row}" if tbl else "the head of a table"
        raise Refused(f"has in {where}, axis {at!r}, values that are none.", place=name, fix="Get the file anew.")
    for label in found:
        yield Label(tbl, row, int(at), label.get("code") or "", text_of(label), title)
