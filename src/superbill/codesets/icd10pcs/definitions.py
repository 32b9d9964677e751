"""Reads the official ICD-10-PCS definitions (icd10pcs_definitions_YYYY.xml): what the values of the axes mean.

Layout: ICD10PCS.definitions / section code="0" / axis pos="3" / terms; a `terms` has one or more titles (values as the
tables label them), and any of a definition, an explanation, and what it includes.
"""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from superbill.codesets.icd10cm.xml import parsed, text_of
from superbill.codesets.icd10pcs.tables import CHARACTER, release_of
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "icd10pcs-definitions"
# includes: the names that the value stands for, joined by "; ".
_MEANING = """CREATE TABLE meaning (
    id INTEGER PRIMARY KEY, section TEXT NOT NULL, pos INTEGER NOT NULL, axis TEXT NOT NULL, label TEXT NOT NULL,
    definition TEXT NOT NULL, explanation TEXT NOT NULL, includes TEXT NOT NULL)"""
_INDEX = "CREATE INDEX meaning_label ON meaning (section, pos, label)"


class DefinitionsLayout:
    """The definitions of a fiscal year, and the body part and device keys that are in them."""

    title = "ICD-10-PCS definitions (XML)"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its first element."""
        return b"<ICD10PCS.definitions" in source.data[:2000]

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for XML that is broken, and for terms without a place or a title."""
        root = parsed(source, "ICD10PCS.definitions")
        rows = [(number, *row) for number, row in enumerate(_rows(root, source.name), 1)]
        if not rows:
            raise Refused("has no definition.", place=source.name, fix="Get the file anew.")
        yield Draft(
            release=release_of(SYSTEM, root, source, effective),
            tables=(Table("meaning", _MEANING, rows),),
            after=(_INDEX,),
        )


def _rows(root: Element, name: str) -> Iterator[tuple[str | int, ...]]:
    for section in root.iterfind("section"):
        for axis in section.iterfind("axis"):
            code, pos = section.get("code") or "", axis.get("pos") or ""
            if not CHARACTER.fullmatch(code) or pos not in set("1234567"):
                raise Refused(f"defines values of section {code!r}, axis {pos!r}.", place=name, fix="Get it anew.")
            for terms in axis.iterfind("terms"):
                titles = [text_of(title) for title in terms.iterfind("title")]
                if not all(titles) or not titles:
                    raise Refused(
                        f"has in section {code}, axis {pos}, a definition of nothing.", place=name, fix="Get it anew."
                    )
                said = (text_of(terms.find("definition")), text_of(terms.find("explanation")))
                includes = "; ".join(text_of(each) for each in terms.iterfind("includes"))
                for title in titles:
                    yield (code, int(pos), text_of(axis.find("title")), title, *said, includes)
