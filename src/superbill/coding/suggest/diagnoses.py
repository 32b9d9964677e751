"""The diagnoses of a note, from the mentions that are reported to codes in sequence."""

from collections.abc import Iterable

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.suggest.candidates import gathered, suggested
from superbill.coding.suggest.model import SuggestedCode, Visit
from superbill.coding.suggest.said import Note


def diagnoses(mentions: Iterable[Mention], reading: Reading, visit: Visit, book: CodeBook) -> tuple[SuggestedCode, ...]:
    """The codes of the reported mentions: resolved, combined, without what others say, with companions, in sequence."""
    note = Note(reading, visit, book)
    case = gathered(mentions, note)
    return suggested(case)
