"""Reads the official ICD-10-PCS Index (icd10pcs_index_YYYY.xml): from the words of an operation note to a table.

Layout: ICD10PCS.index / letter / mainTerm, with `term level="1"` nested to any depth. Each has a title, or sends on
with `see` (another term) or `use` (a value of an axis); it ends in a `code`, in `codes` (the first characters), or in a
`tab` (the table); `see` and `use` may carry one of the three.
"""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from superbill.codesets.icd10cm.xml import parsed, text_of
from superbill.codesets.icd10pcs.tables import release_of
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "icd10pcs-index"
# path: the titles from the main term on, joined by ", ". relation: "see", "use" or "". reference: where to.
# code: all seven characters, or the first that are certain.
_TERM = """CREATE TABLE term (
    id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, level INTEGER NOT NULL, title TEXT NOT NULL,
    path TEXT NOT NULL, relation TEXT NOT NULL, reference TEXT NOT NULL, code TEXT NOT NULL)"""
_AFTER = (
    "CREATE INDEX term_parent ON term (parent)",
    "CREATE INDEX term_path ON term (path COLLATE NOCASE)",
    "CREATE INDEX term_code ON term (code)",
)
_CODE = re.compile(r"[0-9A-HJ-NP-Z]{1,7}", re.ASCII)


class PcsIndexLayout:
    """The Index of a fiscal year."""

    title = "ICD-10-PCS Index (XML)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its first element."""
        return b"<ICD10PCS.index" in source.data[:2000]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for XML that is broken, a term that says nothing, or a code that is misshapen."""
        root = parsed(source, "ICD10PCS.index")
        rows: list[tuple[int, int, int, str, str, str, str, str]] = []
        for main in root.iterfind("letter/mainTerm"):
            _read(main, (0, 0, ""), rows, source.name)
        if not rows:
            raise Refused("has no term.", place=source.name, fix="Get the file anew.")
        yield Draft(
            release=release_of(SYSTEM, root, source, effective), tables=(Table("term", _TERM, rows),), after=_AFTER
        )


def _read(
    element: Element, above: tuple[int, int, str], rows: list[tuple[int, int, int, str, str, str, str, str]], name: str
) -> None:
    """Adds the term and those under it. `above`: (id, level of this one, path) of the term that it stands under."""
    parent, level, trail = above
    title = text_of(element.find("title"))
    path = ", ".join(part for part in (trail, title) if part)
    number = len(rows) + 1
    relation, reference, code = _end(element)
    if not (title or reference or code) or (code and not _CODE.fullmatch(code)):
        raise Refused(
            f"has under {path or 'a main term'!r} a term with the code {code!r}.", place=name, fix="Get it anew."
        )
    rows.append((number, parent, level, title, path, relation, reference, code))
    for below in element.iterfind("term"):
        _read(below, (number, level + 1, path), rows, name)


def _end(element: Element) -> tuple[str, str, str]:
    for relation in ("see", "use"):
        found = element.find(relation)
        if found is not None:
            return relation, " ".join((found.text or "").split()), _code(found)
    return "", "", _code(element)


def _code(element: Element) -> str:
    return next((text_of(found) for tag in ("code", "codes", "tab") for found in element.iterfind(tag)), "")
