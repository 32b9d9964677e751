"""Reads the yearly list of diagnoses exempt from present-on-admission reporting (ICD-10-CM guidelines, appendix I).

Layout: tab-delimited; a header "Order26 POAexemptCode Description", then one code to a line.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.icd10cm import schema
from superbill.codesets.release import Refused, Release, fiscal_year, fiscal_year_end
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store

SYSTEM = "poa-exempt"
_HEADER = re.compile(rb"Order(\d\d)\tPOAexemptCode\tDescription\r?\n")
_CHANGES = re.compile(r"add|delet|revis", re.IGNORECASE)  # in the names of the lists of changes, which look the same
_CREATE = "CREATE TABLE exempt (code TEXT PRIMARY KEY) WITHOUT ROWID"


class PoaExemptLayout:
    """The whole list. The lists of additions, deletions and revisions beside it say nothing that it lacks."""

    title = "POA exempt codes"
    systems: tuple[str, ...] = (SYSTEM,)

    def recognizes(self, source: Source) -> bool:
        """By its header, and a name that is not that of a list of changes."""
        return _HEADER.match(source.data) is not None and not _CHANGES.search(source.name.rpartition("/")[2])

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused for a line without a code."""
        header = _HEADER.match(source.data)
        assert header is not None, "recognized by it"
        day = effective or date(1999 + int(header[1]), 10, 1)
        release = Release(
            system=SYSTEM, version=str(fiscal_year(day)), effective=day, until=fiscal_year_end(day),
            source=source.name, sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("exempt", _CREATE, list(_codes(source))),))


def _codes(source: Source) -> Iterator[tuple[str]]:
    rows = csv.reader(source.text("latin-1").splitlines(), delimiter="\t")
    next(rows)
    for number, row in enumerate(rows, 2):
        if len(row) != 3 or not re.fullmatch(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?", row[1]):
            raise Refused("has no code in its second column.", place=f"{source.name}:{number:,}", fix="Get it anew.")
        yield (schema.undotted(row[1]),)
