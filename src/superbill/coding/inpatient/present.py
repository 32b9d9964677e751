"""Whether a diagnosis was present on admission, as the note tells it: Y, N, U or W; "" for codes that are exempt.

ICD-10-CM Official Guidelines FY2026, Appendix I: present when inpatient admission is ordered, with what arose in the
emergency department; N for what arose in the stay; U where documentation is insufficient to tell; W where the provider
says that it can't be clinically determined. Chronic conditions, and those diagnosed in the stay but clearly there
before, are Y.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from superbill.codesets.poa_exempt.lookup import exempt
from superbill.codesets.store import Store
from superbill.coding.model import Evidence
from superbill.coding.reading.model import Kind, Reading
from superbill.coding.suggest.model import SuggestedCode, Visit

_ON = re.compile(
    r"\b(?:present (?:up)?on (?:admission|arrival)|poa\b(?!\s*[:-]?\s*n)|on (?:admission|arrival|presentation)|"
    r"admitted (?:for|with)|presented|presents|presenting|in the (?:ed|emergency)|chronic|"
    r"long-?standing|history of|known|"
    r"home|baseline|prior to (?:admission|arrival)|community[- ]acquired|initial(?:ly)?)\b",
    re.IGNORECASE,
)
_DAY = (
    r"(?:(?:on|by) )?(?:hospital day|hd|post-?op(?:erative)? day|pod)\s?#?\s?"
    r"(?:[2-9]|[1-9]\d|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_AFTER = re.compile(
    rf"\b{_DAY}|\b(?:developed|became|acquired|suffered|experienced|sustained)\b[^.;]{{0,80}}\b(?:during|while|after|"
    r"following|post-?op\w*|overnight|later|in the (?:hospital|icu|unit)|hospital stay)\b|"
    r"\b(?:hospital[- ]acquired|nosocomial|not present (?:up)?on admission|poa\s*[:-]?\s*n(?:o)?\b|in-?hospital|"
    r"ventilator[- ]associated|iatrogenic|post-?op(?:eratively|erative (?:ileus|anemia|fever|afib|"
    r"atrial|infection|course "
    r"(?:was )?complicated))|(?:hospital )?course (?:was )?complicated by|during (?:the|this|his|her) (?:hospital\w*|"
    r"admission|stay|course|icu)|while (?:in|on) the (?:hospital|icu|floor|unit|ward))\b",
    re.IGNORECASE,
)
_UNKNOWABLE = re.compile(
    r"\b(?:(?:can(?:no|')t|cannot|unable to) (?:be )?(?:clinically )?determine[d]?[^.;]{0,60}(?:present|admission)|"
    r"clinically undetermined)\b",
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"\b(?:unclear|unknown|uncertain)\b[^.;]{0,40}\b(?:present|poa|(?:on|before|prior to) admission)\b", re.IGNORECASE
)
_NEVER_LATER = (
    "I10",
    "I11",
    "I12",
    "I13",
    "E11",
    "E10",
    "J44",
    "C",
    "E78",
    "N18",
    "F20",
    "G20",
    "G30",
    "M06",
    "Z",
    "I25",
)
"""Conditions that begin long before they are found (Appendix I: chronic conditions are present on admission)."""


class Present(Struct, frozen=True):
    """An indicator with the words that it comes from, None where none say it and Y is what a condition that is not told
    to have begun in the stay is taken for."""

    indicator: str
    evidence: Evidence | None = None


def present(diagnoses: Sequence[SuggestedCode], reading: Reading, visit: Visit, store: Store) -> tuple[Present, ...]:
    """The indicator of each diagnosis, in order."""
    return tuple(
        Present("") if exempt(store, each.code, visit.on) else _told(each, reading, visit) for each in diagnoses
    )


def _told(code: SuggestedCode, reading: Reading, visit: Visit) -> Present:
    """By the sentences of its evidence, and those that name it again in the hospital course."""
    spans = [(one.start, one.end) for one in code.evidence if one.start is not None and one.end is not None]
    mentions = {mention.name for mention in reading.mentions if (mention.start, mention.end) in spans}
    starts = {start for start, _ in spans} | {
        mention.start for mention in reading.mentions if mention.name in mentions and not mention.negated
    }
    later: Present | None = None
    for sentence in reading.outline.sentences:
        if not any(sentence.start <= start < sentence.end for start in starts):
            continue
        start, end = sentence.start, sentence.end
        for pattern, indicator in ((_UNKNOWABLE, "W"), (_UNCLEAR, "U")):
            if match := pattern.search(reading.text, start, end):
                return Present(indicator, _evidence(match, visit))
        after, before = _AFTER.search(reading.text, start, end), _ON.search(reading.text, start, end)
        kind = reading.outline.kind_of(sentence)
        if before and not after:
            return Present("Y", _evidence(before, visit))
        if after and later is None and not code.code.startswith(_NEVER_LATER) and kind is not Kind.INSTRUCTIONS:
            later = Present("N", _evidence(after, visit))
    return later or Present("Y")


def _evidence(match: re.Match[str], visit: Visit) -> Evidence:
    return Evidence(visit.record, match[0], match.start(), match.end())
