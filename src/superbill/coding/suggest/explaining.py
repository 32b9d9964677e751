"""Why a code is suggested for a note, or why it is not: every place that speaks of it, and what was decided there."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import Code, CodeBook, Note
from superbill.coding.model import Evidence
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.suggest.model import Step, SuggestedCode, Suggestion, Visit
from superbill.coding.suggest.reportable import judged

# The notes of the Tabular List that bind the one who codes, most binding first.
_BINDING = tuple(
    kind for kind in schema.NOTE_KINDS if kind not in (schema.INCLUSION_TERM, schema.INCLUDES, schema.NOTES)
)


class Place(Struct, frozen=True):
    """Words of the note that speak of the code or its category: the section, the sentence, and what was decided."""

    evidence: Evidence
    sentence: str
    section: str
    decided: Literal["reported", "passed over"]
    why: Step


class Explanation(Struct, frozen=True):
    """All that bears on one code in one note. `suggested` None when it isn't; `instead` the codes of its category that
    are. `notes` bind whoever codes it."""

    code: Code
    suggested: SuggestedCode | None
    instead: tuple[SuggestedCode, ...]
    places: tuple[Place, ...]
    notes: tuple[Note, ...]


def explain(code: Code, reading: Reading, suggestion: Suggestion, visit: Visit, book: CodeBook) -> Explanation:
    """The explanation of a code of the book for a note that was read and coded."""
    category = code.code[:3]
    found = next((each for each in suggestion.diagnoses if each.code == code.code), None)
    others = tuple(each for each in suggestion.diagnoses if each.code != code.code and each.code.startswith(category))
    notes = tuple(note for note in book.notes_over(code.code) if note.kind in _BINDING)
    return Explanation(code, found, others, tuple(_places(category, reading, visit)), notes)


def _places(category: str, reading: Reading, visit: Visit) -> Iterator[Place]:
    for mention, verdict in judged(reading, visit):
        if any(each.startswith(category) for each in mention.codes):
            yield Place(
                _evidence(mention, reading, visit), sentence_text(mention, reading),
                reading.kind_of(mention).value, "reported" if verdict.reported else "passed over", verdict.step,
            )  # fmt: skip


def _evidence(mention: Mention, reading: Reading, visit: Visit) -> Evidence:
    return Evidence(visit.record, reading.text[mention.start : mention.end], mention.start, mention.end)


def sentence_text(mention: Mention, reading: Reading) -> str:
    """The sentence in which a mention stands, on one line."""
    sentence = reading.sentence_of(mention)
    return " ".join(reading.text[sentence.start : sentence.end].split())
