"""Reads the Alphabetic Index, the external cause index and the tables of neoplasms and of drugs and chemicals.

Two layouts of the same books: the official XML (icd10cm_index.xsd, icd10cm_drug_neoplasm.xsd of the yearly release),
and the lists in CSV that carry one term to a row with its level.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import Struct

from superbill.codesets.icd10cm.xml import parsed, text_of
from superbill.codesets.release import Refused, Release, fiscal_year_end
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

INDEX, EXTERNAL, NEOPLASM, DRUG = "icd10cm-index", "icd10cm-external", "icd10cm-neoplasm", "icd10cm-drug"
SYSTEMS = (INDEX, EXTERNAL, NEOPLASM, DRUG)
CELLS = {
    NEOPLASM: ("Malignant primary", "Malignant secondary", "Ca in situ", "Benign", "Uncertain", "Unspecified"),
    DRUG: ("Accidental", "Self-harm", "Assault", "Undetermined", "Adverse effect", "Underdosing"),
}
"""The columns of the two tables, in the order of the book: behavior of the neoplasm; poisoning by intent, and so on."""

# path: the titles from the main term on, joined by ", ", as a coder names the place. modifiers: nonessential, in
# parentheses. see, see_also: where to go instead, or also. code: may end in "-" (more characters follow).
_TERM = """CREATE TABLE term (
    id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, level INTEGER NOT NULL, title TEXT NOT NULL,
    modifiers TEXT NOT NULL, see TEXT NOT NULL, see_also TEXT NOT NULL, code TEXT NOT NULL,
    manifestation TEXT NOT NULL, path TEXT NOT NULL)"""
_CELL = "CREATE TABLE cell (term INTEGER NOT NULL, place INTEGER NOT NULL, code TEXT NOT NULL)"
_AFTER = (
    "CREATE INDEX term_parent ON term (parent)",
    "CREATE INDEX term_path ON term (path COLLATE NOCASE)",
    "CREATE INDEX term_code ON term (code)",
    "CREATE INDEX cell_term ON cell (term)",
)
_NONE = {"", "-", "--"}


class Term(Struct, frozen=True):
    """One line of a book: `level` 0 for a main term; `cells` as (place in CELLS, code) in the two tables."""

    level: int
    title: str
    modifiers: str = ""
    see: str = ""
    see_also: str = ""
    code: str = ""
    manifestation: str = ""
    cells: tuple[tuple[int, str], ...] = ()


class IndexLayout:
    """The official XML of any of the four books."""

    title = "ICD-10-CM Alphabetic Index, external causes, neoplasms, drugs (XML)"
    systems: tuple[str, ...] = SYSTEMS

    def recognizes(self, source: Source) -> bool:
        """By its first element."""
        return b"<ICD10CM.index" in source.data[:2000]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for XML that is broken or has no term."""
        root = parsed(source, "ICD10CM.index")
        version = (root.findtext("version") or "").strip()
        terms = [term for main in root.iterfind("letter/mainTerm") for term in _from_xml(main, 0)]
        day = effective or effective_from_name(source.name)
        if day is None and version.isdigit():
            day = date(int(version) - 1, 10, 1)
        yield _draft(_book_of(source), version, day, source, terms)


class IndexListLayout:
    """The books as CSV: RowID, Level, Term, See, SeeAlso, NonEssModif, then Code or the columns of the table."""

    title = "ICD-10-CM Alphabetic Index, external causes, neoplasms, drugs (CSV)"
    systems: tuple[str, ...] = SYSTEMS
    _heads = re.compile(rb"(?:\xef\xbb\xbf)?RowID,(?:Letter,)?Level,Term,(?:See,)?SeeAlso,NonEssModif,")

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        return self._heads.match(source.data) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for a row without level or term."""
        rows = csv.DictReader(source.text().splitlines())
        heads = rows.fieldnames or []
        system = _by_heads(heads, source.name)
        day = effective or effective_from_name(source.name)
        terms = [_from_row(row, heads, f"{source.name}:{number:,}") for number, row in enumerate(rows, 2)]
        yield _draft(system, str(day.year + 1) if day else "", day, source, terms)


def _book_of(source: Source) -> str:
    head = source.data[:3000].lower()
    if b"<head col=" in head:
        return DRUG if b"substance" in head else NEOPLASM
    return EXTERNAL if b"external cause" in head else INDEX


def _by_heads(heads: Iterable[str], name: str) -> str:
    known = set(heads)
    if "Underdosing" in known:
        return DRUG
    if "MalignantPrimary" in known:
        return NEOPLASM
    return EXTERNAL if "external" in name.lower() else INDEX


def _from_xml(element: Element, level: int) -> Iterator[Term]:
    title = element.find("title")
    yield Term(
        level,
        _title(title),
        text_of(title.find("nemod")) if title is not None else "",
        _joined(element, "see") or " ".join(_joined(element, tag) for tag in ("seecat", "subcat")).strip(),
        _joined(element, "seeAlso"),
        _joined(element, "code"),
        _joined(element, "manif"),
        tuple(
            (int(cell.get("col") or "2") - 2, code)
            for cell in element.iterfind("cell")
            if (code := text_of(cell)) not in _NONE
        ),
    )
    for below in element.iterfind("term"):
        yield from _from_xml(below, level + 1)


def _title(element: Element | None) -> str:
    """The title without its nonessential modifiers, wherever they stand in it."""
    if element is None:
        return ""
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(" ".join(parts).split())


def _joined(element: Element, tag: str) -> str:
    return "; ".join(text_of(found) for found in element.iterfind(tag))


def _from_row(row: dict[str, str], heads: Iterable[str], place: str) -> Term:
    level = row.get("Level") or ""
    title = (row.get("Term") or "").strip() or (row.get("NonEssModif") or "").strip()  # a few have modifiers only
    if not level.isdigit() or not title:
        raise Refused("has no level or no term.", place=place, fix="Get the file anew.")
    given = {key: (value or "").strip() for key, value in row.items() if isinstance(value, str)}
    columns = [head for head in heads if head not in _TEXT_COLUMNS]
    cells = tuple((n, given[head]) for n, head in enumerate(columns) if given.get(head, "") not in _NONE)
    return Term(
        int(level), title, given.get("NonEssModif", ""), given.get("See", ""), given.get("SeeAlso", ""),
        given.get("Code", ""), cells=cells,
    )  # fmt: skip


_TEXT_COLUMNS = {"RowID", "Letter", "Level", "Term", "See", "SeeAlso", "NonEssModif", "Code"}


def _draft(system: str, version: str, day: date | None, source: Source, terms: list[Term]) -> Draft:
    if day is None:
        raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
    if not terms:
        raise Refused("has no term.", place=source.name, fix="Get the file anew.")
    release = Release(
        system=system, version=version, effective=day, until=fiscal_year_end(day), source=source.name,
        sha256=source.sha256,
    )  # fmt: skip
    cells = [(n, place, code) for n, term in enumerate(terms, 1) for place, code in term.cells]
    return Draft(
        release=release, tables=(Table("term", _TERM, list(_rows(terms))), Table("cell", _CELL, cells)), after=_AFTER
    )


def _rows(terms: list[Term]) -> Iterator[tuple[Any, ...]]:
    above: list[tuple[int, str]] = []  # (id, path) of the terms on the way down
    for number, term in enumerate(terms, 1):
        del above[term.level :]
        parent, trail = above[-1] if above else (0, "")
        path = f"{trail}, {term.title}" if trail else term.title
        above.append((number, path))
        yield (
            number, parent, term.level, term.title, term.modifiers, term.see, term.see_also, term.code,
            term.manifestation, path,
        )  # fmt: skip
