"""Says which suggested codes rest on text that was copied forward from an earlier note of the same patient.

Copied text is no sign that a condition was evaluated at this visit (guidelines IV.J): a coder looks, and may ask.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from superbill.coding.reading.copied import copied
from superbill.coding.suggest.model import SuggestedCode, Suggestion
from superbill.findings import Finding, Place, Severity

RULE = "coding.note.copied-forward"
_SOURCE = "ICD-10-CM Official Guidelines, section IV.J"


def told(suggestion: Suggestion, text: str, earlier: Sequence[str]) -> Suggestion:
    """The suggestion with a finding for each diagnosis of which every word that supports it was copied, and one that
    says how much of the note was. `earlier`: the texts of the patient's earlier notes."""
    spans = copied(text, earlier)
    if not spans:
        return suggestion
    return replace(suggestion, findings=(*suggestion.findings, *_findings(suggestion, text, spans)))


def _findings(suggestion: Suggestion, text: str, spans: tuple[tuple[int, int], ...]) -> Iterator[Finding]:
    share = sum(end - start for start, end in spans) / len(text)
    yield Finding(
        rule=RULE, severity=Severity.INFORMATION, where=Place(field="note"),
        message=f"{share:.0%} of the note stands word for word in an earlier one.",
        fix="Check that it holds for this visit.", source=_SOURCE,
    )  # fmt: skip
    for position, each in enumerate(suggestion.diagnoses, 1):
        if _rests_on(each, spans):
            yield Finding(
                rule=RULE, severity=Severity.WARNING, where=Place(field="diagnoses", position=position),
                message=f"{each.code} rests on copied text alone.",
                fix="Look for what was done about it at this visit, or ask the provider.", source=_SOURCE,
            )  # fmt: skip


def _rests_on(each: SuggestedCode, spans: tuple[tuple[int, int], ...]) -> bool:
    places = [(one.start, one.end) for one in each.evidence if one.start is not None and one.end is not None]
    return bool(places) and all(
        any(first <= start and end <= last for first, last in spans) for start, end in places
    )  # fmt: skip
