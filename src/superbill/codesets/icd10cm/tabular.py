"""Reads the official Tabular List of ICD-10-CM (XML): chapters, blocks, codes, every note, seventh characters.

Source of the layout: icd10cm_tabular.xsd of the yearly release (National Center for Health Statistics).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.seventh import Extension, extended, never
from superbill.codesets.icd10cm.targets import parse
from superbill.codesets.icd10cm.xml import parsed, text_of
from superbill.codesets.release import Refused, Release, fiscal_year_end
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

_KINDS = {
    "includes": schema.INCLUDES,
    "inclusionTerm": schema.INCLUSION_TERM,
    "notes": schema.NOTES,
    "excludes1": schema.EXCLUDES1,
    "excludes2": schema.EXCLUDES2,
    "codeFirst": schema.CODE_FIRST,
    "useAdditionalCode": schema.USE_ADDITIONAL,
    "codeAlso": schema.CODE_ALSO,
    "sevenChrNote": schema.SEVENTH,
}
_START = b"<ICD10CM.tabular"


class Node(Struct, frozen=True):
    """A chapter, block or code of the book: `id`, `parent` ("" above chapters), `kind`, `title`."""

    id: str
    parent: str
    kind: str
    title: str
    notes: tuple[tuple[str, str], ...]
    extensions: tuple[Extension, ...]
    leaf: bool


class TabularLayout:
    """The layout of the Tabular List. Gives two releases: its codes, seventh characters put to them, and its notes."""

    title = "ICD-10-CM Tabular List (XML)"
    systems: tuple[str, ...] = (schema.CODES, schema.TABULAR)

    def recognizes(self, source: Source) -> bool:
        """By its first element."""
        return _START in source.data[:2000]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for XML that is broken or holds something else."""
        root = parsed(source, "ICD10CM.tabular")
        if root.find("chapter") is None:
            raise Refused("has no chapter of the Tabular List.", place=source.name, fix="Take the Tabular List's XML.")
        version = (root.findtext("version") or "").strip()
        day = effective or effective_from_name(source.name) or _fiscal(version, source)
        nodes = list(_nodes(root, source))
        codes, notes = (
            Release(
                system=system, version=version, effective=day, until=fiscal_year_end(day), source=source.name,
                sha256=source.sha256, layout=schema.LAYOUT,
            )
            for system in self.systems
        )  # fmt: skip
        yield Draft(release=codes, tables=(schema.code_table(_codes(nodes)),), after=(schema.PARENT_INDEX,))
        yield Draft(
            release=notes,
            tables=tuple(_book(nodes)),
            after=(schema.NOTE_INDEX, schema.TARGET_INDEX, schema.EXTENSION_INDEX, schema.NODE_INDEX),
        )


def _fiscal(version: str, source: Source) -> date:
    if not version.isdigit():
        raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
    return date(int(version) - 1, 10, 1)


def _nodes(root: Element, source: Source) -> Iterator[Node]:
    for chapter in root.iterfind("chapter"):
        number = text_of(chapter.find("name"))
        yield _node(chapter, number, "", "chapter", source)
        for block in chapter.iterfind("section"):
            identity = block.get("id") or ""
            if identity and "-" not in identity:  # a block of one category: not to be taken for the category
                identity = f"{identity}-{identity}"
            yield _node(block, identity, number, "block", source)
            for code in block.iterfind("diag"):
                yield from _under(code, identity, source)


def _under(code: Element, parent: str, source: Source) -> Iterator[Node]:
    name = schema.undotted(text_of(code.find("name")))
    yield _node(code, name, parent, "code", source)
    for child in code.iterfind("diag"):
        yield from _under(child, name, source)


def _node(element: Element, name: str, parent: str, kind: str, source: Source) -> Node:
    title = text_of(element.find("desc"))
    if not name or not title:
        raise Refused(f"has a {kind} without name or title under {parent or 'the root'}.", place=source.name)
    notes = tuple(
        (_KINDS[part.tag], text_of(note)) for part in element if part.tag in _KINDS for note in part.iterfind("note")
    )
    extensions = tuple(
        Extension(each.get("char") or "", text_of(each))
        for part in element.iterfind("sevenChrDef")
        for each in part.iterfind("extension")
    )
    return Node(name, parent, kind, title, notes, extensions, element.find("diag") is None)


def _codes(nodes: list[Node]) -> list[tuple[str, int, str, int, str, str]]:
    """Every code of the book with those that a seventh character makes, as rows of the table of codes."""
    rows: list[tuple[str, int, str, int, str, str]] = []
    above: dict[str, tuple[Extension, ...]] = {}
    exceptions = never(text for node in nodes for kind, text in node.notes if kind == schema.NOTES)
    for node in nodes:
        if node.kind != "code":
            continue
        extensions = node.extensions or above.get(node.parent, ())
        above[node.id] = extensions
        parent = node.parent if node.parent in above else ""
        made = list(extended(node.id, node.title, extensions, exceptions)) if node.leaf else []
        rows.append((node.id, len(rows), parent, int(node.leaf and not made), "", node.title))
        for code, title in made:
            rows.append((code, len(rows), node.id, 1, "", title))
    return rows


def _book(nodes: list[Node]) -> Iterator[Table]:
    notes = [(node.id, kind, text) for node in nodes for kind, text in node.notes]
    yield Table("node", schema.NODE, [(n.id, place, n.parent, n.kind, n.title) for place, n in enumerate(nodes)])
    yield Table("note", schema.NOTE, [(place, *note) for place, note in enumerate(notes, 1)])
    targets: list[tuple[Any, ...]] = [
        (place, target.first, target.last, target.characters)
        for place, (_, _, text) in enumerate(notes, 1)
        for target in parse(text)
    ]
    yield Table("target", schema.TARGET, targets)
    yield Table(
        "extension", schema.EXTENSION, [(n.id, each.character, each.meaning) for n in nodes for each in n.extensions]
    )
