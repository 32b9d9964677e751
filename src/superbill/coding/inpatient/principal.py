"""The principal diagnosis: the condition established after study to be chiefly responsible for the admission.

UHDDS; ICD-10-CM Official Guidelines FY2026, section II: II.A (no symptom beside its diagnosis), II.C (two that equally
meet the definition: either), II.G (complications), II.H (uncertain at discharge: coded as if it existed), II.K (an
admission from outpatient surgery). What the note itself calls principal goes first, unless a rule of sequence forbids
that code there.
"""

import re

from msgspec.structs import replace

from superbill.coding.groups import belongs
from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import Step, SuggestedCode

SOURCE = "ICD-10-CM Official Guidelines FY2026, section II"
_PRINCIPAL = re.compile(
    r"\b(?:principal|primary|main)\s+(?:discharge\s+|final\s+)?(?:diagnos[ie]s|dx|problem)\b\s*[:\-–]?", re.IGNORECASE
)
_ADMITTED = re.compile(
    r"\b(?:was |is |were )?(?:admitted|hospitali[sz]ed)\s+(?:to\s+[^.;]{0,40}?)?(?:for|with|because of|due to)\s",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\n\s*\n|\n[^\n:]{2,50}:")
_SYMPTOM = "R"
_SECONDARY = ("Z79", "Z68", "Z3A", "Z7", "Z8", "Z9", "Y", "X", "W", "V", "B95", "B96", "B97")
_ETIOLOGY = ("A40", "A41", "O", "I11", "I12", "I13", "T")
"""What sequence rules put first, whatever a heading says: sepsis, pregnancy, heart and kidney disease, poisoning."""


def principal_first(diagnoses: tuple[SuggestedCode, ...], reading: Reading) -> tuple[SuggestedCode, ...]:
    """The diagnoses with the principal one first and why; unchanged where the note doesn't say."""
    if not diagnoses:
        return diagnoses
    for pattern, words in ((_PRINCIPAL, "the note calls it principal"), (_ADMITTED, "admitted for it")):
        span = _span(pattern, reading.text)
        chosen = next((each for each in diagnoses if span and _within(each, span) and _may_be(each, diagnoses)), None)
        if chosen is not None and not (pattern is _ADMITTED and _symptom_only(chosen, diagnoses)):
            if diagnoses[0].code.startswith(_ETIOLOGY) and not chosen.code.startswith(_ETIOLOGY):
                chosen = diagnoses[0]  # its code-first notes and chapter rules outrank the heading (I.A.13, I.C)
            step = Step("coding.inpatient.principal", words, SOURCE)
            first = replace(chosen, way=(*chosen.way, step))
            return (first, *(each for each in diagnoses if each is not chosen))
    first_real = next((each for each in diagnoses if _may_be(each, diagnoses)), diagnoses[0])
    if first_real is diagnoses[0]:
        return diagnoses
    return (first_real, *(each for each in diagnoses if each is not first_real))


def _span(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """The text that the heading or the phrase introduces: to the next heading or blank line, the sentence at most."""
    match = pattern.search(text)
    if match is None:
        return None
    end = len(text)
    lead = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if stop := _NEXT.search(text, lead):
        end = stop.start()
    if pattern is _ADMITTED and (point := re.compile(r"[.;]\s").search(text, lead)):
        end = min(end, point.start())
    return match.end(), end


def _within(code: SuggestedCode, span: tuple[int, int]) -> bool:
    return any(each.start is not None and span[0] <= each.start < span[1] for each in code.evidence)


def _may_be(code: SuggestedCode, diagnoses: tuple[SuggestedCode, ...]) -> bool:
    """May it be principal? Manifestations, status codes and external causes may not; symptoms only alone (II.A)."""
    if code.code.startswith(_SECONDARY) or belongs(code.code, "secondary_only"):
        return False
    return not _symptom_only(code, diagnoses)


def _symptom_only(code: SuggestedCode, diagnoses: tuple[SuggestedCode, ...]) -> bool:
    others = (each.code for each in diagnoses if not each.code.startswith((_SYMPTOM, *_SECONDARY)))
    return code.code.startswith(_SYMPTOM) and any(True for _ in others)
