"""The diagnoses of a note, from the mentions that are reported to codes in sequence."""

from collections.abc import Iterable

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.suggest.aftercare import followed
from superbill.coding.suggest.candidates import Case, gathered, suggested
from superbill.coding.suggest.combine import combined, refined
from superbill.coding.suggest.companions import accompanied
from superbill.coding.suggest.conflicts import settled
from superbill.coding.suggest.drugs import drugged
from superbill.coding.suggest.encounters import visited
from superbill.coding.suggest.injuries import injured
from superbill.coding.suggest.integral import pruned
from superbill.coding.suggest.kidneys import kept_by_stage
from superbill.coding.suggest.model import SuggestedCode, Visit
from superbill.coding.suggest.neoplasms import staged
from superbill.coding.suggest.pregnancy import carried
from superbill.coding.suggest.prenatal import supervised
from superbill.coding.suggest.said import Note
from superbill.coding.suggest.sequence import ordered
from superbill.coding.suggest.statuses import stood
from superbill.coding.suggest.ulcers import ulcerated

STEPS = (
    refined,
    kept_by_stage,
    staged,
    combined,
    stood,
    ulcerated,
    supervised,
    carried,
    drugged,
    pruned,
    settled,
    injured,
    visited,
    followed,
    accompanied,
    settled,
    ordered,
)
"""What is done to the candidates of a note, in this order."""


def diagnoses(mentions: Iterable[Mention], reading: Reading, visit: Visit, book: CodeBook) -> tuple[SuggestedCode, ...]:
    """The codes of the reported mentions: resolved, combined, without what others say, with companions, in sequence."""
    return suggested(case_of(mentions, reading, visit, book))


def case_of(mentions: Iterable[Mention], reading: Reading, visit: Visit, book: CodeBook) -> Case:
    """The case after all steps, with what was left out on the way."""
    case = gathered(mentions, Note(reading, visit, book))
    for step in STEPS:
        step(case)
    return case
