"""Codes a note: the door to this room."""

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.em.level import level
from superbill.coding.performed.find import performed
from superbill.coding.queries.asking import ask
from superbill.coding.reading.model import Reading
from superbill.coding.reading.read import read
from superbill.coding.suggest.diagnoses import diagnoses
from superbill.coding.suggest.model import Suggestion, Visit
from superbill.coding.suggest.reportable import reportable
from superbill.coding.suggest.support import supported


class Study(Struct, frozen=True, eq=False):
    """A note that was read and coded, and the book that its codes are of."""

    reading: Reading
    suggestion: Suggestion
    book: CodeBook


def suggest(text: str, store: Store, visit: Visit) -> Suggestion:
    """The codes of a note. Any text is a note: one without anything to code says why in `nothing`.

    Raises Refused when the store has no ICD-10-CM, OSError when its folder can't be written to.
    """
    return study(text, store, visit).suggestion


def study(text: str, store: Store, visit: Visit) -> Study:
    """As `suggest`, with all that explaining it takes."""
    codes = book(store, visit.on)
    terms = open_terms(store, codes.release.effective)  # one table for all days of a release
    reading = read(text, terms)
    coded = supported(diagnoses(reportable(reading, visit), reading, visit, codes), reading, visit)
    nothing = "" if coded else "The note states no condition in an assessment that a code could be given for."
    services = performed(reading, visit, coded)
    suggestion = Suggestion(
        visit=visit, release=codes.release.name, diagnoses=coded, services=services,
        em=level(reading, visit, coded, services), queries=ask(reading, visit, coded, codes), nothing=nothing,
    )  # fmt: skip
    return Study(reading, suggestion, codes)
