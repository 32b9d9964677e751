"""Codes a note: the door to this room."""

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.model import Evidence
from superbill.coding.reading.model import Reading
from superbill.coding.reading.read import read
from superbill.coding.suggest.model import Step, SuggestedCode, Suggestion, Visit
from superbill.coding.suggest.reportable import reportable
from superbill.coding.suggest.resolve import resolve


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
    terms, codes = open_terms(store, visit.on), book(store, visit.on)
    reading = read(text, terms)
    diagnoses = _diagnoses(reading, visit, codes)
    nothing = "" if diagnoses else "The note states no condition in an assessment that a code could be given for."
    suggestion = Suggestion(visit=visit, release=codes.release.name, diagnoses=diagnoses, nothing=nothing)
    return Study(reading, suggestion, codes)


def _diagnoses(reading: Reading, visit: Visit, codes: CodeBook) -> tuple[SuggestedCode, ...]:
    found: dict[str, SuggestedCode] = {}
    for mention in reportable(reading, visit):
        code = resolve(mention, codes)
        if code is None or code.code in found:
            continue
        said = reading.text[mention.start : mention.end]
        found[code.code] = SuggestedCode(
            system="ICD-10-CM", code=code.code, title=code.title,
            evidence=(Evidence(visit.record, said, mention.start, mention.end),),
            way=(Step("coding.read.term", f"{said!r} is {mention.name!r}"),),
        )  # fmt: skip
    return tuple(found.values())
